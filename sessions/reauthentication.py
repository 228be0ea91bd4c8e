"""Require recent authentication for sensitive requests, and re-authenticate the user of a session (RFC 9470)."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
import schemas
from core import capability
from core.client_address import CallerInfo
from credentials import lookup, password_check, throttling
from languages import translation
from models import User
from sessions import sessions
from sessions.current_user import Current

# The methods that identify the user, and those that only complement one of them.
FIRST, SECOND = {"pwd", "federated", "email", "pop"}, {"otp", "sms", "recovery", "pop"}


def methods(*shown: Iterable[str]) -> tuple[str, ...]:
    """Return the methods of these authentications, each once, without `mfa`."""
    return tuple(dict.fromkeys(method for each in shown for method in each if method != sessions.MFA))


def combined(*shown: Iterable[str]) -> tuple[str, ...]:
    """Return the methods of these authentications, with `mfa` if they are of two kinds, or a verified passkey."""
    found = methods(*shown)
    kinds = {method for method in found if method in FIRST | SECOND}
    two = len(kinds) > 1 and bool(kinds & FIRST) and bool(kinds & SECOND)
    return (*found, sessions.MFA) if two or "user" in found else found


def require(db: Session, caller: CallerInfo, who: Current, proof: schemas.Presence | None) -> None:
    """Require recent authentication: the right password or, without one, a login in the last five minutes.

    An account with a factor needs two: both in the last five minutes, or the password and a factor in this request. A
    request with the password alone is rejected for such an account, even after a recent login.

    An API key needs none: routes that it may not call are closed to it.

    Call it before the account is locked, since it hashes. Raises ReauthenticationRequired, RateLimited; the session
    continues.
    """
    if who.key:
        return
    shown: tuple[str, ...] = ()
    if proof is not None and proof.password is not None:
        _require_password(db, caller, who, proof.password)
        shown = ("pwd",)
    shown += _factor(db, caller, who, proof or schemas.Presence())
    enough = sessions.MFA in combined(_recent(who), shown) if who.has_factors else bool(shown)
    if not (enough or (who.is_present and "pwd" not in shown)):
        raise required(db, who)


def require_password(
    db: Session, caller: CallerInfo, who: Current, password: str, proof: schemas.FactorProof
) -> str | None:
    """Require the password and, unless the login with two factors is recent, a factor of an account that has one.

    Returns the hash that the password was compared with. Raises what `require` raises.
    """
    compared = _require_password(db, caller, who, password)
    if not (who.has_factors and who.is_present):
        shown = ("pwd", *_factor(db, caller, who, proof))
        if who.has_factors and sessions.MFA not in combined(shown):
            raise required(db, who)
    return compared


def renew(db: Session, caller: CallerInfo, who: Current, proof: schemas.Presence) -> sessions.Authentication:
    """Record that the user of a session authenticated again, and return how.

    Two factors, in this request or within the last five minutes, raise the session to `aal2`. A single factor never
    extends it: see `Authentication.aal2_at`.

    Raises ReauthenticationRequired, RateLimited, NotAuthenticated.
    """
    shown: tuple[str, ...] = ()
    if proof.password is not None:
        _require_password(db, caller, who, proof.password)
        shown = ("pwd",)
    shown += _factor(db, caller, who, proof)
    if not shown:
        raise required(db, who)
    user = lookup.lock(db, who.user.id)
    if user is None or not user.is_active or not sessions.is_active(db, user, who.session_id):
        raise errors.NotAuthenticated()
    audit.record(db, caller, "user.reauthenticated", user.user_id, actor_id=user.user_id)
    return sessions.record_authentication(db, who.session_id, combined(_recent(who), shown))


def required(db: Session, who: Current, detail: str | None = None) -> errors.ReauthenticationRequired:
    """Return the error that lists the factors with which the user can authenticate again."""
    if not who.has_factors:
        return errors.ReauthenticationRequired(detail)
    detail = detail or translation.mark("Enter your password and a code, or use a passkey, to confirm that it is you.")
    types = [name for record in capability.installed() for name in record.factor_types(db, who.user.id)]
    return errors.ReauthenticationRequired(detail, acr_values="aal2", factors=types)


def _recent(who: Current) -> tuple[str, ...]:
    """Return the methods of a login with a single factor in the last five minutes, or none.

    Empty after a login with two factors: otherwise one of them alone could extend `aal2` forever.
    """
    amr = who.authentication.amr
    return amr if who.authenticated_recently and sessions.MFA not in amr else ()


def _factor(db: Session, caller: CallerInfo, who: Current, proof: schemas.FactorProof) -> tuple[str, ...]:
    """Verify the factor in a request, and return its methods, which are empty if it contains none."""
    for record in capability.installed():
        if who.has_factors and (methods := record.verify_factor(caller, who, proof)) is not None:
            if not methods:
                raise required(db, who, "The code or passkey is wrong, or was already used.")
            return tuple(methods)
    return ()


def _require_password(db: Session, caller: CallerInfo, who: Current, password: str) -> str | None:
    known = lookup.by_id(who.user.id, caller)
    if known is None:
        raise errors.NotAuthenticated()
    attempt = password_check.begin(known.email, known)
    if password_check.verify(attempt, password, known.hashed_password).right:
        with database.transaction() as own:  # at once: a transaction that has locked the account may wait for this row
            throttling.succeeded(own, attempt)
        return known.hashed_password
    user = lookup.lock(db, who.user.id)
    if user is None:
        raise errors.NotAuthenticated()  # deleted concurrently: write nothing about this user
    audit.record(db, caller, "user.reauthentication_failed", who.user.user_id, actor_id=who.user.user_id)
    count_failure(db, caller, user, attempt)
    raise required(db, who)


def count_failure(db: Session, caller: CallerInfo, user: User | None, attempt: throttling.Attempt) -> None:
    """Count a wrong password, and notify the owner if it locks the password for some networks."""
    failed = throttling.failed(db, attempt, has_account=user is not None)
    if user is None or not user.is_active or not user.hashed_password:
        return
    for known in [True] * failed.here + [False] * failed.elsewhere:
        audit.record(db, caller, "password.locked", user.user_id, known_network=known)
    if failed.here or failed.elsewhere:
        network = attempt.known_network if failed.here else None
        email_utils.queue(db, "password_locked", user, network=network, elsewhere=failed.elsewhere)
