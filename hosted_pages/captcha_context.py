"""Decide whether a page shows a CAPTCHA. The package `captcha` is imported only if CAPTCHAs are on."""

from typing import Any

from fastapi import Request
from starlette.datastructures import FormData

import errors
from core import client_address
from settings.loading import settings
from web import cookies

# The protected action of each page with a form, except for the login, which depends on failed attempts.
ACTIONS = {
    "signup": "signup",
    "reset_password": "reset",
    "magic_link_request": "magic-link",
    "create_account_passkey": "signup",
}


def of_page(template: str) -> Any:
    """Return the widget of a page, or None."""
    if settings.captcha_provider == "off" or template not in ACTIONS:
        return None
    from captcha import service, widgets

    return widgets.current() if service.is_shown(ACTIONS[template]) else None


def at_login(request: Request, error: errors.ServiceError | None) -> Any:
    """Return the widget of the login page, or None if the next login needs no CAPTCHA.

    error: the error that the page shows.
    """
    if settings.captcha_provider == "off" or "login" not in settings.captcha_on:
        return None
    from captcha import service, widgets

    form: FormData | None = getattr(request, "_form", None)
    typed = form.get("email") if form else cookies.known_account(request)
    email = typed if isinstance(typed, str) and not isinstance(error, errors.ValidationFailed) else ""
    ip = client_address.of_request(request.scope)
    if isinstance(error, errors.CaptchaRequired) or service.is_shown_at_login(email, ip):
        return widgets.current()
    return None
