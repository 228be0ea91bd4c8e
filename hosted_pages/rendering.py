"""Pages of our own, for whoever has no frontend: what a page shows, how a refusal looks in it, and where it may lead.

What happens is decided elsewhere: `routes/pages.py` calls the same verbs as the API. No page needs a script.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

import errors
import schemas
from settings import oauth_providers
from settings.loading import settings
from web import cookies, error_pages, templates

HOME = "/account"
WANTED = re.compile(rf"{HOME}(/(name|password|email|export|delete|(un)?link/[\w-]+))?", re.ASCII)
WITHIN = re.compile(rf"{HOME}(/[\w-]+)*", re.ASCII)
# A route, and the template that shows its form again when what was sent is refused.
FORMS = {
    "/login": "login",
    "/signup": "signup",
    "/verify-email": "verify_email",
    "/verify-email/resend": "verify_email",
    "/reset-password": "new_password",
    "/reset-password/request": "reset_password",
    "/accept-invitation": "new_password",
    "/confirm-email-change": "confirm_email_change",
    "/not-me": "not_me",
    "/secure-account": "secure_account",
    "/undo-email-change": "undo_email_change",
    "/account/name": "change_name",
    "/account/password": "change_password",
    "/account/email": "change_email",
    "/account/link/{provider}": "link",
    "/account/unlink/{provider}": "unlink",
    "/account/delete": "delete",
}
# What was typed and is shown again: never a password. Of a query only what our own links hold.
KEPT = ("email", "username", "new_email", "code", "token", "next")
LINKED_WITH = ("token", "next")
# What a page says when the one before has done its work: by a word in the address, so that nobody makes us say anything
# else.
SAID = {
    "verified": "Your e-mail address is confirmed.",
    "moved": "Your new e-mail address is confirmed. From now on, log in with it.",
    "reset": "Your password has been set. Log in with it.",
    "renamed": "Your name has been changed.",
    "password": "Your password has been changed. All other devices have been signed out.",
    "moving": "We have sent a link to the new address. Nothing changes until you follow it.",
    "session": "The device has been signed out.",
    "unlinked": "The provider has been taken off your account.",
    "secured": "Your account is secured: nothing but your password opens it. Log in with it.",
    "undone": "Your email address is set back. If someone else may know your password, or if you cannot log in, reset "
    "it. We have sent you an email with a link that ends everything else that opens your account.",
    "logged_out": "You are logged out.",
    "logged_out_everywhere": "You are logged out on all devices.",
    "deleted": "Your account has been deleted, with everything that we held on you.",
    "disowned": "The account has been deleted. Nobody can use your address here without you.",
}
# What a field is called, by its name.
LABELS = {
    "email": "E-mail address",
    "new_email": "New e-mail address",
    "username": "Name",
    "password": "Password",
    "old_password": "Present password",
    "new_password": "New password",
    "code": "Code",
}
# With what a provider sends somebody back.
BROUGHT_BACK = {
    refusal.code: refusal.detail
    for refusal in (
        errors.OauthError,
        errors.LinkRequired,
        errors.AlreadyLinked,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.Overloaded,
        errors.Unavailable,
    )
}


def show(
    request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
) -> Response:
    """A page, with what every page may need.

    What was typed before, what has just happened, and who else one may log in with.
    """
    query = request.query_params
    common = {
        "base": templates.base_path(),
        "host": urlsplit(settings.public_base_url).netloc,
        "typed": _typed(request),
        "said": SAID.get(query.get("said", "")),
        "brought_back": BROUGHT_BACK.get(query.get("error", "")),
        "providers": oauth_providers.configured().values(),
        "here": settings.public_base_url,
        "title_of": oauth_providers.title_of,
        "labels": LABELS,
        "least": settings.password_min_length,
        "who": None,
        "mailbox": settings.development_mailbox,
        "refusal": None,
        "code": "",
        "wrong": {},
    }
    own = {"Content-Security-Policy": templates.POLICY, "Cross-Origin-Opener-Policy": "same-origin", **(headers or {})}
    response: Response = templates.pages().TemplateResponse(request, f"{template}.html", common | context, status, own)
    return response


def _typed(request: Request) -> dict[str, str]:
    # Not by form(), which reads what nobody has read yet: a body of any length that was refused at the door, or a torn
    # one again.
    form: FormData | None = getattr(request, "_form", None)
    given, names = (form, KEPT) if form else (request.query_params, LINKED_WITH)
    return {name: text for name in names if isinstance(text := given.get(name), str)}


def redirect(path: str, said: str = "") -> Response:
    """On to another page of ours, which says what has happened."""
    return RedirectResponse(f"{templates.base_path()}{path}{f'?said={said}' if said else ''}", 303)


def log_in(tokens: schemas.Tokens, wanted: str) -> Response:
    """On to the page that somebody wanted who has just logged in, with their cookies."""
    response = redirect(safe_path(wanted))
    cookies.set_tokens(response, "", tokens)
    return response


def log_out(said: str) -> Response:
    """Out, with no cookie left."""
    response = redirect("/login", said)
    cookies.clear(response)
    return response


def renew_cookies(tokens: schemas.Tokens, wanted: str) -> Response:
    """Back to a page with new cookies.

    A form that was sent there is sent again: nothing that was typed is lost (RFC 9110, 15.4.8).
    """
    response = RedirectResponse(f"{templates.base_path()}{_within(wanted)}", 307)
    cookies.set_tokens(response, "", tokens)
    cookies.remember_renewal(response)
    return response


def path_to_continue(wanted: str) -> str:
    """Where the cookies are renewed on the way to a page."""
    return f"{templates.base_path()}/auth/continue?next={_within(wanted)}"


def safe_path(wanted: str) -> str:
    """The path if it is one of a page for whoever is logged in, else the first of these: nobody is led anywhere
    else.
    """
    return wanted if WANTED.fullmatch(wanted) else HOME


def _within(wanted: str) -> str:
    """The same for all that is below it, forms included."""
    return wanted if WITHIN.fullmatch(wanted) else HOME


# ------------------------------------------------------------------------------------------------------------- refusals


async def handle(request: Request, error: Exception) -> Response:
    """The exception handler of the whole service where there are pages: on one of them a refusal is shown, in its
    form.
    """
    path = request.scope["path"]
    if not (path in FORMS or path == HOME or path.startswith((f"{HOME}/", "/auth/continue"))):
        return await error_pages.handle(request, error)
    refusal = errors.from_exception(error)
    if isinstance(refusal, errors.NotAuthenticated):
        # Not twice: the browser also sends what somebody planted, or something else is wrong with the new one.
        return _to_the_login(path) if cookies.was_renewed(request) else _renewed_first(path)
    if isinstance(refusal, errors.InvalidRefreshToken):
        return _to_the_login(request.query_params.get("next", ""))
    if not error_pages.accepts_html(request):
        return await errors.handle(request, refusal)
    template = FORMS.get(getattr(request.scope.get("route"), "path", ""), "refused")
    # Without what an API's caller alone reads, and with the headers that go with the status.
    headers = errors.response_for(refusal, request, getattr(error, "headers", None)).headers
    kept = {name: headers[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in headers}
    return show(
        request,
        template,
        refusal.status,
        kept,
        refusal=_told(refusal),
        code=refusal.code,
        wrong=_wrong(refusal),
        **_about(request),
    )


def _renewed_first(path: str) -> Response:
    return RedirectResponse(path_to_continue(path), 307)


def _to_the_login(wanted: str) -> Response:
    response = RedirectResponse(f"{templates.base_path()}/login?next={safe_path(wanted)}", 303)
    cookies.clear(response)
    return response


def _told(refusal: errors.ServiceError) -> str:
    """What a person hears, who sees no headers."""
    match refusal:
        case errors.RateLimited(retry_after=int(seconds)):
            minutes = -(-seconds // 60)
            wait = f"{seconds} second{'s' * (seconds > 1)}" if seconds < 100 else f"{minutes} minutes"
            return f"Too many attempts. Wait for {wait}, then try again."
        case errors.CrossSiteRequest():
            return f"This did not come from a page of ours. Open {settings.public_base_url}/login and try again."
    return refusal.detail


def _wrong(refusal: errors.ServiceError) -> dict[str, list[str]]:
    """By field, what is wrong with it."""
    wrong: dict[str, list[str]] = {}
    for error in refusal.errors or []:
        wrong.setdefault(error["field"], []).append(error["message"])
    return wrong


def _about(request: Request) -> dict[str, str]:
    """What a template needs of its own: of which provider it speaks."""
    name = request.path_params.get("provider", "")
    return {"provider": name, "title": oauth_providers.title_of(name)} if name else {}
