"""Define the endpoint and the pages with which a user allows a device access (RFC 8628)."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Request, Response

import routes
from audit import Caller
from authorization import mfa_policy
from database import Db
from hosted_pages import destinations, device_context, impersonation, kept_destinations, rendering
from oauth_provider import client_authentication, consent, device_answers, device_codes, questions
from oauth_provider.consent import Visitor
from oauth_provider.schemas import DeviceAuthorization, DeviceForm
from routes import hosted_pages, oauth_provider
from web.openapi import form_of
from web.rate_limits import limit

protocol = routes.router(tags=["oauth2"])
router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
PATH, ANSWER = destinations.DEVICE, f"{destinations.DEVICE}/answer"


@protocol.post(
    "/oauth2/device_authorization",
    dependencies=[limit("token")],
    responses=oauth_provider.REFUSED,
    openapi_extra=form_of(DeviceForm),
)
def authorize_device(
    form: oauth_provider.Form, request: Request, response: Response, caller: Caller
) -> DeviceAuthorization:
    """Get codes for a device without a browser (RFC 8628).

    The user enters the `user_code` at `verification_uri`. The device then requests tokens with the grant type
    `urn:ietf:params:oauth:grant-type:device_code`.
    """
    client = client_authentication.authenticate(form, request.headers.get("authorization", ""))
    response.headers["Cache-Control"] = "no-store"
    return device_codes.begin(caller, client, form)


@router.get("/device")
def device_page(user_code: str = "") -> Response:
    """Continue below /auth, where the browser sends its session."""
    return rendering.redirect(_path(user_code))


def _path(user_code: str) -> str:
    letters = device_answers.normalized(user_code[:64])
    return f"{PATH}?{urlencode({'user_code': letters})}" if letters else PATH


@router.get(PATH, dependencies=[limit("token")])
def enter_code_page(request: Request, caller: Caller, user_code: str = "") -> Response:
    """Ask for the code of the device or, if the URL contains it, whether the device may have access."""
    who = _visitor(request)
    if isinstance(who, Response):
        return who
    if not user_code:
        return rendering.show(request, "device", current_user=who.row)
    return _question(request, caller, who, user_code)


@router.post(PATH, dependencies=[limit("token")])
def enter_code(request: Request, caller: Caller, user_code: Annotated[str, Form(max_length=64)]) -> Response:
    """Ask whether the device with this code may have access."""
    who = _visitor(request)
    return who if isinstance(who, Response) else _question(request, caller, who, user_code)


def _visitor(request: Request) -> Visitor | Response:
    """Return the user, or a redirect to the login or to the setup of a second factor."""
    impersonation.reject(request)
    who = consent.visitor(destinations.owner_of_session(request))
    if who is None:
        query = {"next": _path(request.query_params.get("user_code", "")), destinations.ENDED: "1"}
        return rendering.redirect(f"/login?{urlencode(query)}")
    if mfa_policy.is_restricted(who.row):
        return kept_destinations.begin_enrolment(request, _path(request.query_params.get("user_code", "")))
    return who


def _question(request: Request, caller: Any, who: Visitor, user_code: str) -> Response:
    asked = device_answers.find(caller, who, user_code)
    return rendering.show(request, "allow_device", **device_context.of(asked, who, user_code))


@router.post(ANSWER)
def answer_device(
    request: Request,
    db: Db,
    caller: Caller,
    shown: Annotated[str, Form(max_length=questions.MAX_LENGTH)],
    decision: Annotated[str, Form(max_length=16)] = "deny",
) -> Response:
    """Allow or decline the access of a device."""
    who = _visitor(request)
    if isinstance(who, Response):
        return who
    allowed = decision == "allow"
    device_answers.answer(db, caller, device_answers.find_shown(shown, who), who, allowed=allowed)
    return rendering.show(request, "device_answered", current_user=who.row, allowed=allowed)
