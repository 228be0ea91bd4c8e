"""Run the OAuth flow: redirect to a provider, handle the callback, and hand over the login.

`linking` decides which account an identity belongs to. The state of a flow is encrypted in the `state` parameter, so it
can be neither read nor forged, and an unfinished flow stores nothing. It is bound to a cookie of the browser.
"""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import audit
import auth
import database
import database_errors
import errors
import models
import schemas
from core import signing
from core.client_address import CallerInfo
from core.thread_pools import ThreadPool
from credentials import lookup, one_time_tokens
from languages import translation
from models import User
from oauth_login import handover, linking, redirects
from oauth_login.models import UsedState
from oauth_login.schemas import ExchangeCode, Linked, ProviderAnswer
from sessions import reauthentication
from sessions.current_user import Current
from settings import oauth_providers
from settings.oauth_providers import FlowSecrets, Profile, Provider
from telemetry import metrics

FLOW_SECONDS = 600
SECONDS_OF_CLOCK_SKEW = 60
BROWSER_SECRET = re.compile(r"[\w-]{43}", re.ASCII)

# Requests that wait for a provider have their own threads, so that other requests are not delayed.
_pool = ThreadPool("providers", 40, rejects=True)
uses_provider = _pool.runs


class StartRequest(NamedTuple):
    """A request to start a flow."""

    provider: str
    redirect_to: str | None
    browser: str | None  # the secret in its cookie, if any
    prefix: str  # of the request path
    reauthenticate: bool = False  # whether the provider must authenticate the user again
    code_challenge: str | None = None  # of the client that will exchange the one-time code


class FlowState(BaseModel):
    """The state of a flow, as it is encrypted in the `state` parameter."""

    id: str
    provider: str
    browser: str  # a hash of the cookie
    asked: FlowSecrets
    ends_at: float
    redirect_to: str | None
    use_cookies: bool = False
    prefix: str = ""  # of the request that started the flow, below which the cookies are sent
    linking: tuple[int, str] | None = None  # the account and session that link the provider
    reauthenticate: bool = False
    code_challenge: str | None = None

    def proves_recent_login(self, profile: Profile) -> bool:
        """Return whether the provider authenticated the user in this flow (OpenID Connect Core 1.0, 3.1.2.1)."""
        started_at = self.ends_at - FLOW_SECONDS
        return self.reauthenticate and (profile.auth_time or 0) >= started_at - SECONDS_OF_CLOCK_SKEW


class Redirect(NamedTuple):
    """The URL that the browser is redirected to, and the secret for its cookie."""

    url: str
    provider: Provider
    browser: str


class CallbackResult(NamedTuple):
    """The response of a callback: a body, or a URL to redirect to."""

    body: schemas.Tokens | Linked | None
    redirect_to: str | None
    in_cookies_under: str | None = None  # the path prefix, if the tokens are set as cookies


def provider_named(name: str) -> Provider:
    """Return a configured provider. Raises NotFound."""
    found = oauth_providers.configured().get(name)
    if found is None:
        raise errors.NotFound()
    return found


def require_form_post(name: str) -> None:
    """Reject a POST callback of a provider that redirects. Raises MethodNotAllowed."""
    if not provider_named(name).posts_its_answer:
        raise errors.MethodNotAllowed()


# ---------------------------------------------------------------------------------------------------------------- start


def start(start_request: StartRequest, *, use_cookies: bool) -> Redirect:
    """Start a login.

    Raises NotFound, and OauthError for a `redirect_to` that is not allowed or a provider that does not respond.
    """
    provider = provider_named(start_request.provider)
    redirects.require_allowed(start_request.redirect_to)
    handover.require_challenge(start_request.code_challenge)
    with _redirecting_errors_to(start_request.redirect_to):
        return _redirect(
            provider,
            start_request,
            use_cookies=use_cookies,
            reauthenticate=start_request.reauthenticate,
            code_challenge=start_request.code_challenge,
        )


def start_linking(
    db: Session, caller: CallerInfo, who: Current, start_request: StartRequest, proof: schemas.Presence | None
) -> Redirect:
    """Start to link a provider to the account of the current user.

    Raises what `start` raises, ReauthenticationRequired.
    """
    provider = provider_named(start_request.provider)
    redirects.require_allowed(start_request.redirect_to)
    reauthentication.require(db, caller, who, proof)
    return _redirect(provider, start_request, linking=(who.user.id, who.session_id))


def _redirect(provider: Provider, start_request: StartRequest, **options: Any) -> Redirect:
    # The secret is reused for all flows of a browser, because two tabs may run flows concurrently.
    has_secret = start_request.browser is not None and BROWSER_SECRET.fullmatch(start_request.browser)
    browser = str(start_request.browser) if has_secret else secrets.token_urlsafe(32)
    flow_state = FlowState(
        id=models.new_id(),
        provider=provider.name,
        browser=_hash(browser),
        asked=FlowSecrets(secrets.token_urlsafe(48), secrets.token_urlsafe(32)),
        ends_at=time.time() + FLOW_SECONDS,
        redirect_to=start_request.redirect_to,
        prefix=start_request.prefix,
        **options,
    )
    state = signing.seal("oauth_state", flow_state.model_dump_json().encode())
    url = _client().authorization_url(provider, state, flow_state.asked, reauthenticate=flow_state.reauthenticate)
    return Redirect(url, provider, browser)


def _client() -> Any:
    # Imported here: its libraries double the time to load the service, and are needed only with a provider.
    from oauth_login import provider_client

    return provider_client


def _hash(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


@contextmanager
def _redirecting_errors_to(redirect_to: str | None) -> Iterator[None]:
    """Redirect the browser to this URL, with the error code, if an error is raised."""
    try:
        yield
    except errors.ServiceError as error:
        error.back_to = redirect_to
        raise


# ------------------------------------------------------------------------------------------------------------- callback


def finish(db: Session, caller: CallerInfo, name: str, returned: ProviderAnswer, browser: str | None) -> CallbackResult:
    """Handle the callback of a provider.

    The provider is requested before any row is locked; its response is used in one transaction. Raises NotFound,
    OauthError, LinkRequired, AlreadyLinked, AccountDisabled, EmailNotVerified.
    """
    provider, flow_state = provider_named(name), None
    try:
        flow_state = _decrypt(provider, returned.state, browser)
        with _redirecting_errors_to(flow_state.redirect_to):
            return _finish(db, caller, provider, flow_state, returned)
    except (errors.OauthError, errors.LinkRequired, errors.AlreadyLinked) as error:
        _record_failure(db, caller, provider, flow_state, error)
        raise


def _record_failure(
    db: Session, caller: CallerInfo, provider: Provider, flow_state: FlowState | None, error: errors.ServiceError
) -> None:
    detail = {"provider": provider.name, "reason": error.code}
    if flow_state is None or flow_state.linking is None:
        metrics.LOGINS.labels(error.code).inc()
    if flow_state is None:
        return  # anyone can send a callback without a flow: it is counted, but not recorded
    if flow_state.linking is None:
        audit.record(db, caller, "user.login_failed", None, **detail)
    else:
        user = lookup.lock(db, flow_state.linking[0])  # write nothing about a deleted user
        audit.record(db, caller, "identity.link_failed", user.user_id if user else None, **detail)


def _decrypt(provider: Provider, state: str, browser: str | None) -> FlowState:
    """Decrypt the state of the flow of this browser. Raises OauthError."""
    try:
        flow_state = FlowState.model_validate_json(signing.unseal("oauth_state", state))
    except (InvalidToken, ValueError):
        flow_state = None
    if (
        flow_state is None
        or flow_state.provider != provider.name
        or flow_state.ends_at < time.time()
        or not hmac.compare_digest(flow_state.browser, _hash(browser or ""))
    ):
        raise errors.OauthError("This login was started in another browser, or too long ago. Start again.")
    return flow_state


def _finish(
    db: Session, caller: CallerInfo, provider: Provider, flow_state: FlowState, returned: ProviderAnswer
) -> CallbackResult:
    _mark_used(flow_state)
    if returned.error or not returned.code:
        raise errors.OauthError(
            translation.mark(
                "%(provider)s rejected the login, or you canceled it. Nothing has changed.", provider=provider.title
            )
        )
    profile: Profile = _client().profile(provider, returned, flow_state.asked)
    if flow_state.linking:
        linking.link(db, caller, flow_state.linking, provider, profile)
        query = {"linked": provider.name}
        return CallbackResult(
            Linked(**query), flow_state.redirect_to and errors.with_query(flow_state.redirect_to, **query)
        )
    user = linking.find_or_create_user(db, caller, provider, profile)
    login = _login_with(provider.name, recent=flow_state.proves_recent_login(profile))
    if flow_state.redirect_to and not flow_state.use_cookies:
        auth.require_may_log_in(db, caller, user, login)
        return CallbackResult(None, _with_exchange_code(db, user, flow_state, login))
    try:
        tokens = auth.admit(db, caller, user, login)
    except errors.MfaRequired:  # the exchange of the code raises it again
        if not flow_state.redirect_to:
            raise
        return CallbackResult(None, _with_exchange_code(db, user, flow_state, login))
    return CallbackResult(tokens, flow_state.redirect_to, flow_state.prefix if flow_state.use_cookies else None)


def _with_exchange_code(db: Session, user: User, flow_state: FlowState, login: auth.Login) -> str:
    token = one_time_tokens.issue(db, user, "exchange", login.detail["provider"])
    token.detail = {"recent": login.recent, "challenge": flow_state.code_challenge}
    return errors.with_query(str(flow_state.redirect_to), code=one_time_tokens.encode("exchange", token.id))


def _mark_used(flow_state: FlowState) -> None:
    """Mark a flow as used. The unique constraint lets exactly one of several callbacks succeed. Raises OauthError."""
    try:
        with database.transaction() as transaction:
            transaction.add(UsedState(id=flow_state.id, expires_at=datetime.fromtimestamp(flow_state.ends_at, UTC)))
    except IntegrityError as error:
        if not database_errors.violates(error, "pk_oauth_used_states"):
            raise
        raise errors.OauthError("This login has been used already. Start again.") from None


def exchange(db: Session, caller: CallerInfo, body: ExchangeCode) -> schemas.Tokens:
    """Exchange the one-time code of a login, with a provider, by email or on the hosted pages, for tokens.

    With a `code_challenge`, the verifier that belongs to it is required (RFC 7636, 4.6).

    Raises InvalidToken, AccountDisabled, EmailNotVerified, MfaRequired.
    """
    token = one_time_tokens.peek(body.code, "exchange")
    user = lookup.lock(db, token.account_id)
    detail = one_time_tokens.detail_of(db, token.token_id)
    if user is None or not _verifier_matches(body.code_verifier, detail.get("challenge")):
        raise errors.InvalidToken()
    provider = one_time_tokens.redeem(db, token.token_id, token.purpose)
    if provider == handover.HOSTED_PAGES:
        return handover.redeem(db, caller, user, detail)
    if provider == handover.MAGIC_LINK:
        return handover.log_in_after_link(db, caller, user, body.device_token)
    login = _login_with(provider, recent=bool(detail.get("recent")), device_token=body.device_token)
    return auth.admit(db, caller, user, login)


def _verifier_matches(verifier: str | None, challenge: str | None) -> bool:
    if challenge is None:
        return verifier is None  # otherwise an attacker's code without a challenge would pass (RFC 9700, 2.1.1)
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)


def _login_with(provider: str, *, recent: bool = False, device_token: str | None = None) -> auth.Login:
    return auth.Login("provider", ("federated",), {"provider": provider}, recent=recent, device_token=device_token)
