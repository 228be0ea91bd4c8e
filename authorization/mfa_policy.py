"""Decide which accounts need a second factor, by MFA_REQUIRED."""

from collections.abc import Iterable
from typing import Any, Protocol

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


class HasFactors(Protocol):
    """The columns of an account that say which factors it has."""

    @property
    def has_factors(self) -> bool: ...
    @property
    def has_only_sms(self) -> bool: ...
    @property
    def has_only_recovery_codes(self) -> bool: ...


def must_enroll(account: HasFactors, role_names: Iterable[str]) -> bool:
    """Return whether an account must set up a factor before it can be used for anything else."""
    has_factor = account.has_factors and not account.has_only_recovery_codes
    return lacks_factor(role_names, has_factor, only_sms=account.has_only_sms)


def lacks_factor(role_names: Iterable[str], has_factor: bool, *, only_sms: bool) -> bool:
    """Return whether MFA_REQUIRED requires more of an account with these roles than the factors that it has.

    only_sms: whether its only factors are phones, which are not sufficient for administrators.
    """
    if only_sms:
        return settings.mfa_required != "off" and is_privileged(role_names)
    return not has_factor and covers(role_names)


def is_restricted(user: Any) -> bool:
    """Return whether an account must set up a factor first, from its columns."""
    return must_enroll(user, user.roles)


def requires_aal2() -> bool:
    """Return whether calls that need a permission also need a session with two factors."""
    return settings.mfa_required != "off"
