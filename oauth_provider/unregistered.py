"""Find the client of an authorization request, which may have no row yet, and create its row when a user consents."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import database
import models
from core.client_address import CallerInfo
from models import User
from oauth_provider import client_documents, client_records, client_rules, clients, registered_fields
from oauth_provider.models import OAuthClient
from oauth_provider.schemas import ClientFields
from settings.loading import settings


def find(client_id: str | None) -> Any:
    """Return the client that a user is asked to authorize, or None. Without a row, its `id` is None.

    Fetches its metadata document if it has one. Raises InvalidClientDocument.
    """
    if client_id is not None and client_documents.is_url(client_id):
        return client_documents.find(client_id)
    return find_without_fetching(client_id)


def find_without_fetching(client_id: str | None) -> Any:
    """Return a client with a row, or one that has registered itself, or None.

    With CLIENT_ID_METADATA=false no user is asked to authorize a client with a document, which is not fetched any more.
    """
    found = clients.find(client_id) or (client_records.find(client_id) if client_id else None)
    return None if found and found.origin == "metadata" and not settings.client_id_metadata else found


def must_always_consent(client: Any) -> bool:
    """Return whether a user is asked each time, because any program can claim to be this client (RFC 8252, 8.6).

    Of a client with a document that is true if it runs on the device of the user, and has no key.
    """
    if client.origin == "metadata":
        return client.type == "public" and any(map(client_rules.is_loopback, client.redirect_uris))
    return describes_itself(client)


def describes_itself(client: Any) -> bool:
    """Return whether no administrator knows this client: it has registered itself, or has a document."""
    return client.origin == "metadata" or (client.origin == "dynamic" and client_records.is_record(client.client_id))


def keep(db: Session, caller: CallerInfo, client: Any, user: User) -> Any:
    """Return the client with a row, which is created if there is none. Several users may do so at the same time."""
    if client.id is not None and client.origin != "metadata":
        return client
    chosen = select(OAuthClient).where(OAuthClient.client_hash == client.client_hash)
    row = db.scalar(chosen.with_for_update(key_share=True))
    if row is None:
        if _insert(db, client):
            audit.record(
                db, caller, "client.registered", None, actor_id=user.user_id, client_id=client.client_id,
                origin=client.origin,
            )  # fmt: skip
        row = db.scalar(chosen)
    elif client.origin == "metadata":
        _update(db, row, client)
    return row


def _insert(db: Session, client: Any) -> bool:
    """Insert the row of a client, and return whether no other transaction did so before."""
    columns = [column.name for column in OAuthClient.__table__.columns]
    values = {name: getattr(client, name) for name in columns if name != "id"}
    values |= {"id": models.new_id(), "first_party": False, "last_used_at": models.now()}
    added = database.upsert(OAuthClient).values(**values).on_conflict_do_nothing()
    return db.execute(added.returning(OAuthClient.id)).first() is not None


def _update(db: Session, row: OAuthClient, client: Any) -> None:
    """Store the document of a client as it is now."""
    for name in ClientFields.model_fields:
        if name not in registered_fields.OF_ADMINISTRATOR and getattr(row, name) != getattr(client, name):
            setattr(row, name, getattr(client, name))
    row.sector = client.sector
    db.flush()
