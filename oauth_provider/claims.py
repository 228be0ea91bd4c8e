"""Build the claims about a user that the scopes of a client include (OpenID Connect Core 1.0, section 5.4)."""

from collections.abc import Iterable
from typing import Any

from oauth_provider import scopes


def of(user: Any, granted: Iterable[str]) -> dict[str, Any]:
    """Return the claims for an ID token and the userinfo response, without `sub`.

    Both have the same claims, because widely used clients read only the ID token.
    """
    granted = set(granted)
    found: dict[str, Any] = {}
    if scopes.PROFILE in granted:
        found |= {
            "name": user.username,
            "updated_at": int(user.updated_at.timestamp()),
            "picture": user.picture_url,
            "locale": user.locale,
            "zoneinfo": user.time_zone,
        }
    if scopes.EMAIL in granted:
        # Whether the owner has verified it. An administrator can also mark an address as verified.
        found |= {"email": user.email, "email_verified": user.email_proven_at is not None}
    if scopes.ROLES in granted:
        found["roles"] = user.roles
    return {name: value for name, value in found.items() if value is not None}
