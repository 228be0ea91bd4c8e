"""Issue and redeem one-time tokens: the links and codes in emails.

A token is the random id of a row, signed together with its purpose. The database therefore contains no secret, a forged
token costs no query, and a token is valid for one purpose only.
"""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

import database
import errors
import models
import schemas
from core import capability, signing
from models import OneTimeToken
from settings.loading import settings

# The links that come with a 6-digit code, and how many wrong codes invalidate it.
CODES = {"verify_email": 10, "magic_link": 5, "sign_up_link": 5}
SURVIVE_CREDENTIAL_CHANGES = ("secure_account", "undo_email_change")


# Purposes that share a row: the recipient of a verification email can verify the address or report the sign-up, once.
SHARED_ROWS = {"disown": "verify_email"}


# Set by `web.rate_limits` for a request beyond the email limit of its account: the last link stays valid, and no new
# one is issued.
keep_open_links: ContextVar[bool] = ContextVar("keep_open_links", default=False)


def issue(db: Session, user: models.User | None, purpose: str, sent_to: str) -> OneTimeToken:
    """Issue a token, which replaces the open one of the same purpose. The account's row is locked.

    user: the account, or None for an email address without one. The caller then holds a lock for the address.
    sent_to: the email address that it is sent to, in its canonical form if there is no account, or for `exchange` the
        provider of the login.

    Beyond the email limit (`keep_open_links`), returns the open token for the same email address, if any; see
    `was_kept`.
    """
    if keep_open_links.get():
        open_token = select(OneTimeToken).where(*_open(purpose), *_of(user, sent_to))
        if kept := db.scalar(open_token.where(OneTimeToken.sent_to == sent_to)):
            db.info.setdefault("kept_tokens", set()).add(kept.id)
            return kept
    if purpose != "undo_email_change":  # each change can be undone: an attacker could change the address twice
        db.execute(delete(OneTimeToken).where(*_of(user, sent_to), OneTimeToken.purpose == purpose))
    token = OneTimeToken(
        id=models.new_id(),
        account_id=user.id if user else None,
        purpose=purpose,
        sent_to=sent_to,
        expires_at=models.now() + capability.token_purposes()[purpose](),
    )
    db.add(token)
    db.flush()
    return token


def was_kept(db: Session, token: OneTimeToken | None) -> bool:
    """Return whether `issue` returned an open token in this transaction, whose email was sent before."""
    return token is not None and token.id in db.info.get("kept_tokens", ())


def encode(purpose: str, token_id: str) -> str:
    """Return the token as it appears in the link."""
    return signing.sign(f"token:{purpose}", token_id)


class TokenPointer(NamedTuple):
    """The row that a token points to."""

    token_id: str
    account_id: int  # None for `sign_up_link`, whose account does not exist yet
    purpose: str


def peek(raw: str, *purposes: str, sent_to: str | None = None) -> TokenPointer:
    """Return the id, account and purpose of an open token without using it up. Raises InvalidToken.

    Used before slow work, for example to find the account whose new password will be hashed.

    sent_to: the email address that the request names for the token, which must be its own.
    """
    for purpose in purposes:
        signed = signing.unsign(f"token:{purpose}", raw)
        if signed is not None:
            found = database.read(
                select(OneTimeToken.__table__).where(
                    *_open(SHARED_ROWS.get(purpose, purpose)), OneTimeToken.id == signed.value
                )
            )
            if found is None or (signed.unsalted and not signing.may_be_unsalted(found.created_at)):
                continue
            if sent_to is None or schemas.canonical_email(sent_to) == schemas.canonical_email(found.sent_to):
                return TokenPointer(found.id, found.account_id, found.purpose)
    raise errors.InvalidToken()


def redeem(db: Session, token_id: str, purpose: str) -> str:
    """Use up a token, and return the email address that it was sent to. Raises InvalidToken.

    One statement finds and deletes the row, so that exactly one of several concurrent requests succeeds.
    """
    sent_to = db.execute(
        delete(OneTimeToken).where(*_open(purpose), OneTimeToken.id == token_id).returning(OneTimeToken.sent_to)
    ).scalar()
    if sent_to is None:
        raise errors.InvalidToken()
    return sent_to


def redeem_code(db: Session, token: OneTimeToken, code: str) -> str:
    """Use up a token of `open_code` with its 6-digit code, and return the email address that it was sent to.

    Raises InvalidToken. A code becomes invalid after several wrong attempts: see `CODES`.

    Every attempt is counted before it is compared, in one statement, so that concurrent attempts gain nothing.
    """
    counted = db.execute(
        update(OneTimeToken)
        .where(OneTimeToken.id == token.id, *_open_code(token.purpose))
        .values(wrong_codes=OneTimeToken.wrong_codes + 1)
        .returning(OneTimeToken.id, OneTimeToken.created_at)
        .execution_options(synchronize_session=False)
    ).first()
    if counted is None or not signing.digits_match(
        f"code:{token.purpose}", counted.id, code, unsalted=signing.may_be_unsalted(counted.created_at)
    ):
        raise errors.InvalidToken()
    return redeem(db, counted.id, token.purpose)


def open_code(db: Session, user: models.User | None, purpose: str, sent_to: str = "") -> OneTimeToken | None:
    """Return the token of a code with attempts left, of an account or of an email address without one."""
    found = select(OneTimeToken).where(*_open_code(purpose), *_of(user, sent_to))
    return db.scalar(found.execution_options(populate_existing=True))


def detail_of(db: Session, token_id: str) -> dict[str, Any]:
    """Return the details that were stored with a token when it was issued."""
    return db.scalar(select(OneTimeToken.detail).where(OneTimeToken.id == token_id)) or {}


def created_at(db: Session, token_id: str) -> datetime:
    """Return when a token was issued. Raises InvalidToken if it no longer exists."""
    found = db.scalar(select(OneTimeToken.created_at).where(OneTimeToken.id == token_id))
    if found is None:
        raise errors.InvalidToken()
    return found


def revoke_later(db: Session, user: models.User, purpose: str, since: datetime) -> None:
    """Revoke the open tokens of this purpose that were issued since then."""
    later = (OneTimeToken.account_id == user.id, OneTimeToken.purpose == purpose, OneTimeToken.created_at >= since)
    db.execute(delete(OneTimeToken).where(*later))


def revoke_unmarked(db: Session, user: models.User, purpose: str, mark: str) -> None:
    """Revoke the tokens of this purpose whose `detail` does not contain this mark."""
    chosen = OneTimeToken.account_id == user.id, OneTimeToken.purpose == purpose
    rows = db.execute(select(OneTimeToken.id, OneTimeToken.detail).where(*chosen)).all()
    ended = [row.id for row in rows if not (row.detail or {}).get(mark)]
    db.execute(delete(OneTimeToken).where(OneTimeToken.id.in_(ended)))


def open_id_without_account(db: Session, purpose: str, sent_to: str) -> str | None:
    """Return the id of the open token of this purpose for an email address without an account, or None."""
    return db.scalar(select(OneTimeToken.id).where(*_open(purpose), *_of(None, sent_to)))


def revoke_without_account(db: Session, sent_to: str) -> None:
    """Revoke the tokens of an email address that had no account."""
    db.execute(delete(OneTimeToken).where(*_of(None, sent_to)))


def is_open(db: Session, user: models.User, purpose: str) -> bool:
    """Return whether an account has an open token of this purpose."""
    return open_id(db, user, purpose) is not None


def open_id(db: Session, user: models.User, purpose: str) -> str | None:
    """Return the id of an open token of this purpose, or None if the account has none."""
    return db.scalar(select(OneTimeToken.id).where(*_open(purpose), OneTimeToken.account_id == user.id).limit(1))


def code_of(purpose: str, token_id: str) -> str:
    """Return the 6-digit code that belongs to the link in an email."""
    return signing.digits(f"code:{purpose}", token_id)


def _ends_with_credentials() -> ColumnElement[bool]:
    # Links that recover an account must stay valid when an attacker changes further credentials.
    return OneTimeToken.purpose.not_in(SURVIVE_CREDENTIAL_CHANGES)


def revoke(db: Session, user: models.User, *purposes: str) -> None:
    """Revoke the open tokens of an account: those of these purposes, or all that a credential change invalidates."""
    chosen = [OneTimeToken.purpose.in_(purposes) if purposes else _ends_with_credentials()]
    db.execute(delete(OneTimeToken).where(OneTimeToken.account_id == user.id, *chosen))


def _open(purpose: str) -> tuple[ColumnElement[bool], ...]:
    return OneTimeToken.purpose == purpose, OneTimeToken.expires_at > models.now()


def _of(user: models.User | None, sent_to: str) -> tuple[ColumnElement[bool], ...]:
    if user is not None:
        return (OneTimeToken.account_id == user.id,)
    return OneTimeToken.account_id.is_(None), OneTimeToken.sent_to == sent_to


def _open_code(purpose: str) -> tuple[ColumnElement[bool], ...]:
    newest = models.now() - timedelta(minutes=settings.email_verification_code_expiry_minutes)
    expires = [OneTimeToken.created_at > newest] if purpose == "verify_email" else []
    return *_open(purpose), *expires, OneTimeToken.wrong_codes < CODES[purpose]
