"""Find accounts: one, some, or a page of all. Nothing is changed here."""

import contextlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select

import database
import errors
import schemas
from accounts import tallies
from authorization import roles
from models import User, UserRole
from schemas_admin import Lookup, UserFilters, UserPage
from sessions import sessions

BATCH = 500
_PEOPLE = select(*sessions.USER_COLUMNS)


def by_user_id(user_id: str) -> schemas.ManagedUser:
    """An account by its public id. Raises NotFound."""
    found = database.read(_PEOPLE.where(User.user_id == user_id))
    if found is None:
        raise errors.NotFound()
    return schemas.ManagedUser.model_validate(found)


def visible_to(who: schemas.User, known_as: str) -> schemas.User:
    """An account by its `user_id` or, where nobody has that, its `id`: one's own, or any for whoever may read them.

    Raises Forbidden, NotFound.
    """
    if known_as == who.user_id:
        return who
    found = _known_as(known_as)
    if (found is None or found.id != who.id) and "users:read" not in roles.current_rights(who.roles).permissions:
        raise errors.Forbidden()
    if found is None:
        raise errors.NotFound()
    return schemas.User.model_validate(found)


def _known_as(known_as: str) -> Row[Any] | None:
    by_id = User.id == int(known_as) if re.fullmatch(r"[0-9]{1,18}", known_as) else false()
    exact = User.user_id == known_as  # an imported one may be a number too
    return database.read(_PEOPLE.where(or_(exact, by_id)).order_by(exact.desc()).limit(1))


def stream_all() -> Iterator[bytes]:
    """All accounts, oldest first, as the pieces of one JSON list. No connection is held between them.

    The first ones are read at once: an error may still become the answer.
    """
    return _as_list(_batch(after=0))


def _as_list(rows: Sequence[Row[Any]]) -> Iterator[bytes]:
    glue = b"["
    while rows:
        for row in rows:
            yield glue + schemas.User.model_validate(row).model_dump_json().encode()
            glue = b","
        rows = _batch(after=rows[-1].id)
    yield b"]" if glue == b"," else b"[]"


def _batch(after: int) -> Sequence[Row[Any]]:
    return database.read_all(_PEOPLE.where(User.id > after).order_by(User.id).limit(BATCH))


def lookup(body: Lookup) -> list[schemas.ManagedUser]:
    """The accounts with these ids or addresses, each once; whoever is unknown is left out."""
    addresses = {schemas.canonical_email(address) for address in body.emails or []}
    named = or_(User.user_id.in_(body.user_ids or []), User.canonical_email.in_(addresses))
    return [
        schemas.ManagedUser.model_validate(row) for row in database.read_all(_PEOPLE.where(named).order_by(User.id))
    ]


def search(filters: UserFilters) -> UserPage:
    """A page of the accounts that the filters let through, newest first: by position, so no insert moves a page."""
    chosen = list(_conditions(filters))
    # By a role the people are found in its index, in order: a semi-join would collect and sort everybody who has it.
    place = UserRole.account_id if filters.role else User.id
    people = _of_role(_PEOPLE, filters).where(*chosen)
    if filters.cursor:
        people = people.where(place < int(filters.cursor))
    found = database.read_all(people.order_by(place.desc()).limit(filters.limit + 1))
    rows, next_cursor = filters.split(found)
    return UserPage(
        items=[schemas.ManagedUser.model_validate(row) for row in rows],
        next_cursor=next_cursor,
        total=_total(filters, chosen),
    )


def _of_role(people: Any, filters: UserFilters) -> Any:
    if not filters.role:
        return people
    return people.join(UserRole, UserRole.account_id == User.id).where(UserRole.role == filters.role)


def _total(filters: UserFilters, chosen: list[ColumnElement[bool]]) -> int:
    """How many there are.

    Counted only where that is not known already, and only in the index of the role where that is enough.
    """
    if filters.role and not chosen:
        return _count(select(func.count()).select_from(UserRole).where(UserRole.role == filters.role))
    if filters.role or filters.query:
        return _count(_of_role(select(func.count(User.id)), filters).where(*chosen))
    everybody = tallies.totals()
    inactive = everybody.users - everybody.active
    return int({None: everybody.users, True: everybody.active, False: inactive}[filters.is_active])


def _count(statement: Select[Any]) -> int:
    return int(database.read_all(statement)[0][0])


def _conditions(filters: UserFilters) -> Iterator[ColumnElement[bool]]:
    if filters.is_active is not None:
        yield User.is_active.is_(filters.is_active)
    if filters.query:
        yield _begins_with(filters.query)


def _begins_with(query: str) -> ColumnElement[bool]:
    """Each of these is answered by an index, which a search in the middle of a text could not use."""
    lowered = unicodedata.normalize("NFKC", query).lower()
    found = [
        User.canonical_email.startswith(lowered, autoescape=True),
        User.folded_username.startswith(schemas.folded(query), autoescape=True),
        func.lower(User.user_id).startswith(lowered, autoescape=True),
    ]
    with contextlib.suppress(ValueError):  # where it is a whole address, which may be kept in another spelling
        found.append(User.canonical_email == schemas.canonical_email(query))
    return or_(*found)
