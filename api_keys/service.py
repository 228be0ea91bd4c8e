"""Create, list, rename, rotate and delete the API keys of the current user, and end them."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
from api_keys import keys, scopes
from api_keys.models import ApiKey
from api_keys.schemas import ApiKeyOut, ApiKeyRotation, ApiKeys, CreatedApiKey, NewApiKey
from core.client_address import CallerInfo
from languages import translation
from models import User
from sessions import reauthentication
from sessions.current_user import Current
from sessions.revocation import Change

MAX_KEYS = 50  # for each account
COLUMNS = (
    ApiKey.id,
    ApiKey.name,
    ApiKey.prefix,
    ApiKey.scopes,
    ApiKey.allowed_ips,
    ApiKey.rate_limit,
    ApiKey.created_at,
    ApiKey.last_used_at,
    ApiKey.expires_at,
)


def is_valid() -> ColumnElement[bool]:
    """Return the condition that a key has not expired."""
    return or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > models.now())


def list_of(who: Current) -> ApiKeys:
    """Return the keys of the current user that have not expired, newest first."""
    mine = select(*COLUMNS).where(ApiKey.account_id == who.user.id, is_valid()).order_by(ApiKey.id.desc())
    return ApiKeys(items=[ApiKeyOut.model_validate(row) for row in database.read_all(mine)])


def create(db: Session, caller: CallerInfo, who: Current, body: NewApiKey) -> CreatedApiKey:
    """Create a key, and notify the owner.

    Raises ReauthenticationRequired, Forbidden for a scope that the owner lacks, and Conflict beyond fifty keys.
    """
    reauthentication.require(db, caller, who, body)
    if not set(body.scopes) <= {*scopes.OWN, *who.permissions}:
        raise errors.Forbidden()
    user = auth.lock_current(db, who)
    if (db.scalar(select(func.count()).where(ApiKey.account_id == user.id, is_valid())) or 0) >= MAX_KEYS:
        raise errors.Conflict(
            translation.mark("The account has %(number)d API keys. Delete one first.", number=MAX_KEYS)
        )
    raw = keys.create()
    key = ApiKey(
        account_id=user.id,
        name=body.name,
        prefix=raw[: keys.SHOWN],
        key_hash=keys.hashes(raw)[0],
        scopes=" ".join(body.scopes),
        allowed_ips=" ".join(body.allowed_ips or ()) or None,
        expires_at=body.expires_at,
    )
    db.add(key)
    _record(db, caller, "api_key.created", user, key, scopes=body.scopes)
    email_utils.queue(db, "api_key_created", user, name=key.name, scopes=", ".join(body.scopes))
    return _shown(key, raw)


def _shown(key: ApiKey, raw: str) -> CreatedApiKey:
    return CreatedApiKey.model_validate({**ApiKeyOut.model_validate(key).model_dump(), "key": raw})


def _record(db: Session, caller: CallerInfo, action: str, user: User, key: ApiKey, **detail: object) -> None:
    db.flush()
    audit.record(db, caller, action, user.user_id, actor_id=user.user_id, key_id=key.id, **detail)


def _find(db: Session, user: User, key_id: str) -> ApiKey:
    """Return a key of a locked account. Raises NotFound."""
    found = db.scalar(
        select(ApiKey)
        .where(ApiKey.account_id == user.id, ApiKey.id == key_id, is_valid())
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.NotFound()
    return found


def named(who: Current, key_id: str) -> ApiKeyOut:
    """Return a key of the current user. Raises NotFound."""
    found = next((key for key in list_of(who).items if key.id == key_id), None)
    if found is None:
        raise errors.NotFound()
    return found


def rename(db: Session, caller: CallerInfo, who: Current, key_id: str, name: str) -> ApiKeyOut:
    """Rename a key. Raises NotFound."""
    user = auth.lock_current(db, who)
    key = _find(db, user, key_id)
    key.name = name
    _record(db, caller, "api_key.renamed", user, key)
    return ApiKeyOut.model_validate(key)


def rotate(db: Session, caller: CallerInfo, who: Current, key_id: str, body: ApiKeyRotation | None) -> CreatedApiKey:
    """Replace a key by a new one with the same id, name, scopes and end.

    The old one remains valid for `overlap_seconds`; one before that ends. Raises ReauthenticationRequired, NotFound.
    """
    reauthentication.require(db, caller, who, body)
    user = auth.lock_current(db, who)
    key, raw, now = _find(db, user, key_id), keys.create(), models.now()
    overlap = body.overlap_seconds if body else 0
    key.previous_hash = key.key_hash if overlap else None
    key.previous_until = now + timedelta(seconds=overlap) if overlap else None
    key.key_hash, key.prefix, key.rotated_at = keys.hashes(raw)[0], raw[: keys.SHOWN], now
    _record(db, caller, "api_key.rotated", user, key, overlap_seconds=overlap)
    return _shown(key, raw)


def remove(db: Session, caller: CallerInfo, who: Current, key_id: str) -> None:
    """Delete a key. Raises NotFound."""
    user = auth.lock_current(db, who)
    key = _find(db, user, key_id)
    db.delete(key)
    _record(db, caller, "api_key.deleted", user, key)


# ----------------------------------------------------------------------------------------------------------- revocation


def on_credentials_changed(db: Session, user: User, change: Change) -> None:
    """End the keys that a credential change ends.

    A change of the password or email address by the owner ends none. All end if the account is disabled, at the first
    verification of the email address (they may come from a pre-hijacking attempt), and if the owner secures the
    account. After a takeover, those end that were created or rotated since.
    """
    if change.removes_unproven_credentials or change.removes_other_logins or not user.is_active:
        end_all(db, user)
    elif change.removes_added_since:
        added = func.coalesce(ApiKey.rotated_at, ApiKey.created_at) >= change.removes_added_since
        db.execute(delete(ApiKey).where(and_(ApiKey.account_id == user.id, added)))


def end_all(db: Session, user: User) -> None:
    """End all keys of a locked account."""
    db.execute(delete(ApiKey).where(ApiKey.account_id == user.id))
