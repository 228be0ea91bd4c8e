"""Whose account it is that a provider speaks of: the rules by which an identity joins an account, and leaves it.

No account is given away on somebody's word: both sides must have proven the address. And nobody waits for its owner in
an account that was made before they came: what an account held that never proved its address is gone before they join
it.
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
from auth import Current
from core import capability
from core.client_address import CallerInfo
from credentials import lookup
from models import User
from oauth_login import identities
from sessions import sessions
from sessions.revocation import Change
from settings import oauth_providers
from settings.loading import settings
from settings.oauth_providers import Profile, Provider


def find_or_create_user(db: Session, caller: CallerInfo, provider: Provider, profile: Profile) -> User:
    """The account, held, of whoever a provider says is there.

    The one linked to it, one with the same address, or a new one.

    Whether it may in is asked afterwards; one that is disabled is left as it is. Raises LinkRequired, and OauthError
    where there is neither an account nor an address to make one with.
    """
    _one_by_one(db, provider, profile)
    if user := _linked(db, provider, profile):
        return _returning(db, caller, provider, profile, user)
    if profile.email is None:
        raise errors.OauthError(f"{provider.title} did not tell us an e-mail address. Allow it there, or sign up here.")
    user = lookup.lock_by_email(db, profile.email)
    if user is None and (made := _made(db, caller, provider, profile)):
        return made
    user = user or lookup.lock_by_email(db, profile.email)
    if user is None:
        raise errors.Conflict()  # it was made and deleted again while we looked
    return _joined(db, caller, provider, profile, user)


def _one_by_one(db: Session, provider: Provider, profile: Profile) -> None:
    # Before any account is held: whoever holds one must never wait for this.
    database.serialize(db, f"{provider.name} {profile.subject}")


def _linked(db: Session, provider: Provider, profile: Profile) -> User | None:
    identity = identities.find(db, provider.name, profile)
    user = lookup.lock(db, identity.account_id) if identity else None
    # Once more: the row may have been unlinked while we waited for the lock.
    identity = identities.of(db, user, provider.name) if user else None
    same = identity is not None and (identity.subject, identity.issuer or profile.issuer) == (
        profile.subject,
        profile.issuer,
    )
    return user if same else None


def _returning(db: Session, caller: CallerInfo, provider: Provider, profile: Profile, user: User) -> User:
    if user.is_active:
        if _proves_it(profile, user):
            _claim(db, caller, user, provider, profile)
        identities.note_use(db, user, provider.name, profile)
    return user


def _proves_it(profile: Profile, user: User) -> bool:
    """Whether the provider vouches for the address of an account that never proved it."""
    same = profile.email is not None and schemas.canonical_email(profile.email) == user.canonical_email
    return same and profile.email_verified and not user.email_proven_at


def _made(db: Session, caller: CallerInfo, provider: Provider, profile: Profile) -> User | None:
    """A new account; None where somebody took the address a moment ago."""
    address = str(profile.email)
    user = User(
        email=address,
        canonical_email=schemas.canonical_email(address),
        username=schemas.display_name_for(address, profile.name),
        is_verified=profile.email_verified or settings.email_verification == "off",
        email_proven_at=models.now() if profile.email_verified else None,
    )
    if not registration.insert(db, user, "user"):
        return None
    identities.add(db, user, provider.name, profile)
    registration.record_sign_up(db, caller, user, provider=provider.name)
    return user


def _joined(db: Session, caller: CallerInfo, provider: Provider, profile: Profile, user: User) -> User:
    if not profile.email_verified:
        raise _unvouched(db, user)
    if not user.is_active:
        return user
    if _proves_it(profile, user):
        _claim(db, caller, user, provider, profile)
    elif identities.of(db, user, provider.name):
        raise errors.LinkRequired()
    else:
        _add(db, caller, user, provider, profile)
    return user


def _unvouched(db: Session, user: User) -> errors.ServiceError:
    """The error where a provider does not vouch for the address of an account.

    In `required` mode it is that of an address without an account, and the owner is told: otherwise a login with an
    identity that claims the address would show whether it has an account.
    """
    if settings.email_verification != "required":
        return errors.LinkRequired()
    email_utils.queue(db, "account_exists", user)
    return errors.EmailNotVerified()


def _claim(db: Session, caller: CallerInfo, user: User, provider: Provider, profile: Profile) -> None:
    """The owner of the address has come: whoever made the account before keeps no way in."""
    user.hashed_password, user.email = None, str(profile.email)
    user.password_changed_at = models.now()
    ownership.mark_verified(db, caller, user, takes_over=True)
    identities.remove(db, user, provider.name)  # one that vouches for the address too, such as a previous owner's
    identities.add(db, user, provider.name, profile)
    audit.record(db, caller, "user.claimed", user.user_id, actor_id=user.user_id, provider=provider.name)
    email_utils.queue(db, "account_claimed", user, provider=provider.title)


def _add(db: Session, caller: CallerInfo, user: User, provider: Provider, profile: Profile) -> None:
    identities.add(db, user, provider.name, profile)
    audit.record(db, caller, "identity.linked", user.user_id, actor_id=user.user_id, provider=provider.name)
    email_utils.queue(db, "provider_linked", user, provider=provider.title)


def link(db: Session, caller: CallerInfo, asked_by: tuple[int, str], provider: Provider, profile: Profile) -> None:
    """Link an identity to the account and session that asked for it.

    Raises AlreadyLinked, and OauthError when it has ended.
    """
    account, session_id = asked_by
    _one_by_one(db, provider, profile)
    user = lookup.lock(db, account)
    if user is None or not user.is_active or not sessions.is_active(db, user, session_id):
        raise errors.OauthError("You have been logged out meanwhile. Log in again, and link it then.")
    known = identities.find(db, provider.name, profile)
    if known and known.account_id == user.id:
        return
    if known or identities.of(db, user, provider.name):
        raise errors.AlreadyLinked()
    if _proves_it(profile, user):
        ownership.mark_verified(db, caller, user, keep_session=session_id)
    _add(db, caller, user, provider, profile)


def unlink(db: Session, caller: CallerInfo, who: Current, provider: str, password: str | None) -> None:
    """Take a provider off one's own account. Raises ReauthenticationRequired, NotFound, LastCredential."""
    auth.reauthenticate(db, caller, who, password)
    user = auth.lock_current(db, who)
    if identities.of(db, user, provider) is None:
        raise errors.NotFound()
    if capability.login_methods(db, user) == 1:
        raise errors.LastCredential()
    identities.remove(db, user, provider)
    audit.record(db, caller, "identity.unlinked", user.user_id, actor_id=user.user_id, provider=provider)
    email_utils.queue(db, "provider_unlinked", user, provider=oauth_providers.title_of(provider))


def unlink_unproven(db: Session, user: User, change: Change) -> None:
    """Unlink the providers that a change of credentials ends.

    At the first verification of the email address, those that do not vouch for it: they were linked before its owner
    was known.
    """
    for identity in identities.all_of(db, user):
        vouches = identity.email_verified and schemas.canonical_email(str(identity.email)) == user.canonical_email
        if not (
            change.removes_other_logins
            or (change.removes_unproven_credentials and not vouches)
            or (change.removes_added_since and identity.created_at >= change.removes_added_since)
        ):
            continue
        identities.remove(db, user, identity.provider)
        audit.record(db, change.caller, "identity.unlinked", user.user_id, provider=identity.provider)
        if change.removal_notices:
            email_utils.queue(db, "provider_unlinked", user, provider=oauth_providers.title_of(identity.provider))
