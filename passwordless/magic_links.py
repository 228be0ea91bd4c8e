"""Send a link and a code for logging in, or for signing up without a password."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
import schemas
from accounts import password_changes
from core import response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens
from delivery import budgets
from languages import translation
from models import OneTimeToken, User
from oauth_login import redirects
from passwordless import login_flow
from passwordless.schemas import LinkSent, NewLink
from settings.loading import settings

LOGIN, SIGN_UP = "magic_link", "sign_up_link"  # purposes of the tokens
SIGN_UP_LINKS = 50  # in an hour, for an email address without an account: as many as for an account
SENT = translation.mark("We have sent you an email. Open the link in it in this browser, or enter the code here.")


class NewAccount(BaseModel):
    """The data of a sign-up without a password, stored with the token until the link or code is used.

    passkey: the columns of a verified passkey, which becomes a factor of the account.
    handle: the user handle of that passkey.
    """

    email: str
    username: str | None = None
    accepted_terms: bool = False
    passkey: dict[str, Any] | None = None
    handle: str | None = None


def require_enabled() -> None:
    """Require that users may log in by email. Raises NotFound."""
    if settings.magic_link != "on":
        raise errors.NotFound()


def request(db: Session, caller: CallerInfo, body: NewLink) -> LinkSent:
    """Send a link and a code to log in. Earlier ones of the account become invalid.

    Neither the response nor its time shows whether an account exists. Raises OauthError for a `redirect_to` that is not
    allowed.
    """
    redirects.require_allowed(body.redirect_to)
    return send(db, caller, body.email, leads_to={"redirect_to": body.redirect_to})


def sign_up(db: Session, caller: CallerInfo, body: schemas.SignUp) -> schemas.SignUpAccepted | None:
    """Send a link and a code that create an account without a password. Returns None if a password is required."""
    if not settings.password_optional or settings.magic_link != "on":
        return None
    new = NewAccount(email=body.email, username=body.username, accepted_terms=body.accepted_terms)
    return schemas.SignUpAccepted.model_validate(send(db, caller, body.email, new=new).model_dump())


def send(
    db: Session,
    caller: CallerInfo,
    email: str,
    *,
    leads_to: Mapping[str, Any] | None = None,
    new: NewAccount | None = None,
) -> LinkSent:
    """Send a link and a code that log in to the account of an email address, or create it.

    leads_to: where the login leads to, which is stored with the token.
    new: the account to create if none exists. By default, one is created only with SIGNUP_BY_MAGIC_LINK.
    """
    response_times.hide(caller)
    flow = login_flow.issue(email)
    detail = {login_flow.FLOW: login_flow.fingerprint(flow), **(leads_to or {})}
    user = lookup.lock_by_email(db, email)
    if user is None:
        database.serialize(db, f"{SIGN_UP} {schemas.canonical_email(email)}")
        user = lookup.lock_by_email(db, email)  # created concurrently
    sent = _to_address(db, email, detail, new) if user is None else _to_account(db, caller, user, detail, new)
    audit.record_request(db, caller, "magic_link.requested", user.user_id if user else None, sent=sent)
    return LinkSent(message=SENT, flow=flow, expires_in=settings.magic_link_ttl_minutes * 60)


def _to_account(db: Session, caller: CallerInfo, user: User, detail: dict[str, Any], new: NewAccount | None) -> bool:
    """Send the link to a locked account, and return whether it was sent."""
    if not user.is_active:
        return False
    known = lookup.by_id(user.id, caller, db)
    if known and known.known_network:
        # The last link works only in the browser that asked for it: requests of strangers must not keep the owner from
        # getting one. Each known network has its own limit.
        one_time_tokens.keep_open_links.set(False)
    if user.email_set_at is not None:
        # An administrator must not be able to gain access to an account by choosing its mailbox (ASVS 5.0, 6.4.6).
        password_changes.send_reset(db, user)
        return False
    one_time_tokens.revoke_without_account(db, user.canonical_email)
    if new is not None and new.passkey is not None and not user.ever_verified:
        detail = {**detail, "new": new.model_dump()}
    token = _issue(db, user, LOGIN, user.email, detail)
    removes_password = user.hashed_password is not None and not user.ever_verified
    email_utils.queue(db, "magic_link", user, token=token, removes_password=removes_password)
    return True


def _to_address(db: Session, email: str, detail: dict[str, Any], new: NewAccount | None) -> bool:
    """Send the link to an email address that has no account, and return whether it was sent."""
    canonical = schemas.canonical_email(email)
    new = new or _asked_before(db, canonical) or _without_details(email)
    if new is None:
        if budgets.allows_no_account(db, email):
            email_utils.queue_without_account(db, "no_account", email)
        return False
    if not budgets.allows_sign_up(db, email, SIGN_UP_LINKS):
        return False
    token = _issue(db, None, SIGN_UP, canonical, {**detail, "new": new.model_dump()})
    email_utils.queue_without_account(db, "sign_up_link", new.email, token)
    return True


def _asked_before(db: Session, canonical: str) -> NewAccount | None:
    """Return the sign-up whose link is still open, without its passkey, which belongs to another browser."""
    token_id = one_time_tokens.open_id_without_account(db, SIGN_UP, canonical)
    if token_id is None:
        return None
    new = NewAccount.model_validate(one_time_tokens.detail_of(db, token_id)["new"])
    return new.model_copy(update={"passkey": None, "handle": None})


def _without_details(email: str) -> NewAccount | None:
    """Return the sign-up of a login link, if login links create accounts and the address is acceptable."""
    if not settings.signup_by_magic_link:
        return None
    try:
        return NewAccount(email=schemas.new_email(email))
    except ValueError:
        return None


def _issue(db: Session, user: User | None, purpose: str, sent_to: str, detail: dict[str, Any]) -> OneTimeToken:
    token = one_time_tokens.issue(db, user, purpose, sent_to)
    if not one_time_tokens.was_kept(db, token):  # otherwise it belongs to the browser of the email that was sent
        token.detail = detail
        db.flush()
    return token
