"""Authenticate other services by their service token, in any of the accepted forms."""

import base64
import binascii
import hmac
from urllib.parse import unquote_plus

from fastapi import Request
from starlette.types import Scope

import errors
from languages import translation
from settings.loading import settings
from web import oauth_forms

DUPLICATE_CREDENTIALS = translation.mark(
    "Authenticate only once: with the Authorization header or with client_secret in the form."
)


def is_sent(scope: Scope) -> bool:
    """Return whether a header contains one of INTERNAL_SERVICE_TOKEN, compared in constant time."""
    if not settings.internal_service_token:
        return False
    sent = [
        _bearer_in(name, value) for name, value in scope["headers"] if name in (b"authorization", b"x-service-token")
    ]
    return any(map(_is_known, sent))


def authenticates(request: Request, form: oauth_forms.Form) -> bool:
    """Return whether a service authenticates, in a header or as an OAuth client (RFC 6749, 2.3.1).

    As an OAuth client it sends the service token as its secret, with HTTP Basic or in the form, and any `client_id`.
    Raises MalformedRequest if it does both.
    """
    basic = _basic_secrets(request.headers.get("authorization", ""))
    in_form = [secret.encode() for secret in form.get("client_secret", ()) if secret]
    if basic and in_form:
        raise errors.MalformedRequest(DUPLICATE_CREDENTIALS)
    return is_sent(request.scope) or any(map(_is_known, [*basic, *in_form]))


def _is_known(token: bytes) -> bool:
    # Compare all of them, so that the time does not depend on which one matches.
    return True in [hmac.compare_digest(token, known.encode()) for known in settings.internal_service_token]


def _bearer_in(name: bytes, value: bytes) -> bytes:
    if name != b"authorization":
        return value
    scheme, _, token = value.partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else b""


def _basic_secrets(header: str) -> list[bytes]:
    """Return the secret of HTTP Basic, unchanged and URL-decoded.

    RFC 6749 requires clients to URL-encode it, but few clients do.
    """
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        _, colon, secret = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return []
    return [secret, unquote_plus(secret.decode("latin-1")).encode("latin-1", "replace")] if colon else []
