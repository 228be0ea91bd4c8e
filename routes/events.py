"""Define the event feed for other services, and the snapshot of all users from which it continues."""

import functools
from typing import Annotated

from fastapi import Depends, Query, Request

import errors
import routes
from events import access, feed
from events.schemas import FeedFilters, FeedPage, Snapshot, SnapshotFilters
from operations import services
from web.openapi import documented

router = routes.router(
    prefix="/internal", tags=["internal"], responses=documented(errors.NotAuthenticated, errors.ValidationFailed)
)


@router.get(
    "/events",
    dependencies=[Depends(access.require_reader)],
    openapi_extra={"security": [{"ServiceBearer": []}, {"ServiceToken": []}]},
    responses=documented(errors.Forbidden, errors.CursorExpired),
)
async def read_events(request: Request, filters: Annotated[FeedFilters, Query()]) -> FeedPage:
    """Read the events after a cursor, oldest first.

    Requires a service token, or an API key with `audit:read`. The events and their ids are those of the webhooks. A
    cursor never skips an event.
    """
    return await feed.read(filters, functools.partial(access.require_reader_again, request))


@router.get("/users", dependencies=[services.service_token_required])
def list_users(filters: Annotated[SnapshotFilters, Query()]) -> Snapshot:
    """List all users, oldest first, with a cursor to continue in the event feed."""
    return feed.snapshot(filters)
