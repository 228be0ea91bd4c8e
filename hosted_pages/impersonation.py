"""Tell on every page that an administrator impersonates the user, and lead them back to their own session."""

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

import errors
from hosted_pages import destinations
from sessions import access_tokens, impersonation, signing_keys
from web import cookies, templates


def shown_as(request: Request) -> str:
    """Return the email address of the impersonated user, or nothing. Without a query, since every page calls it."""
    raw, keys = cookies.access_token(request), signing_keys.loaded()
    claims = access_tokens.read(raw, keys) if raw and keys else None
    return str(claims["email"]) if claims and "act" in claims else ""


def reject(request: Request) -> None:
    """Reject what would use the administrator's own session while the pages show the user: an application could not
    tell whom it is for, and the administrator would act in their own account there. Raises Forbidden.
    """
    if shown_as(request):
        raise errors.Forbidden(impersonation.NOT_ALLOWED)


def return_to_own_session(user_id: str) -> Response:
    """Redirect an administrator who impersonated a user to that user's page, in their own session.

    Only the access token's cookie was replaced: the cookie of their refresh token is still there.
    """
    page = quote(f"{destinations.CONSOLE}/users/{quote(user_id, safe='')}")
    response = RedirectResponse(f"{templates.base_path()}/auth/continue?next={page}", 303)
    cookies.clear(response, names=[cookies.ACCESS, cookies.RENEWED])
    return response
