"""The account behind a credential, as it is when its lock is free."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import audit
import database
import tables
from accounts import role_assignment
from authorization import roles
from credentials import lookup
from databases import POSTGRESQL_ONLY
from models import User


@POSTGRESQL_ONLY
@pytest.mark.parametrize("is_loaded", [False, True])
@pytest.mark.parametrize("key", ["id", "email"])
def test_lock_that_was_waited_for_comes_with_the_present_roles(alice, key, is_loaded):
    def roles_of_alice():
        with database.transaction() as db:
            if is_loaded:
                assert db.get(User, account).roles == ["user"]
            found = lookup.lock(db, account) if key == "id" else lookup.lock_by_email(db, alice.email)
            return found.roles

    with ThreadPoolExecutor() as pool, database.transaction() as db, roles.serialized(db):
        user = lookup.lock_by_email(db, alice.email)
        account = user.id
        role_assignment.assign(db, audit.SYSTEM, user, ["superuser"])
        found = pool.submit(roles_of_alice)
        tables.wait_for_a_waiting_statement()
        db.commit()
        assert found.result() == ["superuser"]
