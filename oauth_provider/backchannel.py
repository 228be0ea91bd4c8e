"""Send back-channel logout tokens to clients (OpenID Connect Back-Channel Logout 1.0). Each client is a lane."""

from collections.abc import Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

import models
from core import http_client
from delivery import retry_after
from delivery.lanes import LEASE, LaneQueue, LaneWorker, Outcome
from delivery.leases import Undeliverable
from delivery.polling import Signal
from oauth_provider import clients
from oauth_provider.models import LogoutNotice, OAuthClient
from sessions import signed_tokens
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS_FOR_RESPONSE = 5
SECONDS_VALID = 120
MAX_RESPONSE_BYTES = 64 * 1024
RETRIED = (408, 425, 429)  # besides 5xx


class _Queue(LaneQueue):
    """The notices."""

    kept = (OAuthClient.updated_at,)


QUEUE = _Queue(
    "logout_notices",
    LogoutNotice,
    (
        LogoutNotice.id,
        LogoutNotice.client_pk,
        LogoutNotice.subject,
        LogoutNotice.sid,
        LogoutNotice.queued_at,
        LogoutNotice.attempts,
    ),
    LEASE,
).set_lanes(LogoutNotice.client_pk, OAuthClient, OAuthClient.backchannel_logout_uri, OAuthClient.leased_until)
QUEUE.label = "logout notice"


class Refused(Exception):
    """A client did not accept a logout token now. It is sent again.

    retry_after: how long the client asked to wait.
    """

    def __init__(self, message: str, asked: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = asked


class Transport:
    """Deliver the notices to the clients. Each attempt has a new token, which is valid for two minutes."""

    def connect(self, _lane: Row[Any]) -> AbstractAsyncContextManager[Any]:
        """Return an HTTP client for several requests to the client."""
        return http_client.public_client()

    def chain(self, row: Row[Any]) -> Hashable:
        """Return the session: the notices have no order."""
        return str(row.sid)

    def prepare(self, row: Row[Any]) -> str:
        """Return a logout token. Raises Undeliverable."""
        client = clients.by_pk(row.client_pk)
        if client is None:
            raise Undeliverable("the client was deleted")
        return token_for(client, row)

    async def deliver(self, connection: Any, lane: Row[Any], prepared: str) -> dict[str, Any]:
        """Send one logout token. Raises Undeliverable, and Refused for what is tried again."""
        if not lane.backchannel_logout_uri:
            raise Undeliverable("the client no longer has a backchannel_logout_uri")
        try:
            response = await http_client.send_unread(
                connection,
                lane.backchannel_logout_uri,
                seconds=SECONDS_FOR_RESPONSE,
                max_bytes=MAX_RESPONSE_BYTES,
                data={"logout_token": prepared},
            )
        except http_client.ForbiddenAddress as error:
            raise Undeliverable(str(error)) from None
        except http_client.NoResponse as error:
            raise Refused(str(error)) from None
        status = response.status_code
        if status >= 500 or status in RETRIED:
            raise Refused(f"HTTP {status}", retry_after.parse(response.headers.get("retry-after")))
        if status not in (200, 204):
            raise Undeliverable(f"HTTP {status}")
        log.info("logout token sent", client_id=lane.client_id)
        return {}

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Do nothing: the results are recorded with the notices only."""

    def count(self, outcome: str) -> None:
        """Count a delivery in the metrics."""
        metrics.LOGOUT_TOKENS.labels(outcome).inc()


def token_for(client: Any, notice: Any) -> str:
    """Return the logout token of a notice (section 2.4)."""
    now = int(models.now().timestamp())
    claims = {
        "iss": settings.jwt_issuer,
        "aud": client.client_id,
        "iat": now,
        "exp": now + SECONDS_VALID,
        "jti": models.new_id(),
        "sub": notice.subject,
        "sid": notice.sid,
        "events": {EVENT: {}},
    }
    return signed_tokens.sign(claims, "logout+jwt", client.id_token_signed_response_alg)


def worker() -> LaneWorker:
    """Return the thread that sends the notices. New ones are found by the poll, within a second."""
    return LaneWorker(QUEUE, Transport(), Signal())
