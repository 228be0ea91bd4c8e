"""Roles: what each one permits, by itself and by those that it inherits, and the ladder between them.

`user`, `admin` and `superuser` are built in and have no row; the others are made through the API. Names alone are kept
with an account, so a change of a role holds with the next request of everybody who has it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import capability
from core.client_address import CallerInfo
from models import User, UserRole
from schemas_admin import Role, RoleChange
from settings.loading import settings

PERMISSIONS = capability.permissions()
LONGEST_IN_A_TOKEN = 800  # a browser keeps no cookie above 4,096 bytes, and a token has other claims and a signature
TOO_LONG = f"are too many for an access token: together their names may have {LONGEST_IN_A_TOKEN} characters"
NOT_FOR_ADMINISTRATORS = {"roles:write", "users:impersonate"}
Catalogue = Mapping[str, Role]
BUILT_IN: Catalogue = {
    role.name: role
    for role in (
        Role(name="user", description="Whoever has an account.", permissions=[], inherits=[]),
        Role(
            name="admin",
            description="Looks after accounts.",
            permissions=[name for name in PERMISSIONS if name not in NOT_FOR_ADMINISTRATORS],
            inherits=[],
        ),
        Role(name="superuser", description="May do everything.", permissions=list(PERMISSIONS), inherits=[]),
    )
}
_MADE = select(models.Role.name, models.Role.description, models.Role.permissions, models.Role.inherits)


class Rights(NamedTuple):
    """What an account may do."""

    permissions: frozenset[str]
    superuser: bool

    def cover(self, others: "Rights") -> bool:
        """Whether these reach as far as the others: the ladder. Only a superuser reaches a superuser."""
        return others.permissions <= self.permissions and (self.superuser or not others.superuser)


def catalogue(db: Session | None = None) -> Catalogue:
    """Every role there is, built-in ones first: by the transaction at hand, or by one statement outside any."""
    rows = db.execute(_MADE.order_by(models.Role.name)).all() if db else database.read_all(_MADE)
    return {**BUILT_IN, **{row.name: _role(row) for row in rows}}


def _role(row: Any) -> Role:
    # A permission of a capability that is no longer installed grants nothing, and must not keep its holders out.
    known = [name for name in row.permissions if name in PERMISSIONS]
    return Role(name=row.name, description=row.description, permissions=known, inherits=row.inherits)


def with_inherited(names: Iterable[str], known: Catalogue) -> set[str]:
    """These roles, and all that they inherit over any number of steps."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in known and name not in found:
            found.add(name)
            left += known[name].inherits
    return found


def rights(names: Iterable[str], known: Catalogue) -> Rights:
    """What roles of these names permit together."""
    all_of_them = with_inherited(names, known)
    permissions = frozenset(permission for name in all_of_them for permission in known[name].permissions)
    return Rights(permissions, "superuser" in all_of_them)


def current_rights(names: Iterable[str]) -> Rights:
    """The same by the roles as they are at this moment, read outside any transaction, and only where one is not built
    in.
    """
    names = list(names)
    return rights(names, BUILT_IN if BUILT_IN.keys() >= set(names) else catalogue())


def of_actor(db: Session, user_id: str, permission: str, known: Catalogue) -> Rights:
    """What whoever acts may do now, by the transaction at hand.

    Raises Forbidden where they have lost this permission meanwhile.
    """
    found = db.execute(select(User.roles.label("names")).where(User.user_id == user_id, User.is_active)).first()
    now = rights(found.names if found else [], known)
    if permission not in now.permissions:
        raise errors.Forbidden()
    return now


@contextmanager
def serialized(db: Session) -> Iterator[Catalogue]:
    """Whatever gives or takes rights happens in here, one after the other, before any account is held.

    Hands over every role.

    Raises LastSuperuser, and undoes everything, where no active superuser would be left: two who disable, demote or
    delete each other at the same moment cannot both succeed.
    """
    database.serialize(db, "rights")
    known = catalogue(db)
    had_one = _a_superuser_is_active(db, known)
    yield known
    db.flush()
    if had_one and not _a_superuser_is_active(db, catalogue(db)):
        raise errors.LastSuperuser()


def _a_superuser_is_active(db: Session, known: Catalogue) -> bool:
    """Return whether there is an active superuser who may log in: see `auth.must_verify`."""
    superusers = select(User.id).where(held_by_any(superuser_roles(known)), User.is_active)
    if settings.email_verification == "required":
        superusers = superusers.where(User.email_proven_at.is_not(None) | User.marked_verified_at.is_not(None))
    return db.scalar(superusers.limit(1)) is not None


def superuser_roles(known: Catalogue) -> set[str]:
    """The roles that make a superuser: the built-in one, and those that inherit it."""
    return {name for name in known if rights([name], known).superuser}


def held_by_any(names: Iterable[str]) -> ColumnElement[bool]:
    """Whether an account has at least one of these roles."""
    return User.id.in_(select(UserRole.account_id).where(UserRole.role.in_(names)))


def require_known(names: Iterable[str], known: Catalogue, field: str) -> None:
    """Raises ValidationFailed where there is no role of one of these names."""
    if not known.keys() >= set(names):
        raise errors.ValidationFailed(errors=[{"field": field, "message": "names a role that does not exist"}])


def require_fit(names: Iterable[str], field: str) -> None:
    """Raises ValidationFailed where an access token with these roles would be too long to be read, or for a cookie."""
    if not fit(names):
        raise errors.ValidationFailed(errors=[{"field": field, "message": TOO_LONG}])


def fit(names: Iterable[str]) -> bool:
    """Return whether an access token has room for these roles."""
    return len(json.dumps(list(names), separators=(",", ":"))) <= LONGEST_IN_A_TOKEN


# ----------------------------------------------------------------------------------------------------- made, changed


def one(name: str) -> Role:
    """Raises NotFound."""
    return _known(name, catalogue())


def _known(name: str, known: Catalogue) -> Role:
    if name not in known:
        raise errors.NotFound()
    return known[name]


def create(db: Session, caller: CallerInfo, actor_id: str, role: Role) -> Role:
    """Make a role.

    Raises Forbidden for what the maker may not do, RoleTaken, and ValidationFailed for an unknown or circular
    inheritance.
    """
    with serialized(db) as known:
        if role.name in known:
            raise errors.RoleTaken()
        _demand_sound(role, known)
        _demand_reach(db, actor_id, role, known)
        db.add(models.Role(**role.model_dump()))
        audit.record(db, caller, "role.made", None, actor_id=actor_id, **_told(role))
    return role


def change(db: Session, caller: CallerInfo, actor_id: str, name: str, body: RoleChange) -> Role:
    """Change a role for everybody who has it. Raises what `make` does, and NotFound, and Forbidden for a built-in
    one.
    """
    with serialized(db) as known:
        before = _made_one(name, known)
        after = before.model_copy(update=body.model_dump(exclude_none=True, exclude={"password"}))
        _demand_sound(after, known)
        _demand_reach(db, actor_id, before, known)
        _demand_reach(db, actor_id, after, known)
        if after != before:
            row = db.get_one(models.Role, name, populate_existing=True)
            row.description, row.permissions, row.inherits = after.description, list(after.permissions), after.inherits
            audit.record(db, caller, "role.changed", None, actor_id=actor_id, **_told(after))
    return after


def delete(db: Session, caller: CallerInfo, actor_id: str, name: str) -> None:
    """Delete a role that nobody has and none inherits. Raises NotFound, Forbidden, RoleInUse."""
    with serialized(db) as known:
        role = _made_one(name, known)
        _demand_reach(db, actor_id, role, known)
        held = db.scalar(select(UserRole.account_id).where(UserRole.role == name).limit(1)) is not None
        if held or any(name in other.inherits for other in known.values()):
            raise errors.RoleInUse()
        db.delete(db.get_one(models.Role, name))
        audit.record(db, caller, "role.deleted", None, actor_id=actor_id, name=name)


def _told(role: Role) -> dict[str, Any]:
    return role.model_dump(exclude={"description"})


def _made_one(name: str, known: Catalogue) -> Role:
    if name in BUILT_IN:
        raise errors.Forbidden()
    return _known(name, known)


def _demand_sound(role: Role, known: Catalogue) -> None:
    require_known(role.inherits, known, "inherits")
    if role.name in with_inherited(role.inherits, known):
        raise errors.ValidationFailed(errors=[{"field": "inherits", "message": "would lead back to the role itself"}])


def _demand_reach(db: Session, actor_id: str, role: Role, known: Catalogue) -> None:
    """Over the role and all that inherit it.

    The actor's own rights are those of before, though it be their role that changes.
    """
    actor = of_actor(db, actor_id, "roles:write", known)
    changed = {**known, role.name: role}
    heirs = [name for name in changed if role.name in with_inherited([name], changed)]
    if not actor.cover(rights(heirs, changed)):
        raise errors.Forbidden()
