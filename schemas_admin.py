"""Define the schemas of administrators and other services. Those for all users are in schemas.py."""

from collections.abc import Sequence
from datetime import UTC, datetime
from datetime import date as day
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from core import capability
from languages import translation
from schemas import (
    Email,
    EmailOut,
    Flag,
    FutureTimestamp,
    Id,
    Input,
    Ip,
    LocaleOut,
    ManagedUser,
    NewEmail,
    Number,
    PictureUrlOut,
    Presence,
    PublicId,
    Schema,
    Timestamp,
    TimeZoneOut,
    UserAgent,
    Username,
    UsernameOut,
)

T = TypeVar("T")
R = TypeVar("R", bound=Any)
LOOKUP_LIMIT = 500


def _unique(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _plain_text(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must contain only printable characters")
    return value.strip()


def _given(value: str) -> str:
    if not value.strip():
        raise ValueError("is missing")
    return value


# No comma and no space, so that names can be used in lists and URLs.
RoleName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", examples=["support"])]
RoleNames = Annotated[list[RoleName], Field(max_length=50), AfterValidator(_unique)]


def _known_permission(value: str) -> str:
    if value not in capability.permissions():
        raise ValueError(translation.mark("must be one of %(names)s", names=", ".join(capability.permissions())))
    return value


def _list_permissions(schema: dict[str, Any]) -> None:
    schema["enum"] = list(capability.permissions())


Permission = Annotated[str, AfterValidator(_known_permission), Field(json_schema_extra=_list_permissions)]
Permissions = Annotated[list[Permission], Field(max_length=50), AfterValidator(_unique)]
Description = Annotated[str, Field(max_length=256), AfterValidator(_plain_text)]
Time = Annotated[datetime, AfterValidator(_in_utc)]
NextCursor = Annotated[
    str | None, Field(examples=["4711"], description="Send it as `cursor` to get the next page. Null on the last page.")
]


CURSOR = "The `next_cursor` of the previous page."


class Page(Schema):
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="Number of items on a page.")
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")] | None = Field(None, description=CURSOR)

    def split(self, rows: Sequence[R]) -> tuple[Sequence[R], str | None]:
        """Return the rows of the page, without the extra row, and the cursor of the next page, if any."""
        return rows[: self.limit], str(rows[self.limit - 1].id) if len(rows) > self.limit else None


class UuidPage(Page):
    cursor: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = Field(None, description=CURSOR)


# ---------------------------------------------------------------------------------------------------------------- users


class UserFilters(Page):
    query: Annotated[str, Field(max_length=320), AfterValidator(_plain_text)] | None = Field(
        None, description="Prefix of an email address, display name or `user_id`. Case is ignored."
    )
    role: RoleName | None = Field(None, description="Only accounts to which this role is assigned directly.")
    is_active: bool | None = Field(None, description="Only active accounts, or only disabled accounts.")


class NewUser(Input):
    email: NewEmail
    username: Username | None = None


class UserChange(Presence):
    """The fields to change.

    Omitted fields keep their values. `password` is the administrator's password, which is optional if their login is
    recent.
    """

    username: Username | None = None
    email: NewEmail | None = None
    is_active: Flag | None = None
    is_verified: Flag | None = None


class RolesOfUser(Presence):
    """The roles of a user. `password` is the administrator's password, which is optional if their login is recent."""

    roles: RoleNames = Field(examples=[["user", "support"]])


class Impersonate(Presence):
    """Why you impersonate the user. `password` is yours, and is optional if your login is recent."""

    reason: Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_given), AfterValidator(_plain_text)] = (
        Field(description="Recorded in the audit log.", examples=["Ticket 4711: cannot see the invoice"])
    )


class Lookup(Input):
    """The users to look up: by `user_ids`, by `emails`, or by both, 500 at most in total."""

    user_ids: Annotated[list[PublicId], Field(max_length=LOOKUP_LIMIT)] | None = None
    emails: Annotated[list[Email], Field(max_length=LOOKUP_LIMIT)] | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.user_ids is None and self.emails is None:
            raise ValueError("must contain `user_ids` or `emails`")
        if len(self.user_ids or []) + len(self.emails or []) > LOOKUP_LIMIT:
            raise ValueError(
                translation.mark(
                    "must contain at most %(number)d ids and email addresses in total", number=LOOKUP_LIMIT
                )
            )
        return self


class Users(Schema):
    items: list[ManagedUser]


class UserPage(Users):
    next_cursor: NextCursor
    total: int = Field(description="Number of matching accounts on all pages.", examples=[128])


# ---------------------------------------------------------------------------------------------------------------- roles


class Role(Input):
    model_config = ConfigDict(from_attributes=True)

    name: RoleName
    description: Description = Field("", examples=["Can look up accounts"])
    permissions: Permissions = Field([], examples=[["users:read"]])
    inherits: RoleNames = Field([], description="Roles whose permissions it also has.", examples=[["user"]])


class RoleChange(Presence):
    """The fields to change.

    Omitted fields keep their values. `password` is the administrator's password, which is optional if their login is
    recent.
    """

    description: Description | None = Field(None, examples=["Can look up accounts"])
    permissions: Permissions | None = Field(None, examples=[["users:read"]])
    inherits: RoleNames | None = Field(None, examples=[["user"]])


class Roles(Schema):
    items: list[Role]


# --------------------------------------------------------------------------------------------- audit log and statistics


class EventFilters(Page):
    user_id: PublicId | None = Field(None, description="The affected user.")
    action: Annotated[str, Field(pattern=r"^[a-z_.]{1,64}$", examples=["user.login_failed"])] | None = Field(
        None, description="The kind of event."
    )
    since: Time | None = Field(None, description="Earliest time, in UTC unless it has an offset.")


class Event(Schema):
    model_config = ConfigDict(from_attributes=True)

    id: Number
    at: Timestamp
    action: str = Field(examples=["user.logged_in"])
    actor_id: Id | None = Field(description="The user who did it, if known.")
    user_id: Id | None = Field(description="The affected user.")
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
    signups: list[DayCount] = Field(description="The last 30 days, oldest first, in UTC.")
    logins: list[DayCount]


class SignUpSteps(Schema):
    started: int = Field(description="Attempts to sign up.", examples=[140])
    completed: int = Field(description="Accounts that were created.", examples=[128])
    verified: int = Field(description="Email addresses that their owners verified.", examples=[117])


class LoginSteps(Schema):
    started: int = Field(description="Attempts to log in, with any method.", examples=[1250])
    succeeded: int = Field(examples=[1180])
    failed: dict[str, int] = Field(
        description="The number of failures by error code.", examples=[{"invalid_credentials": 60}]
    )


class ResetSteps(Schema):
    requested: int = Field(description="Password resets that were requested.", examples=[31])
    completed: int = Field(examples=[24])


class EnrolledFactors(Schema):
    enrolled: int = Field(description="Second factors and passkeys that were added.", examples=[12])


class Funnel(Schema):
    """How often each step of a sign-up, login or password reset was reached."""

    days: int = Field(description="The number of days, with today, in UTC.", examples=[30])
    sign_up: SignUpSteps
    login: LoginSteps
    reset: ResetSteps
    factors: EnrolledFactors


# ---------------------------------------------------------------------------------------------------------- data export


class HeldAccount(Schema):
    user_id: Id
    email: EmailOut
    canonical_email: str = Field(
        examples=["alice@example.com"],
        description="The email address in canonical form: lower case, with the domain in IDNA.",
    )
    username: UsernameOut
    locale: LocaleOut
    time_zone: TimeZoneOut
    picture_url: PictureUrlOut
    terms_accepted_at: Timestamp | None
    is_active: Flag
    is_verified: Flag
    email_proven_at: Timestamp | None
    first_verified_at: Timestamp | None = Field(
        description="When the owner first verified the current or an earlier email address of the account."
    )
    marked_verified_at: Timestamp | None = Field(
        description="When the email address was marked as verified by someone other than its owner."
    )
    password_breached: bool = Field(
        description="Whether the password was found in a list of breached passwords.", examples=[False]
    )
    created_at: Timestamp
    updated_at: Timestamp


class HeldRole(Schema):
    role: str = Field(examples=["user"])


class HeldSession(Schema):
    id: Id
    ip: Ip
    user_agent: UserAgent
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: FutureTimestamp = Field(description="When the session ends, unless it is refreshed.")
    ends_at: FutureTimestamp = Field(description="When the session ends, even if it is refreshed.")


class HeldNetwork(Schema):
    network: str = Field(examples=["203.0.113.0/24"])
    last_used_at: Time | None = None


class HeldLink(Schema):
    purpose: str = Field(examples=["verify_email"])
    sent_to: EmailOut
    created_at: Timestamp
    expires_at: FutureTimestamp


class HeldSignUp(Schema):
    expires_at: FutureTimestamp


class HeldMail(Schema):
    template: str = Field(examples=["verify_email"])
    recipient: EmailOut
    context: dict[str, Any] = Field(description="The values in the email, without links and codes.", examples=[{}])
    locale: LocaleOut
    time_zone: TimeZoneOut
    created_at: Timestamp
    sent_at: Timestamp | None
    gave_up_at: Timestamp | None
    attempts: int = Field(examples=[1])
