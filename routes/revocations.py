"""Define the route of the list of revocations."""

from typing import Annotated

from fastapi import Header, Query, Response

import errors
import routes
from core.thread_pools import ThreadPool
from revocations import feed
from revocations.schemas import Revocations
from settings.loading import settings
from web import conditional
from web.openapi import documented

router = routes.router(tags=["oauth2"])
# Verifiers get the list while every request thread is busy. One thread reads, the other ones wait for it.
_threads = ThreadPool("revocations", 2)


@router.get(
    "/.well-known/revocations",
    responses={
        304: {"description": "The list has not changed since the `ETag` in `If-None-Match`."},
        **documented(errors.NotFound, errors.ValidationFailed, errors.Unavailable),
    },
)
@_threads.runs
def list_revocations(
    since: Annotated[
        int | None,
        Query(ge=0, lt=2**63, description="The `version` of an earlier response: list only what was added since."),
    ] = None,
    if_none_match: Annotated[str, Header(max_length=1024)] = "",
) -> Revocations:
    """List the sessions and users whose access tokens were revoked before they expired.

    For services that verify access tokens with the published keys. The list contains what was revoked within the
    longest lifetime of an access token. Not available with HS256.
    """
    served = feed.current(since)
    headers = {
        "ETag": served.etag,
        "Cache-Control": f"public, max-age={settings.revocation_feed_seconds}",
        "Age": str(int(served.age)),
    }
    if conditional.matches(if_none_match, served.etag):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]
    return Response(served.body, media_type="application/json", headers=headers)  # type: ignore[return-value]
