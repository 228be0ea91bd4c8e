"""Re-authentication: the password, or a login within the last five minutes, before sensitive operations."""

import pytest

import tables
from databases import SQLITE_ONLY
from people import Client, new_email, refusal

MINUTE, ABSENT = 60, (403, "reauthentication_required")
GUARDED = {
    "move": (lambda p, **body: p.client.post("/users/me/email", {"new_email": new_email(), **body}), 202),
    "delete": (lambda p, **body: p.client.delete("/users/me", body), 204),
}


@pytest.fixture(params=GUARDED)
def guarded(request):
    """A request that requires re-authentication, and its status on success."""
    return GUARDED[request.param]


def still_there(person):
    return person.can_log_in_with(person.password) and person.is_logged_in()


@SQLITE_ONLY
def test_login_counts_as_reauthentication_for_five_minutes(alice, clock, guarded):
    enter, status = guarded
    clock.shift(5 * MINUTE - 5)
    assert enter(alice).status_code == status


@SQLITE_ONLY
def test_later_the_password_is_required(alice, clock, guarded):
    enter, status = guarded
    clock.shift(5 * MINUTE + 5)
    assert refusal(enter(alice)) == ABSENT
    assert refusal(enter(alice, password=None)) == ABSENT
    assert still_there(alice)
    assert enter(alice, password=alice.password).status_code == status


@SQLITE_ONLY
def test_refresh_is_not_a_login(alice, clock, guarded):
    clock.shift(4 * MINUTE)
    alice.client.token = alice.refresh().json()["access_token"]
    clock.shift(2 * MINUTE)
    assert refusal(guarded[0](alice)) == ABSENT
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_login_on_another_device_does_not_count(alice, clock, guarded):
    clock.shift(6 * MINUTE)
    phone = alice.other_device()
    assert refusal(guarded[0](alice)) == ABSENT
    assert guarded[0](phone).status_code == guarded[1]


@SQLITE_ONLY
@pytest.mark.parametrize("password", ["not the password", "", " ", "x" * 256], ids=lambda p: p[:9])
def test_wrong_password_is_rejected_despite_a_recent_login_and_the_session_continues(alice, guarded, password):
    assert refusal(guarded[0](alice, password=password)) == ABSENT
    assert still_there(alice)
    assert tables.events(user_id=alice.user_id)[-2].action == "user.reauthentication_failed"


@SQLITE_ONLY
def test_password_of_another_user_is_wrong(alice, bob, guarded):
    assert refusal(guarded[0](alice, password=bob.password)) == ABSENT
    assert still_there(alice)


@SQLITE_ONLY
@pytest.mark.parametrize("password", [1, True, [], "x" * 257], ids=lambda p: str(p)[:9])
def test_invalid_password_field_is_named(alice, guarded, password):
    answer = guarded[0](alice, password=password)
    assert refusal(answer) == (422, "validation_error")
    assert answer.json()["errors"][0]["field"] == "password"
    assert still_there(alice)


@SQLITE_ONLY
def test_password_without_a_session_is_rejected(alice, guarded):
    alice.client = Client(alice.service.url)
    assert refusal(guarded[0](alice, password=alice.password)) == (401, "not_authenticated")
    assert alice.can_log_in_with(alice.password)
