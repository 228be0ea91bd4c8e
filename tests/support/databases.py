"""Marks for tests that run on one database: what they check does not depend on it, or one of the two is stricter."""

import pytest

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
