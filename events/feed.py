"""Read the event feed by its cursor, and the accounts with the cursor from which the feed continues."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import select

import database
import errors
import schemas
from accounts import user_queries
from core import thread_pools
from events import sequencer, types, waiting
from events.models import Event, EventSequence
from events.schemas import AccountEvent, FeedFilters, FeedPage, Snapshot, SnapshotFilters

MOST_SCANNED = 20_000  # positions that a call looks at, if it wants few of the types
COLUMNS = (Event.position, Event.event_id, Event.type, Event.user_id, Event.created_at, Event.data)


async def read(filters: FeedFilters, require_access: Callable[[], Awaitable[None]]) -> FeedPage:
    """Return a page of events, oldest first. With `wait`, wait until there is one.

    require_access: is called with a page that was read after a wait, so that a revoked key sees nothing from after its
        end.

    Raises CursorExpired, and what `require_access` raises.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + filters.wait
    page = await thread_pools.run_in_request_pool(_page, filters)
    while not page.items:
        left = end - loop.time()
        if left <= 0 or (not page.has_more and not await waiting.poller(last).newer_than(page.next_cursor, left)):
            break
        filters = filters.model_copy(update={"after": page.next_cursor})
        page = await _shared_page(loop, filters)
        if page.items:
            await require_access()
    return page


_reading: dict[tuple[Any, ...], asyncio.Task[FeedPage]] = {}


async def _shared_page(loop: asyncio.AbstractEventLoop, filters: FeedFilters) -> FeedPage:
    """Return a page that all requests which wait for the same one share: an event wakes all of them."""
    key = (loop, filters.after, filters.limit, *filters.types)
    if key not in _reading:
        _reading[key] = loop.create_task(thread_pools.run_in_request_pool(_page, filters))
        _reading[key].add_done_callback(lambda _: _reading.pop(key))
    return await asyncio.shield(_reading[key])  # a canceled request does not cancel those of others


def _page(filters: FeedFilters) -> FeedPage:
    after = filters.after
    sequencer.run()  # so that a caller finds what was committed before its request
    state = _state()
    if after < state.expired_to or after > state.last:  # beyond the end: the database was restored from a backup
        raise errors.CursorExpired()
    end = min(state.last, after + MOST_SCANNED)
    found: Sequence[Any] = ()
    if after < end:
        chosen = select(*COLUMNS).where(Event.position > after, Event.position <= end)
        if filters.types:
            chosen = chosen.where(Event.type.in_(types.matching(filters.types)))
        found = database.read_all(chosen.order_by(Event.position).limit(filters.limit + 1))
        _require_kept(after)
    is_full = len(found) > filters.limit
    items = found[: filters.limit]
    cursor = items[-1].position if is_full else end
    return FeedPage(items=[shown(row) for row in items], next_cursor=cursor, has_more=is_full or end < state.last)


def _require_kept(after: int) -> None:
    """Require that no event after a cursor was deleted while a page was read. Raises CursorExpired."""
    if after < _state().expired_to:
        raise errors.CursorExpired()


def _state() -> Any:
    state = database.read(select(EventSequence.last, EventSequence.expired_to).where(EventSequence.id == sequencer.ROW))
    assert state, "created at startup"
    return state


def last() -> int:
    """Return the position of the newest event."""
    return int(_state().last)


def shown(row: Any) -> AccountEvent:
    """Return an event as the feed and the webhooks show it. Of a deleted account, only the `user_id` is left."""
    data = row.data or {"user": {"user_id": row.user_id}}
    return AccountEvent(id=row.event_id, type=row.type, created_at=row.created_at, data=data)


def snapshot(filters: SnapshotFilters) -> Snapshot:
    """Return a page of all accounts, oldest first, and the cursor from which the feed continues.

    The cursor is read before the accounts: every change that they do not show yet comes after it.
    """
    cursor = last()
    rows = user_queries.after_id(filters.after, filters.limit + 1)
    items = [schemas.ManagedUser.model_validate(row) for row in rows[: filters.limit]]
    more = len(rows) > filters.limit
    return Snapshot(items=items, next_cursor=items[-1].id if more else None, events_cursor=cursor)
