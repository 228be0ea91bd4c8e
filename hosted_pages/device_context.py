"""Build the context of the page that asks whether a device may have access."""

from typing import Any

from oauth_provider import consent, device_answers, scopes
from oauth_provider.consent import Visitor
from oauth_provider.device_answers import Asked
from sessions import sessions


def of(asked: Asked, who: Visitor, user_code: str) -> dict[str, Any]:
    """Return what the page shows: the application, what it gets, and where it asks from."""
    letters = device_answers.normalized(user_code)
    wanted = [scope for scope in consent.scopes_for(asked, who.row) if scope != scopes.OPENID]
    return {
        "client": asked.client,
        "images": [asked.client.logo_uri],
        "user_code": f"{letters[:4]}-{letters[4:]}",
        "meanings": [scopes.meaning_of(scope) for scope in wanted],
        "resources": asked.resources,
        "device": sessions.device_name(asked.user_agent or ""),
        "ip": asked.ip,
        "asked_at": asked.created_at,
        "current_user": who.row,
        "shown": device_answers.shown_to(asked, who),
    }
