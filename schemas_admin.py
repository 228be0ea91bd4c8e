"""What administrators and other services send and get. What everybody does stands in schemas.py."""

from collections.abc import Sequence
from datetime import UTC, datetime
from datetime import date as day
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from core import capability
from schemas import (
    Address,
    Id,
    Input,
    Ip,
    Later,
    ManagedUser,
    Moment,
    NewAddress,
    Number,
    Presence,
    PublicId,
    Schema,
    ShownAddress,
    ShownName,
    UserAgent,
    Username,
    Yes,
)

T = TypeVar("T")
R = TypeVar("R", bound=Any)
MOST_LOOKED_UP = 500


def _each_once(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _plain_text(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must hold printable characters only")
    return value.strip()


# With no comma and no space, so that names can stand in a list and in an address.
RoleName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", examples=["support"])]
RoleNames = Annotated[list[RoleName], Field(max_length=50), AfterValidator(_each_once)]


def _known_permission(value: str) -> str:
    if value not in capability.permissions():
        raise ValueError(f"must be one of {', '.join(capability.permissions())}")
    return value


def _list_permissions(schema: dict[str, Any]) -> None:
    schema["enum"] = list(capability.permissions())


Permission = Annotated[str, AfterValidator(_known_permission), Field(json_schema_extra=_list_permissions)]
Permissions = Annotated[list[Permission], Field(max_length=50), AfterValidator(_each_once)]
Description = Annotated[str, Field(max_length=256), AfterValidator(_plain_text)]
Time = Annotated[datetime, AfterValidator(_in_utc)]
NextCursor = Annotated[
    str | None, Field(examples=["4711"], description="Show it as `cursor` to get the next page; null on the last one.")
]


class Page(Schema):
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="How many stand on a page.")
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")] | None = Field(
        None, description="`next_cursor` of the page before."
    )

    def split(self, rows: Sequence[R]) -> tuple[Sequence[R], str | None]:
        """The rows of this page, where one more than fits on it was asked for, and the cursor of the next page."""
        return rows[: self.limit], str(rows[self.limit - 1].id) if len(rows) > self.limit else None


# ---------------------------------------------------------------------------------------------------------------- users


class UserFilters(Page):
    query: Annotated[str, Field(max_length=320), AfterValidator(_plain_text)] | None = Field(
        None, description="The beginning of an address, of a name or of a `user_id`, in any case."
    )
    role: RoleName | None = Field(None, description="Only who has this role, by itself and not inherited.")
    is_active: bool | None = Field(None, description="Only active accounts, or only disabled ones.")


class NewUser(Input):
    email: NewAddress
    username: Username | None = None


class UserChange(Presence):
    """What is left out stays as it is. `password` is the administrator's own, unless their login is recent."""

    username: Username | None = None
    email: NewAddress | None = None
    is_active: Yes | None = None
    is_verified: Yes | None = None


class RolesOfUser(Presence):
    """`password` is the administrator's own, unless their login is recent."""

    roles: RoleNames = Field(examples=[["user", "support"]])


class Lookup(Input):
    """Whom to look up: by `user_ids`, by `emails`, or by both; 500 at most, all together."""

    user_ids: Annotated[list[PublicId], Field(max_length=MOST_LOOKED_UP)] | None = None
    emails: Annotated[list[Address], Field(max_length=MOST_LOOKED_UP)] | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.user_ids is None and self.emails is None:
            raise ValueError("must hold `user_ids` or `emails`")
        if len(self.user_ids or []) + len(self.emails or []) > MOST_LOOKED_UP:
            raise ValueError(f"must hold at most {MOST_LOOKED_UP} ids and addresses together")
        return self


class Users(Schema):
    items: list[ManagedUser]


class UserPage(Users):
    next_cursor: NextCursor
    total: int = Field(description="Accounts that the filters let through, on all pages together.", examples=[128])


# ---------------------------------------------------------------------------------------------------------------- roles


class Role(Input):
    model_config = ConfigDict(from_attributes=True)

    name: RoleName
    description: Description = Field("", examples=["May look accounts up"])
    permissions: Permissions = Field([], examples=[["users:read"]])
    inherits: RoleNames = Field([], description="Roles whose permissions it has too.", examples=[["user"]])


class RoleChange(Presence):
    """What is left out stays as it is. `password` is the administrator's own, unless their login is recent."""

    description: Description | None = Field(None, examples=["May look accounts up"])
    permissions: Permissions | None = Field(None, examples=[["users:read"]])
    inherits: RoleNames | None = Field(None, examples=[["user"]])


class Roles(Schema):
    items: list[Role]


# ---------------------------------------------------------------------------------------------------- trail and figures


class EventFilters(Page):
    user_id: PublicId | None = Field(None, description="Whom it concerns.")
    action: Annotated[str, Field(pattern=r"^[a-z_.]{1,64}$", examples=["user.login_failed"])] | None = Field(
        None, description="What happened."
    )
    since: Time | None = Field(None, description="From this time on; UTC where it names no offset.")


class Event(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: Number
    at: Moment
    action: str = Field(examples=["user.logged_in"])
    actor_id: Id | None = Field(description="Who did it, where that is known.")
    user_id: Id | None = Field(description="Whom it concerns.")
    ip: Ip | None
    user_agent: UserAgent | None
    detail: dict[str, Any] = Field(examples=[{}])


class EventPage(Schema):
    items: list[Event]
    next_cursor: NextCursor


class DayCount(Schema):
    date: day = Field(examples=["2026-03-14"])
    count: int = Field(examples=[7])


class Stats(Schema):
    users: int = Field(examples=[128])
    active: int = Field(examples=[125])
    verified: int = Field(examples=[117])
    sessions: int = Field(description="Sessions that have not ended.", examples=[96])
    signups: list[DayCount] = Field(description="Of the last 30 days, the oldest first, in UTC.")
    logins: list[DayCount]


# ----------------------------------------------------------------------------------------- all that is held on a person


class HeldAccount(Schema):
    user_id: Id
    email: ShownAddress
    canonical_email: str = Field(
        examples=["alice@example.com"], description="By this the address is known: in lower case, the domain in IDNA."
    )
    username: ShownName
    is_active: Yes
    is_verified: Yes
    email_proven_at: Moment | None
    marked_verified_at: Moment | None = Field(
        description="When somebody else than the owner declared the email address verified."
    )
    created_at: Moment
    updated_at: Moment


class HeldRole(Schema):
    role: str = Field(examples=["user"])


class HeldSession(Schema):
    id: Id
    ip: Ip
    user_agent: UserAgent
    created_at: Moment
    last_used_at: Moment
    expires_at: Later = Field(description="It ends then, unless it is refreshed before.")
    ends_at: Later = Field(description="It ends then at the latest.")


class HeldNetwork(Schema):
    network: str = Field(examples=["203.0.113.0/24"])
    last_used_at: Time | None = None


class HeldLink(Schema):
    purpose: str = Field(examples=["verify_email"])
    sent_to: ShownAddress
    created_at: Moment
    expires_at: Later


class HeldSignUp(Schema):
    expires_at: Later


class HeldMail(Schema):
    template: str = Field(examples=["verify_email"])
    recipient: ShownAddress
    context: dict[str, Any] = Field(description="What the mail told, but for links and codes.", examples=[{}])
    created_at: Moment
    sent_at: Moment | None
    gave_up_at: Moment | None
    attempts: int = Field(examples=[1])
