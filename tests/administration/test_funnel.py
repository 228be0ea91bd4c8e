"""The funnel: how often each step of a sign-up and login was reached."""

import pytest
import sqlalchemy

import access
import audit
import database
from administration import funnel
from administration.models import DailyCount
from databases import SQLITE_ONLY
from operations import cleanup
from people import Client, Person, at_once, new_email, refusal, token_in


def read(root, **query):
    funnel.write()
    answer = root.client.get("/admin/stats/funnel", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def grown(before, after):
    """Return the counts that have changed, without their groups."""
    changes = {}
    for group in ("sign_up", "login", "reset", "factors"):
        for step, number in after[group].items():
            earlier = before[group].get(step, 0)
            if step == "failed":
                changes |= {
                    why: count - earlier.get(why, 0) for why, count in number.items() if count != earlier.get(why)
                }
            elif number != earlier:
                changes[f"{group}.{step}"] = number - earlier
    return changes


def test_each_step_is_counted(root, service, configure):
    configure(email_verification="optional")
    before = read(root)
    assert before["days"] == 30
    nora = Person(service, "nora")
    assert nora.sign_up(password="short").status_code == 422
    nora.sign_up()
    assert nora.sign_up().status_code == 409
    nora.verify_email(token_in(nora.verification_mail()))
    nora.log_in()
    nora.log_in(password="the wrong one")
    Client(service.url).post("/auth/login", {"email": new_email(), "password": "the wrong one"})
    nora.set_new_password(nora.request_reset(), "correct horse 99 battery")
    after = read(root)
    assert grown(before, after) == {
        "sign_up.started": 3,
        "sign_up.completed": 1,
        "sign_up.verified": 1,
        "login.started": 3,
        "login.succeeded": 1,
        "invalid_credentials": 2,
        "reset.requested": 1,
        "reset.completed": 1,
    }
    assert nora.email not in str(after)


def test_a_rejected_transaction_counts_nothing(root, alice, monkeypatch):
    before = read(root)
    with pytest.raises(RuntimeError), database.transaction() as db:
        audit.record(db, audit.SYSTEM, "user.signed_up", alice.user_id)
        raise RuntimeError
    assert grown(before, read(root)) == {}


def test_counts_of_concurrent_writers_add_up(root):
    before = read(root)

    def work():
        for _ in range(20):
            funnel.count_request("auth.login")
            funnel.write()

    at_once(*[work] * 4)
    assert grown(before, read(root)) == {"login.started": 80}


@SQLITE_ONLY
def test_counts_are_kept_while_the_database_is_away(root, monkeypatch):
    before = read(root)
    funnel.count_request("auth.login")

    def fail(*_):
        raise sqlalchemy.exc.OperationalError("", {}, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(database, "write_only", fail)
        funnel.write()
    assert grown(before, read(root)) == {"login.started": 1}


def test_days_are_limited_and_old_ones_deleted(service, clock):
    funnel.write()
    database.write_only(sqlalchemy.delete(DailyCount))  # other tests count in the future
    funnel.count_request("auth.login")
    funnel.write()
    assert funnel.of_last(1).login.started > 0
    clock.shift(86400)
    assert funnel.of_last(1).login.started == 0
    assert funnel.of_last(2).login.started > 0
    clock.shift(88 * 86400)
    cleanup.run()
    assert funnel.of_last(90).login.started > 0
    clock.shift(86400)
    cleanup.run()
    assert database.read_all(sqlalchemy.select(DailyCount.id)) == []


@SQLITE_ONLY
def test_who_may_read_it(service, root, alice):
    assert refusal(Client(service.url).get("/admin/stats/funnel")) == (401, "not_authenticated")
    assert refusal(alice.client.get("/admin/stats/funnel")) == (403, "forbidden")
    for days in ("x", 0, 91, ""):
        assert root.client.get("/admin/stats/funnel", params={"days": days}).status_code == 422
    assert root.client.get("/admin/stats/funnel", params={"days": 90}).json()["days"] == 90


def test_each_operation_that_is_counted_exists():
    assert set(funnel.STARTS) <= access.declared().keys()
