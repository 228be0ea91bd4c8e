"""Query users: a single user, several users, or a page of all users. Read only."""

import contextlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, true

import database
import errors
import schemas
from accounts import tallies
from models import User, UserRole
from schemas_admin import Lookup, UserFilters, UserPage
from sessions import current_user, sessions
from sessions.current_user import Current

BATCH = 500
_USERS = select(*sessions.USER_COLUMNS)


def by_user_id(user_id: str) -> schemas.ManagedUser:
    """Return a user by `user_id`. Raises NotFound."""
    found = database.read(_USERS.where(User.user_id == user_id))
    if found is None:
        raise errors.NotFound()
    return schemas.ManagedUser.model_validate(found)


def visible_to(who: Current, identifier: str) -> schemas.User:
    """Return a user by `user_id` or `id`: the current user, or any user if they may read users.

    A `user_id` takes precedence. Raises Forbidden, NotFound, ReauthenticationRequired.
    """
    if identifier == who.user.user_id:
        return who.user
    found = _by_identifier(identifier)
    if found is None or found.id != who.user.id:
        current_user.require_permission(who, "users:read")
    if found is None:
        raise errors.NotFound()
    return schemas.User.model_validate(found)


def _by_identifier(identifier: str) -> Row[Any] | None:
    by_id = User.id == int(identifier) if re.fullmatch(r"[0-9]{1,18}", identifier) else false()
    exact = User.user_id == identifier  # an imported user_id may be a number too
    return database.read(_USERS.where(or_(exact, by_id)).order_by(exact.desc()).limit(1))


def stream_all() -> Iterator[bytes]:
    """Return all users, oldest first, as the chunks of a JSON list. No connection is held between chunks.

    The first batch is read before the response begins, so that an error can still become the response.
    """
    return _as_list(_batch(after=0))


def _as_list(rows: Sequence[Row[Any]]) -> Iterator[bytes]:
    separator = b"["
    while rows:
        for row in rows:
            yield separator + schemas.User.model_validate(row).model_dump_json().encode()
            separator = b","
        rows = _batch(after=rows[-1].id)
    yield b"]" if separator == b"," else b"[]"


def _batch(after: int) -> Sequence[Row[Any]]:
    return after_id(after, BATCH)


def after_id(after: int, limit: int) -> Sequence[Row[Any]]:
    """Return the users after an `id`, oldest first."""
    return database.read_all(_USERS.where(User.id > after).order_by(User.id).limit(limit))


def lookup(body: Lookup) -> list[schemas.ManagedUser]:
    """Return the users with these ids or email addresses, without duplicates. Unknown values are ignored."""
    addresses = {schemas.canonical_email(address) for address in body.emails or []}
    named = or_(User.user_id.in_(body.user_ids or []), User.canonical_email.in_(addresses))
    return [schemas.ManagedUser.model_validate(row) for row in database.read_all(_USERS.where(named).order_by(User.id))]


def search(filters: UserFilters) -> UserPage:
    """Return a page of matching users, newest first. Pages are stable while users are inserted."""
    chosen = list(_conditions(filters))
    # With a role, its index returns the users in order: a semi-join would collect and sort all users who have it.
    position = UserRole.account_id if filters.role else User.id
    users = _of_role(_USERS, filters).where(*chosen)
    if filters.cursor:
        users = users.where(position < int(filters.cursor))
    found = database.read_all(users.order_by(position.desc()).limit(filters.limit + 1))
    rows, next_cursor = filters.split(found)
    return UserPage(
        items=[schemas.ManagedUser.model_validate(row) for row in rows],
        next_cursor=next_cursor,
        total=_total(filters, chosen),
    )


def _of_role(users: Any, filters: UserFilters) -> Any:
    if not filters.role:
        return users
    return users.join(UserRole, UserRole.account_id == User.id).where(UserRole.role == filters.role)


def _total(filters: UserFilters, chosen: list[ColumnElement[bool]]) -> int:
    """Return the number of matching users.

    Use the maintained total if possible, or else count in the index of the role if that is sufficient.
    """
    if filters.role and not chosen:
        return _count(select(func.count()).select_from(UserRole).where(UserRole.role == filters.role))
    if filters.role or filters.query:
        return _count(_of_role(select(func.count(User.id)), filters).where(*chosen))
    totals = tallies.totals()
    inactive = totals.users - totals.active
    return int({None: totals.users, True: totals.active, False: inactive}[filters.is_active])


def _count(statement: Select[Any]) -> int:
    return int(database.read_all(statement)[0][0])


def _conditions(filters: UserFilters) -> Iterator[ColumnElement[bool]]:
    if filters.is_active is not None:
        yield User.is_active == (true() if filters.is_active else false())  # `IS false` would not use the partial index
    if filters.query:
        yield _begins_with(filters.query)


def _begins_with(query: str) -> ColumnElement[bool]:
    """Match a prefix. An index serves each of these conditions, which is not possible for a substring search."""
    lowered = unicodedata.normalize("NFKC", query).lower()
    found = [
        User.canonical_email.startswith(lowered, autoescape=True),
        User.folded_username.startswith(schemas.fold(query), autoescape=True),
        func.lower(User.user_id).startswith(lowered, autoescape=True),
    ]
    with contextlib.suppress(ValueError):  # a whole email address, which may be stored in another spelling
        found.append(User.canonical_email == schemas.canonical_email(query))
    return or_(*found)
