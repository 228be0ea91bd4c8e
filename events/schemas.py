"""Define the request and response schemas of the event feed."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from events import types
from languages import translation
from schemas import Flag, Id, ManagedUser, Schema, Timestamp

MAX_POSITION = 10**18
MAX_WAIT_SECONDS = 30
EXAMPLE = {
    "user": {"user_id": "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50", "email": "alice@example.com", "username": "Alice"},
    "actor_id": "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50",
    "detail": {},
}


def known_pattern(value: str) -> str:
    """Return a pattern that matches at least one type of event. Raises ValueError."""
    if value not in types.PATTERNS:
        raise ValueError(translation.mark("must be a type of event, a group such as user.*, or *"))
    return value


def _split(value: Any) -> Any:
    """Accept names that are separated by commas, in one or several parameters."""
    given = value if isinstance(value, list) else [value]
    return [name.strip() for each in given for name in str(each).split(",") if name.strip()]


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Pattern = Annotated[str, Field(max_length=64), AfterValidator(known_pattern)]
Cursor = Annotated[int, Field(examples=[4711])]
EventId = Annotated[str, Field(description="Identical in the feed and the webhooks.", examples=[
    "0198c7f2-b2c4-7a6e-8f10-8b2d3e4f5a61"
])]  # fmt: skip
EventType = Annotated[str, Field(examples=["user.renamed"])]


class AccountEvent(Schema):
    """An event about an account."""

    id: EventId
    type: EventType = Field(description="docs/events.md lists all types.")
    created_at: Timestamp
    data: dict[str, Any] = Field(
        description="`user` as `GET /internal/users/{user_id}` returned it after the change, `actor_id` and `detail` "
        "as in the audit log. Of a deleted account, `user` has only its `user_id`, and the other fields are missing.",
        examples=[EXAMPLE],
    )


class FeedFilters(Schema):
    after: Annotated[int, Field(ge=0, le=MAX_POSITION)] = Field(
        0, description="The `next_cursor` of the last page; 0 for the first event."
    )
    types: Annotated[list[Pattern], Field(max_length=100), BeforeValidator(_split), AfterValidator(_unique)] = Field(
        [], description="Only these types, separated by commas. `user.*` stands for all types that begin with `user.`."
    )
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(100, description="Maximum number of events.")
    wait: Annotated[int, Field(ge=0, le=MAX_WAIT_SECONDS)] = Field(
        0, description="Number of seconds to wait for an event if there is none."
    )


class FeedPage(Schema):
    items: list[AccountEvent]
    next_cursor: Cursor = Field(description="Send it as `after` to get the events after these.")
    has_more: Flag = Field(
        description="Whether there may be more events already. A page can be empty and still have more after it."
    )


class SnapshotFilters(Schema):
    after: Annotated[int, Field(ge=0, le=MAX_POSITION)] = Field(
        0, description="The `next_cursor` of the previous page."
    )
    limit: Annotated[int, Field(ge=1, le=500)] = Field(100, description="Number of users on a page.")


class Snapshot(Schema):
    items: list[ManagedUser]
    next_cursor: int | None = Field(
        description="Send it as `after` to get the next page. Null on the last page.", examples=[42]
    )
    events_cursor: Cursor = Field(
        description="Follow the event feed from the `events_cursor` of the first page: it has every change that the "
        "pages do not show."
    )


class HeldEvent(Schema):
    """An event in the data export."""

    model_config = ConfigDict(from_attributes=True)

    event_id: Id
    type: EventType
    created_at: Timestamp
    data: dict[str, Any] | None = Field(examples=[EXAMPLE])
