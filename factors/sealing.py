"""Encrypt the secrets of factors with the current root secret, so that the previous one can be removed."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import signing
from factors import recovery_codes, totp
from factors.models import Factor, FactorProfile
from settings.loading import settings
from telemetry import logs

log = logs.logger()
BATCH = 500


def renew(db: Session) -> None:
    """Encrypt all secrets again, if the root secret is being changed.

    Values that cannot be decrypted are left: the right secret may be set at the next start.
    """
    if settings.jwt_secret_previous:
        _renew(db, totp.LABEL, Factor.__table__, "id", "sealed_secret")
        _renew(db, recovery_codes.LABEL, FactorProfile.__table__, "account_id", "sealed_key")


def _renew(db: Session, label: str, table: Any, key: str, column: str) -> None:
    ids, sealed, last, unknown = table.c[key], table.c[column], None, 0
    changed = (
        update(table).where(ids == bindparam("key"), sealed == bindparam("old")).values({column: bindparam("new")})
    )
    while True:
        batch = select(ids, sealed).where(sealed.is_not(None)).order_by(ids).limit(BATCH)
        rows = db.execute(batch if last is None else batch.where(ids > last)).all()
        values = [{"key": row[0], "old": row[1], "new": signing.reseal(label, row[1])} for row in rows]
        known = [value for value in values if value["new"] is not None]
        unknown += len(values) - len(known)
        if known:
            db.execute(changed, known)
        if len(rows) < BATCH:
            break
        last = rows[-1][0]
    if unknown:
        log.warning("secrets of factors were encrypted with an unknown JWT_SECRET", table=table.name, number=unknown)
