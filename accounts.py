"""Change what an account is: sign up, prove the address, set a new password, change, close.

Each verb holds the account first, works in the transaction that it is given, writes one audit event and queues the mails.
Whatever hashes does so before the account is held.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import guesses
import identities
import logs
import metrics
import models
import oauth_providers
import passwords
import roles
import schemas
import sessions
import tokens
from audit import CallerInfo
from auth import Current
from models import AuditEvent, User, UserRole
from settings import settings

log = logs.logger()

SIGN_UP_ACCEPTED = "We have sent you a mail. Follow it to finish signing up."

# -------------------------------------------------------------------------------------------------------------- sign up


def register(db: Session, caller: CallerInfo, body: schemas.SignUp) -> schemas.SignedUp | schemas.SignUpAccepted:
    """Make an account, and a session where it may log in at once. Raises WeakPassword, and EmailTaken except in `required` mode.

    In `required` mode a stranger cannot tell a new address from a known one: the rules on the password come first, a hash
    is computed and a mail is queued for both, and the answer is the same.
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
    if not add(db, user, "user"):
        if required:
            _sign_up_again(db, caller, body.email)
            return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED)
        raise errors.EmailTaken()
    if not required:  # there a stranger could tell by it that the address is new
        guesses.forget(db, user.canonical_email)
    token = welcome(db, caller, user)
    shown = tokens.text_of("verify_email", token.id) if token and settings.expose_verification_token else None
    if required:
        return schemas.SignUpAccepted(message=SIGN_UP_ACCEPTED, verificationToken=shown)
    answer = auth.tokens_for(user, sessions.start(db, user, caller))
    person = schemas.User.model_validate(user)
    return schemas.SignedUp.model_validate(person.model_dump() | answer.model_dump() | {"verificationToken": shown})


def welcome(db: Session, caller: CallerInfo, user: User, **how: str) -> models.OneTimeToken | None:
    """What belongs to the first moment of an account that a person made; the token of the verification mail, where there is one."""
    metrics.SIGN_UPS.inc()
    audit.record(db, caller, "user.signed_up", user.user_id, actor_id=user.user_id, **how)
    sessions.note_network(db, user, caller)
    return None if user.is_verified else send_verification(db, user)


def add(db: Session, user: User, *roles: str) -> bool:
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
    user = auth.hold_by_address(db, address)
    if user and user.is_active and not user.email_proven_at:
        email_utils.queue(db, "claim_account", user, token=tokens.issue(db, user, "reset_password", user.email))
        audit.record(db, caller, "password.reset_requested", user.user_id)
    elif user:
        email_utils.queue(db, "account_exists", user)


# ----------------------------------------------------------------------------------------------------- prove an address


def send_verification(db: Session, user: User) -> models.OneTimeToken:
    """Mail the link and the code that prove the address. The account is held."""
    token = tokens.issue(db, user, "verify_email", user.email)
    email_utils.queue(db, "verify_email", user, token=token)
    return token


def send_invitation(db: Session, user: User) -> None:
    """Mail a link to choose the first password with, which ends the one before."""
    email_utils.queue(db, "invitation", user, token=tokens.issue(db, user, "invitation", user.email))


def resend_verification(db: Session, caller: CallerInfo, address: str) -> None:
    """Send a new verification mail, which ends the one before. Nothing shows whether there is such an account."""
    user = auth.hold_by_address(db, address)
    waits = user is not None and user.is_active and not user.is_verified
    audit.record(db, caller, "email.verification_requested", user.user_id if user else None, sent=waits)
    if user is not None and waits:
        # Who was invited proves the address by choosing a password; a click on another link would end the invitation.
        (send_invitation if tokens.is_open(db, user, "invitation") else send_verification)(db, user)


def verify(db: Session, caller: CallerInfo, who: Current | None, proof: schemas.EmailProof) -> schemas.User:
    """Prove an address by the token of a link or by address and code; also confirms a change of address. Raises InvalidToken."""
    if proof.token is not None:
        return _verify_by_link(db, caller, who, proof.token)
    return _verify_by_code(db, caller, who, str(proof.email), str(proof.code))


def _verify_by_link(db: Session, caller: CallerInfo, who: Current | None, raw: str) -> schemas.User:
    token_id, account, purpose = tokens.peek(raw, "verify_email", "change_email")
    user = auth.hold(db, account)
    if user is None or not user.is_active:
        raise errors.InvalidToken()
    sent_to = tokens.redeem(db, token_id, purpose)
    if purpose == "change_email":
        return _move(db, caller, who, user, sent_to)
    return _proven(db, caller, who, user, sent_to)


def _verify_by_code(db: Session, caller: CallerInfo, who: Current | None, address: str, code: str) -> schemas.User:
    user = auth.hold_by_address(db, address)
    try:
        # Only where there is something to guess: otherwise anybody could use up the guesses for any address beforehand.
        open_code = user is not None and user.is_active and tokens.has_open_code(db, user)
        if user is None or not open_code or not guesses.code_may_be_tried(db, address):
            raise errors.InvalidToken()
        return _proven(db, caller, who, user, tokens.redeem_code(db, user, code))
    except errors.InvalidToken:
        metrics.WRONG_GUESSES.labels("code").inc()
        audit.record(db, caller, "email.verification_failed", user.user_id if user else None)
        raise


def _proven(db: Session, caller: CallerInfo, who: Current | None, user: User, sent_to: str) -> schemas.User:
    if schemas.canonical_email(sent_to) != user.canonical_email:
        raise errors.InvalidToken()
    mark_proven(user)
    credentials_changed(db, user, keep=session_of(who, user))
    guesses.forget(db, user.canonical_email, codes=True)
    audit.record(db, caller, "email.verified", user.user_id, actor_id=user.user_id)
    return shown(db, user)


def mark_proven(user: User) -> None:
    """The owner of the address has shown that it is theirs."""
    user.is_verified = True
    user.email_proven_at = user.email_proven_at or models.now()


def session_of(who: Current | None, user: User) -> str | None:
    """The session that the call carries, where it is the account's own."""
    return who.session_id if who and who.user.id == user.id else None


def credentials_changed(db: Session, user: User, keep: str | None = None) -> None:
    """After every change of a credential: end the sessions, but the one to keep, and every open link."""
    sessions.end_all(db, user, keep)
    tokens.forget(db, user)


def shown(db: Session, user: User) -> schemas.User:
    """The account as the caller gets to see it."""
    db.flush()
    return schemas.User.model_validate(user)


def disown(db: Session, caller: CallerInfo, raw: str) -> None:
    """“This was not me”: delete an account that never proved its address. Raises InvalidToken."""
    token_id, account, purpose = tokens.peek(raw, "disown")
    with roles.in_turn(db):
        user = auth.hold(db, account)
        if user is None or not user.is_active or user.email_proven_at:
            raise errors.InvalidToken()
        tokens.redeem(db, token_id, purpose)
        audit.record(db, caller, "user.disowned", user.user_id)
        remove(db, user)


# ------------------------------------------------------------------------------------------------------------- password


def request_reset(db: Session, caller: CallerInfo, address: str) -> None:
    """Mail a link to set a new password. Nothing shows whether there is such an account; a disabled one gets no mail."""
    user = auth.hold_by_address(db, address)
    active = user is not None and user.is_active
    audit.record(db, caller, "password.reset_requested", user.user_id if user else None, sent=active)
    if user is not None and active:
        email_utils.queue(db, "reset_password", user, token=tokens.issue(db, user, "reset_password", user.email))


def reset_password(db: Session, caller: CallerInfo, raw: str, new_password: str) -> None:
    """Set a password through the link of a reset or an invitation, which proves the address too.

    Raises InvalidToken, WeakPassword (the link stays good).
    """
    token_id, account, purpose = tokens.peek(raw, "reset_password", "invitation")
    known = auth.look_at(account, caller)
    if known is None:
        raise errors.InvalidToken()
    passwords.check(new_password, known.email, known.username, field="new_password")
    hashed = passwords.hash(new_password)
    user = auth.hold(db, account)
    if user is None or not user.is_active:
        raise errors.InvalidToken()
    sent_to = tokens.redeem(db, token_id, purpose)
    user.hashed_password = hashed
    if schemas.canonical_email(sent_to) == user.canonical_email:
        if not user.email_proven_at:
            _forget_providers(db, caller, user)
            sessions.forget_networks(db, user)
            sessions.note_network(db, user, caller)  # or the owner's first login would race with strangers' guesses
        mark_proven(user)
    credentials_changed(db, user)
    guesses.forget(db, user.canonical_email, codes=True)
    audit.record(db, caller, "password.reset", user.user_id, actor_id=user.user_id)
    email_utils.queue(db, "password_changed", user)


def _forget_providers(db: Session, caller: CallerInfo, user: User) -> None:
    """They were linked by whoever made the account, and not by whom its address belongs to."""
    for provider in identities.forget(db, user):
        audit.record(db, caller, "identity.unlinked", user.user_id, provider=provider)
        email_utils.queue(db, "provider_unlinked", user, provider=oauth_providers.title_of(provider))


def change_password(db: Session, caller: CallerInfo, who: Current, old_password: str, new_password: str) -> None:
    """Replace the password; this session stays. Raises ReauthenticationRequired for a wrong old one, and WeakPassword."""
    passwords.check(new_password, who.user.email, who.user.username, field="new_password")
    compared = auth.confirm_presence(db, caller, who, old_password)
    hashed = passwords.hash(new_password)
    user = auth.held_self(db, who)
    # Somebody was faster: the old password is no longer the old one.
    if user.hashed_password != compared:
        raise errors.ReauthenticationRequired()
    user.hashed_password = hashed
    credentials_changed(db, user, keep=who.session_id)
    guesses.forget(db, user.canonical_email)
    audit.record(db, caller, "password.changed", user.user_id, actor_id=user.user_id)
    email_utils.queue(db, "password_changed", user)


# -------------------------------------------------------------------------------------------------------------- profile


def rename(db: Session, caller: CallerInfo, who: Current, username: str | None) -> schemas.User:
    """Change the display name."""
    user = auth.held_self(db, who)
    if username is not None and username != user.username:
        user.username = username
        audit.record(db, caller, "user.renamed", user.user_id, actor_id=user.user_id)
    return shown(db, user)


def request_email_change(db: Session, caller: CallerInfo, who: Current, new_email: str, password: str | None) -> None:
    """Mail a link to the new address and a notice to the old one; nothing changes until the link is used.

    Raises ReauthenticationRequired, and EmailTaken except in `required` mode, where nobody learns who has an account.
    """
    auth.confirm_presence(db, caller, who, password)
    user = auth.held_self(db, who)
    owner = db.scalar(
        select(User)
        .where(User.canonical_email == schemas.canonical_email(new_email), User.id != user.id)
        .with_for_update(read=True, key_share=True)  # it must not be deleted before the mail to it is written
    )
    if owner and settings.email_verification != "required":
        raise errors.EmailTaken()
    if owner:
        email_utils.queue(db, "address_in_use", owner)
    else:
        email_utils.queue(
            db, "change_email", user, to=new_email, token=tokens.issue(db, user, "change_email", new_email)
        )
    email_utils.queue(db, "email_change_requested", user)
    audit.record(db, caller, "email.change_requested", user.user_id, actor_id=user.user_id)


def _move(db: Session, caller: CallerInfo, who: Current | None, user: User, new_email: str) -> schemas.User:
    """The second half of a change of address: the new one is proven. Raises EmailTaken when somebody was faster."""
    old = user.email
    set_address(db, user, new_email)
    user.email_proven_at, user.is_verified = models.now(), True
    credentials_changed(db, user, keep=session_of(who, user))
    audit.record(db, caller, "email.changed", user.user_id, actor_id=user.user_id)
    tell_of_new_address(db, user, old)
    return shown(db, user)


def set_address(db: Session, user: User, new_email: str) -> None:
    """Raises EmailTaken: the constraint decides."""
    guesses.forget(db, user.canonical_email)
    guesses.forget(db, new_email)
    try:
        with db.begin_nested():
            user.email, user.canonical_email = new_email, schemas.canonical_email(new_email)
            db.flush()
    except IntegrityError:
        raise errors.EmailTaken() from None


def tell_of_new_address(db: Session, user: User, old: str) -> None:
    """The owner hears of it at the old address and at the new one."""
    for address in (old, user.email):
        email_utils.queue(db, "email_changed", user, to=address, old=old, new=user.email)


# ---------------------------------------------------------------------------------------------------------------- close


def close(db: Session, caller: CallerInfo, who: Current, password: str | None) -> None:
    """Delete one's own account and all personal data. Raises ReauthenticationRequired, LastSuperuser."""
    auth.confirm_presence(db, caller, who, password)
    with roles.in_turn(db):
        user = auth.held_self(db, who)
        audit.record(db, caller, "user.deleted", user.user_id, actor_id=user.user_id)
        remove(db, user)


def remove(db: Session, user: User) -> None:
    """Delete an account that is held, with everything on the person; the trail keeps the bare id."""
    audit.forget(db, user.user_id)
    guesses.forget(db, user.canonical_email)
    db.delete(user)  # sessions, tokens, mails, networks and roles go with it
    db.flush()


# ------------------------------------------------------------------------------------------------------------ superuser


def ensure_superuser(db: Session) -> None:
    """Make the superuser of the settings, unless it is there. Any number of starts may do so at once: the constraint decides."""
    its_id = select(User.id).where(User.user_id == settings.superuser_user_id)
    if database.read(its_id):
        return
    if database.read(
        select(AuditEvent.id).where(
            AuditEvent.user_id == settings.superuser_user_id, AuditEvent.action == "user.deleted"
        )
    ):
        log.warning("the superuser of SUPERUSER_USER_ID was deleted, and is not made again")
        return
    user = User(
        user_id=settings.superuser_user_id,
        email=settings.superuser_email,
        canonical_email=schemas.canonical_email(settings.superuser_email),
        username=settings.superuser_user_id,
        hashed_password=passwords.hash(settings.superuser_password) if settings.superuser_password else None,
        is_verified=True,
    )
    if add(db, user, "user", "superuser"):
        audit.record(db, audit.NOBODY, "user.created", user.user_id)
    elif db.scalar(its_id) is None:
        log.warning("no superuser was made: another account has the address of SUPERUSER_EMAIL")
