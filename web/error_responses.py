"""Convert errors into HTTP responses: problems (RFC 9457), or errors of RFC 6749 on OAuth 2 endpoints.

Routes do not build error responses themselves.
"""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

import database_errors
import errors
from core import field_errors
from languages import translation
from telemetry import logs

log = logs.logger()
OAUTH_ERROR_PATHS = {
    "/auth/token",
    *(
        f"/oauth2/{name}"
        for name in ("introspect", "revoke", "token", "par", "userinfo", "device_authorization", "register")
    ),
}
STORES_NOT = translation.mark("A value contains characters that cannot be stored, or is out of range.")


def response_for(error: errors.ServiceError, request: Request) -> JSONResponse:
    """Return the response for an error: a problem (RFC 9457) or, on OAuth 2 endpoints, an error of RFC 6749."""
    headers = dict(error.headers)
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if uses_oauth_errors(request.scope["path"]):
        return _oauth_error(error, request, headers)
    if error.status == 401 or error.challenge:
        headers["WWW-Authenticate"] = error.challenge or "Bearer"
    body: dict[str, Any] = {
        "type": f"urn:problem:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": translation.translate(error.detail),
        "code": error.code,
        "request_id": request.state.request_id,
    }
    if error.errors is not None:
        body["errors"] = [each._asdict() | {"message": translation.translate(each.message)} for each in error.errors]
    body |= error.members
    return JSONResponse(body, error.status, headers, media_type=errors.MEDIA_TYPE)


DATABASE_ERRORS = {"conflict": errors.Conflict, "invalid": errors.ValidationFailed, "unavailable": errors.Unavailable}


def from_exception(error: Exception, request: Request) -> errors.ServiceError:
    """Return the service error for an exception of the service, the framework or the database."""
    match error:
        case errors.ServiceError():
            return error
        case RequestValidationError():
            return _validation(error)
        case HTTPException(status_code=status):
            return _of_framework(status, request)
        case PoolTimeout():
            log.warning("no database connection came free in time")
            return errors.Unavailable()
        case DBAPIError() if (meaning := database_errors.meaning(error)) in DATABASE_ERRORS:
            database_errors.note(error)
            return errors.ValidationFailed(STORES_NOT) if meaning == "invalid" else DATABASE_ERRORS[meaning]()
    log.error("unhandled exception", exc_info=error)
    return errors.InternalError()


def _of_framework(status: int, request: Request) -> errors.ServiceError:
    """Return the error for a status of the framework: that of its router, or of a body that cannot be read.

    `Allow` names the methods of all routes with the path (RFC 9110, 15.5.6). The framework names those of the first one
    only, and knows no legacy routes.
    """
    if status not in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return errors.MalformedRequest()
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    matching = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    methods = {method for route in matching for method in route.methods or ()}
    legacy = getattr(request.state, "legacy_methods", None)
    methods |= legacy() if legacy else set()
    return errors.MethodNotAllowed(methods) if methods else errors.NotFound()


def _validation(error: RequestValidationError) -> errors.ServiceError:
    """Return an error that names each invalid field, without the value, which may be a password."""
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return errors.MalformedRequest()
    return errors.ValidationFailed(errors=[field_errors.of(_field(e["loc"]), e) for e in found])


def _field(location: tuple[int | str, ...]) -> str:
    """Return the name of a field, with its position in a list of the body. A parameter may be repeated."""
    parts = location[1:2] if location[0] == "query" else location[1:]
    return ".".join(str(part) for part in parts) or str(location[0])


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


async def handle(request: Request, error: Exception) -> Response:
    """Handle every exception of the service. Registered with FastAPI."""
    service_error = from_exception(error, request)
    if isinstance(error, RequestValidationError) and _body_is_not_json(request, error):
        service_error = errors.UnsupportedMediaType()
    if service_error.back_to:
        return RedirectResponse(errors.with_query(service_error.back_to, error=service_error.code), 302)
    return response_for(service_error, request)


def uses_oauth_errors(path: str) -> bool:
    """Return whether errors of this path have the form of RFC 6749."""
    return path in OAUTH_ERROR_PATHS or path.startswith("/oauth2/register/")


def _oauth_error(error: errors.ServiceError, request: Request, headers: dict[str, str]) -> JSONResponse:
    """Return an error in the form of RFC 6749, section 5.2.

    Errors in the request get status 400; the RFC names no other status, so the others keep theirs. A login that
    continues with a second factor or a CAPTCHA is not such an error. The challenge is for the scheme that the client
    used.
    """
    continues = isinstance(error, errors.MfaRequired | errors.CaptchaRequired)
    status = 400 if error.status in (401, 403, 422) and not continues else error.status
    if error.oauth == "invalid_client":
        basic = request.headers.get("authorization", "").lower().startswith("basic ")
        challenge = 'Basic realm="OAuth 2 client"' if basic else "Bearer"
        status, headers = 401, {**headers, "WWW-Authenticate": challenge}
    elif error.challenge:  # of a resource, such as userinfo (RFC 6750, section 3)
        status, headers = error.status, {**headers, "WWW-Authenticate": error.challenge}
    return JSONResponse(
        {"error": error.oauth, "error_description": translation.translate(error.detail), **error.members},
        status,
        headers,
    )


def _body_is_not_json(request: Request, error: RequestValidationError) -> bool:
    # A body that FastAPI did not parse as JSON is passed to the model as bytes: one error, about the whole body.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind != "application/json" and any(
        tuple(e["loc"]) == ("body",) and e["type"] != "missing" for e in error.errors()
    )
