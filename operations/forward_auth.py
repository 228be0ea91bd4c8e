"""Answer reverse proxies that ask who sends a request, and whether they may (forward authentication)."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

import database
import errors
import schemas
import schemas_service
from core import client_address, thread_pools
from models import Session, User
from oauth_login import redirects
from sessions import current_user, sessions, tokens
from sessions.current_user import Current
from settings.loading import settings
from web import error_pages

VIA = "proxy"  # in the query of the login page: return without a code
REDIRECT = "redirect"
DEFAULT_PORTS = {"https": ":443", "http": ":80"}


async def answer(request: Request, needs: schemas_service.ProxyRequirements) -> Response:
    """Return an empty response that says in its headers who sends a request, or redirect a browser to the login.

    Nothing is written and no cookie is set. Raises NotAuthenticated, MfaEnrolmentRequired, RateLimited, and Forbidden,
    InsufficientScope or ReauthenticationRequired for what the proxy requires.
    """
    found = await thread_pools.run_in_request_pool(_check, request, needs)
    if found is None:
        if REDIRECT in needs.login and settings.hosted_pages and _is_browser(request):
            return RedirectResponse(_login_url(request), 302)
        raise errors.NotAuthenticated()
    who, headers = found
    await current_user.count_request(request, who)
    return Response(headers=headers)


def _check(request: Request, needs: schemas_service.ProxyRequirements) -> tuple[Current, dict[str, str]] | None:
    who, _ = current_user.of_request(request)  # of any site: the application rejects cross-site requests, not we
    if who is None:
        return None
    if who.key and who.key.client_id:
        raise errors.InsufficientScope()  # the token is for this service's own API
    if who.impersonator_id:
        raise errors.Forbidden()  # the application could not tell, and would let the administrator act as the user
    if who.must_enroll:
        raise errors.MfaEnrolmentRequired()
    for permission in needs.permission:
        current_user.require_permission(who, permission)
    if needs.role or needs.acr:
        current_user.reject_key(who)
    if not set(needs.role) <= set(who.user.roles):
        raise errors.Forbidden()
    if "aal2" in needs.acr and who.authentication.acr != "aal2":
        raise errors.ReauthenticationRequired(acr_values="aal2")
    return who, _headers(who)


def _headers(who: Current) -> dict[str, str]:
    """Return all headers, empty where there is nothing to say, so that a proxy overwrites what the client sent."""
    permissions = who.permissions
    values = {
        "X-User-Id": who.user.user_id,
        "X-User-Email": who.user.email,
        "X-User-Name": who.user.username,
        "X-User-Roles": "" if who.key else ",".join(who.user.roles),
        "X-User-Permissions": ",".join(sorted(permissions)),
        "X-Auth-Acr": "" if who.key else who.authentication.acr,
    }
    return {name: quote(value, safe="@:,") for name, value in values.items()}


# ------------------------------------------------------------------------------------------------------------ the login


def _forwarded(request: Request) -> Mapping[str, str]:
    """Return the headers of the request, of which only a trusted proxy may describe the original one."""
    return request.headers if client_address.is_from_trusted_proxy(request.scope) else {}


def _is_browser(request: Request) -> bool:
    method = _forwarded(request).get("x-forwarded-method", request.method)
    return method in ("GET", "HEAD") and error_pages.prefers_html(request)


def _login_url(request: Request) -> str:
    """Return the URL of the login page, which returns to the original URL if its origin is allowed."""
    sent = _forwarded(request)
    scheme, host = sent.get("x-forwarded-proto", "").lower(), sent.get("x-forwarded-host", "").lower()
    uri = sent.get("x-forwarded-uri", "")
    url = f"{scheme}://{host.removesuffix(DEFAULT_PORTS.get(scheme, ':'))}{uri}"
    login = f"{settings.public_base_url}/login"
    if not uri.startswith("/") or not redirects.is_at_allowed_origin(url):
        return login
    return f"{login}?{urlencode({'next': url, 'via': VIA})}"


def gets_cookie(host: str) -> bool:
    """Return whether browsers send the access cookie to this host."""
    own, domain = urlsplit(settings.public_base_url).hostname, settings.cookie_domain
    return host == own or bool(domain and (host == domain or host.endswith(f".{domain}")))


def renew_access_token(account: int, session_id: str) -> schemas.BearerToken:
    """Return a new access token of a session, whose refresh token remains valid. Raises NotAuthenticated."""
    of_session = select(User.user_id, Session.expires_at).join(Session, Session.account_id == User.id)
    found = database.read(of_session.where(User.id == account, Session.id == session_id))
    row = sessions.user_of(session_id, found.user_id) if found else None
    if found is None or row is None:
        raise errors.NotAuthenticated()
    return tokens.access_token(row, row.session_id, sessions.authentication_of(row), found.expires_at)
