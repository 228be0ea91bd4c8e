"""Back-channel logout tokens of several applications."""

import time
from contextlib import closing
from datetime import datetime
from urllib.parse import parse_qs

import jwt
import pytest
from sqlalchemy import delete, select

import database
import models
from databases import SQLITE_ONLY
from delivery import lanes
from oauth_application import Application
from oauth_provider import backchannel
from oauth_provider.models import LogoutNotice, OAuthClient
from silence import Silence
from waiting import until
from webhook_receiver import Receiver


def notify(application: Application, times: int = 1) -> None:
    """Queue logout tokens, as ended sessions do."""
    with database.transaction() as db:
        client_pk = db.scalar(select(OAuthClient.id).where(OAuthClient.client_id == application.client_id))
        db.add_all(LogoutNotice(client_pk=client_pk, subject="alice", sid=models.new_id()) for _ in range(times))


def updated_at(application: Application) -> datetime:
    chosen = select(OAuthClient.updated_at).where(OAuthClient.client_id == application.client_id)
    found: datetime = database.read(chosen).updated_at
    return found


def remove_notices() -> None:
    with database.transaction() as db:
        db.execute(delete(LogoutNotice))


@pytest.fixture
def receiver(configure):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    with closing(Receiver()) as server:
        yield server
        remove_notices()


@pytest.fixture
def other(receiver):
    with closing(Receiver()) as server:
        yield server
        remove_notices()


def is_paused(application: Application) -> bool:
    chosen = select(OAuthClient.lease_id, OAuthClient.leased_until)
    found = database.read(chosen.where(OAuthClient.client_id == application.client_id))
    return found.lease_id is None and bool(found.leased_until)


def sessions_of(receiver: Receiver) -> set[str]:
    """Return the sessions whose logout a receiver accepted."""
    tokens = [parse_qs(each.body.decode())["logout_token"][0] for each in list(receiver.requests)]
    return {jwt.decode(each, options={"verify_signature": False})["sid"] for each in tokens}


@pytest.mark.parametrize("status", [503, 429])
def test_application_is_left_alone_for_as_long_as_it_asks(connects, receiver, clock, status):
    application = connects(backchannel_logout_uri=receiver.url)
    before = updated_at(application)
    receiver.status, receiver.answer_headers = status, {"Retry-After": "1800"}
    notify(application, 12)
    until(lambda: is_paused(application))
    begun = receiver.begun
    assert begun <= lanes.AT_ONCE
    for seconds in (0, 300, 900):  # longer than any delay between two attempts
        clock.shift(seconds)
        notify(application)
        time.sleep(1)
        assert receiver.begun == begun
    receiver.status = 200
    receiver.requests.clear()
    clock.shift(700)
    until(lambda: len(sessions_of(receiver)) == 15)
    assert updated_at(application) == before, "a pause changed the client"


def test_changed_url_of_an_application_ends_its_pause(connects, owner, receiver, other):
    application = connects(backchannel_logout_uri=receiver.url)
    receiver.status, receiver.answer_headers = 503, {"Retry-After": "3600"}
    notify(application)
    until(lambda: is_paused(application))
    path = f"/admin/clients/{application.client_id}"
    assert owner.client.patch(path, {"name": "Printer"}).status_code == 200
    assert is_paused(application)
    assert owner.client.patch(path, {"backchannel_logout_uri": other.url}).status_code == 200
    until(lambda: other.requests)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [200, 404, 503])
def test_changed_url_of_an_application_gets_the_rest_of_its_notices(connects, owner, receiver, other, status):
    application = connects(backchannel_logout_uri=receiver.url)
    receiver.seconds, receiver.status, receiver.answer_headers = 1.0, status, {"Retry-After": "3600"}
    notify(application, 30)
    until(lambda: receiver.begun == lanes.AT_ONCE)
    path = f"/admin/clients/{application.client_id}"
    assert owner.client.patch(path, {"backchannel_logout_uri": other.url}).status_code == 200
    begun = receiver.begun
    until(lambda: len(sessions_of(other)) == 30 - (begun if status == 200 else 0))
    assert receiver.begun == begun, "a request began at the old URL after the change"


@pytest.mark.parametrize("how", ["delete", "remove the URL"])
def test_application_that_was_deleted_gets_no_further_token(connects, owner, receiver, how):
    application, receiver.seconds = connects(backchannel_logout_uri=receiver.url), 1.0
    notify(application, 30)
    until(lambda: receiver.begun == lanes.AT_ONCE)
    path = f"/admin/clients/{application.client_id}"
    removed = {"backchannel_logout_uri": None}
    ended = owner.client.delete(path) if how == "delete" else owner.client.patch(path, removed)
    assert ended.status_code in (200, 204)
    begun = receiver.begun
    time.sleep(2.5)
    assert receiver.begun == begun


@SQLITE_ONLY
def test_application_that_hangs_delays_no_other(connects, configure, monkeypatch):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    monkeypatch.setattr(backchannel, "SECONDS_FOR_RESPONSE", 90)
    with closing(Silence()) as hanging, closing(Receiver()) as receiver:
        slow, fast = (connects(backchannel_logout_uri=url) for url in (hanging.url, receiver.url))
        before = updated_at(fast)
        notify(slow, 40)
        until(lambda: hanging.connections)
        notify(fast)
        until(lambda: receiver.requests, 30)
        assert updated_at(fast) == before, "a lease changed the client"
    remove_notices()
