"""Return to an application behind a proxy (`operations/forward_auth.py`)."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from operations import forward_auth
from web import cookies


def with_cookie(url: str, account: int, session_id: str) -> Response:
    """Redirect to the application, with a new access token in the cookie. Raises NotAuthenticated."""
    response = RedirectResponse(url, 303)
    cookies.set_access_token(response, forward_auth.renew_access_token(account, session_id))
    return response
