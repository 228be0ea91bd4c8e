"""Encrypt the secrets of factors with the current root secret, so that the previous one can be removed."""

from typing import Any

from sqlalchemy import bindparam, select, update

import database
from core import signing
from factors import recovery_codes, totp
from factors.models import Factor, FactorProfile
from settings.loading import settings
from telemetry import logs

log = logs.logger()
SEALED = (
    (totp.LABEL, Factor.__table__.c.id, Factor.__table__.c.sealed_secret),
    (recovery_codes.LABEL, FactorProfile.__table__.c.account_id, FactorProfile.__table__.c.sealed_key),
)


def renew(batch: int) -> int:
    """Re-encrypt all secrets that were encrypted with the previous root secret, if it is set, and return how many.

    Secrets that neither root secret can decrypt are kept, because they work again if the right one is restored.
    """
    return sum(_renew(batch, *each) for each in SEALED) if settings.jwt_secret_previous else 0


def _renew(batch: int, label: str, key: Any, sealed: Any) -> int:
    changed = (
        update(key.table).where(key == bindparam("of"), sealed == bindparam("old")).values({sealed: bindparam("new")})
    )
    last, renewed, unknown = None, 0, 0
    while True:
        page = select(key.label("of"), sealed.label("old")).where(sealed.is_not(None)).order_by(key).limit(batch)
        rows = database.read_all(page if last is None else page.where(key > last))
        values = [
            {"of": row.of, "old": row.old, "new": signing.reseal(label, row.old)}
            for row in rows
            if not signing.is_sealed_with_current_secret(label, row.old)
        ]
        known = [value for value in values if value["new"] is not None]
        renewed, unknown = renewed + len(known), unknown + len(values) - len(known)
        if known:
            with database.transaction() as db:
                db.execute(changed, known)
        if len(rows) < batch:
            break
        last = rows[-1].of
    if unknown:
        log.warning(
            "secrets of factors were encrypted with an unknown JWT_SECRET", table=key.table.name, number=unknown
        )
    return renewed
