"""Name the scopes that a client may request, and what each one allows, in words for the consent page."""

from collections.abc import Iterable

from core import capability
from languages import translation

OPENID, PROFILE, EMAIL, OFFLINE, ROLES = "openid", "profile", "email", "offline_access", "roles"
ORGANIZATIONS = "organizations"
IDENTITY = (OPENID, PROFILE, EMAIL, OFFLINE, ROLES)
# A client may list it, but it is neither announced nor granted: the service has no organizations yet.
RESERVED = (ORGANIZATIONS,)
DEFAULT = (OPENID, PROFILE, EMAIL, OFFLINE)
# What the consent page says. A permission of the API has its own sentence, with its name.
MEANINGS = {
    OPENID: translation.mark("Confirm who you are"),
    PROFILE: translation.mark("See your name, picture, language and time zone"),
    EMAIL: translation.mark("See your email address"),
    OFFLINE: translation.mark("Keep this access when you are not using the application"),
    ROLES: translation.mark("See your roles"),
    ORGANIZATIONS: translation.mark("See your organizations"),
}


def known() -> tuple[str, ...]:
    """Return every scope that a client may list: those about the user, and the permissions of the API."""
    return (*offered(), *RESERVED)


def offered() -> tuple[str, ...]:
    """Return every scope that a client can be granted."""
    return (*IDENTITY, *capability.permissions())


def permissions_in(scopes: Iterable[str]) -> frozenset[str]:
    """Return the permissions among these scopes."""
    return frozenset(scopes) & frozenset(capability.permissions())


def meaning_of(scope: str) -> translation.Text:
    """Return what a scope allows, for the consent page."""
    return MEANINGS.get(scope) or translation.mark("Use the API for you: %(permission)s", permission=scope)


def split(text: str | None) -> tuple[str, ...]:
    """Return the scopes of a parameter, each once, in their order (RFC 6749, section 3.3)."""
    return tuple(dict.fromkeys((text or "").split()))
