"""Create, change, list and delete clients, and find the client of a request."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

import audit
import database
import errors
import models
from core import field_errors
from core.client_address import CallerInfo
from oauth_provider import client_rules, client_sessions, removed_clients, scopes, token_lifetimes
from oauth_provider.client_sessions import Which
from oauth_provider.models import OAuthClient
from oauth_provider.schemas import (
    BASIC,
    CREDENTIALS,
    POST,
    ClientFields,
    ClientFilters,
    ClientOut,
    Clients,
    CreatedClient,
)
from prepared import Prepared
from revocations import service as revocations
from sessions.current_user import Current

WITH_SECRET = (BASIC, POST)
MAX_CLIENT_ID_LENGTH = 2048
MAX_KEPT = 1000
_BY_HASH = Prepared(
    lambda: select(*OAuthClient.__table__.columns).where(OAuthClient.client_hash == bindparam("client_hash"))
)


def hash_of(value: str) -> str:
    """Return the SHA-256 of a client id, or of a random secret, which needs no slower hash."""
    return hashlib.sha256(value.encode()).hexdigest()


def find(client_id: str | None) -> Any:
    """Return the row of a client, or None."""
    if not client_id or len(client_id) > MAX_CLIENT_ID_LENGTH:
        return None
    return _BY_HASH.first({"client_hash": hash_of(client_id)})


_kept: dict[str, Any] = {}  # by client id: the row as it was read last


def find_kept(client_id: str | None) -> Any:
    """Return the row of a client as this process read it last, or None for one that does not exist.

    The caller must check that it is current: `updated_at` changes with every change.
    """
    # One read of the dictionary: another thread may clear it.
    return (_kept.get(client_id) if client_id else None) or refresh_kept(client_id)


def refresh_kept(client_id: str | None) -> Any:
    """Return the current row of a client, and keep it for `find_kept`."""
    found = find(client_id)
    if found is not None:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[found.client_id] = found
    elif client_id is not None:
        _kept.pop(client_id, None)
    return found


def by_pk(client_pk: str) -> Any:
    """Return the row of a client by its internal id, or None."""
    return database.read(select(*OAuthClient.__table__.columns).where(OAuthClient.id == client_pk))


def client_id_of(client_pk: str) -> str:
    """Return the public id of a client. Raises NotFound."""
    found = by_pk(client_pk)
    if found is None:
        raise errors.NotFound()
    return str(found.client_id)


# ------------------------------------------------------------------------------------------------------ administration


def search(filters: ClientFilters) -> Clients:
    """Return a page of clients, newest first."""
    rows, cursor = page_of(filters)
    return Clients(items=[ClientOut.model_validate(row) for row in rows], next_cursor=cursor)


def page_of(filters: ClientFilters) -> tuple[Sequence[Any], str | None]:
    """Return the rows of a page, newest first, and the cursor of the next one."""
    chosen = select(*OAuthClient.__table__.columns).order_by(OAuthClient.id.desc()).limit(filters.limit + 1)
    if filters.query:
        chosen = chosen.where(OAuthClient.name.istartswith(filters.query, autoescape=True))
    if filters.cursor:
        chosen = chosen.where(OAuthClient.id < filters.cursor)
    return filters.split(database.read_all(chosen))


def has_secret(client: Any) -> bool:
    """Return whether a client authenticates with a secret."""
    return client.token_endpoint_auth_method in WITH_SECRET


def get(client_id: str) -> ClientOut:
    """Return a client. Raises NotFound."""
    found = find(client_id)
    if found is None:
        raise errors.NotFound()
    return ClientOut.model_validate(found)


def create(db: Session, caller: CallerInfo, who: Current, body: ClientFields) -> CreatedClient:
    """Create a client. Raises Forbidden for a permission that the administrator lacks."""
    _require_permissions(who, body.scopes)
    client_id = models.new_id()
    client = OAuthClient(
        client_id=client_id,
        client_hash=hash_of(client_id),
        origin="admin",
        created_by=who.user.user_id,
        sector=client_rules.sector_of(body.redirect_uris, client_id),
        **body.model_dump(),
    )
    secret = new_secret(client) if client.token_endpoint_auth_method in WITH_SECRET else None
    db.add(client)
    db.flush()
    _record(db, caller, who, "client.created", client)
    return _shown(client, secret)


def change(db: Session, caller: CallerInfo, who: Current, client_id: str, changes: dict[str, Any]) -> ClientOut:
    """Change some fields of a client. Raises NotFound, Forbidden, Conflict, ValidationFailed.

    Its tokens lose the scopes that it may no longer request, and the resources when they are refreshed. If its redirect
    URIs lead to another host, its pairwise subjects change.
    """
    client = _lock(db, client_id)
    before = {name: getattr(client, name) for name in ClientFields.model_fields}
    try:
        after = ClientFields.model_validate(before | changes, strict=True)
    except ValidationError as error:
        raise invalid(error) from None
    _require_permissions(who, {*after.scopes, *client.scopes})
    if after.type != client.type:
        raise errors.ClientTypeIsFixed()
    if after.access_token_lifetime != client.access_token_lifetime:
        token_lifetimes.remember(db, client)
    if CREDENTIALS not in after.grant_types:
        revoke_own_tokens(db, client)
    for name, value in after.model_dump().items():
        if value != before[name]:
            setattr(client, name, value)
    if after.redirect_uris != before["redirect_uris"]:
        client_rules.set_sector(client)
    if client.token_endpoint_auth_method not in WITH_SECRET:
        client.secret_hash = client.previous_secret_hash = None
    db.flush()
    changed = sorted(name for name, value in after.model_dump().items() if value != before[name])
    _record(db, caller, who, "client.changed", client, fields=changed)
    return ClientOut.model_validate(client)


def invalid(error: ValidationError) -> errors.ServiceError:
    """Return the error for invalid fields of a client."""
    found = [field_errors.of(".".join(map(str, each["loc"])) or "body", dict(each)) for each in error.errors()]
    return errors.ValidationFailed(errors=found)


def rotate_secret(db: Session, caller: CallerInfo, who: Current, client_id: str, overlap_seconds: int) -> CreatedClient:
    """Replace the secret of a client. The old one remains valid for a while if `overlap_seconds` says so.

    Otherwise the access tokens of the client itself end with it: someone else may have requested them.

    Raises NotFound, Forbidden, ClientHasNoSecret.
    """
    client = _lock(db, client_id)
    _require_permissions(who, client.scopes)
    if client.token_endpoint_auth_method not in WITH_SECRET:
        raise errors.ClientHasNoSecret()
    if not overlap_seconds:
        revoke_own_tokens(db, client)
    client.previous_secret_hash = client.secret_hash if overlap_seconds else None
    client.previous_secret_until = models.now() + timedelta(seconds=overlap_seconds) if overlap_seconds else None
    secret = new_secret(client)
    db.flush()
    _record(db, caller, who, "client.secret_rotated", client, overlap_seconds=overlap_seconds)
    return _shown(client, secret)


def remove(db: Session, caller: CallerInfo, who: Current, client_id: str) -> None:
    """Delete a client with its grants and tokens. Raises NotFound."""
    client = _lock(db, client_id)
    delete_locked(db, client)
    _record(db, caller, who, "client.deleted", client)


def delete_locked(db: Session, client: OAuthClient) -> None:
    """Delete a client whose row is locked, with its grants and tokens."""
    client_sessions.end(db, Which(client_pk=client.id), notify=False)
    removed_clients.remember(db, client)
    token_lifetimes.remember(db, client)
    revoke_own_tokens(db, client)
    db.execute(delete(OAuthClient).where(OAuthClient.id == client.id))


def revoke_own_tokens(db: Session, client: OAuthClient) -> None:
    """End the access tokens of the client itself, if it can have any, also for services that verify them."""
    if CREDENTIALS in client.grant_types:
        client.tokens_after = models.new_id()
        revocations.revoke_client(db, client.client_id)


def _lock(db: Session, client_id: str) -> OAuthClient:
    found = db.scalar(
        select(OAuthClient).where(OAuthClient.client_hash == hash_of(client_id)).with_for_update(key_share=True)
    )
    if found is None:
        raise errors.NotFound()
    return found


def _require_permissions(who: Current, asked: Any) -> None:
    """Require that the administrator has every permission that the client may request.

    Otherwise they could create or take over a client that may do more than they may. Raises Forbidden.
    """
    if not scopes.permissions_in(asked) <= who.permissions:
        raise errors.Forbidden()


def new_secret(client: OAuthClient) -> str:
    """Give a client a new secret, of which only the hash is stored, and return it."""
    secret = f"cs_{secrets.token_urlsafe(32)}"
    client.secret_hash = hash_of(secret)
    return secret


def _shown(client: OAuthClient, secret: str | None) -> CreatedClient:
    return CreatedClient.model_validate({**ClientOut.model_validate(client).model_dump(), "client_secret": secret})


def _record(db: Session, caller: CallerInfo, who: Current, action: str, client: OAuthClient, **detail: Any) -> None:
    audit.record(db, caller, action, None, actor_id=who.user.user_id, client_id=client.client_id, **detail)
