"""Recognise another service of ours by its service token."""

import hmac

from starlette.types import Scope

from settings.loading import settings


def is_sent(scope: Scope) -> bool:
    """Return whether a request carries one of INTERNAL_SERVICE_TOKEN, compared in constant time."""
    if not settings.internal_service_token:
        return False
    sent = [
        _token_in(name, value) for name, value in scope["headers"] if name in (b"authorization", b"x-service-token")
    ]
    return True in [
        hmac.compare_digest(token, known.encode()) for token in sent for known in settings.internal_service_token
    ]


def _token_in(name: bytes, value: bytes) -> bytes:
    if name != b"authorization":
        return value
    scheme, _, token = value.partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else b""
