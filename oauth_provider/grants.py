"""Remember what users grant to clients, and let them see and end it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

import audit
import auth
import database
import errors
import models
from core.client_address import CallerInfo
from models import User
from oauth_provider import client_sessions, clients, consent, scopes
from oauth_provider.authorization import Wanted
from oauth_provider.client_sessions import Which
from oauth_provider.models import OAuthClient, OAuthGrant
from oauth_provider.schemas import GrantOut, Grants
from sessions.current_user import Current

_COLUMNS = (
    OAuthGrant.id,
    OAuthClient.client_id,
    OAuthClient.name,
    OAuthClient.logo_uri,
    OAuthClient.first_party,
    OAuthGrant.scopes,
    OAuthGrant.resources,
    OAuthGrant.created_at,
    OAuthGrant.last_used_at,
)


def remember(db: Session, user: User, asked: Wanted, allowed: Iterable[str]) -> None:
    """Store what a user has granted to a client, in addition to what they granted before.

    The account's row is locked.
    """
    client, now, allowed = asked.client, models.now(), tuple(allowed)
    found = db.scalar(
        select(OAuthGrant)
        .where(OAuthGrant.account_id == user.id, OAuthGrant.client_pk == client.id)
        .execution_options(populate_existing=True)
    )
    before = found.scopes.split() if found else []
    scopes = " ".join(dict.fromkeys([*before, *allowed]))
    resources = sorted({*(found.resources if found else ()), *asked.resources})
    consents = consent.consents_of(found) if found else {}
    for resource in asked.resources or (consent.OWN_API,):
        consents[resource] = sorted({*consents.get(resource, ()), *allowed})
    if found is None:
        found = OAuthGrant(account_id=user.id, client_pk=client.id, created_at=now)
        found.scopes, found.resources, found.consents = scopes, resources, consents
        db.add(found)
    elif (found.scopes, found.resources, found.consents) != (scopes, resources, consents):
        found.scopes, found.resources, found.consents, found.updated_at = scopes, resources, consents, now
    db.flush()


def list_of(who: Current) -> Grants:
    """Return the applications that the current user has granted access to, newest first."""
    return Grants(items=[GrantOut.model_validate(row) for row in _rows_of(who.user.id)])


def shown_of(account: int) -> list[dict[str, Any]]:
    """Return the grants of an account for a page, with the meaning of each scope, newest first."""
    return [shown(row) for row in _rows_of(account)]


def shown(row: Row[Any]) -> dict[str, Any]:
    """Return a grant for a page, with the meaning of each scope."""
    return {**row._mapping, "meanings": [scopes.meaning_of(scope) for scope in row.scopes.split()]}


def _rows_of(account: int) -> list[Row[Any]]:
    own = select(*_COLUMNS).join(OAuthClient, OAuthClient.id == OAuthGrant.client_pk)
    return database.read_all(own.where(OAuthGrant.account_id == account).order_by(OAuthGrant.id.desc()))


def one_of(who: Current, grant_id: str) -> Row[Any]:
    """Return a grant of the current user. Raises NotFound."""
    found = next((row for row in _rows_of(who.user.id) if row.id == grant_id), None)
    if found is None:
        raise errors.NotFound()
    return found


def end(db: Session, caller: CallerInfo, who: Current, client_id: str) -> None:
    """End a grant of the current user, with all tokens of the client. Raises NotFound."""
    client = clients.find(client_id)
    user = auth.lock_current(db, who)
    if client is None or not end_of(db, user, client):
        raise errors.NotFound()
    audit.record(db, caller, "grant.ended", user.user_id, actor_id=user.user_id, client_id=client.client_id)


def end_of(db: Session, user: User, client: Any) -> bool:
    """End the grant of a locked account to a client, and return whether there was one."""
    chosen = delete(OAuthGrant).where(OAuthGrant.account_id == user.id, OAuthGrant.client_pk == client.id)
    granted = db.execute(chosen.returning(OAuthGrant.id)).first() is not None
    return bool(client_sessions.end(db, Which(account_id=user.id, client_pk=client.id))) or granted
