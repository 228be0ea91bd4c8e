"""Remember devices that skip the second factor, and detect the reuse of an old token.

A token is the device's id and a counter, signed, like a refresh token. Tokens are not stored.
"""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import Request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
import models
from authorization import mfa_policy
from core import signing
from core.client_address import CallerInfo
from factors.models import TrustedDevice
from factors.schemas import TrustedDeviceOut
from models import User
from sessions import sessions
from settings.loading import settings
from web import cookies, step_up

LABEL = "trusted_device"
MAX_DEVICES = 50  # per account; the oldest are forgotten


def are_accepted(user: User) -> bool:
    """Return whether an account may use trusted devices: not if MFA_REQUIRED covers it because of its permissions."""
    if settings.trusted_device_days == 0:
        return False
    return settings.mfa_required == "off" or not mfa_policy.is_privileged(user.roles)


def remember(db: Session, caller: CallerInfo, user: User) -> str | None:
    """Remember the device of a locked account, and return its token, or None if the account may not have any."""
    if not are_accepted(user):
        return None
    device = TrustedDevice(
        account_id=user.id,
        user_agent=caller.user_agent,
        expires_at=models.now() + timedelta(days=settings.trusted_device_days),
    )
    db.add(device)
    db.flush()
    oldest = select(TrustedDevice.id).where(TrustedDevice.account_id == user.id).order_by(TrustedDevice.id.desc())
    db.execute(delete(TrustedDevice).where(TrustedDevice.id.in_(oldest.offset(MAX_DEVICES).limit(MAX_DEVICES))))
    return _encode(device)


def accept(db: Session, caller: CallerInfo, user: User, raw: str | None) -> str | None:
    """Return the new token of a trusted device of a locked account, or None if the device is not trusted.

    raw: the token from the request body. By default, the token from the cookie is used.

    Each use replaces the token. For a few seconds, the previous one gets the same successor again; an older one must be
    a copy: the device is forgotten, and the owner is notified.
    """
    from_cookie = None if raw else _from_cookie(caller)
    token = raw or from_cookie
    signed = signing.unsign(LABEL, token) if token else None
    if signed is None or signed.unsalted or not are_accepted(user):
        return None
    device_id, _, counter = signed.value.rpartition(".")
    device = db.scalar(
        select(TrustedDevice).where(
            TrustedDevice.id == device_id,
            TrustedDevice.account_id == user.id,
            TrustedDevice.expires_at > models.now(),
        )
    )
    if device is None:
        return None
    now, age = models.now(), device.counter - int(counter)
    grace = timedelta(seconds=settings.refresh_reuse_grace_seconds)
    if age == 0:
        device.counter, device.rotated_at = device.counter + 1, now
    elif age != 1 or device.rotated_at is None or now - device.rotated_at > grace:
        _forget_copied(db, caller, user, device)
        return None
    device.last_used_at, device.user_agent = now, caller.user_agent
    db.flush()
    if from_cookie and caller.scope:
        cookies.keep_device_in_cookie(caller.scope)
    return _encode(device)


def _from_cookie(caller: CallerInfo) -> str | None:
    """Return the token of the cookie, which only a request from an allowed origin, or a navigation, may use."""
    if caller.scope is None or "cookie" not in (request := Request(caller.scope)).headers:
        return None
    is_accepted = cookies.is_same_site(request) and not step_up.is_demanded(request)
    return cookies.device_token(request) if is_accepted else None


def _encode(device: TrustedDevice) -> str:
    return signing.sign(LABEL, f"{device.id}.{device.counter}", salted=True)


def _forget_copied(db: Session, caller: CallerInfo, user: User, device: TrustedDevice) -> None:
    db.delete(device)
    audit.record(db, caller, "trusted_device.token_reused", user.user_id)
    email_utils.queue(db, "trusted_device_ended", user, device=sessions.device_name(device.user_agent))


def of_account(account: int) -> Sequence[TrustedDeviceOut]:
    """Return the trusted devices of an account, newest first."""
    columns = (
        TrustedDevice.id,
        TrustedDevice.user_agent,
        TrustedDevice.created_at,
        TrustedDevice.last_used_at,
        TrustedDevice.expires_at,
    )
    rows = database.read_all(
        select(*columns)
        .where(TrustedDevice.account_id == account, TrustedDevice.expires_at > models.now())
        .order_by(TrustedDevice.id.desc())
    )
    return [TrustedDeviceOut(**row._mapping, device=sessions.device_name(row.user_agent)) for row in rows]


def forget(db: Session, caller: CallerInfo, user: User, device_id: str) -> None:
    """Forget a trusted device of a locked account. Raises NotFound."""
    chosen = delete(TrustedDevice).where(TrustedDevice.account_id == user.id, TrustedDevice.id == device_id)
    if db.execute(chosen.returning(TrustedDevice.id)).first() is None:
        raise errors.NotFound()
    audit.record(db, caller, "trusted_device.removed", user.user_id, actor_id=user.user_id)


def forget_all(db: Session, user: User) -> None:
    """Forget all trusted devices of an account."""
    db.execute(delete(TrustedDevice).where(TrustedDevice.account_id == user.id))
