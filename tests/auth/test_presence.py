"""Proof of presence: the password, or a login of at most five minutes ago, before what cannot be taken back."""

import pytest

import tables
from databases import SQLITE_ONLY
from people import Client, new_email, refusal

MINUTE, ABSENT = 60, (403, "reauthentication_required")
DOORS = {
    "move": (lambda p, **body: p.client.post("/users/me/email", {"new_email": new_email(), **body}), 202),
    "delete": (lambda p, **body: p.client.delete("/users/me", body), 204),
}


@pytest.fixture(params=DOORS)
def door(request):
    """A call that asks for presence, and its status when all is well."""
    return DOORS[request.param]


def still_there(person):
    return person.can_log_in_with(person.password) and person.is_in()


def test_for_five_minutes_a_login_is_proof_enough(alice, clock, door):
    enter, status = door
    clock.shift(5 * MINUTE - 5)
    assert enter(alice).status_code == status


def test_after_that_the_password_is_asked_for(alice, clock, door):
    enter, status = door
    clock.shift(5 * MINUTE + 5)
    assert refusal(enter(alice)) == ABSENT
    assert refusal(enter(alice, password=None)) == ABSENT
    assert still_there(alice)
    assert enter(alice, password=alice.password).status_code == status


def test_a_refresh_is_no_login(alice, clock, door):
    clock.shift(4 * MINUTE)
    alice.client.token = alice.refreshes().json()["access_token"]
    clock.shift(2 * MINUTE)
    assert refusal(door[0](alice)) == ABSENT
    assert alice.can_log_in_with(alice.password)


def test_a_login_on_another_device_proves_nothing_here(alice, clock, door):
    clock.shift(6 * MINUTE)
    phone = alice.other_device()
    assert refusal(door[0](alice)) == ABSENT
    assert door[0](phone).status_code == door[1]


@SQLITE_ONLY
@pytest.mark.parametrize("password", ["not the password", "", " ", "x" * 256], ids=lambda p: p[:9])
def test_a_wrong_password_is_refused_however_fresh_the_login_and_the_session_lives_on(alice, door, password):
    assert refusal(door[0](alice, password=password)) == ABSENT
    assert still_there(alice)
    assert tables.events(user_id=alice.user_id)[-2].action == "user.reauthentication_failed"


def test_somebody_elses_password_is_wrong_too(alice, bob, door):
    assert refusal(door[0](alice, password=bob.password)) == ABSENT
    assert still_there(alice)


@SQLITE_ONLY
@pytest.mark.parametrize("password", [1, True, [], "x" * 257], ids=lambda p: str(p)[:9])
def test_what_cannot_be_a_password_is_named(alice, door, password):
    answer = door[0](alice, password=password)
    assert refusal(answer) == (422, "validation_error")
    assert answer.json()["errors"][0]["field"] == "password"
    assert still_there(alice)


def test_the_password_alone_is_no_session(alice, door):
    alice.client = Client(alice.service.url)
    assert refusal(door[0](alice, password=alice.password)) == (401, "not_authenticated")
    assert alice.can_log_in_with(alice.password)
