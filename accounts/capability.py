"""The capability record of accounts: sign-up, verification, password, profile, email address, and the outbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core.capability import ANYONE, OWNER, USER, Capability, Expired, Link, Section
from delivery.models import NoticeBudget
from languages import translation
from settings import groups
from settings.loading import settings

DAYS_SENT_EMAILS_ARE_KEPT = 7
DAYS_FAILED_EMAILS_ARE_KEPT = 30  # until then `manage.py requeue-emails` can send them again


def _export() -> list[Section]:
    from sqlalchemy import func, select

    import schemas_admin
    from models import Mail, PendingSignUp, User, UserRole

    # Empty for accounts that were verified before the column existed: see `User.first_verified_at`.
    first_verified = func.coalesce(User.first_verified_at, User.email_proven_at).label("first_verified_at")
    account = (
        User.user_id, User.email, User.canonical_email, User.username, User.locale, User.time_zone,
        User.picture_url, User.terms_accepted_at, User.is_active, User.is_verified,
        User.email_proven_at, first_verified, User.marked_verified_at, User.password_breached, User.created_at,
        User.updated_at,
    )  # fmt: skip
    email = (
        Mail.template,
        Mail.recipient,
        Mail.context,
        Mail.locale,
        Mail.time_zone,
        Mail.created_at,
        Mail.sent_at,
        Mail.gave_up_at,
        Mail.attempts,
    )
    return [
        Section("account", schemas_admin.HeldAccount, lambda user: select(*account).where(User.id == user.id), "users"),
        Section(
            "roles",
            schemas_admin.HeldRole,
            lambda user: select(UserRole.role).where(UserRole.account_id == user.id),
            "user_roles",
        ),
        Section(
            "mails",
            schemas_admin.HeldMail,
            # Excluded, because it would reveal whether the new email address already has an account.
            lambda user: select(*email).where(Mail.account_id == user.id, Mail.template != "change_email"),
            "outbox",
            key=Mail.id,
        ),
        Section(
            "pending_sign_ups",
            schemas_admin.HeldSignUp,
            lambda user: select(PendingSignUp.expires_at).where(PendingSignUp.account_id == user.id),
            "pending_sign_ups",
            "The latest sign-up that awaits verification of this email address.",
        ),
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    from models import Mail, PendingSignUp

    yield Expired("sign_ups", PendingSignUp, PendingSignUp.expires_at < now)
    yield Expired("notice_budgets", NoticeBudget, NoticeBudget.expires_at < now)
    yield Expired("mails", Mail, Mail.sent_at < now - timedelta(days=DAYS_SENT_EMAILS_ARE_KEPT))
    yield Expired("mails_given_up", Mail, Mail.gave_up_at < now - timedelta(days=DAYS_FAILED_EMAILS_ARE_KEPT))


def _maintain(batch: int) -> dict[str, int]:
    import database
    from accounts import expiry, tallies

    expired = expiry.run(batch)
    with database.transaction() as db:
        tallies.compact(db)
    return {"unverified_accounts": expired}


def _erase(db: Any, user: Any) -> None:
    from delivery import budgets

    budgets.erase(db, user.email)


def _prepare(db: Any) -> None:
    from accounts import superuser

    superuser.ensure(db)


def _login_methods(_db: Any, user: Any) -> int:
    return int(user.hashed_password is not None)


def _workers() -> list[Any]:
    import email_utils

    return [email_utils.worker()] if settings.smtp_host or settings.development_mailbox else []


CAPABILITY = Capability(
    name="accounts",
    settings=(groups.AccountSettings, groups.EmailSettings, groups.LanguageSettings),
    tables=(
        "users",
        "user_roles",
        "account_tallies",
        "outbox",
        "notice_budgets",
        "delivery_holds",
        "pending_sign_ups",
        "setup_steps",
    ),
    audit_events={
        "user.signed_up": "An account was created by sign-up, or by a first login with a provider (`detail.provider`).",
        "user.created": "An account was created by an administrator, at the command line, or at startup (the "
        "superuser).",
        "user.imported": "An account was imported from another system, or updated by an import (`detail.updated`).",
        "users.exported": "All accounts were exported at the command line (`detail.hashes`: with password hashes).",
        "user.secured": "The owner ended all sessions and unlinked all providers, with the link in an email.",
        "user.renamed": "The display name changed.",
        "user.profile_changed": "The language, time zone or picture changed.",
        "user.deleted": "The account was deleted, by its owner or by an administrator.",
        "user.expired": "The account was deleted: its email address was not verified in time.",
        "user.disowned": "The owner of the email address reported an unauthorized sign-up; the account was deleted.",
        "email.verification_requested": "A new verification email was requested. At most twenty of these events, of "
        "wrong codes and of requested resets are recorded for an account in an hour; the last has "
        "`detail.limit_reached`.",
        "email.verification_failed": "A verification code was wrong, while a code was open.",
        "email.verified": "The owner verified the email address.",
        "email.change_requested": "A change of the email address was requested.",
        "email.change_undone": "The owner of the old email address undid the change.",
        "email.changed": "The email address changed, after the owner verified the new one.",
        "password.changed": "The owner changed the password.",
        "password.set": "The password was set at the command line.",
        "password.reset_requested": "A password reset was requested; by an administrator if there is an `actor_id`.",
        "password.reset": "The password was set through a link in an email: a new one, or the first one of an "
        "invited user.",
    },
    events_without_account=("users.exported",),
    emails={
        "account_exists": (),
        "address_in_use": (),
        "change_email": (Link("link", "/confirm-email-change", "change_email"),),
        "claim_account": (Link("link", "/reset-password", "reset_password"),),
        "email_change_requested": (),
        "email_changed": (),
        "email_changed_away": (Link("link", "/undo-email-change", "undo_email_change"),),
        "email_change_undone": (Link("link", "/secure-account", "secure_account"),),
        "more_notices": (),
        "invitation": (Link("link", "/accept-invitation", "invitation"),),
        "new_superuser": (),
        "password_changed": (),
        "password_reset": (Link("link", "/secure-account", "secure_account"),),
        "reset_password": (Link("link", "/reset-password", "reset_password"),),
        "test_email": (),
        "verify_email": (Link("link", "/verify-email", "verify_email"), Link("disown_link", "/not-me", "disown")),
    },
    notices={
        "account_exists": translation.mark("a sign-up with your email address, which already has an account"),
        "address_in_use": translation.mark("a request to move another account to your email address"),
        "email_change_requested": translation.mark("a request to change your email address"),
        "email_changed": translation.mark("a change of your email address"),
        "new_superuser": translation.mark("a new superuser"),
        "password_changed": translation.mark("a change of your password"),
    },
    routers=(
        "routes.auth.router",
        "routes.users.router",
        "routes.users.others",
    ),
    access={
        "auth.signup": ANYONE,
        "auth.login": ANYONE,
        "auth.token": ANYONE,
        "auth.refresh": ANYONE,
        "auth.logout": USER,
        "auth.logout_all": USER,
        "auth.verify_email": ANYONE,
        "auth.resend_verification": ANYONE,
        "auth.disown": ANYONE,
        "auth.request_password_reset": ANYONE,
        "auth.reset_password": ANYONE,
        "auth.secure_account": ANYONE,
        "auth.undo_email_change": ANYONE,
        "auth.change_password": USER,
        "users.me": USER,
        "users.update_me": USER,
        "users.delete_me": USER,
        "users.change_email": USER,
        "users.list_sessions": USER,
        "users.end_session": OWNER,
        "users.list_activity": USER,
        "users.export_me": USER,
        "users.list_all": "users:read",
        "users.read": "users:read",
    },
    open_to_keys={
        "users.me": "profile",
        "users.list_sessions": "sessions",
        "users.list_all": "users:read",
        "users.read": "users:read",
    },
    export=_export,
    erase=_erase,
    cleanup=_cleanup,
    maintain=_maintain,
    prepare=_prepare,
    login_methods=_login_methods,
    workers=_workers,
)
