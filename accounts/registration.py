"""Sign users up: create the account, and a session if login does not require verification."""

from datetime import timedelta

from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session, make_transient_to_detached

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from accounts import password_changes, verification
from core import capability, field_errors, response_times
from core.client_address import CallerInfo
from credentials import lookup, one_time_tokens, password_policy, passwords, throttling
from languages import reader, translation
from models import PendingSignUp, User, UserRole
from prepared import Prepared
from sessions import known_networks, revocation
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()

SIGN_UP_ACCEPTED = translation.mark("We have sent you an email. Open the link in it to finish signing up.")


def sign_up(db: Session, caller: CallerInfo, body: schemas.SignUp) -> schemas.SignedUp | schemas.SignUpAccepted:
    """Create an account, and a session if login does not require verification.

    In `required` mode neither the response nor its time shows whether the email address has an account: the password
    policy is checked first, and in both cases a hash is computed and an email is queued. Raises WeakPassword,
    ValidationFailed if the password is missing and required, and EmailTaken except in `required` mode.
    """
    if body.password is None:
        return _sign_up_without_password(db, caller, body)
    username = body.username or schemas.display_name_for(body.email)
    password_policy.check(body.password, body.email, username)
    user = User(
        email=body.email,
        canonical_email=schemas.canonical_email(body.email),
        username=username,
        hashed_password=passwords.hash(body.password),
        is_verified=settings.email_verification == "off",
        terms_accepted_at=models.now() if body.accepted_terms else None,
        **reader.preferences(),
    )
    required = settings.email_verification == "required"
    if required:
        response_times.hide(caller)
    if not insert(db, user, "user"):
        if required:
            _sign_up_again(db, caller, body, str(user.hashed_password))
            return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED)
        raise errors.EmailTaken()
    if not required:  # in `required` mode the reset would show that the email address is new
        throttling.reset(db, user.canonical_email)
    else:
        _store_pending(db, user, str(user.hashed_password))
    token = record_sign_up(db, caller, user)
    exposed_token = (
        one_time_tokens.encode("verify_email", token.id) if token and settings.expose_verification_token else None
    )
    if required:
        return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED, verificationToken=exposed_token)
    tokens = auth.admit(db, caller, user, auth.Login(auth.SIGN_UP, ("pwd",)))
    profile = schemas.User.model_validate(user)
    return schemas.SignedUp.model_validate(
        profile.model_dump() | tokens.model_dump() | {"verificationToken": exposed_token}
    )


def _sign_up_without_password(db: Session, caller: CallerInfo, body: schemas.SignUp) -> schemas.SignUpAccepted:
    for record in capability.enabled():
        accepted: schemas.SignUpAccepted | None = record.sign_up(db, caller, body)
        if accepted:
            return accepted
    raise errors.ValidationFailed(errors=[errors.FieldError("password", field_errors.MESSAGES["missing"], "missing")])


def record_sign_up(db: Session, caller: CallerInfo, user: User, **how: str) -> models.OneTimeToken | None:
    """Record the sign-up of an account: metrics, audit log and known network.

    Sends the verification email, and returns its token, unless the account is verified already.
    """
    metrics.SIGN_UPS.inc()
    audit.record(db, caller, "user.signed_up", user.user_id, actor_id=user.user_id, **how)
    known_networks.note_owner(db, user, caller)
    return None if user.is_verified else verification.send_first_verification(db, user)


_ADD_ROLE = Prepared(lambda: insert_into(UserRole).inline())


def insert(db: Session, user: User, *roles: str) -> bool:
    """Insert an account with these roles, and return whether its email address was free.

    The unique constraint decides, so that exactly one of several concurrent sign-ups succeeds. Afterwards `user` is
    persistent in the session, with the values of the row. The ORM takes twice as long, and needs a savepoint.
    """
    given = {column.key: vars(user).get(column.key) for column in User.__table__.columns}
    values = {key: value for key, value in given.items() if value is not None}
    # Not prepared, because SQLAlchemy computes the default values.
    new = database.upsert(User.__table__).on_conflict_do_nothing(index_elements=["canonical_email"])
    row = database.execute(db, new.returning(*User.__table__.columns), values).first()
    if row is None:
        return False
    for role in roles:
        _ADD_ROLE.run(db, {"account_id": row.id, "role": role})
    vars(user).update(row._asdict(), roles=sorted(roles))
    make_transient_to_detached(user)
    db.add(user)
    return True


def _sign_up_again(db: Session, caller: CallerInfo, body: schemas.SignUp, hashed_password: str) -> None:
    """Handle a sign-up with a registered email address in `required` mode.

    If the address is verified, notify the owner. Otherwise send a link to set a new password, so that only the owner of
    the mailbox can continue. Either of the two sign-ups may be an attacker's, so an account that awaits verification
    (also one that signed up while the mode was `off`) loses its password and links now. An account that was marked as
    verified, such as the superuser, keeps them until the link is used.
    """
    user = lookup.lock_by_email(db, body.email)
    if user is None:
        return  # deleted concurrently
    _store_pending(db, user, hashed_password)
    if not user.is_active or user.email_proven_at:
        email_utils.queue(db, "account_exists", user)
    elif user.ever_verified or user.email_set_at:  # moved or unmarked by an administrator: remove nothing
        password_changes.send_reset(db, user)
    else:
        # If that has already happened, its link may stay valid: see `one_time_tokens.keep_open_links`.
        ended = user.hashed_password is None and verification.takeover_is_open(db, user)
        if auth.must_verify(user) and not ended:
            user.hashed_password, user.password_changed_at = None, models.now()
            revocation.revoke(db, caller, user, removes_unproven_credentials=True, removal_notices=False)
        verification.send_takeover(db, user)
        audit.record_request(db, caller, "password.reset_requested", user.user_id)


def _store_pending(db: Session, user: User, hashed_password: str) -> None:
    """Store the password of the latest sign-up, so that a login with it gets the same response for every address."""
    expires_at = models.now() + timedelta(hours=settings.email_verification_ttl_hours)
    values = {"hashed_password": hashed_password, "expires_at": expires_at}
    statement = database.upsert(PendingSignUp.__table__).values(account_id=user.id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
