"""Decide which accounts need a second factor, by MFA_REQUIRED."""

from collections.abc import Iterable
from typing import Any

from authorization import roles
from settings.loading import settings


def covers(role_names: Iterable[str]) -> bool:
    """Return whether an account with these roles needs a second factor."""
    match settings.mfa_required:
        case "all":
            return True
        case "admins":
            return is_privileged(role_names)
    return False


def is_privileged(role_names: Iterable[str]) -> bool:
    """Return whether an account with these roles has any permission."""
    return bool(roles.current_rights(role_names).permissions)


def must_enroll(has_factors: bool, role_names: Iterable[str], *, only_sms: bool) -> bool:
    """Return whether an account must set up a factor before it can be used for anything else.

    only_sms: whether its only factors are phones, which are not sufficient for administrators.
    """
    if only_sms:
        return settings.mfa_required != "off" and is_privileged(role_names)
    return not has_factors and covers(role_names)


def is_restricted(user: Any) -> bool:
    """Return whether an account must set up a factor first, from its columns."""
    return must_enroll(user.has_factors, user.roles, only_sms=user.has_only_sms)


def requires_aal2() -> bool:
    """Return whether calls that need a permission also need a session with two factors."""
    return settings.mfa_required != "off"
