"""Decide what an authorization request needs next: a login, the consent of the user, or nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, select

import database
import models
from authorization import mfa_policy, roles
from models import Session, User
from oauth_provider import oauth_errors, scopes, subjects, unregistered
from oauth_provider.authorization import Asked, Wanted
from oauth_provider.models import OAuthGrant
from sessions import sessions

LOGIN, ENROLL, CONSENT, CODE = "login", "enroll", "consent", "code"
AAL2 = "aal2"
OWN_API = ""  # the resource of a request that names none


class Visitor(NamedTuple):
    """The user of the browser's session on the hosted pages."""

    row: Row[Any]  # the user's columns, and those of the session's authentication
    session_id: str

    @property
    def authentication(self) -> sessions.Authentication:
        """Return how the user of the session authenticated."""
        return sessions.authentication_of(self.row)


def visitor(owner: tuple[int, str] | None) -> Visitor | None:
    """Return the user of a session, or None.

    owner: the account and session id of the refresh token's cookie.
    """
    if owner is None:
        return None
    account, session_id = owner
    row = database.read(
        select(*sessions.USER_COLUMNS, *sessions.AUTHENTICATION_COLUMNS)
        .join(User, User.id == Session.account_id)
        .where(
            Session.id == session_id,
            Session.account_id == account,
            Session.impersonator_id.is_(None),
            Session.expires_at > models.now(),
            User.is_active,
            sessions.may_have_session(),
        ),
        {"verified_only": sessions.verified_only()},
    )
    return Visitor(row, session_id) if row else None


def next_step(asked: Asked, who: Visitor | None) -> str:
    """Return what the request needs next.

    With `prompt=none` only `code` is returned. Raises LoginRequired, InteractionRequired, ConsentRequired.
    """
    step = _next_step(asked, who)
    if "none" in asked.prompt and step != CODE:
        refusals = {
            LOGIN: oauth_errors.LoginRequired,
            ENROLL: oauth_errors.InteractionRequired,
            CONSENT: oauth_errors.ConsentRequired,
        }
        raise asked.refused(refusals[step]())
    return step


def _next_step(asked: Asked, who: Visitor | None) -> str:
    if who is None or _is_login_too_old(asked, who) or _is_someone_else(asked, who) or _needs_factor(asked, who):
        return LOGIN
    if mfa_policy.is_restricted(who.row):
        return ENROLL
    return CONSENT if needs_consent(asked, who) else CODE


def _has_just_logged_in(asked: Asked, who: Visitor) -> bool:
    """Return whether the user has logged in since the client asked. They are not asked to do so again."""
    return bool(max(who.row.started_at, who.authentication.at) >= asked.since)


def _is_login_too_old(asked: Asked, who: Visitor) -> bool:
    if _has_just_logged_in(asked, who):
        return False
    if asked.prompt & {LOGIN, "select_account"}:
        return True
    # After a silent login with a provider, it is unknown when the user last authenticated.
    at = who.row.authenticated_at
    return asked.max_age is not None and (at is None or at <= models.now() - timedelta(seconds=asked.max_age))


def _is_someone_else(asked: Asked, who: Visitor) -> bool:
    """Return whether the client expects another user, whose ID token it sent."""
    return asked.subject is not None and asked.subject != subjects.of(asked.client, who.row.user_id)


def _needs_factor(asked: Asked, who: Visitor) -> bool:
    """Return whether the client wants two factors, and the user can provide them (RFC 9470).

    `acr_values` is a wish: without a factor, the response tells what the login was.
    """
    wanted = asked.acr_values[:1] == (AAL2,) and who.authentication.acr != AAL2
    return wanted and bool(who.row.has_factors) and not _has_just_logged_in(asked, who)


def wants_two_factors(asked: Asked) -> bool:
    """Return whether a login for this request must use two factors if the account has them."""
    return asked.acr_values[:1] == (AAL2,)


def scopes_for(asked: Wanted, user: Any) -> tuple[str, ...]:
    """Return the scopes that the user can grant: of the permissions, those that they hold now."""
    held = roles.current_rights(user.roles).permissions
    lacking = scopes.permissions_in(asked.scopes) - held
    return tuple(scope for scope in asked.scopes if scope not in lacking)


def needs_consent(asked: Asked, who: Visitor) -> bool:
    """Return whether the user must be asked: the answer is remembered by user, client, scopes and resources."""
    if asked.client.id is None or unregistered.must_always_consent(asked.client):
        return True
    if asked.client.first_party:
        return False
    if "consent" in asked.prompt:
        return True
    grant = database.read(
        select(OAuthGrant.scopes, OAuthGrant.resources, OAuthGrant.consents).where(
            OAuthGrant.account_id == who.row.id, OAuthGrant.client_pk == asked.client.id
        )
    )
    return grant is None or not _is_granted(grant, set(scopes_for(asked, who.row)), asked.resources)


def _is_granted(grant: Any, wanted: set[str], resources: Iterable[str]) -> bool:
    """Return whether the user has granted all scopes for all resources, in this combination.

    What a client may know about the user without a resource does not depend on the resources of earlier requests.
    """
    if not resources:
        wanted -= set(scopes.IDENTITY) & set(grant.scopes.split())
    consents = consents_of(grant)
    return all(wanted <= set(consents.get(resource, ())) for resource in resources or (OWN_API,))


def consents_of(grant: Any) -> dict[str, list[str]]:
    """Return the scopes of a grant by resource.

    A grant of an earlier version, which did not store them, tells them only if it has no resource.
    """
    if grant.consents is not None:
        return dict(grant.consents)
    return {} if grant.resources else {OWN_API: grant.scopes.split()}
