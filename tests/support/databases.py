"""Marks for tests that run on one database, because the result does not depend on it or one database is stricter."""

import pytest

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
