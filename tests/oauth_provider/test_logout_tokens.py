"""Back-channel logout tokens of several applications."""

from contextlib import closing
from datetime import datetime

from sqlalchemy import delete, select

import database
import models
from databases import SQLITE_ONLY
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
    with database.transaction() as db:
        db.execute(delete(LogoutNotice))
