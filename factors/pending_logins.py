"""Find a login that is waiting for its second factor, by its `mfa_token`."""

from typing import Any, NamedTuple

from sqlalchemy import select

import database
import errors
import models
from core import signing
from factors.models import PendingLogin

MINUTES_TO_CONTINUE = 5
MAX_WRONG_ANSWERS = 5
LABEL = "mfa_token"


def token_of(login_id: str) -> str:
    """Return the `mfa_token` of a login."""
    return signing.sign(LABEL, login_id, salted=True)


class Pending(NamedTuple):
    """A login that is waiting for its second factor."""

    id: str
    account_id: int
    passkey: str | None


def find(mfa_token: str) -> Pending:
    """Return the pending login of a token, read without a lock. Raises InvalidMfaToken."""
    signed = signing.unsign(LABEL, mfa_token)
    if signed is None or signed.unsalted:
        raise errors.InvalidMfaToken()
    columns = (PendingLogin.id, PendingLogin.account_id, PendingLogin.passkey)
    found = database.read(select(*columns).where(PendingLogin.id == signed.value, *_is_open()))
    if found is None:
        raise errors.InvalidMfaToken()
    return Pending._make(found)


def _is_open() -> tuple[Any, ...]:
    return PendingLogin.expires_at > models.now(), PendingLogin.wrong_answers < MAX_WRONG_ANSWERS
