"""Read the parameters of an OAuth 2 endpoint from a form, each exactly once (RFC 6749, section 3.2 and appendix B)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import parse_qsl

from fastapi import Request

import errors
from languages import translation

NOT_IN_URL = ("token", "client_secret", "password", "refresh_token", "code", "client_assertion")
MAX_FIELDS = 100
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


Form = Mapping[str, Sequence[str]]


async def require(request: Request) -> None:
    """Reject parameters that are not in a form, are repeated, or are in the URL, where logs would contain them.

    Otherwise an ignored parameter would look like a missing one, and a request without effect like a success. Raises
    MalformedRequest.
    """
    is_form = _kind(request) in FORMS  # which FastAPI has read already
    accepted(request, _by_name((await request.form()).multi_items()) if is_form else None)


async def parameters(request: Request) -> Form | None:
    """Return all parameters of a form, or None for a body of another kind or with too many of them."""
    if _kind(request) == FORMS[0]:
        # Not request.form(), which takes a tenth of the time of a refresh.
        body = await request.body()
        return _by_name(parse_qsl(body.decode(), keep_blank_values=True)) if body.count(b"&") < MAX_FIELDS else None
    return _by_name((await request.form()).multi_items()) if _kind(request) in FORMS else None


def _by_name(pairs: Iterable[tuple[str, object]]) -> Form:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def accepted(request: Request, form: Form | None) -> Form:
    """Return the parameters of a form, each of which is sent once and not in the URL; only `resource` may be repeated.

    See RFC 8707 for `resource`. Raises MalformedRequest.
    """
    if form is None and _kind(request) == FORMS[0]:
        raise errors.MalformedRequest()  # too many parameters
    if form is None:
        raise errors.MalformedRequest("Send the parameters as a form (application/x-www-form-urlencoded).")
    _require_none_in_url(request)
    _require_each_once([name for name, values in form.items() if len(values) > 1 and name != "resource"])
    return form


async def read(request: Request) -> Form:
    """Return all parameters of a URL-encoded form. Raises MalformedRequest."""
    return accepted(request, await parameters(request) if _kind(request) == FORMS[0] else None)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _require_none_in_url(request: Request) -> None:
    given = request.query_params if request.scope["query_string"] else ()
    if in_url := [name for name in NOT_IN_URL if name in given]:
        raise errors.MalformedRequest(
            translation.mark("Send %(names)s in the form, not in the URL.", names=", ".join(in_url))
        )


def _require_each_once(repeated: Collection[str]) -> None:
    if repeated:
        raise errors.MalformedRequest(
            translation.mark("Send each parameter only once: %(names)s.", names=", ".join(sorted(repeated)))
        )
