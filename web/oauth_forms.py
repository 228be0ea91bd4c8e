"""Read the parameters of an OAuth 2 endpoint from a form, each exactly once (RFC 6749, section 3.2 and appendix B)."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qsl

from fastapi import Request

import errors
from languages import translation

NOT_IN_URL = ("token", "client_secret", "password", "refresh_token", "code", "client_assertion")
MAX_FIELDS = 100
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def require(request: Request) -> None:
    """Reject parameters that are not in a form, are repeated, or are in the URL, where logs would contain them.

    Otherwise an ignored parameter would look like a missing one, and a request without effect like a success. Raises
    MalformedRequest.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise errors.MalformedRequest("Send the parameters as a form (application/x-www-form-urlencoded).")
    _require_none_in_url(request)
    names = [name for name, _ in (await request.form()).multi_items()]
    _require_each_once({name for name in names if names.count(name) > 1})


async def read(request: Request) -> Mapping[str, Sequence[str]]:
    """Return all parameters of a URL-encoded form; only `resource` may be repeated (RFC 8707).

    Raises MalformedRequest.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORMS[0]:
        raise errors.MalformedRequest("Send the parameters as a form (application/x-www-form-urlencoded).")
    _require_none_in_url(request)
    found: dict[str, list[str]] = {}
    try:
        # Not request.form(), which takes a tenth of the time of a refresh.
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise errors.MalformedRequest() from None
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    _require_each_once([name for name, values in found.items() if len(values) > 1 and name != "resource"])
    return found


def _require_none_in_url(request: Request) -> None:
    if in_url := [name for name in NOT_IN_URL if name in request.query_params]:
        raise errors.MalformedRequest(
            translation.mark("Send %(names)s in the form, not in the URL.", names=", ".join(in_url))
        )


def _require_each_once(repeated: Collection[str]) -> None:
    if repeated:
        raise errors.MalformedRequest(
            translation.mark("Send each parameter only once: %(names)s.", names=", ".join(sorted(repeated)))
        )
