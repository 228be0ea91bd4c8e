"""Sign users up: create the account, and a session where it may log in at once."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from accounts import password_changes, verification
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, passwords, throttling
from models import PendingSignUp, User, UserRole
from sessions import known_networks, revocation
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()

SIGN_UP_ACCEPTED = "We have sent you a mail. Follow it to finish signing up."


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
            _sign_up_again(db, caller, body, str(user.hashed_password))
            return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED)
        raise errors.EmailTaken()
    if not required:  # there a stranger could tell by it that the address is new
        throttling.reset(db, user.canonical_email)
    else:
        _keep_pending(db, user, str(user.hashed_password))
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
    known_networks.note_owner(db, user, caller)
    return None if user.is_verified else verification.send_first_verification(db, user)


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


def _sign_up_again(db: Session, caller: CallerInfo, body: schemas.SignUp, hashed_password: str) -> None:
    """Handle a sign-up with the email address of an account, in `required` mode: the owner of the mailbox decides.

    The owner of a never-verified address is sent a link to set a new password. An account that awaits its verification
    loses its password and links at once, since either of the two sign-ups may be an attacker's, also where it signed up
    while the mode was `off`; one that was marked as verified, such as the superuser, keeps them until the link is used.
    The owner of a verified address is told.
    """
    user = lookup.lock_by_email(db, body.email)
    if user is None:
        return  # deleted at this moment
    _keep_pending(db, user, hashed_password)
    if not user.is_active or user.email_proven_at:
        email_utils.queue(db, "account_exists", user)
    elif user.ever_verified or user.email_set_at:  # moved or unmarked by an administrator: a sign-up takes nothing away
        password_changes.send_reset(db, user)
    else:
        # Where that has happened already, its link may be kept: see `one_time_tokens.keep_open_links`.
        ended = user.hashed_password is None and verification.takeover_is_open(db, user)
        if auth.must_verify(user) and not ended:
            user.hashed_password, user.password_changed_at = None, models.now()
            revocation.revoke(db, caller, user, removes_unproven_credentials=True, removal_notices=False)
        verification.send_takeover(db, user)
        audit.record_request(db, caller, "password.reset_requested", user.user_id)


def _keep_pending(db: Session, user: User, hashed_password: str) -> None:
    """Keep the password of the newest sign-up, so that a login with it is answered alike for every address."""
    expires_at = models.now() + timedelta(hours=settings.email_verification_ttl_hours)
    values = {"hashed_password": hashed_password, "expires_at": expires_at}
    statement = database.upsert(PendingSignUp.__table__).values(account_id=user.id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
