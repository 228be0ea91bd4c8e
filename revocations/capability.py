"""The capability record of the list of revocations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.capability import ANYONE, Capability, Expired
from revocations import models as _models  # noqa: F401 - the table exists even if the capability is disabled
from settings import operation_groups


def _cleanup(now: datetime) -> Iterable[Expired]:
    from revocations import service
    from revocations.models import Revocation, TokenLifetime

    yield Expired("revocations", Revocation, Revocation.ended_at < now - 2 * service.window())
    yield Expired("token_lifetimes", TokenLifetime, TokenLifetime.expires_at < now)


def _prepare(db: Any) -> None:
    from revocations import service

    service.remember_lifetime(db)


def _maintain(_batch: int) -> dict[str, int]:
    import database

    with database.transaction() as db:
        _prepare(db)
    return {}


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    from revocations import service

    if change.keep_session is None:
        service.revoke_user(db, user)


def _on_logged_out_everywhere(db: Any, user: Any, _api_keys: bool) -> None:
    from revocations import service

    service.revoke_user(db, user)


def _erase(db: Any, user: Any) -> None:
    from revocations import service

    service.revoke_user(db, user)


CAPABILITY = Capability(
    name="revocations",
    settings=(operation_groups.RevocationSettings,),
    tables=("revocations", "token_lifetimes"),
    routers=("routes.revocations.router",),
    access={"oauth2.list_revocations": ANYONE},
    erase=_erase,
    cleanup=_cleanup,
    prepare=_prepare,
    maintain=_maintain,
    on_credentials_changed=_on_credentials_changed,
    on_logged_out_everywhere=_on_logged_out_everywhere,
)
