"""Define every error of the service.

Services raise these classes, and `web/error_responses.py` converts them into responses. docs/errors.md lists the codes.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from languages import translation

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class FieldError(NamedTuple):
    """An invalid field of a request. `code` is stable; docs/errors.md lists the codes."""

    field: str
    message: str
    code: str = "invalid"


class ServiceError(Exception):
    """Reject a request.

    status, code, detail: the HTTP status, the stable code and the sentence for the user.
    oauth: the code where RFC 6749 defines the errors.
    keeps_work: whether the transaction is committed instead of rolled back.
    retry_after: seconds after which the client may retry.
    challenge: the value of WWW-Authenticate.
    headers: other headers that the status requires.
    back_to: a URL that the browser is redirected to, with the code in its query.
    members: further members of the response (RFC 9457, section 3.2).
    """

    status = 400
    code = "refused"
    detail: str = translation.mark("The request was rejected.")
    oauth = "invalid_request"
    keeps_work = False
    retry_after: int | None = None
    challenge: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    back_to: str | None = None

    def __init__(self, detail: str | None = None, *, errors: list[FieldError] | None = None, **members: Any) -> None:
        super().__init__(self.code)
        self.detail = translation.as_text(detail) if detail else self.detail
        self.errors = errors
        self.members = members

    def __init_subclass__(cls) -> None:
        """Mark the detail for translation. `make locales` finds it in the source."""
        cls.detail = translation.as_text(cls.detail)


class MalformedRequest(ServiceError):
    status, code = 400, "malformed_request"
    detail = "The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one."


class InvalidToken(ServiceError):
    status, code = 400, "invalid_token"
    detail = "The link or code is invalid, expired or already used. Request a new one."
    keeps_work = True  # the attempt is counted


class InvalidCode(ServiceError):
    status, code, detail = 400, "invalid_code", "The code is wrong. Enter the one that your app shows now."
    keeps_work = True  # the attempt is counted


class InvalidCredential(ServiceError):
    status, code, detail = 400, "invalid_credential", "The passkey could not be verified. Try again."
    keeps_work = True


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


class WrongFactor(ServiceError):
    status, code, detail = 401, "invalid_code", "The code or passkey is wrong, or was already used."
    keeps_work = True  # the attempt is counted


class InvalidMfaToken(ServiceError):
    status, code, detail = 401, "invalid_mfa_token", "This login has expired. Log in again."
    keeps_work = True


class UnsupportedGrantType(ServiceError):
    status, code, detail = 400, "unsupported_grant_type", "The grant_type must be password or refresh_token."
    oauth = "unsupported_grant_type"


class InvalidRequest(ServiceError):
    status, code, detail = 400, "invalid_request", "A parameter that this grant_type requires is missing."


class EmailNotVerified(ServiceError):
    status, code = 403, "email_not_verified"
    detail = "Verify your email address first, with the link or the code in the email that we sent you."
    oauth = "invalid_grant"
    keeps_work = True


class OtherDevice(ServiceError):
    status, code = 403, "other_device"
    detail = "This link or code was requested in another browser. Open the link, or enter the code, in that browser."


class CaptchaRequired(ServiceError):
    """The request needs a CAPTCHA: a `captcha_token` is missing, or was rejected.

    members: `provider` and `site_key`, which is null for `altcha`.
    """

    status, code = 403, "captcha_required"
    detail = "The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again."
    oauth = "captcha_required"


class AccountDisabled(ServiceError):
    status, code, detail = 403, "account_disabled", "This account has been disabled."
    oauth = "invalid_grant"
    keeps_work = True


class MfaRequired(ServiceError):
    """The first factor is correct, and the account has a second one.

    members: `mfa_token` for `POST /auth/mfa`, `factors` (the types that the account has), and `expires_in`, in seconds.
    """

    status, code, detail = 403, "mfa_required", "Enter the code from your authenticator app, or use another factor."
    oauth = "mfa_required"
    keeps_work = True  # the login continues


class MfaEnrolmentRequired(ServiceError):
    status, code, detail = 403, "mfa_enrolment_required", "Set up a second factor first."


class MfaRequiredByPolicy(ServiceError):
    status, code = 403, "mfa_required_by_policy"
    detail = "Your account must have a second factor. Set up another one before you remove this one."


class ReauthenticationRequired(ServiceError):
    status, code = 403, "reauthentication_required"
    detail = "Enter your password, or log in again, to confirm that it is you."
    keeps_work = True  # a wrong password counts as a failed login


class Forbidden(ServiceError):
    status, code, detail = 403, "forbidden", "Your roles do not allow this."


class InsufficientScope(ServiceError):
    """An API key, or the access token of a client, may not do this. `challenge` is that of RFC 6750, section 3.1."""

    status, code = 403, "insufficient_scope"
    detail = "The scopes of this API key or access token do not allow this, or it requires a login."

    def __init__(self, scope: str | None = None) -> None:
        super().__init__()
        self.challenge = f'Bearer error="{self.code}"' + (f', scope="{scope}"' if scope else "")


class CrossSiteRequest(ServiceError):
    status, code = 403, "cross_site_request"
    detail = "State-changing requests that use cookies must come from an allowed origin."


class NotFound(ServiceError):
    status, code, detail = 404, "not_found", "The resource does not exist."


class PageNotFound(NotFound):
    """A hosted page that is not served, so that its form would not work either."""


class MethodNotAllowed(ServiceError):
    status, code, detail = 405, "method_not_allowed", "This URL does not support that method."

    def __init__(self, methods: Iterable[str] = ("GET",)) -> None:
        super().__init__()
        self.headers = {"Allow": ", ".join(sorted(methods))}


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
    detail = "The resource was changed by another request. Load it again and retry."


class ClientTypeIsFixed(ServiceError):
    status, code, detail = 409, "conflict", "The type of a client cannot be changed. Register a new client."


class ClientHasNoSecret(ServiceError):
    status, code, detail = 409, "conflict", "This client has no secret: it is public, or authenticates with a key."


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


class CursorExpired(ServiceError):
    status, code = 410, "cursor_expired"
    detail = (
        "Events that follow this cursor are no longer kept. Load all users again, and continue with the new cursor."
    )


class BodyTooLarge(ServiceError):
    status, code = 413, "body_too_large"
    detail = translation.mark("The body is larger than %(size)s.", size="64 KiB")

    def __init__(self, largest: int) -> None:
        """`largest`: the largest body that is accepted, in bytes."""
        size = f"{largest >> 20} MiB" if largest >= 1 << 20 else f"{largest >> 10} KiB"
        super().__init__(translation.mark("The body is larger than %(size)s.", size=size))


class BatchTooLarge(BodyTooLarge):
    """BodyTooLarge of `/internal/introspect`, for its documentation."""

    detail = translation.mark("The body is larger than %(size)s.", size="448 KiB")


class UnsupportedMediaType(ServiceError):
    status, code, detail = 415, "unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."


class ValidationFailed(ServiceError):
    status, code, detail = 422, "validation_error", "Some fields are missing or invalid."


class WeakPassword(ServiceError):
    status, code = 422, "weak_password"
    detail = "The password does not meet the password policy. The errors list each rule that it violates."


class RateLimited(ServiceError):
    status, code = 429, "rate_limited"
    detail = "Too many attempts. Wait for the number of seconds in Retry-After, then try again."
    oauth = "temporarily_unavailable"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.retry_after = max(1, math.ceil(seconds))


class HeadersTooLarge(ServiceError):
    status, code = 431, "headers_too_large"
    detail = (
        "The request has more than 100 headers, or headers of more than 64 KiB. Send fewer, for example fewer cookies."
    )


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


def with_query(url: str, **values: str) -> str:
    """Return a URL with these parameters added to its query."""
    rest, mark, fragment = url.partition("#")
    return f"{rest}{'&' if '?' in rest else '?'}{urlencode(values)}{mark}{fragment}"
