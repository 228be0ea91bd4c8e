"""Decide which account an identity of a provider belongs to: the rules of linking and unlinking.

An identity is linked to an existing account only if both the provider and the account have verified the email address.
If the account has not verified it, the owner takes the account over with the login: everything that was added to the
account before is removed, since it may come from a pre-hijacking attempt.
"""

from sqlalchemy.orm import Session

import audit
import auth
import database
import email_utils
import errors
import models
import schemas
from accounts import ownership, registration
from core import capability
from core.client_address import CallerInfo
from credentials import lookup
from languages import reader, translation
from models import User
from oauth_login import identities
from sessions import reauthentication, sessions
from sessions.current_user import Current
from sessions.revocation import Change
from settings import oauth_providers
from settings.loading import settings
from settings.oauth_providers import Profile, Provider


def find_or_create_user(db: Session, caller: CallerInfo, provider: Provider, profile: Profile) -> User:
    """Return the locked account of an identity: the linked one, one with the same email address, or a new one.

    The caller decides whether it may log in; a disabled account is not changed. Raises LinkRequired, and OauthError if
    there is no account and no email address to create one with.
    """
    _serialize(db, provider, profile)
    if user := _linked(db, provider, profile):
        return _use(db, caller, provider, profile, user)
    if profile.email is None:
        raise errors.OauthError(
            translation.mark(
                "%(provider)s did not share a usable email address. Allow access to it there, or sign up here.",
                provider=provider.title,
            )
        )
    user = lookup.lock_by_email(db, profile.email)
    if user is None and (created := _create(db, caller, provider, profile)):
        return created
    user = user or lookup.lock_by_email(db, profile.email)
    if user is None:
        raise errors.Conflict()  # created and deleted concurrently
    return _join(db, caller, provider, profile, user)


def _serialize(db: Session, provider: Provider, profile: Profile) -> None:
    # Call before an account is locked: a transaction with a locked account must not wait for this lock.
    database.serialize(db, f"{provider.name} {profile.subject}")


def _linked(db: Session, provider: Provider, profile: Profile) -> User | None:
    identity = identities.find(db, provider.name, profile)
    user = lookup.lock(db, identity.account_id) if identity else None
    # Read again: it may have been unlinked while waiting for the lock.
    identity = identities.of(db, user, provider.name) if user else None
    same = identity is not None and (identity.subject, identity.issuer or profile.issuer) == (
        profile.subject,
        profile.issuer,
    )
    return user if same else None


def _use(db: Session, caller: CallerInfo, provider: Provider, profile: Profile, user: User) -> User:
    if user.is_active:
        if _verifies(profile, user):
            _take_over(db, caller, user, provider, profile)
        identities.note_use(db, user, provider.name, profile)
    return user


def _verifies(profile: Profile, user: User) -> bool:
    """Return whether the provider verifies the email address of an account that is not verified."""
    same = profile.email is not None and schemas.canonical_email(profile.email) == user.canonical_email
    return same and profile.email_verified and not user.email_proven_at


def _create(db: Session, caller: CallerInfo, provider: Provider, profile: Profile) -> User | None:
    """Create an account. Returns None if the email address was taken concurrently."""
    email = str(profile.email)
    user = User(
        email=email,
        canonical_email=schemas.canonical_email(email),
        username=schemas.display_name_for(email, profile.name),
        is_verified=profile.email_verified or settings.email_verification == "off",
        email_proven_at=models.now() if profile.email_verified else None,
        **reader.preferences(),
    )
    if not registration.insert(db, user, "user"):
        return None
    identities.add(db, user, provider.name, profile)
    registration.record_sign_up(db, caller, user, provider=provider.name)
    return user


def _join(db: Session, caller: CallerInfo, provider: Provider, profile: Profile, user: User) -> User:
    if not profile.email_verified:
        raise _unverified_error(db, user)
    if not user.is_active:
        return user
    if _verifies(profile, user):
        _take_over(db, caller, user, provider, profile)
    elif identities.of(db, user, provider.name):
        raise errors.LinkRequired()
    else:
        _add(db, caller, user, provider, profile)
    return user


def _unverified_error(db: Session, user: User) -> errors.ServiceError:
    """Return the error for a login whose provider does not verify the email address of the account.

    In `required` mode it is the same as for an address without an account, and the owner is notified: otherwise a login
    with an identity that claims the address would show whether it has an account.
    """
    if settings.email_verification != "required":
        return errors.LinkRequired()
    email_utils.queue(db, "account_exists", user)
    return errors.EmailNotVerified()


def _take_over(db: Session, caller: CallerInfo, user: User, provider: Provider, profile: Profile) -> None:
    """Take over an unverified account for the owner of the email address: earlier credentials are removed."""
    user.hashed_password, user.email = None, str(profile.email)
    user.password_changed_at = models.now()
    ownership.mark_verified(db, caller, user, takes_over=True)
    identities.remove(db, user, provider.name)  # one that verifies the address too, such as that of a previous owner
    identities.add(db, user, provider.name, profile)
    audit.record(db, caller, "user.claimed", user.user_id, actor_id=user.user_id, provider=provider.name)
    email_utils.queue(db, "account_claimed", user, provider=provider.title)


def _add(db: Session, caller: CallerInfo, user: User, provider: Provider, profile: Profile) -> None:
    identities.add(db, user, provider.name, profile)
    audit.record(db, caller, "identity.linked", user.user_id, actor_id=user.user_id, provider=provider.name)
    email_utils.queue(db, "provider_linked", user, provider=provider.title)


def link(db: Session, caller: CallerInfo, requester: tuple[int, str], provider: Provider, profile: Profile) -> None:
    """Link an identity to the account and session that started the flow.

    Raises AlreadyLinked, and OauthError if the session has ended.
    """
    account, session_id = requester
    _serialize(db, provider, profile)
    user = lookup.lock(db, account)
    if user is None or not user.is_active or not sessions.is_active(db, user, session_id):
        raise errors.OauthError("You are no longer logged in. Log in and link the provider again.")
    known = identities.find(db, provider.name, profile)
    if known and known.account_id == user.id:
        return
    if known or identities.of(db, user, provider.name):
        raise errors.AlreadyLinked()
    if _verifies(profile, user):
        ownership.mark_verified(db, caller, user, keep_session=session_id)
    _add(db, caller, user, provider, profile)


def unlink(db: Session, caller: CallerInfo, who: Current, provider: str, proof: schemas.Presence | None) -> None:
    """Unlink a provider from the account of the current user.

    Raises ReauthenticationRequired, NotFound, LastCredential.
    """
    reauthentication.require(db, caller, who, proof)
    user = auth.lock_current(db, who)
    if identities.of(db, user, provider) is None:
        raise errors.NotFound()
    if capability.login_methods(db, user) == 1:
        raise errors.LastCredential()
    identities.remove(db, user, provider)
    audit.record(db, caller, "identity.unlinked", user.user_id, actor_id=user.user_id, provider=provider)
    email_utils.queue(db, "provider_unlinked", user, provider=oauth_providers.title_of(provider))


def unlink_unproven(db: Session, user: User, change: Change) -> None:
    """Unlink the providers that a credential change removes.

    The first verification of the email address removes providers that do not verify it, because they were linked before
    the owner was known.
    """
    for identity in identities.all_of(db, user):
        is_verified = identity.email_verified and schemas.canonical_email(str(identity.email)) == user.canonical_email
        if not (
            change.removes_other_logins
            or (change.removes_unproven_credentials and not is_verified)
            or (change.removes_added_since and identity.created_at >= change.removes_added_since)
        ):
            continue
        identities.remove(db, user, identity.provider)
        audit.record(db, change.caller, "identity.unlinked", user.user_id, provider=identity.provider)
        if change.removal_notices:
            email_utils.queue(db, "provider_unlinked", user, provider=oauth_providers.title_of(identity.provider))
