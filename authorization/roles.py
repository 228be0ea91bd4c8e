"""Define roles, the permissions that they grant, and the privilege rules between users.

A role grants permissions directly and by inheritance. `user`, `admin` and `superuser` are built in and have no row; the
others are created through the API. An account stores only role names, so a change of a role takes effect with the next
request of every user who has it.
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
from languages import translation
from models import User, UserRole
from schemas_admin import Role, RoleChange
from settings.loading import settings

PERMISSIONS = capability.permissions()
MAX_CHARACTERS_IN_TOKEN = 800  # browsers reject cookies above 4,096 bytes, and a token has other claims too
TOO_LONG = translation.mark(
    "are too many for an access token: their names may have at most %(number)d characters in total",
    number=MAX_CHARACTERS_IN_TOKEN,
)
SUPERUSER_PERMISSIONS = {"roles:write", "users:impersonate"}
Catalogue = Mapping[str, Role]
BUILT_IN: Catalogue = {
    role.name: role
    for role in (
        Role(name="user", description="Has an account.", permissions=[], inherits=[]),
        Role(
            name="admin",
            description="Manages accounts.",
            permissions=[name for name in PERMISSIONS if name not in SUPERUSER_PERMISSIONS],
            inherits=[],
        ),
        Role(name="superuser", description="May do everything.", permissions=list(PERMISSIONS), inherits=[]),
    )
}
_CUSTOM = select(models.Role.name, models.Role.description, models.Role.permissions, models.Role.inherits)


class Rights(NamedTuple):
    """The rights of an account: its permissions, and whether it is a superuser."""

    permissions: frozenset[str]
    superuser: bool

    def cover(self, others: "Rights") -> bool:
        """Return whether these rights include the others. Only a superuser covers a superuser."""
        return others.permissions <= self.permissions and (self.superuser or not others.superuser)


def catalogue(db: Session | None = None) -> Catalogue:
    """Return all roles, built-in roles first. Without a transaction, read them with a separate statement."""
    rows = db.execute(_CUSTOM.order_by(models.Role.name)).all() if db else database.read_all(_CUSTOM)
    return {**BUILT_IN, **{row.name: _role(row) for row in rows}}


def _role(row: Any) -> Role:
    # Ignore the permissions of a capability that is no longer installed.
    known = [name for name in row.permissions if name in PERMISSIONS]
    return Role(name=row.name, description=row.description, permissions=known, inherits=row.inherits)


def with_inherited(names: Iterable[str], known: Catalogue) -> set[str]:
    """Return these roles and all roles that they inherit, directly or indirectly."""
    found: set[str] = set()
    remaining = list(names)
    while remaining:
        name = remaining.pop()
        if name in known and name not in found:
            found.add(name)
            remaining += known[name].inherits
    return found


def rights(names: Iterable[str], known: Catalogue) -> Rights:
    """Return the combined rights of the roles with these names."""
    all_names = with_inherited(names, known)
    permissions = frozenset(permission for name in all_names for permission in known[name].permissions)
    return Rights(permissions, "superuser" in all_names)


def current_rights(names: Iterable[str]) -> Rights:
    """Return the current rights of these roles. Query the database only if one of them is not built in."""
    names = list(names)
    return rights(names, BUILT_IN if BUILT_IN.keys() >= set(names) else catalogue())


def of_actor(db: Session, user_id: str, permission: str, known: Catalogue) -> Rights:
    """Return the current rights of the acting user, in this transaction. Raises Forbidden without this permission."""
    found = db.execute(select(User.roles.label("names")).where(User.user_id == user_id, User.is_active)).first()
    now = rights(found.names if found else [], known)
    if permission not in now.permissions:
        raise errors.Forbidden()
    return now


@contextmanager
def serialized(db: Session) -> Iterator[Catalogue]:
    """Serialize changes of rights, and yield all roles. Enter this context before you lock an account.

    If two superusers disable, demote or delete each other concurrently, only one succeeds.

    Raises: LastSuperuser, which rolls back the transaction, if no active superuser would remain.
    """
    database.serialize(db, "rights")
    known = catalogue(db)
    before = _active_superusers(db, known)
    yield known
    db.flush()
    after = _active_superusers(db, catalogue(db))
    if any(there and not still for there, still in zip(before, after, strict=True)):
        raise errors.LastSuperuser()


def _active_superusers(db: Session, known: Catalogue) -> tuple[bool, bool]:
    """Return whether there is an active superuser, and whether one of them may log in: see `auth.must_verify`."""
    superusers = select(User.id).where(with_any_role(superuser_roles(known)), User.is_active)
    may_log_in = superusers
    if settings.email_verification == "required":
        may_log_in = superusers.where(User.email_proven_at.is_not(None) | User.marked_verified_at.is_not(None))
    return db.scalar(superusers.limit(1)) is not None, db.scalar(may_log_in.limit(1)) is not None


def superuser_roles(known: Catalogue) -> set[str]:
    """Return the roles that make a superuser: the built-in one, and those that inherit it."""
    return {name for name in known if rights([name], known).superuser}


def with_any_role(names: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a user has at least one of these roles."""
    return User.id.in_(select(UserRole.account_id).where(UserRole.role.in_(names)))


def require_known(names: Iterable[str], known: Catalogue, field: str) -> None:
    """Require that a role of each name exists. Raises ValidationFailed."""
    if not known.keys() >= set(names):
        raise errors.ValidationFailed(
            errors=[errors.FieldError(field, translation.mark("names a role that does not exist"), "unknown_role")]
        )


def require_fit(names: Iterable[str], field: str) -> None:
    """Require that these roles fit in an access token that fits in a cookie. Raises ValidationFailed."""
    if not fit(names):
        raise errors.ValidationFailed(errors=[errors.FieldError(field, TOO_LONG, "too_long")])


def fit(names: Iterable[str]) -> bool:
    """Return whether these roles fit in an access token."""
    return len(json.dumps(list(names), separators=(",", ":"))) <= MAX_CHARACTERS_IN_TOKEN


# ----------------------------------------------------------------------------------------------- create, change, delete


def one(name: str) -> Role:
    """Return a role. Raises NotFound."""
    return _known(name, catalogue())


def _known(name: str, known: Catalogue) -> Role:
    if name not in known:
        raise errors.NotFound()
    return known[name]


def create(db: Session, caller: CallerInfo, actor_id: str, role: Role) -> Role:
    """Create a role.

    Raises Forbidden for permissions that the actor lacks, RoleTaken, and ValidationFailed for unknown or circular
    inheritance.
    """
    with serialized(db) as known:
        if role.name in known:
            raise errors.RoleTaken()
        _require_valid_inheritance(role, known)
        _require_manageable(db, actor_id, role, known)
        db.add(models.Role(**role.model_dump()))
        audit.record(db, caller, "role.made", None, actor_id=actor_id, **_audit_detail(role))
    return role


def change(db: Session, caller: CallerInfo, actor_id: str, name: str, body: RoleChange) -> Role:
    """Change a role for all users who have it.

    Raises what `create` raises, NotFound, and Forbidden for a built-in role.
    """
    with serialized(db) as known:
        before = _custom_role(name, known)
        after = before.model_copy(update=body.model_dump(exclude_none=True, exclude={"password"}))
        _require_valid_inheritance(after, known)
        _require_manageable(db, actor_id, before, known)
        _require_manageable(db, actor_id, after, known)
        if after != before:
            row = db.get_one(models.Role, name, populate_existing=True)
            row.description, row.permissions, row.inherits = after.description, list(after.permissions), after.inherits
            audit.record(db, caller, "role.changed", None, actor_id=actor_id, **_audit_detail(after))
    return after


def delete(db: Session, caller: CallerInfo, actor_id: str, name: str) -> None:
    """Delete a role that no account has and no other role inherits. Raises NotFound, Forbidden, RoleInUse."""
    with serialized(db) as known:
        role = _custom_role(name, known)
        _require_manageable(db, actor_id, role, known)
        in_use = db.scalar(select(UserRole.account_id).where(UserRole.role == name).limit(1)) is not None
        if in_use or any(name in other.inherits for other in known.values()):
            raise errors.RoleInUse()
        db.delete(db.get_one(models.Role, name))
        audit.record(db, caller, "role.deleted", None, actor_id=actor_id, name=name)


def _audit_detail(role: Role) -> dict[str, Any]:
    return role.model_dump(exclude={"description"})


def _custom_role(name: str, known: Catalogue) -> Role:
    if name in BUILT_IN:
        raise errors.Forbidden(translation.mark("A built-in role cannot be changed or deleted."))
    return _known(name, known)


def _require_valid_inheritance(role: Role, known: Catalogue) -> None:
    require_known(role.inherits, known, "inherits")
    if role.name in with_inherited(role.inherits, known):
        raise errors.ValidationFailed(
            errors=[
                errors.FieldError(
                    "inherits", translation.mark("is circular: the role would inherit itself"), "circular"
                )
            ]
        )


def _require_manageable(db: Session, actor_id: str, role: Role, known: Catalogue) -> None:
    """Require that the actor covers the role and all roles that inherit it.

    Uses the actor's rights before the change, even if it changes their own role.
    """
    actor = of_actor(db, actor_id, "roles:write", known)
    changed = {**known, role.name: role}
    inheriting = [name for name in changed if role.name in with_inherited([name], changed)]
    if not actor.cover(rights(inheriting, changed)):
        raise errors.Forbidden()
