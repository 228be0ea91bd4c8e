"""Create the codes of devices, and exchange them for tokens when the user has answered (RFC 8628)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, case, delete, select, update
from sqlalchemy.orm import Session

import audit
import database
import models
from authorization import mfa_policy
from core import signing
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from oauth_provider import authorization, client_sessions, device_answers, oauth_errors
from oauth_provider.client_sessions import Start
from oauth_provider.models import ClientSession, Device
from oauth_provider.schemas import DEVICE, DeviceAuthorization
from sessions import sessions
from settings.loading import settings

MINUTES_VALID = 10
SECONDS_BETWEEN_POLLS = 5
SECONDS_TO_SLOW_DOWN = 5  # added to the interval of a device that polls too often (section 3.5)
MAX_INTERVAL = 60
SECONDS_OF_LEEWAY = 1  # of the network, which may deliver two requests closer together
MAX_COLLISIONS = 5
_LABEL = "device_code"


def begin(caller: CallerInfo, client: Any, form: Mapping[str, Sequence[str]]) -> DeviceAuthorization:
    """Store that a device waits for a user, and return its codes.

    Raises UnauthorizedClient, InvalidScope, InvalidTarget.
    """
    if DEVICE not in client.grant_types:
        raise oauth_errors.UnauthorizedClient()
    values = {
        "client_pk": client.id,
        "scopes": " ".join(authorization.granted_scopes(client, (form.get("scope") or ("",))[0])),
        "resources": list(authorization.granted_resources(client, form.get("resource", ()))),
        "ip": caller.ip or None,
        "user_agent": caller.user_agent or None,
        "interval": SECONDS_BETWEEN_POLLS,
        "created_at": models.now(),
        "expires_at": models.now() + timedelta(minutes=MINUTES_VALID),
    }
    device_id, code = _insert(values)
    page = f"{settings.public_base_url}/device"
    return DeviceAuthorization(
        device_code=signing.sign(_LABEL, device_id, salted=True),
        user_code=code,
        verification_uri=page,
        verification_uri_complete=f"{page}?user_code={code}",
        expires_in=MINUTES_VALID * 60,
        interval=SECONDS_BETWEEN_POLLS,
    )


def _insert(values: dict[str, Any]) -> tuple[str, str]:
    """Insert the row of a device, and return its id and the code for the user, which no other row has."""
    for _ in range(MAX_COLLISIONS):
        device_id, letters = models.new_id(), "".join(secrets.choice(device_answers.LETTERS) for _ in range(8))
        row = {**values, "id": device_id, "code_hash": device_answers.hash_of(letters)}
        added = database.upsert(Device).values(**row).on_conflict_do_nothing().returning(Device.id)
        if database.write(added) is not None:
            return device_id, f"{letters[:4]}-{letters[4:]}"
    raise oauth_errors.SlowDown()


# ------------------------------------------------------------------------------------------------------------- exchange


def find_allowed(client: Any, raw: str) -> Row[Any]:
    """Return the device of a code that the user has allowed access.

    Raises InvalidGrant, ExpiredDeviceCode, AuthorizationPending, SlowDown, AccessDenied.
    """
    signed = signing.unsign(_LABEL, raw)
    if signed is None or signed.unsalted:
        raise oauth_errors.InvalidGrant()
    chosen = Device.id == signed.value, Device.client_pk == client.id
    waiting = database.read(select(*Device.__table__.columns).where(*chosen))
    if waiting is None:
        raise oauth_errors.InvalidGrant()
    if waiting.expires_at <= models.now():
        raise oauth_errors.ExpiredDeviceCode()
    if waiting.answer is None:
        _note_poll(waiting)
        raise oauth_errors.AuthorizationPending()
    if waiting.answer == device_answers.DENIED:
        raise oauth_errors.AccessDenied()
    return waiting


def _note_poll(waiting: Row[Any]) -> None:
    """Record the request of a device that still waits. Raises SlowDown if it comes too early."""
    now = models.now()
    earliest = waiting.polled_at and waiting.polled_at + timedelta(seconds=waiting.interval - SECONDS_OF_LEEWAY)
    is_early = earliest is not None and now < earliest
    slower = case((Device.interval < MAX_INTERVAL, Device.interval + SECONDS_TO_SLOW_DOWN), else_=Device.interval)
    changed = {"interval": slower} if is_early else {}
    database.write_only(update(Device).where(Device.id == waiting.id).values(polled_at=now, **changed))
    if is_early:
        raise oauth_errors.SlowDown()


def redeem(
    db: Session, caller: CallerInfo, client: Any, device: Row[Any], jkt: str | None
) -> tuple[User, ClientSession]:
    """Delete the row of a device, and return the account and the new session of the client.

    One statement deletes it, so that one of several concurrent requests succeeds. Raises InvalidGrant.
    """
    user = lookup.lock(db, device.account_id) if device.account_id is not None else None
    take = delete(Device).where(
        Device.id == device.id, Device.answer == device_answers.ALLOWED, Device.expires_at > models.now()
    )
    returned = take.returning(*Device.__table__.columns).execution_options(synchronize_session=False)
    taken = db.execute(returned).first()
    if taken is None or user is None or not user.is_active or mfa_policy.is_restricted(user):
        raise oauth_errors.InvalidGrant()
    authentication = sessions.Authentication(*device_answers.read_authentication(taken.authentication))
    # Without `session_id`: the device stays logged in when the browser logs out.
    new = Start(taken.id, client.id, None, taken.scopes, taken.resources, authentication, jkt)
    session = client_sessions.start(db, user, new)
    audit.record(
        db, caller, "grant.used", user.user_id, actor_id=user.user_id, client_id=client.client_id, scopes=taken.scopes
    )
    return user, session
