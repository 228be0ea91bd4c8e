"""The exceptions that operations raise."""

from typing import Any

import httpx


class Problem(Exception):
    """An error response. Branch on `code`, which is stable (docs/errors.md lists the codes), and show the text.

    `fields` contains the messages for each invalid field, of a 422. `retry_after` is the number of seconds to wait
    before trying again, of a 429 or 503. `request_id` identifies the request in the log of the service. The code
    `unreachable` means that there was no response.
    """

    def __init__(self, response: httpx.Response | None = None) -> None:
        body: dict[str, Any] = (
            body_of(response)
            if response is not None
            else {"code": "unreachable", "detail": "The service did not respond."}
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
        detail = body.get("detail") or body.get("error_description")
        super().__init__(detail or f"The service responded with status {self.status}.")


def body_of(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of a response, or an empty one if a proxy has replaced the body."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


class MfaRequired(Problem):
    """The login requires a second factor: ask for one of `factors`, and call `auth.complete_login` with `mfa_token`.

    `expires_in` is the number of seconds until the user must start the login again.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.mfa_token = str(body.get("mfa_token"))
        self.factors: list[str] = list(body.get("factors") or [])
        self.expires_in = int(body.get("expires_in") or 300)


class ReauthenticationRequired(Problem):
    """The action requires a more recent login: call `auth.reauthenticate` and repeat it, or use `with_reauthentication`.

    `factors` contains the types of the account's factors. If it is empty, the password is enough.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.factors: list[str] = list(body.get("factors") or [])
        self.acr_values: str | None = body.get("acr_values")


class CaptchaRequired(Problem):
    """The request requires a CAPTCHA of `provider`. Solve it, and send the request again with its `captcha_token`.

    `site_key` is None for the provider `altcha`, whose challenges are at `GET /auth/captcha`.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        body = body_of(response)
        self.provider = str(body.get("provider"))
        self.site_key: str | None = body.get("site_key")


def problem_of(response: httpx.Response) -> Problem:
    """Return the exception for an error response, of the class that its code has."""
    body = body_of(response)
    if "mfa_required" in (body.get("code"), body.get("error")) and body.get("mfa_token"):
        return MfaRequired(response)
    if "captcha_required" in (body.get("code"), body.get("error")):
        return CaptchaRequired(response)
    return ReauthenticationRequired(response) if body.get("code") == "reauthentication_required" else Problem(response)
