"""Export every account as JSON Lines that the import reads."""

import json
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import select

import audit
import database
from models import User

BATCH = 1000
# Not if EMAIL_VERIFICATION=off set it: an import would treat it as marked by an administrator.
IS_VERIFIED = (User.email_proven_at.is_not(None) | User.marked_verified_at.is_not(None)).label("is_verified")


def export(file: TextIO, *, hashes: bool) -> int:
    """Write every account as a line of JSON, with its password hash if asked for. Returns how many."""
    columns = (
        User.id, User.user_id, User.email, User.username, User.is_active, IS_VERIFIED, User.email_proven_at,
        User.created_at, User.roles.label("roles"), *([User.hashed_password] if hashes else []),
    )  # fmt: skip
    written, last = 0, 0
    while rows := database.read_all(select(*columns).where(User.id > last).order_by(User.id).limit(BATCH)):
        for row in rows:
            values = {name: value for name, value in row._mapping.items() if name != "id" and value is not None}
            file.write(json.dumps(values, default=_written, ensure_ascii=False) + "\n")
        written, last = written + len(rows), rows[-1].id
    with database.transaction() as db:
        audit.record(db, audit.SYSTEM, "users.exported", None, accounts=written, hashes=hashes)
    return written


def _written(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
