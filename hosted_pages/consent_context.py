"""Build the context of the page that asks for the user's consent."""

import hmac
from typing import Any

from core import signing
from oauth_provider import client_rules, consent, scopes
from oauth_provider.authorization import Asked
from oauth_provider.consent import Visitor

_LABEL = "consent_page"


def of(asked: Asked, who: Visitor, reference: str) -> dict[str, Any]:
    """Return what the page shows: the application, what it gets, and where the browser goes."""
    client = asked.client
    wanted = [scope for scope in consent.scopes_for(asked, who.row) if scope != scopes.OPENID]
    return {
        "client": client,
        "host": client_rules.host_of(asked.redirect_uri),
        "application_host": _host_of_client(client),
        "only_loopback": all(client_rules.is_loopback(uri) for uri in client.redirect_uris),
        "meanings": [scopes.meaning_of(scope) for scope in wanted],
        "resources": asked.resources,
        "current_user": who.row,
        "reference": reference,
        "shown": signing.sign(_LABEL, _shown_to(asked, who), salted=True),
    }


def _host_of_client(client: Any) -> str | None:
    """Return the host that vouches for the metadata of a client, which names itself, or None."""
    return client_rules.host_of(client.client_id) if client.origin == "metadata" else None


def _shown_to(asked: Asked, who: Visitor) -> str:
    return f"{asked.stored}.{who.session_id}"


def was_shown(raw: str, asked: Asked, who: Visitor) -> bool:
    """Return whether the page of this request was shown in this session."""
    signed = signing.unsign(_LABEL, raw)
    if signed is None or signed.unsalted:
        return False
    return hmac.compare_digest(signed.value, _shown_to(asked, who))
