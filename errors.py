"""Define every error of the service, and convert errors into HTTP responses (RFC 9457).

Services raise these classes; no route builds an error response of its own. docs/errors.md lists the codes.
"""

import math
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

import database_errors
from telemetry import logs

log = logs.logger()
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
STORES_NOT = "A value has characters that cannot be stored here, or is out of range."
OAUTH_ERROR_PATHS = {"/auth/token", "/oauth2/introspect", "/oauth2/revoke"}


class ServiceError(Exception):
    """Reject a request.

    status, code, detail: the HTTP status, the stable code and the sentence for the user.
    oauth: the code where RFC 6749 defines the errors.
    keeps_work: whether the transaction is committed instead of rolled back.
    retry_after: seconds after which the client may retry.
    back_to: a URL that the browser is redirected to, with the code in its query.
    """

    status = 400
    code = "refused"
    detail = "The request was rejected."
    oauth = "invalid_request"
    keeps_work = False
    retry_after: int | None = None
    back_to: str | None = None

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
    keeps_work = True  # the attempt is counted


class OauthError(ServiceError):
    status, code, detail = 400, "oauth_error", "Login with this provider failed. Start again."
    keeps_work = True  # the failure is recorded


class NotAuthenticated(ServiceError):
    status, code, detail = 401, "not_authenticated", "Log in first: the access token is missing, invalid or expired."
    oauth = "invalid_client"


class InvalidCredentials(ServiceError):
    status, code, detail = 401, "invalid_credentials", "The email address or the password is wrong."
    oauth = "invalid_grant"
    keeps_work = True  # the failure is recorded


class InvalidRefreshToken(ServiceError):
    status, code, detail = 401, "invalid_refresh_token", "The session has ended. Log in again."
    oauth = "invalid_grant"
    keeps_work = True  # reuse of an old token ends the session


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
    keeps_work = True  # a wrong password counts as a failed login


class Forbidden(ServiceError):
    status, code, detail = 403, "forbidden", "Your roles do not allow this."


class CrossSiteRequest(ServiceError):
    status, code = 403, "cross_site_request"
    detail = "A request with cookies that changes something must come from an allowed origin."


class NotFound(ServiceError):
    status, code, detail = 404, "not_found", "The resource does not exist."


class MethodNotAllowed(ServiceError):
    status, code, detail = 405, "method_not_allowed", "This URL does not support that method."
    headers: ClassVar = {"Allow": "GET"}  # the framework sets its own where it raises the error


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


def response_for(error: ServiceError, request: Request, more: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the response for an error: a problem (RFC 9457) or, on OAuth 2 endpoints, an error of RFC 6749.

    more: headers to add to those that the status requires.
    """
    headers = dict(more or {})
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if uses_oauth_errors(request.scope["path"]):
        return _oauth_error(error, request, headers)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body: dict[str, Any] = {
        "type": f"urn:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request.state.request_id,
    }
    if error.errors is not None:
        body["errors"] = error.errors
    return JSONResponse(body, error.status, headers, media_type=MEDIA_TYPE)


FRAMEWORK_ERRORS: dict[int, type[ServiceError]] = {404: NotFound, 405: MethodNotAllowed, 413: BodyTooLarge}
DATABASE_ERRORS = {"conflict": Conflict, "invalid": ValidationFailed, "unavailable": Unavailable}


def from_exception(error: Exception) -> ServiceError:
    """Return the service error for an exception of the service, the framework or the database."""
    match error:
        case ServiceError():
            return error
        case RequestValidationError():
            return _validation(error)
        case HTTPException(status_code=status):
            return FRAMEWORK_ERRORS.get(status, MalformedRequest)()
        case PoolTimeout():
            log.warning("no database connection came free in time")
            return Unavailable()
        case DBAPIError() if (meaning := database_errors.meaning(error)) in DATABASE_ERRORS:
            database_errors.note(error)
            return ValidationFailed(STORES_NOT) if meaning == "invalid" else DATABASE_ERRORS[meaning]()
    log.error("unhandled exception", exc_info=error)
    return InternalError()


def _validation(error: RequestValidationError) -> ServiceError:
    """Return an error that names each invalid field, without the value: it may be a password."""
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return MalformedRequest()
    return ValidationFailed(errors=[{"field": _field(e["loc"]), "message": message(e)} for e in found])


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def message(error: Mapping[str, Any]) -> str:
    """Return the message for an invalid field. It never contains the value that was sent."""
    # Pydantic's own messages may quote the input; only those of our validators (value_error) are passed on.
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    messages = {
        "missing": "is missing",
        "string_too_long": "is too long",
        "too_long": "has too many items",
    }
    return messages.get(error["type"], f"is not a valid value ({error['type']})")


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service. Registered with FastAPI."""
    service_error = from_exception(error)
    if isinstance(error, RequestValidationError) and _body_is_not_json(request, error):
        service_error = UnsupportedMediaType()
    if service_error.back_to:
        return RedirectResponse(with_query(service_error.back_to, error=service_error.code), 302)
    # Such as the Allow that goes with a 405 (RFC 9110, 15.5.6).
    return response_for(service_error, request, getattr(error, "headers", None))


def with_query(url: str, **values: str) -> str:
    """Return a URL with these parameters added to its query."""
    rest, mark, fragment = url.partition("#")
    return f"{rest}{'&' if '?' in rest else '?'}{urlencode(values)}{mark}{fragment}"


def uses_oauth_errors(path: str) -> bool:
    """Return whether errors of this path have the form of RFC 6749."""
    return path in OAUTH_ERROR_PATHS


def _oauth_error(error: ServiceError, request: Request, headers: dict[str, str]) -> JSONResponse:
    """Return an error in the form of RFC 6749, section 5.2.

    Errors in the request get status 400; the RFC names no other status, so the others keep theirs. The challenge is for
    the scheme that the client used.
    """
    status = 400 if error.status in (401, 403, 422) else error.status
    if error.oauth == "invalid_client":
        basic = request.headers.get("authorization", "").lower().startswith("basic ")
        challenge = 'Basic realm="OAuth 2 client"' if basic else "Bearer"
        status, headers = 401, {**headers, "WWW-Authenticate": challenge}
    return JSONResponse({"error": error.oauth, "error_description": error.detail}, status, headers)


def _body_is_not_json(request: Request, error: RequestValidationError) -> bool:
    # A body that FastAPI did not parse as JSON is passed to the model as bytes: one error, about the whole body.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind != "application/json" and any(
        tuple(e["loc"]) == ("body",) and e["type"] != "missing" for e in error.errors()
    )
