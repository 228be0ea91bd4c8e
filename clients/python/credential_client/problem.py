"""What comes instead of an answer."""

from typing import Any

import httpx


class Problem(Exception):
    """Look at `code`, which is stable (docs/errors.md lists them); show the text.

    `fields` says what is wrong with which field, of a 422. `retry_after` are seconds to wait, of a 429 or 503.
    `request_id` stands in the service's log too. `unreachable` means that there was no answer at all.
    """

    def __init__(self, response: httpx.Response | None = None) -> None:
        body: dict[str, Any] = (
            body_of(response)
            if response is not None
            else {"code": "unreachable", "detail": "The service did not answer."}
        )
        self.status = response.status_code if response is not None else 0
        self.code = str(
            body.get("code") or body.get("error") or ("unavailable" if self.status >= 500 else "unexpected")
        )
        self.fields: dict[str, list[str]] = {}
        errors = body.get("errors")
        for error in errors if isinstance(errors, list) else []:
            if isinstance(error, dict):
                self.fields.setdefault(str(error.get("field")), []).append(str(error.get("message")))
        seconds = response.headers.get("Retry-After", "") if response is not None else ""
        self.retry_after = int(seconds) if seconds.isdecimal() else None
        self.request_id: str | None = body.get("request_id")
        super().__init__(body.get("detail") or body.get("error_description") or f"The service answered {self.status}.")


def body_of(response: httpx.Response) -> dict[str, Any]:
    """RFC 9457, or RFC 6749 at the OAuth 2 endpoints; a proxy in between may say anything."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


class MfaRequired(Problem):
    """A login needs a second factor: ask for one of `factors`, and call `auth.complete_login` with `mfa_token`.

    `expires_in` are the seconds until the login has to start again.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.mfa_token = str(body.get("mfa_token"))
        self.factors: list[str] = list(body.get("factors") or [])
        self.expires_in = int(body.get("expires_in") or 300)


class ReauthenticationRequired(Problem):
    """The login is too old for this action: call `auth.reauthenticate`, and repeat it, or use `with_reauthentication`.

    `factors` are the types of factors that the account has. If it is empty, the password is enough.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.factors: list[str] = list(body.get("factors") or [])
        self.acr_values: str | None = body.get("acr_values")


class CaptchaRequired(Problem):
    """The request needs a CAPTCHA of `provider`: send it again with the `captcha_token` of a solved one.

    `site_key` is None for the provider `altcha`, whose challenges are at `GET /auth/captcha`.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.provider = str(body.get("provider"))
        self.site_key: str | None = body.get("site_key")


def problem_of(response: httpx.Response) -> Problem:
    """Return the error of a response, with the fields of its code."""
    body = body_of(response)
    if "mfa_required" in (body.get("code"), body.get("error")) and body.get("mfa_token"):
        return MfaRequired(response)
    if "captcha_required" in (body.get("code"), body.get("error")):
        return CaptchaRequired(response)
    return ReauthenticationRequired(response) if body.get("code") == "reauthentication_required" else Problem(response)
