"""Let administrators list, limit and end the API keys of users."""

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import database
import errors
from api_keys import service
from api_keys.models import ApiKey
from api_keys.schemas import ApiKeyChange, ApiKeyFilters, ManagedApiKey, ManagedApiKeys
from authorization import roles
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from sessions import current_user
from sessions.current_user import Current

_KEYS = select(*service.COLUMNS, User.user_id).join(User, User.id == ApiKey.account_id)


def search(filters: ApiKeyFilters) -> ManagedApiKeys:
    """Return a page of the keys that have not expired, newest first."""
    chosen = _KEYS.where(service.is_valid()).order_by(ApiKey.id.desc()).limit(filters.limit + 1)
    if filters.user_id is not None:
        chosen = chosen.where(User.user_id == filters.user_id)
    if filters.cursor:
        chosen = chosen.where(ApiKey.id < filters.cursor)
    rows, cursor = filters.split(database.read_all(chosen))
    return ManagedApiKeys(items=[ManagedApiKey.model_validate(row) for row in rows], next_cursor=cursor)


def one(key_id: str) -> ManagedApiKey:
    """Return a key that has not expired. Raises NotFound."""
    found = database.read(_KEYS.where(ApiKey.id == key_id, service.is_valid()))
    if found is None:
        raise errors.NotFound()
    return ManagedApiKey.model_validate(found)


def set_rate_limit(db: Session, caller: CallerInfo, who: Current, key_id: str, body: ApiKeyChange) -> ManagedApiKey:
    """Set the rate limit of a key. Raises NotFound, Forbidden."""
    user, key = _lock_manageable(db, who, key_id)
    key.rate_limit = body.rate_limit
    db.flush()
    _record(db, caller, who, "api_key.limited", (user, key))
    return ManagedApiKey.model_validate(db.execute(_KEYS.where(ApiKey.id == key.id)).one())


def end(db: Session, caller: CallerInfo, who: Current, key_id: str) -> None:
    """Delete a key. Raises NotFound, Forbidden."""
    user, key = _lock_manageable(db, who, key_id)
    db.delete(key)
    db.flush()
    _record(db, caller, who, "api_key.deleted", (user, key))


def _record(db: Session, caller: CallerInfo, who: Current, action: str, of: tuple[User, ApiKey]) -> None:
    user, key = of
    audit.record(db, caller, action, user.user_id, actor_id=who.user.user_id, key_id=key.id)


def _lock_manageable(db: Session, who: Current, key_id: str) -> tuple[User, ApiKey]:
    """Return a key and its account, which is locked, and which the actor may manage. Raises NotFound, Forbidden."""
    account = db.scalar(select(ApiKey.account_id).where(ApiKey.id == key_id))
    user = lookup.lock(db, account) if account else None
    key = db.get(ApiKey, key_id, populate_existing=True) if user else None
    if user is None or key is None:
        raise errors.NotFound()
    known = roles.catalogue(db)
    if not current_user.rights_of_actor(db, who, "users:write", known).cover(roles.rights(user.roles, known)):
        raise errors.Forbidden()
    return user, key
