"""Every refusal as a class, and the one function that turns a refusal into HTTP (RFC 9457).

A verb refuses by raising; no route writes an HTTP error of its own. `docs/errors.md` lists the codes.
"""

import math
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from telemetry import logs

log = logs.logger()
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
OAUTH_ERROR_PATHS = {"/auth/token", "/oauth2/introspect", "/oauth2/revoke"}


class ServiceError(Exception):
    """A request that is refused. `keeps_work`: what was written before the refusal is committed, not rolled back."""

    status = 400
    code = "refused"
    detail = "The request was refused."
    oauth = "invalid_request"  # what it is called where RFC 6749 names the errors
    keeps_work = False
    retry_after: int | None = None  # seconds

    back_to: str | None = None  # an address that the browser returns to, with the code in its query

    def __init__(self, detail: str | None = None, *, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(self.code)
        self.detail = detail or self.detail
        self.errors = errors


class MalformedRequest(ServiceError):
    status, code = 400, "malformed_request"
    detail = "The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one."


class InvalidToken(ServiceError):
    status, code = 400, "invalid_token"
    detail = "The link or code is invalid, expired or already used. Request a new one."
    keeps_work = True  # a counted guess


class OauthError(ServiceError):
    status, code, detail = 400, "oauth_error", "Login with this provider failed. Start again."
    keeps_work = True  # the failure is on record


class NotAuthenticated(ServiceError):
    status, code, detail = 401, "not_authenticated", "Log in first: the access token is missing, invalid or expired."
    oauth = "invalid_client"


class InvalidCredentials(ServiceError):
    status, code, detail = 401, "invalid_credentials", "The email address or the password is wrong."
    oauth = "invalid_grant"
    keeps_work = True  # the failure is on record


class InvalidRefreshToken(ServiceError):
    status, code, detail = 401, "invalid_refresh_token", "The session has ended. Log in again."
    oauth = "invalid_grant"
    keeps_work = True  # the alarm that an old token raises


class UnsupportedGrantType(ServiceError):
    status, code, detail = 400, "unsupported_grant_type", "The grant_type must be password or refresh_token."
    oauth = "unsupported_grant_type"


class InvalidRequest(ServiceError):
    status, code, detail = 400, "invalid_request", "A parameter that this grant_type needs is missing."


class EmailNotVerified(ServiceError):
    status, code = 403, "email_not_verified"
    detail = "Verify your email address first, with the link or the code in the email that we sent you."
    oauth = "invalid_grant"
    keeps_work = True


class AccountDisabled(ServiceError):
    status, code, detail = 403, "account_disabled", "This account has been disabled."
    oauth = "invalid_grant"
    keeps_work = True


class ReauthenticationRequired(ServiceError):
    status, code = 403, "reauthentication_required"
    detail = "Enter your password, or log in again, to confirm that it is you."
    keeps_work = True  # a wrong password counts like a failed login


class Forbidden(ServiceError):
    status, code, detail = 403, "forbidden", "Your roles do not allow this."


class CrossSiteRequest(ServiceError):
    status, code = 403, "cross_site_request"
    detail = "A request with cookies that changes something must come from an allowed origin."


class NotFound(ServiceError):
    status, code, detail = 404, "not_found", "The resource does not exist."


class MethodNotAllowed(ServiceError):
    status, code, detail = 405, "method_not_allowed", "This URL does not support that method."
    headers: ClassVar = {"Allow": "GET"}  # where we say so; the framework names its own


class RequestTimeout(ServiceError):
    status, code, detail = 408, "request_timeout", "The request did not arrive within ten seconds. Send it again."


class EmailTaken(ServiceError):
    status, code, detail = 409, "email_taken", "An account with this email address already exists."


class LinkRequired(ServiceError):
    status, code = 409, "link_required"
    detail = "An account with this email address already exists. Log in to it as usual, then link the provider."
    keeps_work = True


class AlreadyLinked(ServiceError):
    status, code, detail = (
        409,
        "conflict",
        "The provider is already linked: this identity to another account, or your account to another identity. "
        "Unlink it first.",
    )
    keeps_work = True


class LastCredential(ServiceError):
    status, code = 409, "last_credential"
    detail = "This is the only login method of the account. Set a password or link another provider first."


class Conflict(ServiceError):
    status, code = 409, "conflict"
    detail = "The resource was changed at the same time. Load it again and retry."


class RoleTaken(ServiceError):
    status, code, detail = 409, "conflict", "A role with this name already exists."


class RoleInUse(ServiceError):
    status, code, detail = 409, "conflict", "The role is in use: accounts have it, or another role inherits it."


class LastSuperuser(ServiceError):
    status, code, detail = (
        409,
        "last_superuser",
        "The last active superuser cannot be removed. Create another one first.",
    )


class BodyTooLarge(ServiceError):
    status, code, detail = 413, "body_too_large", "The body is larger than 64 KiB."


class UnsupportedMediaType(ServiceError):
    status, code, detail = 415, "unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."


class ValidationFailed(ServiceError):
    status, code, detail = 422, "validation_error", "Some fields are missing or invalid."


class WeakPassword(ServiceError):
    status, code = 422, "weak_password"
    detail = "The password is too easy to guess. Each rule that it violates is listed."


class RateLimited(ServiceError):
    status, code = 429, "rate_limited"
    detail = "Too many attempts. Wait for the number of seconds in Retry-After, then try again."
    oauth = "temporarily_unavailable"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.retry_after = max(1, math.ceil(seconds))


class HeadersTooLarge(ServiceError):
    status, code = 431, "headers_too_large"
    detail = "The request has more than 100 headers, or more than 64 KiB of them. Send fewer, such as fewer cookies."


class InternalError(ServiceError):
    status, code, detail = 500, "internal_error", "An internal error occurred. Report it with the request_id."
    oauth = "server_error"


class Overloaded(ServiceError):
    status, code, detail = 503, "overloaded", "Too many users are logging in at once. Try again in a moment."
    oauth = "temporarily_unavailable"
    retry_after = RETRY_AFTER_SECONDS


class Unavailable(ServiceError):
    status, code, detail = 503, "unavailable", "The service is temporarily unavailable. Try again in a moment."
    oauth = "temporarily_unavailable"
    retry_after = RETRY_AFTER_SECONDS


def response_for(refusal: ServiceError, request: Request, more: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer to a refusal.

    A problem or, where OAuth 2 is spoken, an error of RFC 6749; with the headers that its status asks for.
    """
    headers = dict(more or {})
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if uses_oauth_errors(request.scope["path"]):
        return _oauth_error(refusal, request, headers)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body: dict[str, Any] = {
        "type": f"urn:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "request_id": request.state.request_id,
    }
    if refusal.errors is not None:
        body["errors"] = refusal.errors
    return JSONResponse(body, refusal.status, headers, media_type=MEDIA_TYPE)


FRAMEWORKS: dict[int, type[ServiceError]] = {404: NotFound, 405: MethodNotAllowed, 413: BodyTooLarge}


def from_exception(error: Exception) -> ServiceError:
    """The refusal that an exception of ours, of the framework or of the database amounts to."""
    match error:
        case ServiceError():
            return error
        case RequestValidationError():
            return _validation(error)
        case HTTPException(status_code=status):
            return FRAMEWORKS.get(status, MalformedRequest)()
        case IntegrityError():
            return Conflict()
        # Out of reach, or no connection came free in time.
        case OperationalError() | InterfaceError() | DBAPIError(connection_invalidated=True) | PoolTimeout():
            log.warning("the database is out of reach", error=str(getattr(error, "orig", error)).strip())
            return Unavailable()
    log.error("unhandled exception", exc_info=error)
    return InternalError()


def _validation(error: RequestValidationError) -> ServiceError:
    """Names each field and what is wrong with it, never what was sent: it may be a password."""
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return MalformedRequest()
    return ValidationFailed(errors=[{"field": _field(e["loc"]), "message": message(e)} for e in found])


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def message(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, in our words, and never what was sent."""
    # A message of pydantic's own may quote the input; only those of our validators (value_error) are passed on as they
    # are.
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    plain = {
        "missing": "is missing",
        "string_too_long": "is too long",
        "too_long": "has too many items",
    }
    return plain.get(error["type"], f"is not a valid value ({error['type']})")


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


async def handle(request: Request, error: Exception) -> Response:
    """The exception handler of the whole service."""
    refusal = from_exception(error)
    if isinstance(error, RequestValidationError) and _body_is_no_json(request, error):
        refusal = UnsupportedMediaType()
    if refusal.back_to:
        return RedirectResponse(with_query(refusal.back_to, error=refusal.code), 302)
    # Such as the Allow that goes with a 405 (RFC 9110, 15.5.6).
    return response_for(refusal, request, getattr(error, "headers", None))


def with_query(address: str, **values: str) -> str:
    """An address with more in its query: before its fragment, and after what is there."""
    rest, mark, fragment = address.partition("#")
    return f"{rest}{'&' if '?' in rest else '?'}{urlencode(values)}{mark}{fragment}"


def uses_oauth_errors(path: str) -> bool:
    """Whether errors are in the form of RFC 6749 there."""
    return path in OAUTH_ERROR_PATHS


def _oauth_error(refusal: ServiceError, request: Request, headers: dict[str, str]) -> JSONResponse:
    """Return an error in the form of RFC 6749, section 5.2.

    What is wrong with the request is a 400. The RFC names no other status, so those stay as they are. The challenge is
    for the scheme that the client used.
    """
    status = 400 if refusal.status in (401, 403, 422) else refusal.status
    if refusal.oauth == "invalid_client":
        basic = request.headers.get("authorization", "").lower().startswith("basic ")
        challenge = 'Basic realm="OAuth 2 client"' if basic else "Bearer"
        status, headers = 401, {**headers, "WWW-Authenticate": challenge}
    return JSONResponse({"error": refusal.oauth, "error_description": refusal.detail}, status, headers)


def _body_is_no_json(request: Request, error: RequestValidationError) -> bool:
    # A body that FastAPI did not read as JSON arrives at the model as bytes: one error, about the body as a whole.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind != "application/json" and any(
        tuple(e["loc"]) == ("body",) and e["type"] != "missing" for e in error.errors()
    )
