"""Sign in with a provider.

Send the browser away, take it back once, hand the login over. `linking` says what is joined to what.

All that must be known when the browser comes back travels in the `state`, sealed: nobody can read or make one, and a
way that was begun and never finished leaves nothing behind. It is bound to a cookie of the browser that began it.
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
from urllib.parse import parse_qs, urlsplit

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
from auth import Current
from core import signing
from core.client_address import CallerInfo
from core.thread_pools import ThreadPool
from credentials import lookup, one_time_tokens
from oauth_login import linking
from oauth_login.models import UsedState
from oauth_login.schemas import Linked, ProviderAnswer
from settings import oauth_providers
from settings.loading import settings
from settings.oauth_providers import FlowSecrets, Profile, Provider
from telemetry import metrics

FLOW_SECONDS = 600
LONGEST_ADDRESS = 1000
SECONDS_CLOCKS_MAY_DIFFER = 60
CODE_CHALLENGE = re.compile(r"[\w-]{43}", re.ASCII)
READ_IN_MANY_WAYS = frozenset('\\"<>^`{|}')  # beside spaces, and all that is no ASCII
BROWSER_SECRET = re.compile(r"[\w-]{43}", re.ASCII)

# Whoever waits for a provider waits here: the common threads, and with them everybody else, go on.
_room = ThreadPool("providers", 40, refuses=True)
uses_provider = _room.runs


class StartRequest(NamedTuple):
    """What a browser asks for that wants to go to a provider."""

    provider: str
    redirect_to: str | None
    browser: str | None  # the secret in its cookie, where it has one
    prefix: str  # under which it asks
    reauthenticate: bool = False  # whether the provider is to ask the user again
    code_challenge: str | None = None  # of the client that will exchange the one-time code


class FlowState(BaseModel):
    """A way to a provider and back, as it travels in the `state`."""

    id: str
    provider: str
    browser: str  # a hash of what the cookie holds
    asked: FlowSecrets
    ends_at: float
    redirect_to: str | None
    use_cookies: bool = False
    prefix: str = ""  # under which it began: there the cookies are to work
    linking: tuple[int, str] | None = None  # the account that asked, and its session
    reauthenticate: bool = False
    code_challenge: str | None = None

    def proves_recent_login(self, profile: Profile) -> bool:
        """Whether the provider asked the user again, in this flow, and says so (OpenID Connect Core 1.0, 3.1.2.1)."""
        began = self.ends_at - FLOW_SECONDS
        return self.reauthenticate and (profile.auth_time or 0) >= began - SECONDS_CLOCKS_MAY_DIFFER


class Redirect(NamedTuple):
    """Where the browser goes, and the secret that it must bring back in a cookie."""

    url: str
    provider: Provider
    browser: str


class CallbackResult(NamedTuple):
    """What the end of a way is answered with, or where the browser goes from there."""

    answer: schemas.Tokens | Linked | None
    redirect_to: str | None
    in_cookies_under: str | None = None  # the prefix, where the tokens go into cookies


def provider_named(name: str) -> Provider:
    """Raises NotFound for one that is not configured."""
    found = oauth_providers.configured().get(name)
    if found is None:
        raise errors.NotFound()
    return found


def require_form_post(name: str) -> None:
    """Refuse a POST from a provider that sends the browser back by link. Raises MethodNotAllowed."""
    if not provider_named(name).posts_its_answer:
        raise errors.MethodNotAllowed()


# ---------------------------------------------------------------------------------------------------------------- there


def start(wish: StartRequest, *, use_cookies: bool) -> Redirect:
    """Begin a login.

    Raises NotFound, and OauthError for a place that is not allowed or a provider that does not answer.
    """
    provider = provider_named(wish.provider)
    require_allowed_redirect(wish.redirect_to)
    if wish.code_challenge is not None and not CODE_CHALLENGE.fullmatch(wish.code_challenge):
        raise errors.OauthError("The code_challenge must be the base64url SHA-256 of a verifier: 43 characters.")
    with _leading_back_to(wish.redirect_to):
        return _depart(
            provider,
            wish,
            use_cookies=use_cookies,
            reauthenticate=wish.reauthenticate,
            code_challenge=wish.code_challenge,
        )


def start_linking(db: Session, caller: CallerInfo, who: Current, wish: StartRequest, password: str | None) -> Redirect:
    """Begin to link a provider to one's own account. Raises the same, and ReauthenticationRequired."""
    provider = provider_named(wish.provider)
    require_allowed_redirect(wish.redirect_to)
    auth.reauthenticate(db, caller, who, password)
    return _depart(provider, wish, linking=(who.user.id, who.session_id))


def _depart(provider: Provider, wish: StartRequest, **more: Any) -> Redirect:
    # The same secret for every way that a browser begins: two tabs may be on their way at once.
    known = wish.browser is not None and BROWSER_SECRET.fullmatch(wish.browser)
    browser = str(wish.browser) if known else secrets.token_urlsafe(32)
    way = FlowState(
        id=models.new_id(),
        provider=provider.name,
        browser=_hashed(browser),
        asked=FlowSecrets(secrets.token_urlsafe(48), secrets.token_urlsafe(32)),
        ends_at=time.time() + FLOW_SECONDS,
        redirect_to=wish.redirect_to,
        prefix=wish.prefix,
        **more,
    )
    state = signing.seal("oauth_state", way.model_dump_json().encode())
    url = _client().authorization_url(provider, state, way.asked, reauthenticate=way.reauthenticate)
    return Redirect(url, provider, browser)


def _client() -> Any:
    # Here, and not above: its libraries take as long to load as all of ours, and who has no provider never needs them.
    from oauth_login import provider_client

    return provider_client


def _hashed(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


def require_allowed_redirect(redirect_to: str | None) -> None:
    """Refuse to lead a browser anywhere but to OAUTH_REDIRECT_URIS.

    To an exact address, or to any below an origin. Raises OauthError.

    Text is compared with text. Whoever takes an address apart may find another host in it than the browser will.
    """
    if redirect_to is not None and not (
        _is_plain(redirect_to) and any(_is_below(redirect_to)) and not _says_what_we_say(redirect_to)
    ):
        raise errors.OauthError("A login may not return to this redirect_to. OAUTH_REDIRECT_URIS says where it may.")


def _is_plain(address: str) -> bool:
    """Nothing is in it that a browser may read in another way than we do."""
    return (
        re.fullmatch(r"[!-~]+", address) is not None
        and not READ_IN_MANY_WAYS & set(address)
        and len(address) <= LONGEST_ADDRESS
    )


def _says_what_we_say(address: str) -> bool:
    """A code of somebody else's, which a frontend would take for ours."""
    return bool({"code", "error", "linked"} & parse_qs(urlsplit(address).query, keep_blank_values=True).keys())


def _is_below(address: str) -> Iterator[bool]:
    for allowed in settings.places_to_return_to:
        is_an_origin = "://" in allowed and "/" not in allowed.partition("://")[2]
        if (
            settings.production
        ):  # exactly, or an open redirect anywhere on the origin would leak the code (RFC 9700, 4.1)
            yield address in (allowed, f"{allowed}/" if is_an_origin else allowed)
        else:
            below = (f"{allowed}/", f"{allowed}?", f"{allowed}#")
            yield address == allowed or (is_an_origin and address.startswith(below))


@contextmanager
def _leading_back_to(redirect_to: str | None) -> Iterator[None]:
    """A refusal in here sends the browser back there, with its code."""
    try:
        yield
    except errors.ServiceError as refusal:
        refusal.back_to = redirect_to
        raise


# ------------------------------------------------------------------------------------------------------------- and back


def finish(db: Session, caller: CallerInfo, name: str, returned: ProviderAnswer, browser: str | None) -> CallbackResult:
    """Take a browser back from a provider.

    Raises NotFound, OauthError, LinkRequired, AlreadyLinked, AccountDisabled, EmailNotVerified.

    The provider is asked before anything is held in the database; what it says is used in one transaction.
    """
    provider, way = provider_named(name), None
    try:
        way = _opened(provider, returned.state, browser)
        with _leading_back_to(way.redirect_to):
            return _arrive(db, caller, provider, way, returned)
    except (errors.OauthError, errors.LinkRequired, errors.AlreadyLinked) as refusal:
        _note_failure(db, caller, provider, way, refusal)
        raise


def _note_failure(
    db: Session, caller: CallerInfo, provider: Provider, way: FlowState | None, refusal: errors.ServiceError
) -> None:
    detail = {"provider": provider.name, "reason": refusal.code}
    if way is None or way.linking is None:
        metrics.LOGINS.labels(refusal.code).inc()
    if way is None:
        return  # anybody can send a callback that belongs to no flow: it is counted, and leaves no row
    if way.linking is None:
        audit.record(db, caller, "user.login_failed", None, **detail)
    else:
        user = lookup.lock(db, way.linking[0])  # of somebody who has left nothing may be written any more
        audit.record(db, caller, "identity.link_failed", user.user_id if user else None, **detail)


def _opened(provider: Provider, state: str, browser: str | None) -> FlowState:
    """The way that this browser is on. Raises OauthError."""
    try:
        way = FlowState.model_validate_json(signing.unseal("oauth_state", state))
    except (InvalidToken, ValueError):
        way = None
    if (
        way is None
        or way.provider != provider.name
        or way.ends_at < time.time()
        or not hmac.compare_digest(way.browser, _hashed(browser or ""))
    ):
        raise errors.OauthError("This login was not begun in this browser, or too long ago. Start again.")
    return way


def _arrive(
    db: Session, caller: CallerInfo, provider: Provider, way: FlowState, returned: ProviderAnswer
) -> CallbackResult:
    _walk_to_its_end(way)
    if returned.error or not returned.code:
        raise errors.OauthError(
            f"{provider.title} did not let you in, or you did not agree there. Nothing has changed."
        )
    profile: Profile = _client().profile(provider, returned, way.asked)
    if way.linking:
        linking.link(db, caller, way.linking, provider, profile)
        query = {"linked": provider.name}
        return CallbackResult(Linked(**query), way.redirect_to and errors.with_query(way.redirect_to, **query))
    user = linking.find_or_create_user(db, caller, provider, profile)
    recent = way.proves_recent_login(profile)
    if way.redirect_to and not way.use_cookies:
        auth.require_may_log_in(db, caller, user, _login_with(provider.name))
        token = one_time_tokens.issue(db, user, "exchange", provider.name)
        token.detail = {"recent": recent, "challenge": way.code_challenge}
        code = one_time_tokens.encode("exchange", token.id)
        return CallbackResult(None, errors.with_query(way.redirect_to, code=code))
    answer = auth.admit(db, caller, user, _login_with(provider.name, recent=recent))
    return CallbackResult(answer, way.redirect_to, way.prefix if way.use_cookies else None)


def _walk_to_its_end(way: FlowState) -> None:
    """Nobody comes back on the same way twice: of fifty at once, the constraint lets one through. Raises OauthError."""
    try:
        with database.transaction() as own:
            own.add(UsedState(id=way.id, expires_at=datetime.fromtimestamp(way.ends_at, UTC)))
    except IntegrityError as error:
        if not database_errors.violates(error, "pk_oauth_used_states"):
            raise
        raise errors.OauthError("This login has been used already. Start again.") from None


def exchange(db: Session, caller: CallerInfo, code: str, verifier: str | None) -> schemas.Tokens:
    """Exchange the one-time code of a finished login for tokens.

    `verifier` fits the `code_challenge` that the login began with, where there was one (RFC 7636, 4.6). Raises
    InvalidToken, AccountDisabled, EmailNotVerified.
    """
    token = one_time_tokens.peek(code, "exchange")
    user = lookup.lock(db, token.account_id)
    detail = one_time_tokens.detail_of(db, token.token_id)
    if user is None or not _fits(verifier, detail.get("challenge")):
        raise errors.InvalidToken()
    provider = one_time_tokens.redeem(db, token.token_id, token.purpose)
    return auth.admit(db, caller, user, _login_with(provider, recent=bool(detail.get("recent"))))


def _fits(verifier: str | None, challenge: str | None) -> bool:
    if challenge is None:
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)


def _login_with(provider: str, *, recent: bool = False) -> auth.Login:
    return auth.Login("provider", {"provider": provider}, recent=recent)
