"""The capability record of credentials: passwords, one-time tokens, and login throttling."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core.capability import Capability, Expired, Section
from languages import translation
from settings import groups
from settings.loading import settings

DAYS_TO_SECURE_AN_ACCOUNT = 7
DAYS_TO_UNDO_AN_EMAIL_CHANGE = 7
DAYS_UNUSED_COUNTERS_ARE_KEPT = 30


def _export() -> list[Section]:
    from sqlalchemy import select

    import schemas_admin
    from models import OneTimeToken

    columns = (OneTimeToken.purpose, OneTimeToken.sent_to, OneTimeToken.created_at, OneTimeToken.expires_at)
    return [
        Section(
            "open_links",
            schemas_admin.HeldLink,
            lambda user: select(*columns).where(
                # Email changes are excluded, like their emails: see the section `mails`.
                OneTimeToken.account_id == user.id,
                OneTimeToken.purpose != "change_email",
            ),
            "one_time_tokens",
        )
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    from credentials import throttling
    from models import Guesses, OneTimeToken

    yield Expired("tokens", OneTimeToken, OneTimeToken.expires_at < now)
    settled = (Guesses.failures == 0) & (Guesses.total == 0) & ~Guesses.locked
    yield Expired("guesses", Guesses, settled & (Guesses.tried_at < now - throttling.LEASE))
    # Counters of accounts keep their total, which counts toward the cap (see `_maintain`). Callers see no difference:
    # in both cases the next wrong password counts as the first.
    unused = Guesses.tried_at < now - timedelta(days=DAYS_UNUSED_COUNTERS_ARE_KEPT)
    yield Expired("rested_guesses", Guesses, unused & ~Guesses.has_account)


def _maintain(batch: int) -> dict[str, int]:
    import models
    from core import batches
    from credentials import throttling

    before = models.now() - timedelta(days=DAYS_UNUSED_COUNTERS_ARE_KEPT)
    return {"rested_waits": batches.repeat(lambda: throttling.reset_unused_waits(before, batch), batch)}


def _erase(db: Any, user: Any) -> None:
    from credentials import throttling

    throttling.erase(db, user.canonical_email)


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    from credentials import one_time_tokens

    one_time_tokens.revoke(db, user)
    if change.ends_recovery_links:
        one_time_tokens.revoke(db, user, *one_time_tokens.SURVIVE_CREDENTIAL_CHANGES)


CAPABILITY = Capability(
    name="credentials",
    settings=(groups.CredentialSettings,),
    tables=("one_time_tokens", "guesses"),
    audit_events={
        "user.reauthentication_failed": "A wrong password was sent for re-authentication in a valid session.",
        "password.breached": "The password of a login is known from a data breach. It was not rejected.",
        "password.locked": "After a hundred wrong passwords the password stopped working from one known network, or "
        "from all unknown ones (`detail.known_network`).",
    },
    emails={"password_locked": (), "password_breached": ()},
    notices={
        "password_breached": translation.mark("a login with a password that has appeared in a data breach"),
        "password_locked": translation.mark(
            "a hundred wrong passwords, after which your password stopped working from some networks"
        ),
    },
    token_purposes={
        # An email may be read the next morning.
        "verify_email": lambda: timedelta(hours=settings.email_verification_ttl_hours),
        "change_email": lambda: timedelta(hours=settings.email_verification_ttl_hours),
        # Short-lived, because it gives access to the account and is used right after it was requested.
        "reset_password": lambda: timedelta(minutes=settings.password_reset_ttl_minutes),
        # An owner who has lost the account may read the email days later.
        "undo_email_change": lambda: timedelta(days=DAYS_TO_UNDO_AN_EMAIL_CHANGE),
        "secure_account": lambda: timedelta(days=DAYS_TO_SECURE_AN_ACCOUNT),
        # The recipient does not expect it and may read it after a weekend.
        "invitation": lambda: timedelta(hours=settings.invitation_ttl_hours),
    },
    export=_export,
    erase=_erase,
    cleanup=_cleanup,
    maintain=_maintain,
    on_credentials_changed=_on_credentials_changed,
)
