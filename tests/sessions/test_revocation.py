"""Revocation: which sessions and links end when a credential changes, and who is notified by email."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import tables
from browser import Visitor
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, Person, new_email, new_password, refusal, superuser, token_in


class World(NamedTuple):
    """Bob with a laptop, a phone, and one valid link of each kind."""

    laptop: Person
    phone: Person
    links: dict[str, str]
    new_email: str
    google: Any


class Change(NamedTuple):
    """A change, the link that it uses, and what remains valid afterwards."""

    act: Callable[[World], Any]
    link: str | None
    laptop_stays: bool
    phone_stays: bool
    links_stay: bool
    mails: list[str]


def _by_link(world: World, purpose: str, at: Person | None = None) -> Any:
    client = at.client if at else Client(world.laptop.service.url)
    return client.post("/auth/verify-email", {"token": world.links[purpose]})


def _google_vouches_for_the_address(world: World) -> None:
    world.google.new_person(email=world.laptop.email)
    assert Visitor(world.laptop.service).log_in_with("google").status_code == 200


def _an_old_refresh_token_comes_back(world: World) -> Any:
    first = world.phone.tokens["refresh_token"]
    newer = world.phone.refresh().json()["refresh_token"]
    assert world.phone.refresh(newer).status_code == 200
    return world.phone.refresh(first)


def _is_disabled(world: World) -> Any:
    where = f"/admin/users/{world.laptop.user_id}"
    return superuser(world.laptop.service).client.patch(where, {"is_active": False})


NEW_PASSWORD = "Your password has changed"
EMAIL_CHANGED = "Your email address has changed"  # to both email addresses
CHANGES = {
    "password changed": Change(
        lambda w: w.laptop.change_password(new_password()), None, True, False, False, [NEW_PASSWORD]
    ),
    "password reset": Change(
        lambda w: w.laptop.set_new_password(w.links["reset_password"], new_password()),
        "reset_password", False, False, False, [NEW_PASSWORD],
    ),
    "address proven": Change(lambda w: _by_link(w, "verify_email", w.laptop), "verify_email", True, False, False, []),
    "address proven with no session": Change(lambda w: _by_link(w, "verify_email"), "verify_email", False, False, False, []),
    "address changed": Change(
        lambda w: _by_link(w, "change_email", w.laptop), "change_email", True, False, False, [EMAIL_CHANGED]
    ),
    "address changed with no session": Change(
        lambda w: _by_link(w, "change_email"), "change_email", False, False, False, [EMAIL_CHANGED]
    ),
    "an old refresh token came back": Change(
        _an_old_refresh_token_comes_back, None, True, False, True, ["One of your sessions was ended"]
    ),
    "a provider vouches for the address": Change(
        _google_vouches_for_the_address, None, False, False, False, ["Your email address has been verified"]
    ),
    "account disabled": Change(_is_disabled, None, False, False, False, []),
    "account deleted": Change(
        lambda w: w.laptop.client.delete("/users/me", {"password": w.laptop.password}), None, False, False, False, []
    ),
}  # fmt: skip


@pytest.fixture
def world(bob, google):
    mail, elsewhere = bob.verification_mail(), new_email("bob-new")
    links = {"verify_email": token_in(mail), "reset_password": bob.request_reset()}
    return World(
        bob, bob.other_device(), links | {"change_email": bob.request_email_change(elsewhere)}, elsewhere, google
    )


@POSTGRESQL_ONLY
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_credential_change_revokes_sessions_and_links(change, world):
    change.act(world)
    assert (world.laptop.is_logged_in(), world.phone.is_logged_in()) == (change.laptop_stays, change.phone_stays)
    for purpose, link in world.links.items():
        if purpose == "reset_password":
            answer = world.laptop.set_new_password(link, new_password())
        else:
            answer = _by_link(world, purpose)
        if change.links_stay and purpose == "verify_email":  # it then ends the others
            assert answer.status_code == 200
            break
        assert refusal(answer) == (400, "invalid_token")


@SQLITE_ONLY
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_credential_change_notifies_by_email(change, world, mailbox):
    if change.act is not _google_vouches_for_the_address:  # for an account that was never verified
        tables.mark_email_verified(world.laptop)
    tables.wait_for_outbox()
    mark = mailbox.mark()
    change.act(world)
    tables.wait_for_outbox()
    assert [mail["subject"] for mail in mailbox.all_to(world.laptop.email, since=mark)] == change.mails
    told_there = [mail["subject"] for mail in mailbox.all_to(world.new_email, since=mark)]
    assert told_there == [subject for subject in change.mails if subject == EMAIL_CHANGED]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "change", [c for c in CHANGES.values() if c.link], ids=[n for n, c in CHANGES.items() if c.link]
)
def test_rejected_link_revokes_nothing(change, world):
    forged = world._replace(links={purpose: f"{token}0" for purpose, token in world.links.items()})
    assert refusal(change.act(forged)) == (400, "invalid_token")
    assert world.laptop.is_logged_in()
    assert world.phone.is_logged_in()
