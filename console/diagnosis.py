"""Find out why a user may be unable to log in."""

from typing import NamedTuple

from sqlalchemy import select

import database
from authorization import mfa_policy
from console import texts
from credentials import throttling
from factors.models import Passkey
from languages import moments, translation
from models import AuditEvent, Mail, User
from oauth_login.models import OauthUser
from settings.loading import settings


class Finding(NamedTuple):
    """Something that explains a failed login.

    prevents: whether it prevents the login, or is only a note.
    action: the name of the action that helps, or nothing.
    """

    text: str
    prevents: bool = True
    action: str = ""


class Facts(NamedTuple):
    """What the database knows about the logins of an account."""

    user_id: str
    email: str
    is_active: bool
    is_verified_for_login: bool
    has_password: bool
    has_identity: bool
    has_passkey: bool
    has_factors: bool
    has_only_sms: bool
    has_only_recovery_codes: bool
    roles: list[str]
    has_failed_email: bool


def of(account: int, *, with_events: bool) -> list[Finding]:
    """Return what prevents an account from logging in, and notes. Empty if nothing does.

    with_events: whether the reader may see the audit log.
    """
    facts = _facts(account)
    if facts is None:
        return []
    found = [*_of_account(facts), *_of_password(facts), *_of_factors(facts)]
    if facts.has_failed_email:
        text = translation.mark("An email to this user could not be delivered. Check the email address.")
        found.append(Finding(text, prevents=False))
    if with_events and (failure := _last_failure(facts.user_id)):
        found.append(failure)
    return found


def _facts(account: int) -> Facts | None:
    passkeys = (Passkey.account_id == User.id, Passkey.unconfirmed_until.is_(None))
    row = database.read(
        select(
            User.user_id,
            User.email,
            User.is_active,
            (User.email_proven_at.is_not(None) | User.marked_verified_at.is_not(None)).label("is_verified"),
            User.hashed_password.is_not(None).label("has_password"),
            select(OauthUser.account_id).where(OauthUser.account_id == User.id).exists().label("has_identity"),
            select(Passkey.id).where(*passkeys).exists().label("has_passkey"),
            User.has_factors,
            User.has_only_sms,
            User.has_only_recovery_codes,
            User.roles.label("roles"),
            select(Mail.id).where(Mail.account_id == User.id, Mail.gave_up_at.is_not(None)).exists().label("failed"),
        ).where(User.id == account)
    )
    return Facts._make(row) if row else None


def _of_account(facts: Facts) -> list[Finding]:
    found = []
    if not facts.is_active:
        found.append(Finding(translation.mark("The account is disabled."), action="enable"))
    if settings.email_verification == "required" and not facts.is_verified_for_login:
        text = translation.mark("The email address is not verified, and the service requires it for a login.")
        found.append(Finding(text, action="verify"))
    return found


def _of_password(facts: Facts) -> list[Finding]:
    if not facts.has_password:
        if facts.has_identity or facts.has_passkey or settings.magic_link == "on":
            text = translation.mark("The user has no password, and logs in another way.")
            return [Finding(text, prevents=False, action="reset-password")]
        text = translation.mark("The user has not chosen a password yet.")
        return [Finding(text, action="reset-password")]
    locked, waits_until = throttling.standing(throttling.of_passwords(facts.email))
    if locked:
        text = translation.mark("The password does not work from new networks after many wrong attempts.")
        return [Finding(text, action="reset-password")]
    if waits_until:
        text = translation.mark(
            "After several wrong passwords, the next attempt has to wait until %(time)s.",
            time=moments.moment(waits_until),
        )
        return [Finding(text)]
    return []


def _of_factors(facts: Facts) -> list[Finding]:
    found = []
    if mfa_policy.is_restricted(facts):
        found.append(Finding(translation.mark("The user must set up a second factor after the login."), prevents=False))
    if not facts.has_factors:
        return found
    locked, waits_until = throttling.standing(throttling.of_factors(facts.user_id))
    if locked or waits_until:
        text = translation.mark("The second factors are locked after many wrong codes.")
        return [*found, Finding(text, action="reset-factors" if locked else "")]
    text = translation.mark("The login needs a second factor. If the user has lost it, remove all second factors.")
    return [*found, Finding(text, prevents=False, action="reset-factors")]


def _last_failure(user_id: str) -> Finding | None:
    row = database.read(
        select(AuditEvent.at, AuditEvent.detail)
        .where(AuditEvent.user_id == user_id, AuditEvent.action == "user.login_failed")
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    reason = str(row.detail.get("reason", ""))
    text = translation.mark(
        "The last failed login was on %(time)s: %(reason)s.",
        time=moments.moment(row.at),
        reason=texts.FAILURES.get(reason, reason),
    )
    return Finding(text, prevents=False)
