"""The capability record of the OAuth provider, which OIDC_PROVIDER enables."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.capability import ANYONE, CLIENT, USER, Capability, ConsoleSection, Expired, Section
from languages import translation
from oauth_provider import models as _models  # noqa: F401 - the tables exist even if the capability is disabled
from settings.oauth_provider import OAuthProviderSettings


def _export() -> list[Section]:
    from sqlalchemy import select

    from oauth_provider import exported
    from oauth_provider.models import AuthorizationCode, ClientSession, Device, OAuthClient, OAuthGrant

    grants = (
        OAuthGrant.id, OAuthClient.client_id, OAuthClient.name, OAuthGrant.scopes, OAuthGrant.resources,
        OAuthGrant.consents, OAuthGrant.created_at, OAuthGrant.updated_at, OAuthGrant.last_used_at,
    )  # fmt: skip
    logins = (
        ClientSession.id, OAuthClient.client_id, ClientSession.scopes, ClientSession.resources,
        ClientSession.created_at, ClientSession.last_used_at, ClientSession.expires_at, ClientSession.ends_at,
    )  # fmt: skip
    codes = (
        OAuthClient.client_id, AuthorizationCode.scopes, AuthorizationCode.resources, AuthorizationCode.expires_at,
    )  # fmt: skip
    devices = (
        OAuthClient.client_id, Device.scopes, Device.resources, Device.ip, Device.user_agent, Device.answer,
        Device.created_at, Device.expires_at,
    )  # fmt: skip
    return [
        Section(
            "oauth_grants",
            exported.HeldGrant,
            lambda user: (
                select(*grants)
                .join(OAuthClient, OAuthClient.id == OAuthGrant.client_pk)
                .where(OAuthGrant.account_id == user.id)
            ),
            "oauth_grants",
            "What the user has granted to applications.",
        ),
        Section(
            "oauth_sessions",
            exported.HeldClientSession,
            lambda user: (
                select(*logins)
                .join(OAuthClient, OAuthClient.id == ClientSession.client_pk)
                .where(ClientSession.account_id == user.id)
            ),
            "oauth_sessions",
            "The logins to applications that have not ended.",
        ),
        Section(
            "oauth_codes",
            exported.HeldCode,
            lambda user: (
                select(*codes)
                .join(OAuthClient, OAuthClient.id == AuthorizationCode.client_pk)
                .where(AuthorizationCode.account_id == user.id)
            ),
            "oauth_codes",
            "Logins to applications that have not been completed.",
        ),
        Section(
            "oauth_devices",
            exported.HeldDeviceRequest,
            lambda user: (
                select(*devices)
                .join(OAuthClient, OAuthClient.id == Device.client_pk)
                .where(Device.account_id == user.id)
            ),
            "oauth_devices",
            "Logins of devices that have not been completed.",
        ),
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    from oauth_provider.models import (
        AuthorizationCode,
        AuthorizationRequest,
        ClientSession,
        Device,
        LogoutNotice,
        OAuthClient,
        PastLifetime,
        RemovedClient,
        UsedProof,
    )
    from oauth_provider.retention import sent_before, unused_before

    yield Expired("authorization_requests", AuthorizationRequest, AuthorizationRequest.expires_at < now)
    yield Expired("authorization_codes", AuthorizationCode, AuthorizationCode.expires_at < now)
    yield Expired("client_sessions", ClientSession, ClientSession.expires_at < now)
    yield Expired("devices", Device, Device.expires_at < now)
    yield Expired("past_token_lifetimes", PastLifetime, PastLifetime.expires_at < now)
    yield Expired("removed_clients", RemovedClient, RemovedClient.expires_at < now)
    yield Expired("unused_clients", OAuthClient, unused_before(now))
    yield Expired("used_proofs", UsedProof, UsedProof.expires_at < now)
    yield Expired("logout_notices", LogoutNotice, sent_before(now))


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    from oauth_provider import revocation

    revocation.on_credentials_changed(db, user, change)


def _on_session_ended(db: Any, session_id: str, successor: str | None) -> None:
    from oauth_provider import revocation

    revocation.on_session_ended(db, session_id, successor)


def _on_logged_out_everywhere(db: Any, user: Any, _api_keys: bool) -> None:
    from oauth_provider import revocation

    revocation.on_logged_out_everywhere(db, user)


def _resolve(raw: str, ip: str | None) -> Any:
    from oauth_provider import authentication

    return authentication.resolve(raw, ip)


def _resolve_bound(raw: str, request: Any) -> Any:
    from oauth_provider import authentication

    return authentication.resolve_bound(raw, request)


def _token_seconds() -> int:
    from oauth_provider import token_lifetimes

    return token_lifetimes.longest()


def _workers() -> Sequence[Any]:
    from oauth_provider import backchannel

    return [backchannel.worker()]


CAPABILITY = Capability(
    name="oauth_provider",
    enabled=lambda settings: settings.oidc_provider,
    settings=(OAuthProviderSettings,),
    tables=(
        "oauth_clients",
        "oauth_grants",
        "oauth_requests",
        "oauth_codes",
        "oauth_sessions",
        "oauth_used_proofs",
        "oauth_removed_clients",
        "oauth_past_lifetimes",
        "oauth_devices",
        "oauth_logout_notices",
    ),
    permissions=("clients:read", "clients:write"),
    audit_events={
        "client.created": "An administrator created an OAuth client.",
        "client.changed": "An administrator, or the client itself, changed an OAuth client; `detail.fields` names "
        "the fields.",
        "client.secret_rotated": "An administrator replaced the secret of an OAuth client; the old one is valid for "
        "`detail.overlap_seconds`.",
        "client.registered": "An OAuth client registered itself, or a user allowed one that did (`detail.origin`: "
        "`dynamic` or `metadata`).",
        "client.deleted": "An administrator, or the client itself, deleted an OAuth client, with its grants and "
        "tokens.",
        "client.code_reused": "An authorization code was used again; the tokens of its first use were ended.",
        "client.refresh_token_reused": "An old refresh token of an OAuth client was used again; its tokens were ended.",
        "grant.consented": "The user granted access to an OAuth client, with `detail.scopes`.",
        "grant.declined": "The user did not grant access to an OAuth client.",
        "grant.used": "The user logged in to an OAuth client, which got tokens with `detail.scopes`.",
        "grant.ended": "The user ended the access of an OAuth client.",
        "grant.logged_out": "The user logged out from an OAuth client, which ended the session.",
    },
    events_without_account=(
        "client.created",
        "client.changed",
        "client.secret_rotated",
        "client.registered",
        "client.deleted",
    ),
    routers=(
        "routes.oauth_provider.router",
        "routes.oauth_registration.router",
        "routes.oauth_devices.protocol",
        "routes.oauth_devices.router",
        "routes.oauth_clients.admin",
        "routes.oauth_clients.own",
        "routes.oauth_pages.protocol",
        "routes.oauth_pages.router",
        "routes.hosted_applications.router",
        "routes.console_clients.router",
    ),
    console=(ConsoleSection("clients", "/clients", "clients:read", translation.mark("Applications")),),
    access={
        "oauth2.token": ANYONE,
        "oauth2.push": ANYONE,
        "oauth2.get_userinfo": CLIENT,
        "oauth2.post_userinfo": CLIENT,
        "oauth2.protected_resource": ANYONE,
        "oauth2.register": ANYONE,
        "oauth2.authorize_device": ANYONE,
        "pages.device_page": ANYONE,
        "pages.enter_code_page": ANYONE,
        "pages.enter_code": ANYONE,
        "pages.answer_device": ANYONE,
        "oauth2.read_registration": ANYONE,
        "oauth2.change_registration": ANYONE,
        "oauth2.remove_registration": ANYONE,
        "oauth2.authorize": ANYONE,
        "oauth2.post_authorize": ANYONE,
        "oauth2.end_session": ANYONE,
        "oauth2.post_end_session": ANYONE,
        "pages.continue_authorization": ANYONE,
        "pages.answer_consent": ANYONE,
        "pages.logout_page": ANYONE,
        "pages.confirm_logout": ANYONE,
        "pages.applications_page": USER,
        "pages.application_page": USER,
        "pages.end_application": USER,
        "console.clients": "clients:read",
        "console.client": "clients:read",
        "console.new_client_page": "clients:write",
        "console.create_client": "clients:write",
        "console.edit_client_page": "clients:write",
        "console.edit_client": "clients:write",
        "console.rotate_client_secret_page": "clients:write",
        "console.rotate_client_secret": "clients:write",
        "console.delete_client_page": "clients:write",
        "console.delete_client": "clients:write",
        "admin.list_clients": "clients:read",
        "admin.read_client": "clients:read",
        "admin.create_client": "clients:write",
        "admin.change_client": "clients:write",
        "admin.rotate_client_secret": "clients:write",
        "admin.delete_client": "clients:write",
        "users.list_grants": USER,
        "users.end_grant": USER,
    },
    open_to_keys={
        "admin.list_clients": "clients:read",
        "admin.read_client": "clients:read",
    },
    credentials={"eyJ": _resolve},
    schemes={"dpop": _resolve_bound},
    export=_export,
    cleanup=_cleanup,
    workers=_workers,
    token_seconds=_token_seconds,
    on_credentials_changed=_on_credentials_changed,
    on_session_ended=_on_session_ended,
    on_logged_out_everywhere=_on_logged_out_everywhere,
)
