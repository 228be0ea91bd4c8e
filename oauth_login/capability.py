"""The capability record of OAuth login: identities at providers, and the flow that links them to accounts.

Its routes are also served if no provider is configured: `GET /oauth/providers` then returns an empty list, and users
can still list and unlink identities. The HTTP client and its libraries are imported at the first login.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from core.capability import ANYONE, USER, Capability, Expired, Section
from languages import translation
from oauth_login import models
from settings.oauth_login import OAuthLoginSettings


def _export() -> list[Section]:
    from sqlalchemy import select

    from oauth_login.schemas import HeldIdentity

    identity = models.OauthUser
    columns = (identity.provider, identity.subject, identity.email, identity.created_at, identity.last_used_at)
    return [
        Section(
            "identities",
            HeldIdentity,
            lambda user: select(*columns).where(identity.account_id == user.id),
            "oauth_users",
            "The identities of the account at providers.",
        )
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    yield Expired("states", models.UsedState, models.UsedState.expires_at < now)


def _login_methods(db: Any, user: Any) -> int:
    from oauth_login import identities

    return identities.count(db, user)


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    if change.removes_unproven_credentials or change.removes_other_logins or change.removes_added_since:
        from oauth_login import linking

        linking.unlink_unproven(db, user, change)


def _other_logins(db: Any, user: Any) -> list[str]:
    from oauth_login import identities
    from settings import oauth_providers

    return [oauth_providers.title_of(identity.provider) for identity in identities.all_of(db, user)]


CAPABILITY = Capability(
    name="oauth_login",
    settings=(OAuthLoginSettings,),
    tables=("oauth_users", "oauth_used_states"),
    audit_events={
        "identity.linked": "A provider was linked to the account (`detail.provider`).",
        "identity.link_failed": "Linking a provider failed (`detail.reason`).",
        "identity.unlinked": "A provider was unlinked from the account (`detail.provider`).",
        "user.claimed": "A provider, or a login by email, verified the email address of an unverified account; its "
        "password, sessions and other login methods were removed.",
    },
    emails={"account_claimed": (), "provider_linked": (), "provider_unlinked": ()},
    notices={
        "account_claimed": translation.mark(
            "a login with a provider, which verified your email address and took over the account"
        ),
        "provider_linked": translation.mark("a provider that was linked to your account"),
        "provider_unlinked": translation.mark("a provider that was unlinked from your account"),
    },
    # A frontend exchanges the code as soon as the browser is redirected to its page.
    token_purposes={"exchange": lambda: timedelta(seconds=60)},
    routers=(
        "routes.oauth.own_identities",
        "routes.oauth.router",
    ),
    access={
        "oauth.list_providers": ANYONE,
        "oauth.exchange": ANYONE,
        "oauth.start": ANYONE,
        "oauth.link_provider": USER,
        "oauth.callback": ANYONE,
        "oauth.posted_callback": ANYONE,
        "users.list_identities": USER,
        "users.unlink_provider": USER,
    },
    export=_export,
    cleanup=_cleanup,
    login_methods=_login_methods,
    other_logins=_other_logins,
    on_credentials_changed=_on_credentials_changed,
)
