"""Run the second step of a login, and verify factors for re-authentication.

`auth.admit` calls `challenge` for every login, regardless of the first factor. If the account has factors, the response
contains an `mfa_token`, which points to a pending login; `complete` continues it with the second factor.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from auth import Login
from core.client_address import CallerInfo
from credentials import lookup, throttling
from factors import ceremonies, management, passkeys, pending_logins, recovery_codes, removal, totp, trusted_devices
from factors.models import PendingLogin
from factors.schemas import CeremonyOptions, PasskeyLogin, SecondStep
from languages import translation
from models import User
from sessions import reauthentication, sessions
from sessions.current_user import Current
from settings.loading import settings
from telemetry import metrics

MAX_PENDING = 20  # pending logins per account; the oldest are deleted


def challenge(db: Session, caller: CallerInfo, user: User, login: Login) -> str | None:
    """Require the second step of a login, unless it has used two factors or comes from a trusted device.

    Returns the new token of the trusted device, if any. Raises MfaRequired.
    """
    if sessions.MFA in login.amr:
        removal.cancel(db, user)
        return trusted_devices.remember(db, caller, user) if login.remember_device else None
    if device_token := trusted_devices.accept(db, caller, user, login.device_token):
        return device_token
    pending = PendingLogin(
        account_id=user.id,
        method=login.method,
        amr=" ".join(login.amr),
        detail=dict(login.detail),
        recent=login.recent,
        passkey=login.passkey,
        expires_at=models.now() + timedelta(minutes=pending_logins.MINUTES_TO_CONTINUE),
    )
    db.add(pending)
    db.flush()
    oldest = select(PendingLogin.id).where(PendingLogin.account_id == user.id).order_by(PendingLogin.id.desc())
    db.execute(delete(PendingLogin).where(PendingLogin.id.in_(oldest.offset(MAX_PENDING).limit(MAX_PENDING))))
    metrics.LOGINS.labels(errors.MfaRequired.code).inc()
    raise errors.MfaRequired(
        mfa_token=pending_logins.token_of(pending.id),
        factors=management.types_of(user.id, db, but=login.passkey),
        expires_in=pending_logins.MINUTES_TO_CONTINUE * 60,
    )


def options(db: Session, mfa_token: str) -> CeremonyOptions:
    """Return the options for a passkey of the account as the second factor. Raises InvalidMfaToken, NotFound."""
    pending = pending_logins.find(mfa_token)
    allowed = passkeys.of_account(db, pending.account_id, but=pending.passkey)
    return passkeys.request_options("second_step", pending.id, allowed)


def complete(db: Session, caller: CallerInfo, body: SecondStep) -> schemas.Tokens:
    """Continue a login with the second factor, and return tokens.

    Raises InvalidMfaToken, WrongFactor, RateLimited, ValidationFailed, AccountDisabled, EmailNotVerified.
    """
    _require_one(body)
    pending = pending_logins.find(body.mfa_token)
    attempt, known = _begin(caller, pending.account_id)
    user = lookup.lock(db, pending.account_id)
    found = db.get(PendingLogin, pending.id, populate_existing=True) if user else None
    if (
        user is None
        or found is None
        or found.wrong_answers >= pending_logins.MAX_WRONG_ANSWERS
        or found.expires_at < models.now()
    ):
        throttling.settle(db, attempt)
        raise errors.InvalidMfaToken()
    subject = _Subject("second_step", pending.id, pending.passkey)
    shown = None if attempt.over else _verify(db, caller, user, body, subject)
    if not shown:
        found.wrong_answers += 1
        _record_failure(db, caller, user, attempt, dict(found.detail))
        raise errors.WrongFactor()
    throttling.succeeded(db, attempt)
    db.delete(found)
    db.flush()
    login = Login(
        found.method,
        (*reauthentication.methods(found.amr.split(), shown.amr), sessions.MFA),
        found.detail,
        known_network=known.known_network,
        network_used_at=known.network_used_at,
        recent=found.recent,
        remember_device=body.remember_device,
    )
    return auth.admit(db, caller, user, login)


def _require_one(body: schemas.FactorProof) -> None:
    given = [name for name in ("code", "recovery_code", "credential") if getattr(body, name) is not None]
    if len(given) != 1 or (body.credential is None) != (body.ceremony is None):
        message = translation.mark("must contain one of `code`, `recovery_code`, or `ceremony` with `credential`")
        raise errors.ValidationFailed(errors=[errors.FieldError("code", message)])


def _begin(caller: CallerInfo, account: int, *, by_link: bool = False) -> tuple[throttling.Attempt, lookup.Snapshot]:
    """Count an attempt before it is verified, by account and network, like a password attempt. Raises RateLimited."""
    known = lookup.by_id(account, caller)
    if known is None:
        raise errors.NotAuthenticated()
    return throttling.begin(throttling.of_factors(known.user_id, by_link=by_link), known.known_network), known


class _Subject(NamedTuple):
    """The purpose and subject of a ceremony, and a passkey that it does not accept."""

    purpose: str
    id: str
    passkey: str | None = None


class _Shown(NamedTuple):
    """A factor that was verified: its methods (RFC 8176), and its id, or None for a recovery code."""

    amr: tuple[str, ...]
    factor_id: str | None = None


def _verify(db: Session, caller: CallerInfo, user: User, body: schemas.FactorProof, subject: _Subject) -> _Shown | None:
    """Verify the factor in a request for a locked account, and return it, or None if it is wrong."""
    if body.code is not None:
        return _verify_code(db, user, body.code, subject.id)
    if body.recovery_code is not None:
        return _Shown(("recovery",)) if recovery_codes.use(db, caller, user, body.recovery_code) else None
    if body.credential is None or body.ceremony is None:
        return None
    try:
        challenge_bytes = ceremonies.redeem(db, subject.purpose, body.ceremony, subject.id)
        passkey = passkeys.find(db, body.credential)
        if passkey is None or passkey.account_id != user.id or passkey.id == subject.passkey:
            return None
        answer = passkeys.verify(db, caller, passkey, body.credential, challenge_bytes)
    except (ceremonies.Invalid, passkeys.Rejected):
        return None
    return _Shown(("pop", "user") if answer.verified_user else ("pop",), passkey.id)


def _verify_code(db: Session, user: User, code: str, subject_id: str) -> _Shown | None:
    if app := totp.verify(db, user, code):
        return _Shown(("otp",), app.id)
    if not settings.sms_provider:
        return None
    from factors import sms

    phone = sms.verify(db, user, code, subject_id)
    return _Shown(("sms",), phone.id) if phone else None


def _record_failure(
    db: Session, caller: CallerInfo, user: User, attempt: throttling.Attempt, detail: dict[str, Any]
) -> None:
    """Count a wrong factor, and notify the owner if that locks the factors for some networks."""
    metrics.LOGINS.labels(errors.WrongFactor.code).inc()
    audit.record(db, caller, "user.login_failed", user.user_id, reason=errors.WrongFactor.code, **detail)
    _count_failure(db, caller, user, attempt)


def _count_failure(db: Session, caller: CallerInfo, user: User, attempt: throttling.Attempt) -> None:
    failed = throttling.failed(db, attempt, has_account=True, kind="factor")
    if failed.here or failed.elsewhere:
        audit.record(db, caller, "factors.locked", user.user_id, known_network=failed.here)
        email_utils.queue(db, "factors_locked", user)


# ---------------------------------------------------------------------------------------------------- passkey as login


def passkey_login(db: Session, caller: CallerInfo, body: PasskeyLogin) -> schemas.Tokens:
    """Log in with a passkey. If it did not verify the user, it is only the first factor, and another one is required.

    Raises InvalidCredentials if the passkey is rejected or the account disabled, EmailNotVerified, MfaRequired.
    """
    try:
        challenge_bytes = ceremonies.redeem(db, "login", body.ceremony)
        found = passkeys.find(db, body.credential)
        user = lookup.lock(db, found.account_id) if found else None
        # Read again: its counter may have changed, or it may have been removed, while this waited for the lock.
        passkey = passkeys.find(db, body.credential) if user else None
        if passkey is None or user is None or body.credential.response.userHandle is None:
            raise passkeys.Rejected
        answer = passkeys.verify(db, caller, passkey, body.credential, challenge_bytes)
    except ceremonies.Invalid:  # anyone can cause this: it is counted, but not audited
        raise _no_such_passkey() from None
    except passkeys.Rejected:
        audit.record(db, caller, "user.login_failed", None, reason="invalid_credentials", method="passkey")
        raise _no_such_passkey() from None
    login = Login(
        "passkey",
        answer.amr,
        {"method": "passkey"},
        device_token=body.device_token,
        passkey=None if answer.verified_user else passkey.id,
    )
    try:
        return auth.admit(db, caller, user, login)
    except errors.AccountDisabled:  # recorded as such, but the response is that of any passkey that is not accepted
        raise _not_accepted() from None


def _no_such_passkey() -> errors.ServiceError:
    metrics.LOGINS.labels(errors.InvalidCredentials.code).inc()
    return _not_accepted()


def _not_accepted() -> errors.ServiceError:
    return errors.InvalidCredentials(
        "This passkey does not work on this site. Use another passkey, or log in another way."
    )


# --------------------------------------------------------------------------------------------------- re-authentication


def reauthentication_options(db: Session, who: Current) -> CeremonyOptions:
    """Return the options for re-authentication with a passkey of the account. Raises NotFound."""
    return passkeys.request_options("reauthenticate", who.session_id, passkeys.of_account(db, who.user.id))


def verify_in_session(caller: CallerInfo, who: Current, proof: schemas.FactorProof) -> tuple[str, ...] | None:
    """Verify the factor in a request of a session.

    Returns its methods: an empty tuple if it is wrong, None if the request has no factor. Runs in a separate
    transaction, so that a code remains used if the request fails. Raises RateLimited, NotAuthenticated.
    """
    if proof.code is None and proof.recovery_code is None and proof.credential is None:
        return None
    shown = _verify_alone(caller, who.user.id, proof, _Subject("reauthenticate", who.session_id))
    return shown.amr if shown else ()


def verify_without_session(caller: CallerInfo, account: int, proof: schemas.FactorProof) -> str:
    """Verify a factor for a request with an emailed link, and return its id, or BY_RECOVERY_CODE for a recovery code.

    Raises WrongFactor, RateLimited.
    """
    shown = _verify_alone(caller, account, proof, _Subject("login", ""))
    if shown is None:
        raise errors.WrongFactor()
    return shown.factor_id or removal.BY_RECOVERY_CODE


def _verify_alone(caller: CallerInfo, account: int, proof: schemas.FactorProof, subject: _Subject) -> _Shown | None:
    """Verify a factor in its own transaction, so that a code remains used if the rest of the request fails."""
    _require_one(proof)
    attempt, _ = _begin(caller, account, by_link=subject.purpose == "login")
    with database.transaction() as own:
        user = lookup.lock(own, account)
        if user is None:
            raise errors.NotAuthenticated()
        shown = None if attempt.over else _verify(own, caller, user, proof, subject)
        if shown:
            throttling.succeeded(own, attempt)
            removal.cancel(own, user)
        else:
            audit.record(own, caller, "user.reauthentication_failed", user.user_id, actor_id=user.user_id)
            _count_failure(own, caller, user, attempt)
    return shown
