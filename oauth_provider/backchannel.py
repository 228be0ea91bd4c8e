"""Send back-channel logout tokens to clients (OpenID Connect Back-Channel Logout 1.0)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

import models
from core import http_client
from delivery.leases import LeasedQueue, Undeliverable
from delivery.worker import NoConnection, Options, Signal, Worker
from oauth_provider import clients
from oauth_provider.models import LogoutNotice
from sessions import signed_tokens
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS_FOR_RESPONSE = 5
SECONDS_VALID = 120
LEASE = timedelta(seconds=30)
SENDERS = 4
RETRIED = (408, 425, 429)  # besides 5xx

QUEUE = LeasedQueue(
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
)
QUEUE.label = "logout notice"


class Refused(Exception):
    """A client did not accept a logout token now. It is sent again."""


class Transport:
    """Deliver the notices to the clients. Each attempt has a new token, which is valid for two minutes."""

    def open(self) -> NoConnection:
        """Return nothing that has to be closed."""
        return NoConnection()

    def deliver(self, _connection: NoConnection, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Send one logout token. Raises Undeliverable, and Refused for what is tried again."""
        client = clients.by_pk(row.client_pk)
        if client is None or not client.backchannel_logout_uri:
            raise Undeliverable("the client no longer has a backchannel_logout_uri")
        form = {"logout_token": token_for(client, row)}
        try:
            response = http_client.request(
                "POST", client.backchannel_logout_uri, seconds=SECONDS_FOR_RESPONSE, public_only=True, data=form
            )
        except http_client.ForbiddenAddress as error:
            raise Undeliverable(str(error)) from None
        except (http_client.NoResponse, http_client.InvalidResponse) as error:
            raise Refused(str(error)) from None
        status = response.status_code
        if status >= 500 or status in RETRIED:
            raise Refused(f"HTTP {status}")
        if status not in (200, 204):
            raise Undeliverable(f"HTTP {status}")
        log.info("logout token sent", client_id=client.client_id)

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


def worker() -> Worker:
    """Return the threads that send the notices. They find new ones when they poll, once a second."""
    return Worker(QUEUE, Transport(), Signal(), Options(senders=SENDERS))
