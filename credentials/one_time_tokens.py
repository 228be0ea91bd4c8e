"""One-time tokens: the links and codes in our mails.

A token is the random id of a row, signed together with its purpose. So the database holds no secret, a forged token
costs no query, and what was made for one purpose is worth nothing for another.
"""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

import database
import errors
import models
from core import capability, signing
from models import OneTimeToken
from settings.loading import settings

WRONG_CODES = 10
SURVIVE_CREDENTIAL_CHANGES = ("secure_account", "undo_email_change")


# Another act on the same row: whoever gets a verification mail may confirm the address or disown the account, once.
SHARES_THE_ROW_OF = {"disown": "verify_email"}


# Set by `web.rate_limits` for a request beyond the number of emails that its account gets in a while: the link that was
# mailed last stays as long as it is valid, and no other is made.
keep_open_links: ContextVar[bool] = ContextVar("keep_open_links", default=False)


def issue(db: Session, user: models.User, purpose: str, sent_to: str) -> OneTimeToken:
    """Make a token; the open one of the same purpose ends. The account's row is locked.

    sent_to: the email address that it is mailed to, or for `exchange` the provider whose login it hands over.

    Beyond the limit for emails (`keep_open_links`) it is the open one, where there is one that went to the same email
    address; `was_kept` tells.
    """
    if keep_open_links.get():
        open_one = select(OneTimeToken).where(*_open(purpose), OneTimeToken.account_id == user.id)
        if kept := db.scalar(open_one.where(OneTimeToken.sent_to == sent_to)):
            db.info.setdefault("kept_tokens", set()).add(kept.id)
            return kept
    if purpose != "undo_email_change":  # each change can be undone, or a thief would change the address twice
        revoke(db, user, purpose)
    token = OneTimeToken(
        id=models.new_id(),
        account_id=user.id,
        purpose=purpose,
        sent_to=sent_to,
        expires_at=models.now() + capability.token_purposes()[purpose](),
    )
    db.add(token)
    db.flush()
    return token


def was_kept(db: Session, token: OneTimeToken | None) -> bool:
    """Return whether `issue` made no new token in this transaction: the email with its link went out before."""
    return token is not None and token.id in db.info.get("kept_tokens", ())


def encode(purpose: str, token_id: str) -> str:
    """What stands in the link."""
    return signing.sign(f"token:{purpose}", token_id)


class Pointed(NamedTuple):
    """What a token points to."""

    token_id: str
    account_id: int
    purpose: str


def peek(raw: str, *purposes: str) -> Pointed:
    """The id, account and purpose of an open token, which stays open. Raises InvalidToken.

    For what must be known before the slow part, such as whose password is about to be hashed.
    """
    for purpose in purposes:
        signed = signing.unsign(f"token:{purpose}", raw)
        if signed is not None:
            statement = select(
                OneTimeToken.id, OneTimeToken.account_id, OneTimeToken.purpose, OneTimeToken.created_at
            ).where(*_open(SHARES_THE_ROW_OF.get(purpose, purpose)), OneTimeToken.id == signed.value)
            found = database.read(statement)
            if found and (not signed.unsalted or signing.may_be_unsalted(found.created_at)):
                return Pointed(found.id, found.account_id, found.purpose)
    raise errors.InvalidToken()


def redeem(db: Session, token_id: str, purpose: str) -> str:
    """Use a token up and answer where it was sent to. Raises InvalidToken.

    The statement that finds the row is the one that removes it: of fifty at once, one wins.
    """
    spent = db.execute(
        delete(OneTimeToken).where(*_open(purpose), OneTimeToken.id == token_id).returning(OneTimeToken.sent_to)
    ).scalar()
    if spent is None:
        raise errors.InvalidToken()
    return spent


def redeem_code(db: Session, user: models.User, code: str) -> str:
    """The same with the 6-digit code of a verification mail. Raises InvalidToken; ten wrong codes end a code.

    Every guess is counted before it is looked at, by one statement, so guessing at once gains nothing.
    """
    counted = db.execute(
        update(OneTimeToken)
        .where(*_open_code(user))
        .values(wrong_codes=OneTimeToken.wrong_codes + 1)
        .returning(OneTimeToken.id, OneTimeToken.created_at)
    ).first()
    if counted is None or not signing.digits_match(
        "code:verify_email", counted.id, code, unsalted=signing.may_be_unsalted(counted.created_at)
    ):
        raise errors.InvalidToken()
    return redeem(db, counted.id, "verify_email")


def has_open_code(db: Session, user: models.User) -> bool:
    """Whether there is a code that may still be tried."""
    return db.scalar(select(OneTimeToken.id).where(*_open_code(user))) is not None


def detail_of(db: Session, token_id: str) -> dict[str, Any]:
    """Return what was kept with a token when it was made."""
    return db.scalar(select(OneTimeToken.detail).where(OneTimeToken.id == token_id)) or {}


def created_at(db: Session, token_id: str) -> datetime:
    """Return when a token was made. Raises InvalidToken where it does not exist any more."""
    found = db.scalar(select(OneTimeToken.created_at).where(OneTimeToken.id == token_id))
    if found is None:
        raise errors.InvalidToken()
    return found


def revoke_later(db: Session, user: models.User, purpose: str, since: datetime) -> None:
    """End the open tokens of this purpose that were made since then."""
    later = (OneTimeToken.account_id == user.id, OneTimeToken.purpose == purpose, OneTimeToken.created_at >= since)
    db.execute(delete(OneTimeToken).where(*later))


def revoke_unmarked(db: Session, user: models.User, purpose: str, mark: str) -> None:
    """End the tokens of this purpose for whose `detail` this mark does not hold."""
    chosen = OneTimeToken.account_id == user.id, OneTimeToken.purpose == purpose
    rows = db.execute(select(OneTimeToken.id, OneTimeToken.detail).where(*chosen)).all()
    ended = [row.id for row in rows if not (row.detail or {}).get(mark)]
    db.execute(delete(OneTimeToken).where(OneTimeToken.id.in_(ended)))


def is_open(db: Session, user: models.User, purpose: str) -> bool:
    """Whether an account has an open token of this purpose."""
    return open_id(db, user, purpose) is not None


def open_id(db: Session, user: models.User, purpose: str) -> str | None:
    """Return the id of an open token of this purpose, or None where an account has none."""
    return db.scalar(select(OneTimeToken.id).where(*_open(purpose), OneTimeToken.account_id == user.id).limit(1))


def code_of(token_id: str) -> str:
    """The 6-digit code that stands in the mail beside the link."""
    return signing.digits("code:verify_email", token_id)


def _dies_with_credentials() -> ColumnElement[bool]:
    # The links by which an owner takes an account back must not die by what the thief does next.
    return OneTimeToken.purpose.not_in(SURVIVE_CREDENTIAL_CHANGES)


def revoke(db: Session, user: models.User, *purposes: str) -> None:
    """End the open tokens of an account: all of them, or those of the purposes."""
    chosen = [OneTimeToken.purpose.in_(purposes) if purposes else _dies_with_credentials()]
    db.execute(delete(OneTimeToken).where(OneTimeToken.account_id == user.id, *chosen))


def _open(purpose: str) -> tuple[ColumnElement[bool], ...]:
    return OneTimeToken.purpose == purpose, OneTimeToken.expires_at > models.now()


def _open_code(user: models.User) -> tuple[ColumnElement[bool], ...]:
    newest = models.now() - timedelta(minutes=settings.email_verification_code_expiry_minutes)
    return (
        *_open("verify_email"),
        OneTimeToken.account_id == user.id,
        OneTimeToken.created_at > newest,
        OneTimeToken.wrong_codes < WRONG_CODES,
    )
