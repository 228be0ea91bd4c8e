"""Remember in a browser that its next login must use two factors, also on a trusted device."""

from fastapi import Request, Response

from web import cookies

_NAME, SECONDS_DEMANDED = "two_factors", 600


def demand(response: Response) -> None:
    """Demand two factors of the next login."""
    cookies.mark(response, _NAME, SECONDS_DEMANDED)


def is_demanded(request: Request) -> bool:
    """Return whether the login must use two factors."""
    return cookies.mark_of(request, _NAME) is not None


def forget(response: Response) -> None:
    """Stop demanding two factors."""
    cookies.mark(response, _NAME, 0)
