"""The capability record of login by email and of sign-up without a password."""

from datetime import timedelta
from typing import Any

from core.capability import ANYONE, Capability, Link
from languages import translation
from settings import groups
from settings.loading import settings


def _sign_up(db: Any, caller: Any, body: Any) -> Any:
    from passwordless import magic_links

    return magic_links.sign_up(db, caller, body)


def _erase(db: Any, user: Any) -> None:
    from sqlalchemy import delete, func

    from credentials import one_time_tokens
    from models import Mail

    one_time_tokens.revoke_without_account(db, user.canonical_email)
    addresses = {user.canonical_email, user.email.lower()}
    db.execute(delete(Mail).where(Mail.account_id.is_(None), func.lower(Mail.recipient).in_(addresses)))


def _lifetime() -> timedelta:
    return timedelta(minutes=settings.magic_link_ttl_minutes)


# The links are in tables of the core (`one_time_tokens`, `outbox`), whose records export and clean them up.
CAPABILITY = Capability(
    name="passwordless",
    enabled=lambda settings: settings.magic_link == "on" or settings.password_optional,
    settings=(groups.PasswordlessSettings,),
    audit_events={
        "magic_link.requested": "A login link was requested (`detail.sent`). At most twenty of these events, and of "
        "wrong codes, are recorded for an account in an hour.",
        "magic_link.failed": "The code of a login link was wrong, in the browser that requested the link.",
    },
    emails={
        "magic_link": (Link("link", "/magic-link", "magic_link"),),
        "sign_up_link": (Link("link", "/magic-link", "sign_up_link"),),
        "no_account": (),
        "claimed_by_link": (Link("link", "/reset-password", "reset_password"),),
    },
    notices={"no_account": translation.mark("a request to log in with your email address, which has no account")},
    token_purposes={"magic_link": _lifetime, "sign_up_link": _lifetime},
    routers=(
        "routes.passwordless.router",
        *(("routes.hosted_passwordless.router", "routes.hosted_passwordless.sign_up") if settings.hosted_pages else ()),
    ),
    access={
        "auth.request_magic_link": ANYONE,
        "auth.confirm_magic_link": ANYONE,
        "auth.passkey_signup_options": ANYONE,
        "auth.sign_up_with_passkey": ANYONE,
        "pages.magic_link_request_page": ANYONE,
        "pages.request_magic_link": ANYONE,
        "pages.magic_link_page": ANYONE,
        "pages.confirm_magic_link": ANYONE,
        "pages.begin_passkey_sign_up": ANYONE,
        "pages.sign_up_with_passkey": ANYONE,
    },
    erase=_erase,
    sign_up=_sign_up,
)
