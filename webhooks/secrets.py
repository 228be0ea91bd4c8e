"""Create, encrypt and decrypt the signing secrets of webhooks."""

import base64
import secrets
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import select, update

import database
import models
from core import signing, webhook_signatures
from settings.loading import settings
from webhooks.models import WebhookEndpoint

LABEL = "webhook_secret"
BYTES = 32
BOTH_SIGN_FOR = timedelta(hours=24)


def create() -> str:
    """Return a new secret in the form of Standard Webhooks."""
    return f"{webhook_signatures.SECRET_PREFIX}{base64.b64encode(secrets.token_bytes(BYTES)).decode()}"


def seal(secret: str) -> str:
    """Encrypt a secret for storage."""
    return signing.seal(LABEL, secret.encode())


def of(endpoint: Any) -> list[str]:
    """Return the secrets that sign for an endpoint, the newest first. Those that cannot be decrypted are left out."""
    sealed = [endpoint.sealed_secret]
    if endpoint.sealed_previous and endpoint.previous_until and endpoint.previous_until > models.now():
        sealed.append(endpoint.sealed_previous)
    found = []
    for each in sealed:
        try:
            found.append(signing.unseal(LABEL, each, stored=True).decode())
        except InvalidToken:
            continue
    return found


def renew() -> int:
    """Encrypt all secrets with the current root secret, so that the previous one can be removed. Returns how many."""
    if not settings.jwt_secret_previous:
        return 0
    renewed = 0
    for column in (WebhookEndpoint.sealed_secret, WebhookEndpoint.sealed_previous):
        for row in database.read_all(select(WebhookEndpoint.id, column.label("sealed")).where(column.is_not(None))):
            if signing.is_sealed_with_current_secret(LABEL, row.sealed):
                continue
            if (new := signing.reseal(LABEL, row.sealed)) is not None:
                same = WebhookEndpoint.id == row.id, column == row.sealed
                database.write_only(update(WebhookEndpoint).where(*same).values({column.key: new}))
                renewed += 1
    return renewed
