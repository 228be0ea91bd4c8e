"""Find accounts: one, some, or a page of all. Nothing is changed here."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select

import database
import errors
import schemas
import sessions
import stats
from admin_schemas import Lookup, UserFilters, UserPage
from models import User, UserRole

_PEOPLE = select(*sessions.PERSON)


def user_with(user_id: str) -> schemas.User:
    """An account by its public id. Raises NotFound."""
    found = database.read(_PEOPLE.where(User.user_id == user_id))
    if found is None:
        raise errors.NotFound()
    return schemas.User.model_validate(found)


def lookup(body: Lookup) -> list[schemas.User]:
    """The accounts with these ids or addresses, each once; whoever is unknown is left out."""
    addresses = {schemas.canonical_email(address) for address in body.emails or []}
    named = or_(User.user_id.in_(body.user_ids or []), User.canonical_email.in_(addresses))
    return [schemas.User.model_validate(row) for row in database.read_all(_PEOPLE.where(named).order_by(User.id))]


def search(filters: UserFilters) -> UserPage:
    """A page of the accounts that the filters let through, newest first: by position, so no insert moves a page."""
    chosen = list(_conditions(filters))
    here = [User.id < int(filters.cursor)] if filters.cursor else []
    page = _PEOPLE.where(*chosen, *here).order_by(User.id.desc()).limit(filters.limit + 1)
    rows, next_cursor = filters.split(database.read_all(page))
    return UserPage(
        items=[schemas.User.model_validate(row) for row in rows],
        next_cursor=next_cursor,
        total=_total(filters, chosen),
    )


def _total(filters: UserFilters, chosen: list[ColumnElement[bool]]) -> int:
    """How many there are: counted only where that is not known already."""
    if filters.role or filters.query:
        return int(database.read_all(select(func.count()).select_from(User).where(*chosen))[0][0])
    all_of_them = stats.accounts()
    not_active = all_of_them.users - all_of_them.active
    return int({None: all_of_them.users, True: all_of_them.active, False: not_active}[filters.is_active])


def _conditions(filters: UserFilters) -> Iterator[ColumnElement[bool]]:
    if filters.is_active is not None:
        yield User.is_active.is_(filters.is_active)
    if filters.role:
        yield User.id.in_(select(UserRole.account_id).where(UserRole.role == filters.role))
    if filters.query:
        yield _begins_with(filters.query)


def _begins_with(query: str) -> ColumnElement[bool]:
    """Each of these is answered by an index, which a search in the middle of a text could not use."""
    lowered = query.lower()
    return or_(
        User.canonical_email.startswith(lowered, autoescape=True),
        func.lower(User.username).startswith(lowered, autoescape=True),
        func.lower(User.user_id).startswith(lowered, autoescape=True),
    )
