"""Build the context of the page that asks for the user's consent."""

from typing import Any

from oauth_provider import client_rules, consent, questions, scopes, unregistered
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
        "application_host": _host_of_client(asked),
        "only_loopback": all(client_rules.is_loopback(uri) for uri in client.redirect_uris),
        "meanings": [scopes.meaning_of(scope) for scope in wanted],
        "resources": asked.resources,
        "current_user": who.row,
        "reference": reference,
        "shown": questions.sign(_LABEL, asked.stored or "", asked, who),
    }


def _host_of_client(asked: Asked) -> str | None:
    """Return the host of a client that has chosen its name itself, or None: that of its document, else its own."""
    if asked.client.origin == "metadata":
        return client_rules.host_of(asked.client.client_id)
    if unregistered.describes_itself(asked.client) and not client_rules.is_loopback(asked.redirect_uri):
        return client_rules.host_of(asked.redirect_uri)
    return None


def shown_scopes(raw: str, asked: Asked, who: Visitor) -> tuple[str, ...] | None:
    """Return the scopes on the page of this request that was shown in this session, or None."""
    question, shown = questions.read(_LABEL, raw, who) or (None, ())
    return shown if question is not None and question == asked.stored else None
