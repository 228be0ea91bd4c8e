"""Change what an account is: sign up, prove the address, set a new password, change, close.

Each verb holds the account first, works in the transaction that it is given, writes one audit event and queues the
mails. Whatever hashes does so before the account is held.
"""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
from accounts import verification
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, passwords, throttling
from models import User, UserRole
from sessions import known_networks
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()

SIGN_UP_ACCEPTED = "We have sent you a mail. Follow it to finish signing up."

# -------------------------------------------------------------------------------------------------------------- sign up


def sign_up(db: Session, caller: CallerInfo, body: schemas.SignUp) -> schemas.SignedUp | schemas.SignUpAccepted:
    """Make an account, and a session where it may log in at once.

    Raises WeakPassword, and EmailTaken except in `required` mode.

    In `required` mode a stranger cannot tell a new address from a known one: the rules on the password come first, a
    hash is computed and a mail is queued for both, and the answer is the same.
    """
    username = body.username or schemas.display_name_for(body.email)
    passwords.check(body.password, body.email, username)
    user = User(
        email=body.email,
        canonical_email=schemas.canonical_email(body.email),
        username=username,
        hashed_password=passwords.hash(body.password),
        is_verified=settings.email_verification == "off",
    )
    required = settings.email_verification == "required"
    if not insert(db, user, "user"):
        if required:
            _sign_up_again(db, caller, body.email)
            return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED)
        raise errors.EmailTaken()
    if not required:  # there a stranger could tell by it that the address is new
        throttling.reset(db, user.canonical_email)
    token = record_sign_up(db, caller, user)
    shown = one_time_tokens.encode("verify_email", token.id) if token and settings.expose_verification_token else None
    if required:
        return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED, verificationToken=shown)
    answer = auth.admit(db, caller, user, auth.Login(auth.SIGN_UP))
    person = schemas.User.model_validate(user)
    return schemas.SignedUp.model_validate(person.model_dump() | answer.model_dump() | {"verificationToken": shown})


def record_sign_up(db: Session, caller: CallerInfo, user: User, **how: str) -> models.OneTimeToken | None:
    """What belongs to the first moment of an account that a person made.

    The token of the verification mail, where there is one.
    """
    metrics.SIGN_UPS.inc()
    audit.record(db, caller, "user.signed_up", user.user_id, actor_id=user.user_id, **how)
    known_networks.note(db, user, caller)
    return None if user.is_verified else verification.send_verification(db, user)


def insert(db: Session, user: User, *roles: str) -> bool:
    """Insert an account; whether its address was free. The constraint decides, so that of fifty at once one wins."""
    try:
        with db.begin_nested():
            db.add(user)
            db.flush()
            db.add_all(UserRole(account_id=user.id, role=role) for role in roles)
    except IntegrityError:
        return False
    db.refresh(user)
    return True


def _sign_up_again(db: Session, caller: CallerInfo, address: str) -> None:
    """Whoever holds the address wins: one that was never proven gets a link to set a password of its owner's choice."""
    user = lookup.lock_by_email(db, address)
    if user and user.is_active and not user.email_proven_at:
        email_utils.queue(
            db, "claim_account", user, token=one_time_tokens.issue(db, user, "reset_password", user.email)
        )
        audit.record(db, caller, "password.reset_requested", user.user_id)
    elif user:
        email_utils.queue(db, "account_exists", user)


# ----------------------------------------------------------------------------------------------------- prove an address


# ------------------------------------------------------------------------------------------------------------- password


# -------------------------------------------------------------------------------------------------------------- profile


# ---------------------------------------------------------------------------------------------------------------- close


# ------------------------------------------------------------------------------------------------------------ superuser
