"""Send text messages through the provider: Twilio, or a gateway of the operator."""

import json
import time
from typing import Any

from core import http_client, webhook_signatures
from delivery.holds import ServerProblem
from delivery.leases import Undeliverable
from settings.loading import settings

SECONDS_TO_SEND = 10
# Twilio's error codes for numbers that cannot receive messages: invalid, unreachable, blocked, not a mobile phone, or
# the sender itself.
UNDELIVERABLE = {
    21211, 21214, 21217, 21219, 21265, 21266, 21408, 21421, 21604, 21608, 21610, 21612, 21614, 21635, 30003, 30006,
}  # fmt: skip


class Delayed(Exception):
    """The provider accepts this message only later."""


def send(message_id: str, to: str, text: str) -> None:
    """Send a text message. Raises Undeliverable, ServerProblem, Delayed.

    message_id: identical for each attempt, so that a gateway can recognize duplicates.
    """
    try:
        (_send_with_twilio if settings.sms_provider == "twilio" else _send_to_gateway)(message_id, to, text)
    except (http_client.NoResponse, http_client.InvalidResponse) as error:
        raise ServerProblem(str(error)) from error


def _send_with_twilio(_message_id: str, to: str, text: str) -> None:
    """Create a Message resource: https://www.twilio.com/docs/messaging/api/message-resource."""
    sender = "MessagingServiceSid" if settings.twilio_from.startswith("MG") else "From"
    response = http_client.request(
        "POST",
        f"{settings.twilio_base_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/Messages.json",
        seconds=SECONDS_TO_SEND,
        data={"To": to, sender: settings.twilio_from, "Body": text},
        auth=(settings.twilio_account_sid, settings.twilio_auth_token),
    )
    code = _twilio_code(response) if response.status_code >= 400 else None
    if response.status_code == 400 and code in UNDELIVERABLE:
        raise Undeliverable(f"error {code} of Twilio")
    _require_accepted(response.status_code, f"error {code} of Twilio" if code else "Twilio")


def _twilio_code(response: Any) -> int | None:
    try:
        code = response.json()["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def _send_to_gateway(message_id: str, to: str, text: str) -> None:
    body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
    signed = webhook_signatures.headers([settings.sms_secret], message_id, int(time.time()), body)
    response = http_client.request(
        "POST",
        settings.sms_url,
        seconds=SECONDS_TO_SEND,
        content=body,
        headers={**signed, "Content-Type": "application/json"},
    )
    if response.status_code in (400, 404, 410, 422):
        raise Undeliverable(f"status {response.status_code} of the gateway")
    _require_accepted(response.status_code, "the gateway")


def _require_accepted(status: int, who: str) -> None:
    if 200 <= status < 300:
        return
    if status == 429:
        raise Delayed(f"status 429 of {who}")
    # Wrong credentials, an account without credit, or an outage: no other message would be accepted either.
    raise ServerProblem(f"status {status}, {who}")
