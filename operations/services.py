"""Serve other services: token introspection and revocation, the metrics token, and `security.txt`."""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from fastapi import Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from sqlalchemy.orm import Session

import audit
import errors
import models
import schemas_service
from core import capability, thread_pools
from core.client_address import CallerInfo
from credentials import lookup
from sessions import access_tokens, current_user, refresh_tokens, sessions, signing_keys
from settings.loading import settings
from web import oauth_forms, rate_limits, service_tokens

SECURITY_CONTACT_DAYS = 90  # `Expires` of security.txt, counted from each request


class _ServiceToken(SecurityBase):
    """Require a valid service token. Raises NotAuthenticated."""

    scheme_name = "ServiceBearer"
    model = HTTPBearer(description="One of INTERNAL_SERVICE_TOKEN.")

    async def __call__(self, request: Request) -> None:
        if not service_tokens.is_sent(request.scope):
            raise errors.NotAuthenticated()


class _ServiceClient(_ServiceToken):
    """Require a valid service token, also sent as OAuth libraries do: by HTTP Basic or `client_secret` in the form.

    Raises RateLimited, NotAuthenticated, ValidationFailed for a missing token, and MalformedRequest for parameters that
    are not in a form.
    """

    async def __call__(self, request: Request) -> None:
        form = await oauth_forms.parameters(request)
        is_service = service_tokens.authenticates(request, form or {})
        await rate_limits.count_default(request.scope, is_service=is_service)
        if not is_service and not settings.oidc_provider:
            raise errors.NotAuthenticated("The client is unknown, or its credentials are wrong.")
        form = oauth_forms.accepted(request, form)
        client = None if is_service else await _registered_client(request, form)
        token = form.get("token", ("",))[0]
        if not token:
            raise errors.ValidationFailed()
        request.scope["state"][QUESTION] = Question(token, client)


QUESTION = "oauth_question"  # in the state of a request


class Question(NamedTuple):
    """A token, and the client of the OAuth provider that asks about it, or None for a service."""

    token: str
    client: Any


async def _registered_client(request: Request, form: oauth_forms.Form) -> Any:
    """Return the client of the OAuth provider. Raises InvalidClient, InvalidOAuthRequest, Unavailable."""
    from oauth_provider import client_authentication

    header = request.headers.get("authorization", "")
    return await thread_pools.run_in_request_pool(client_authentication.authenticate, form, header)


def question_of(request: Request) -> Question:
    """Return what a request that `service_client_required` has let through asks about."""
    found: Question = request.scope["state"][QUESTION]
    return found


service_token_required = Security(_ServiceToken())
service_client_required = Security(_ServiceClient())


def require_metrics_token(authorization: str) -> None:
    """Require METRICS_TOKEN in production. Raises NotFound, so that the endpoint is not disclosed."""
    scheme, _, sent = authorization.partition(" ")
    known = bool(settings.metrics_token) and scheme.lower() == "bearer"
    if settings.production and not (known and hmac.compare_digest(sent.encode(), settings.metrics_token.encode())):
        raise errors.NotFound()


def security_contact() -> str:
    """Return the content of `security.txt` (RFC 9116). Raises NotFound if no contact is set."""
    if not settings.security_contact:
        raise errors.NotFound()
    expires = (models.now() + timedelta(days=SECURITY_CONTACT_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    return "".join(
        [
            *(f"Contact: {contact}\n" for contact in settings.security_contact),
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n",
            f"Canonical: {settings.public_base_url}/.well-known/security.txt\n",
        ]
    )


def introspect(raw: str, client: Any = None) -> schemas_service.Introspection:
    """Return the claims of an access token that is valid, with an active session and account (RFC 7662).

    An API key has a scope instead of roles. Its networks cannot be checked here, and are returned.

    Tokens of other types are always inactive, because a service that only checks `active` would accept them.

    client: the client of the OAuth provider that asks, which sees only what concerns it, or None for a service.
    """
    if settings.oidc_provider:
        from oauth_provider import introspection

        found = introspection.of_token(raw, client)
        if found is not None or client is not None:
            return schemas_service.Introspection(**(found or {"active": False}))
    claims = access_tokens.read(raw)
    who = current_user.authenticate_claims(claims) if claims else current_user.authenticate(raw)
    if who and who.key and not who.must_enroll:
        return _api_key(who, who.key)
    if who is None or claims is None or who.must_enroll:
        return schemas_service.Introspection(active=False)
    return schemas_service.Introspection(
        active=True,
        sub=who.user.user_id,
        username=who.user.username,
        email=who.user.email,
        email_verified=who.email_verified,
        roles=who.user.roles,
        sid=who.session_id,
        token_type="Bearer",
        acr=claims.get("acr", "aal1"),
        **{name: claims[name] for name in ("auth_time", "amr", "acr_time", "act") if name in claims},
        **{name: claims[name] for name in ("jti", "iss", "aud", "iat", "exp")},
    )


def introspect_all(raw: Sequence[str]) -> schemas_service.Introspections:
    """Return the state of several tokens, in the same order. A token that is repeated is looked up once."""
    states = {each: introspect(each) for each in dict.fromkeys(raw)}
    return schemas_service.Introspections(items=[states[each] for each in raw])


def _api_key(who: current_user.Current, key: current_user.Key) -> schemas_service.Introspection:
    """Return the state of an API key. Its scope is what it may do at this moment."""
    lacking = frozenset(capability.permissions()) - who.permissions
    return schemas_service.Introspection(
        active=True,
        sub=who.user.user_id,
        username=who.user.username,
        email=who.user.email,
        email_verified=who.email_verified,
        scope=" ".join(sorted(key.scopes - lacking)),
        allowed_ips=list(key.allowed_ips) or None,
        token_type="api_key",
        jti=key.id,
        iss=settings.jwt_issuer,
        iat=int(key.created_at.timestamp()),
        exp=int(key.expires_at.timestamp()) if key.expires_at else None,
    )


def revoke(db: Session, caller: CallerInfo, raw: str, client: Any = None) -> None:
    """End the session of an access or refresh token (RFC 7009). An unknown token is not an error.

    client: the client of the OAuth provider that asks, which may end only its own, or None for a service.
    """
    if settings.oidc_provider:
        from oauth_provider import introspection

        if introspection.revoke(db, caller, raw, client) or client is not None:
            return
    account, session_id = _session_behind(db, raw)
    user = lookup.lock(db, account) if account else None
    if user and sessions.end(db, user, session_id):
        audit.record(db, caller, "session.revoked", user.user_id)


def _session_behind(db: Session, raw: str) -> tuple[int | None, str]:
    if claims := access_tokens.read(raw, signing_keys.key_set()):
        who = current_user.authenticate_claims(claims)
        return (who.user.id if who else None), claims["sid"]
    try:
        return refresh_tokens.owner_of(raw, db) or (None, "")
    except errors.InvalidRefreshToken:
        return None, ""
