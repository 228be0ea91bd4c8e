"""Sign up with a passkey in place of a password.

The ceremony contains the data of the sign-up, so nothing is stored before a passkey is created. The account is created
when its email address is verified with the link or code, in the browser that created the passkey. With
EMAIL_VERIFICATION=off, it is created immediately.
"""

import base64
import secrets
from typing import Any

from sqlalchemy.orm import Session

import auth
import errors
import models
import schemas
from accounts import registration
from core.client_address import CallerInfo
from factors import ceremonies, passkeys
from factors.schemas import CeremonyOptions
from languages import reader
from models import User
from passwordless import magic_links
from passwordless.confirmation import PASSKEY
from passwordless.magic_links import NewAccount
from passwordless.schemas import PasskeySignUp, PasskeySignUpOptions
from settings.loading import settings


def options(body: PasskeySignUpOptions, *, accepted_terms: bool = False) -> CeremonyOptions:
    """Return the options to create the passkey of a new account. They disclose no account. Raises NotFound."""
    _require_enabled()
    username = body.username or schemas.display_name_for(body.email)
    handle = secrets.token_urlsafe(32)
    new = NewAccount(email=body.email, username=username, handle=handle, accepted_terms=accepted_terms)
    subject = base64.urlsafe_b64encode(new.model_dump_json(exclude_none=True).encode()).decode()
    return passkeys.sign_up_options(subject, {"id": handle, "name": body.email, "displayName": username})


def sign_up(db: Session, caller: CallerInfo, body: PasskeySignUp) -> schemas.SignedUp | schemas.SignUpAccepted:
    """Sign up with a new passkey, which must have verified the user.

    With EMAIL_VERIFICATION=off, the account and a session are created immediately. Otherwise a link and a code are
    sent, and the response is the same for new and registered email addresses. Raises NotFound, InvalidCredential,
    EmailTaken, and Conflict if another request has added the passkey in the meantime.
    """
    _require_enabled()
    try:
        subject = ceremonies.subject_of("sign_up", body.ceremony)
        challenge = ceremonies.redeem(db, "sign_up", body.ceremony, subject)
    except ceremonies.Invalid:
        raise passkeys.expired() from None
    new = _new_account(subject)
    new.passkey = passkeys.verify_new(db, caller, body.credential, challenge, must_verify_user=True)
    if settings.email_verification == "off":
        return _create(db, caller, new, new.passkey)
    sent = magic_links.send(db, caller, new.email, new=new)
    return schemas.SignUpAccepted.model_validate(sent.model_dump())


def email_of(body: Any) -> str:
    """Return the email address of a sign-up, or nothing if its ceremony is invalid."""
    try:
        return _new_account(ceremonies.subject_of("sign_up", body.ceremony)).email
    except ceremonies.Invalid:
        return ""


def _new_account(subject: str) -> NewAccount:
    return NewAccount.model_validate_json(base64.urlsafe_b64decode(subject))


def is_enabled() -> bool:
    """Return whether users may sign up with a passkey."""
    is_provable = settings.magic_link == "on" or settings.email_verification == "off"
    return settings.password_optional and is_provable


def _require_enabled() -> None:
    if not is_enabled():
        raise errors.NotFound()


def _create(db: Session, caller: CallerInfo, new: NewAccount, passkey: dict[str, object]) -> schemas.SignedUp:
    user = User(
        email=new.email,
        canonical_email=schemas.canonical_email(new.email),
        username=new.username,
        is_verified=True,
        terms_accepted_at=models.now() if new.accepted_terms else None,
        **reader.preferences(),
    )
    if not registration.insert(db, user, "user"):
        raise errors.EmailTaken()
    registration.record_sign_up(db, caller, user, method="passkey")
    if not passkeys.add_at_sign_up(db, caller, user, str(new.handle), passkey):
        raise errors.Conflict()  # and no account without a way to log in
    tokens = auth.admit(db, caller, user, auth.Login(auth.SIGN_UP, PASSKEY))
    profile = schemas.User.model_validate(user)
    return schemas.SignedUp.model_validate(profile.model_dump() | tokens.model_dump())
