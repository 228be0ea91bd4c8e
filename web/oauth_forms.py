"""Read the parameters of an OAuth 2 endpoint from a form, each exactly once (RFC 6749, section 3.2 and appendix B)."""

from collections.abc import Collection, Mapping, Sequence

from fastapi import Request

import errors
from languages import translation

NOT_IN_URL = ("token", "client_secret", "password", "refresh_token", "code", "client_assertion")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def require(request: Request) -> None:
    """Reject parameters that are not in a form, are repeated, or are in the URL, where logs would contain them.

    Otherwise an ignored parameter would look like a missing one, and a request without effect like a success. Raises
    MalformedRequest.
    """
    await _check(request, ())


async def _check(request: Request, repeatable: Collection[str]) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise errors.MalformedRequest("Send the parameters as a form (application/x-www-form-urlencoded).")
    if in_url := [name for name in NOT_IN_URL if name in request.query_params]:
        raise errors.MalformedRequest(
            translation.mark("Send %(names)s in the form, not in the URL.", names=", ".join(in_url))
        )
    names = [name for name, _ in (await request.form()).multi_items()]
    if repeated := {name for name in names if names.count(name) > 1 and name not in repeatable}:
        raise errors.MalformedRequest(
            translation.mark("Send each parameter only once: %(names)s.", names=", ".join(sorted(repeated)))
        )


async def read(request: Request) -> Mapping[str, Sequence[str]]:
    """Return all parameters of a form; only `resource` may be repeated (RFC 8707). Raises MalformedRequest."""
    await _check(request, ("resource",))
    found: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if not isinstance(value, str):
            raise errors.MalformedRequest()
        found.setdefault(name, []).append(value)
    return found
