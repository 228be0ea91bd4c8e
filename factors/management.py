"""List, rename, add and remove the factors of an account."""

from collections.abc import Sequence

from sqlalchemy import delete, func, literal, select, union
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
from authorization import mfa_policy, roles
from core import capability
from core.client_address import CallerInfo
from credentials import lookup, throttling
from factors import recovery_codes, trusted_devices
from factors.models import Factor, FactorProfile, Passkey, PendingLogin, RecoveryCode
from factors.schemas import Confirmed, FactorOut, Factors
from languages import translation
from models import User
from sessions import reauthentication, revocation, sessions
from sessions.current_user import Current
from sessions.revocation import Change
from settings.loading import settings

MAX_FACTORS = 20  # for each account
NAMES_OF_TYPES = {
    "totp": translation.mark("Authenticator app"),
    "passkey": translation.mark("Passkey"),
    "sms": translation.mark("Text message"),
}
# In the order in which they are offered: a text message can be intercepted (NIST SP 800-63B, 3.2.9).
ORDER = ("passkey", "totp", "sms", "recovery_code")
CONFIRMED = Factor.unconfirmed_until.is_(None)


def of_account(account: int, role_names: Sequence[str]) -> Factors:
    """Return the factors of an account, oldest first, its unused recovery codes, and whether it needs a factor."""
    rows = database.read_all(
        select(Factor.id, Factor.type, Factor.name, Factor.created_at, Factor.last_used_at)
        .where(Factor.account_id == account, CONFIRMED)
        .order_by(Factor.id)
    )
    return Factors(
        items=[FactorOut.model_validate(row) for row in rows],
        recovery_codes_left=recovery_codes.left(account),
        mfa_required=mfa_policy.covers(role_names),
    )


def of_user(user_id: str) -> Factors:
    """Return the factors of any user. Raises NotFound."""
    found = database.read(select(User.id, User.roles.label("roles")).where(User.user_id == user_id))
    if found is None:
        raise errors.NotFound()
    return of_account(found.id, found.roles)


def types_of(account: int, db: Session | None = None, *, but: str | None = None) -> list[str]:
    """Return the types of factors that an account has, and `recovery_code` if it has any.

    db: the transaction, if there is one.
    but: the id of a factor to ignore.
    """
    factors = select(Factor.type).where(Factor.account_id == account, CONFIRMED, Factor.id != (but or ""))
    codes = select(literal("recovery_code")).where(RecoveryCode.account_id == account)
    statement = union(factors, codes)
    found = {row.type for row in (db.execute(statement).all() if db else database.read_all(statement))}
    off = {"sms": not settings.sms_provider, "passkey": not settings.webauthn_rp_id}
    return [name for name in ORDER if name in found and not off.get(name)]


def names_of(db: Session, user: User) -> list[str]:
    """Return the names of an account's factors, for an email."""
    factors = select(Factor.name, Factor.type).where(Factor.account_id == user.id, CONFIRMED).order_by(Factor.id)
    return [
        translation.mark("%(type)s (“%(name)s”)", type=NAMES_OF_TYPES[row.type], name=row.name)
        for row in db.execute(factors)
    ]


def require_room(db: Session, user: User) -> None:
    """Require that an account has fewer than twenty factors. Raises Conflict."""
    if (db.scalar(select(func.count()).where(Factor.account_id == user.id, CONFIRMED)) or 0) >= MAX_FACTORS:
        raise errors.Conflict(
            translation.mark("The account already has %(number)d factors. Remove one first.", number=MAX_FACTORS)
        )


def add(db: Session, caller: CallerInfo, who: Current, factor: Factor, shown: tuple[str, ...]) -> Confirmed:
    """Add a confirmed factor to the current account, raise the session to `aal2`, and forget trusted devices.

    shown: the authentication methods of the factor, which the owner has just used.
    """
    db.add(factor)
    db.flush()
    user = auth.lock_current(db, who)
    # Not only with the first factor: that of a sign-up with a passkey came without codes.
    codes = recovery_codes.create(db, user) if recovery_codes.left(user.id, db) == 0 else []
    update_flag(db, user)
    trusted_devices.forget_all(db, user)
    first = tuple(method for method in who.authentication.amr if method in reauthentication.FIRST)
    sessions.raise_to_aal2(db, who.session_id, reauthentication.combined(first, shown))
    audit.record(db, caller, "factor.added", user.user_id, actor_id=user.user_id, factor_id=factor.id, type=factor.type)
    email_utils.queue(db, "factor_added", user, factor=NAMES_OF_TYPES[factor.type], name=factor.name)
    return Confirmed(factor=FactorOut.model_validate(factor), recovery_codes=codes)


def add_at_sign_up(db: Session, caller: CallerInfo, user: User, factor: Factor) -> None:
    """Add the first factor of a new account. Its recovery codes come with the next one, or when the owner asks."""
    db.add(factor)
    update_flag(db, user)
    audit.record(db, caller, "factor.added", user.user_id, actor_id=user.user_id, factor_id=factor.id, type=factor.type)


def rename(db: Session, caller: CallerInfo, who: Current, factor_id: str, name: str) -> FactorOut:
    """Rename a factor. Raises NotFound."""
    user = auth.lock_current(db, who)
    factor = _find(db, user, factor_id)
    factor.name = name
    audit.record(db, caller, "factor.renamed", user.user_id, actor_id=user.user_id, factor_id=factor.id)
    db.flush()
    return FactorOut.model_validate(factor)


def remove(db: Session, caller: CallerInfo, who: Current, factor_id: str) -> None:
    """Remove a factor and all trusted devices, and with the last factor also the recovery codes.

    Raises NotFound, LastCredential, and MfaRequiredByPolicy for the last one of an account that needs one.
    """
    user = auth.lock_current(db, who)
    factor = _find(db, user, factor_id)
    is_last = db.scalar(select(func.count()).where(Factor.account_id == user.id, CONFIRMED)) == 1
    if isinstance(factor, Passkey) and factor.verifies_user and capability.login_methods(db, user) == 1:
        raise errors.LastCredential()
    if is_last and mfa_policy.covers(user.roles):
        raise errors.MfaRequiredByPolicy()
    others = select(Factor.type).where(Factor.account_id == user.id, Factor.id != factor.id, CONFIRMED)
    if mfa_policy.lacks_factor(user.roles, True, only_sms=set(db.scalars(others)) == {"sms"}):
        raise errors.MfaRequiredByPolicy()
    remove_factor(db, caller, user, factor, actor_id=user.user_id)


def _find(db: Session, user: User, factor_id: str) -> Factor:
    found = db.scalar(select(Factor).where(Factor.account_id == user.id, Factor.id == factor_id, CONFIRMED))
    if found is None:
        raise errors.NotFound()
    return found


def remove_factor(db: Session, caller: CallerInfo, user: User, factor: Factor, *, actor_id: str | None = None) -> None:
    """Remove a factor of a locked account and everything that depends on it, and notify the owner."""
    db.delete(factor)
    db.flush()
    trusted_devices.forget_all(db, user)
    if db.scalar(select(Factor.id).where(Factor.account_id == user.id, CONFIRMED).limit(1)) is None:
        _forget_the_rest(db, user)
    update_flag(db, user)
    audit.record(db, caller, "factor.removed", user.user_id, actor_id=actor_id, factor_id=factor.id, type=factor.type)
    email_utils.queue(db, "factor_removed", user, factor=NAMES_OF_TYPES[factor.type], name=factor.name)


def end_copied(db: Session, user: User, passkey: Passkey) -> None:
    """Delete a passkey that may have been copied, and all trusted devices.

    The account still counts as having a factor if it was the last one, and its recovery codes remain: otherwise the
    holder of the copy could remove the second factor with it.
    """
    db.delete(passkey)
    db.flush()
    trusted_devices.forget_all(db, user)
    update_flag(db, user)
    user.has_only_recovery_codes = user.has_only_recovery_codes or not user.has_factors
    user.has_factors = True
    db.flush()


def _forget_the_rest(db: Session, user: User) -> None:
    recovery_codes.forget(db, user)
    for table in (PendingLogin, FactorProfile):
        db.execute(delete(table).where(table.account_id == user.id))
    throttling.forget_factors(db, user.user_id)


def update_flag(db: Session, user: User) -> None:
    """Record on the account which factors it has, after they have changed.

    Recovery codes count: they remain alone after a passkey was copied (`end_copied`).
    """
    types = set(db.scalars(select(Factor.type).where(Factor.account_id == user.id, CONFIRMED)))
    user.has_only_recovery_codes = not types and recovery_codes.left(user.id, db) > 0
    user.has_factors = bool(types) or user.has_only_recovery_codes
    user.has_only_sms = types == {"sms"}
    db.flush()


def delete_all(db: Session, user: User) -> None:
    """Delete all factors of a locked account, confirmed or not, with their recovery codes and trusted devices."""
    db.execute(delete(Factor).where(Factor.account_id == user.id))
    user.has_factors = user.has_only_sms = user.has_only_recovery_codes = False
    db.flush()
    trusted_devices.forget_all(db, user)
    _forget_the_rest(db, user)


def reset(db: Session, caller: CallerInfo, user: User, *, actor_id: str | None) -> None:
    """Remove all factors of a locked account, end its sessions, and notify the owner."""
    delete_all(db, user)
    revocation.end_all_sessions(db, user)
    audit.record(db, caller, "factors.reset", user.user_id, actor_id=actor_id)
    email_utils.queue(db, "factors_reset", user)


def on_credentials_changed(db: Session, user: User, change: Change) -> None:
    """Remove the factors that a credential change removes, and end trusted devices and logins in progress.

    The first verification of the email address removes all of them, because they may come from a pre-hijacking attempt.
    The recovery of an account removes those that were added since it was taken over.
    """
    mine = Factor.account_id == user.id
    if change.removes_unproven_credentials:
        for factor in db.scalars(select(Factor).where(mine, CONFIRMED)).all():
            remove_factor(db, change.caller, user, factor)
        delete_all(db, user)
        return
    if change.removes_added_since:
        db.execute(delete(Factor).where(mine, ~CONFIRMED))
        recovery_codes.forget(db, user, since=change.removes_added_since)
        added = select(Factor).where(mine, Factor.created_at >= change.removes_added_since)
        for factor in db.scalars(added).all():
            remove_factor(db, change.caller, user, factor)
    trusted_devices.forget_all(db, user)
    db.execute(delete(PendingLogin).where(PendingLogin.account_id == user.id))


def reset_by_administrator(db: Session, caller: CallerInfo, who: Current, user_id: str) -> None:
    """Remove all factors of an account that the actor may manage.

    Raises NotFound, Forbidden, and MfaRequiredByPolicy for an administrator's own account that must have a factor.
    """
    account = db.scalar(select(User.id).where(User.user_id == user_id))
    user = lookup.lock(db, account) if account else None
    if user is None:
        raise errors.NotFound()
    known = roles.catalogue(db)
    if not roles.of_actor(db, who.user.user_id, "users:write", known).cover(roles.rights(user.roles, known)):
        raise errors.Forbidden()
    if user_id == who.user.user_id and mfa_policy.covers(user.roles):
        raise errors.MfaRequiredByPolicy()
    reset(db, caller, user, actor_id=who.user.user_id)


def reset_by_operator(db: Session, account: int) -> bool:
    """Remove all factors of an account, at the command line, and return whether it had any. Raises NotFound."""
    user = lookup.lock(db, account)
    if user is None:
        raise errors.NotFound()
    had_any = user.has_factors
    if had_any:
        reset(db, audit.SYSTEM, user, actor_id=None)
    return had_any
