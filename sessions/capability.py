"""The capability record of sessions: refresh tokens, access tokens and their keys, and known networks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.capability import Capability, Expired, Section
from languages import translation
from sessions import models  # noqa: F401 - declares the table of signing keys
from settings import groups


def _export() -> list[Section]:
    from sqlalchemy import select

    import schemas_admin
    from models import KnownNetwork, Session

    columns = (
        Session.id, Session.ip, Session.user_agent, Session.created_at, Session.last_used_at, Session.expires_at,
        Session.ends_at,
    )  # fmt: skip
    return [
        Section(
            "sessions",
            schemas_admin.HeldSession,
            lambda user: select(*columns).where(Session.account_id == user.id, Session.impersonator_id.is_(None)),
            "sessions",
        ),
        Section(
            "known_networks",
            schemas_admin.HeldNetwork,
            lambda user: select(KnownNetwork.network, KnownNetwork.last_used_at).where(
                KnownNetwork.account_id == user.id
            ),
            "known_networks",
            "Networks from which the account was used.",
        ),
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    from models import Session

    yield Expired("sessions", Session, Session.expires_at < now)


def _maintain(batch: int) -> dict[str, int]:
    import database
    from core import batches
    from sessions import known_networks, signing_keys

    with database.transaction() as db:
        signing_keys.delete_expired_keys(db)
        signing_keys.rotate_if_due(db)
    return {"known_networks": batches.repeat(lambda: known_networks.delete_unused(batch), batch)}


def _prepare(db: Any) -> None:
    from sessions import signing_keys

    signing_keys.ensure_keys(db)


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    from sessions import known_networks, sessions

    sessions.end_all(db, user, change.keep_session)
    if change.removes_unproven_credentials:
        known_networks.forget(db, user)


def _on_logged_out_everywhere(db: Any, user: Any, _api_keys: bool) -> None:
    from sessions import sessions

    sessions.end_all(db, user)


def _erase(db: Any, user: Any) -> None:
    from sessions import sessions

    sessions.end_impersonation(db, user)  # in which the user impersonates others; their own ended with the account


CAPABILITY = Capability(
    name="sessions",
    settings=(groups.SessionSettings,),
    tables=("sessions", "known_networks", "signing_keys", "key_salts"),
    audit_events={
        "user.logged_in": "A session started, after the right password or a provider's login (`detail.provider`).",
        "user.login_failed": "A login failed: a wrong password, a provider's error, or an account that may not log "
        "in (`detail.reason`).",
        "user.reauthenticated": "The user of a session authenticated again.",
        "user.logged_out": "The owner ended a session.",
        "user.logged_out_everywhere": "All sessions were ended, by the owner or by an administrator.",
        "session.ended": "The owner ended one session from another, or an administrator did.",
        "session.replaced": "A login ended the session that the same browser had before, or the oldest of more than "
        "a hundred (`detail.oldest` says how many).",
        "session.revoked": "Another service ended a session (RFC 7009).",
        "session.refresh_token_reused": "An old refresh token was used again; the session was ended.",
        "keys.made": "A signing key for access tokens was created.",
        "keys.rotated": "The signing key for access tokens was rotated.",
    },
    events_without_account=("keys.made", "keys.rotated"),
    emails={"new_network": (), "session_ended": ()},
    notices={
        "new_network": translation.mark("a login from a new network"),
        "session_ended": translation.mark("a session that we ended because an old refresh token was used again"),
    },
    export=_export,
    erase=_erase,
    cleanup=_cleanup,
    maintain=_maintain,
    prepare=_prepare,
    on_credentials_changed=_on_credentials_changed,
    on_logged_out_everywhere=_on_logged_out_everywhere,
)
