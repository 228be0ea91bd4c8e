"""List and rotate the keys that sign access tokens."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

import database
import errors
import schemas
from core.client_address import CallerInfo
from languages import translation
from sessions import reauthentication, signing_keys
from sessions.current_user import Current
from sessions.models import SigningKey
from settings.loading import settings


def can_rotate() -> bool:
    """Return whether the service has keys of its own: HS256 signs with JWT_SECRET."""
    return settings.algorithm != "HS256"


def all_keys() -> list[Row[Any]]:
    """Return the keys, newest first, without their secret parts."""
    columns = (
        SigningKey.kid, SigningKey.algorithm, SigningKey.created_at, SigningKey.signs_from, SigningKey.signs_until
    )  # fmt: skip
    return database.read_all(select(*columns).order_by(SigningKey.created_at.desc())) if can_rotate() else []


def rotate(db: Session, caller: CallerInfo, who: Current, proof: schemas.Presence) -> None:
    """Sign with the next key from now on.

    Raises ReauthenticationRequired, NotFound if the service has no keys, and Conflict if it is too early.
    """
    reauthentication.require(db, caller, who, proof)
    if not can_rotate():
        raise errors.NotFound()
    if signing_keys.rotate(db, caller, who.user.user_id) is None:
        raise errors.Conflict(translation.mark("The next key was published a moment ago. Try again in a few seconds."))
