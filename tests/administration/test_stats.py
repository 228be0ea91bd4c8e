"""Statistics: always current, also after concurrent changes of accounts."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

import database
from accounts import tallies
from models import AccountTally, User
from operations import cleanup
from people import Person, at_once, new_email


def figures(client):
    answer = client.get("/admin/stats")
    assert answer.status_code == 200
    return answer.json()


def counted():
    """Count the rows of the table."""
    return tuple(
        database.read(select(func.count()).select_from(User).where(*chosen))[0]
        for chosen in ((), (User.is_active,), (User.is_verified,))
    )


def tallied():
    return tuple(tallies.totals())


def test_statistics_reflect_sign_ups_and_logins(root, service):
    before = figures(root.client)
    person = Person(service, "nora")
    person.sign_up()
    person.log_in()
    after = figures(root.client)
    assert after.keys() == {"users", "active", "verified", "sessions", "signups", "logins"}
    grown = {name: after[name] - before[name] for name in ("users", "active", "verified", "sessions")}
    assert grown == {"users": 1, "active": 1, "verified": 1, "sessions": 2}
    today = {"date": datetime.now(UTC).date().isoformat()}
    for name in ("signups", "logins"):
        assert after[name][-1] == today | {"count": before[name][-1]["count"] + 1}
        days = [datetime.fromisoformat(row["date"]) for row in after[name]]
        assert [day - days[0] for day in days] == [timedelta(days=number) for number in range(30)]
    assert person.email not in str(after)


def test_statistics_cover_the_last_thirty_days(root, alice, clock):
    clock.shift(29 * 86400)
    root.log_in()
    assert figures(root.client)["signups"][0]["count"] >= 1
    clock.shift(86400)
    root.log_in()
    assert sum(row["count"] for row in figures(root.client)["signups"]) == 0
    assert figures(root.client)["sessions"] >= 1


def test_totals_equal_counted_rows(root, alice, bob):
    where = f"/admin/users/{alice.user_id}"
    for body in (
        {"is_active": False},
        {"is_verified": False},
        {"is_active": True, "is_verified": True},
        {"username": "A"},
    ):
        root.client.patch(where, body)
        assert tallied() == counted()
    database.write_only(update(User).where(User.user_id.in_([alice.user_id, bob.user_id])).values(is_verified=False))
    assert tallied() == counted()
    root.client.delete(where)
    bob.client.delete("/users/me", {"password": bob.password})
    assert tallied() == counted()


def test_totals_are_correct_after_concurrent_sign_ups_and_cleanups(service):
    people = [Person(service, "passer-by") for _ in range(6)]
    calls = [lambda p=p: p.sign_up(email=new_email()) for p in people]
    at_once(*calls, *[cleanup.run] * 3)
    assert tallied() == counted()
    cleanup.run()
    assert tallied() == counted()
    assert database.read(select(func.count()).select_from(AccountTally))[0] == 1
