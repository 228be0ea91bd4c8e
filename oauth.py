"""Sign in with a provider: send the browser away, take it back once, hand the login over. `linking` says what is joined to what.

All that must be known when the browser comes back travels in the `state`, sealed: nobody can read or make one, and a way
that was begun and never finished leaves nothing behind. It is bound to a cookie of the browser that began it.
"""

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
import errors
import linking
import metrics
import models
import oauth_providers
import schemas
import signing
import tokens
from audit import CallerInfo
from auth import Current
from models import UsedState
from oauth_providers import Asked, Profile, Provider
from settings import settings
from threads import Room

SECONDS_TO_COME_BACK = 600
LONGEST_ADDRESS = 1000
READ_IN_MANY_WAYS = frozenset('\\"<>^`{|}')  # beside spaces, and all that is no ASCII
BROWSER_SECRET = re.compile(r"[\w-]{43}", re.ASCII)

# Whoever waits for a provider waits here: the common threads, and with them everybody else, go on.
_room = Room("providers", 40, refuses=True)
asks_a_provider = _room.runs


class Wish(NamedTuple):
    """What a browser asks for that wants to go to a provider."""

    provider: str
    redirect_to: str | None
    browser: str | None  # the secret in its cookie, where it has one
    prefix: str  # under which it asks


class Way(BaseModel):
    """A way to a provider and back, as it travels in the `state`."""

    id: str
    provider: str
    browser: str  # a hash of what the cookie holds
    asked: Asked
    ends_at: float
    redirect_to: str | None
    use_cookies: bool = False
    prefix: str = ""  # under which it began: there the cookies are to work
    linking: tuple[int, str] | None = None  # the account that asked, and its session


class Departure(NamedTuple):
    """Where the browser goes, and the secret that it must bring back in a cookie."""

    url: str
    provider: Provider
    browser: str


class Arrival(NamedTuple):
    """What the end of a way is answered with, or where the browser goes from there."""

    answer: schemas.Tokens | schemas.Linked | None
    redirect_to: str | None
    in_cookies_under: str | None = None  # the prefix, where the tokens go into cookies


def provider_named(name: str) -> Provider:
    """Raises NotFound for one that is not configured."""
    found = oauth_providers.configured().get(name)
    if found is None:
        raise errors.NotFound()
    return found


def demand_posting(name: str) -> None:
    """Raises MethodNotAllowed for a provider that sends the browser back with a GET."""
    if not provider_named(name).posts_its_answer:
        raise errors.MethodNotAllowed()


# ---------------------------------------------------------------------------------------------------------------- there


def start(wish: Wish, *, use_cookies: bool) -> Departure:
    """Begin a login. Raises NotFound, and OauthError for a place that is not allowed or a provider that does not answer."""
    provider = provider_named(wish.provider)
    demand_allowed(wish.redirect_to)
    with _leading_back_to(wish.redirect_to):
        return _depart(provider, wish, use_cookies=use_cookies)


def start_linking(db: Session, caller: CallerInfo, who: Current, wish: Wish, password: str | None) -> Departure:
    """Begin to link a provider to one's own account. Raises the same, and ReauthenticationRequired."""
    provider = provider_named(wish.provider)
    demand_allowed(wish.redirect_to)
    auth.confirm_presence(db, caller, who, password)
    return _depart(provider, wish, linking=(who.user.id, who.session_id))


def _depart(provider: Provider, wish: Wish, **more: Any) -> Departure:
    # The same secret for every way that a browser begins: two tabs may be on their way at once.
    known = wish.browser is not None and BROWSER_SECRET.fullmatch(wish.browser)
    browser = str(wish.browser) if known else secrets.token_urlsafe(32)
    way = Way(
        id=models.new_id(),
        provider=provider.name,
        browser=_hashed(browser),
        asked=Asked(secrets.token_urlsafe(48), secrets.token_urlsafe(32)),
        ends_at=time.time() + SECONDS_TO_COME_BACK,
        redirect_to=wish.redirect_to,
        prefix=wish.prefix,
        **more,
    )
    state = signing.seal("oauth_state", way.model_dump_json().encode())
    return Departure(_client().authorization_url(provider, state, way.asked), provider, browser)


def _client() -> Any:
    # Here, and not above: its libraries take as long to load as all of ours, and who has no provider never needs them.
    import oauth_client

    return oauth_client


def _hashed(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


def demand_allowed(redirect_to: str | None) -> None:
    """Refuse to lead a browser anywhere but to OAUTH_REDIRECT_URIS: to an exact address, or to any below an origin. Raises OauthError.

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
        yield address == allowed or (is_an_origin and address.startswith((f"{allowed}/", f"{allowed}?", f"{allowed}#")))


@contextmanager
def _leading_back_to(redirect_to: str | None) -> Iterator[None]:
    """A refusal in here sends the browser back there, with its code."""
    try:
        yield
    except errors.Refusal as refusal:
        refusal.back_to = redirect_to
        raise


# ------------------------------------------------------------------------------------------------------------- and back


def finish(
    db: Session, caller: CallerInfo, name: str, returned: schemas.ProviderAnswer, browser: str | None
) -> Arrival:
    """Take a browser back from a provider. Raises NotFound, OauthError, LinkRequired, AlreadyLinked, AccountDisabled, EmailNotVerified.

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
    db: Session, caller: CallerInfo, provider: Provider, way: Way | None, refusal: errors.Refusal
) -> None:
    detail = {"provider": provider.name, "reason": refusal.code}
    if way is None or way.linking is None:
        metrics.LOGINS.labels(refusal.code).inc()
        audit.record(db, caller, "user.login_failed", None, **detail)
    else:
        user = auth.hold(db, way.linking[0])  # of somebody who has left nothing may be written any more
        audit.record(db, caller, "identity.link_failed", user.user_id if user else None, **detail)


def _opened(provider: Provider, state: str, browser: str | None) -> Way:
    """The way that this browser is on. Raises OauthError."""
    try:
        way = Way.model_validate_json(signing.unseal("oauth_state", state))
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


def _arrive(db: Session, caller: CallerInfo, provider: Provider, way: Way, returned: schemas.ProviderAnswer) -> Arrival:
    _walk_to_its_end(way)
    if returned.error or not returned.code:
        raise errors.OauthError(
            f"{provider.title} did not let you in, or you did not agree there. Nothing has changed."
        )
    profile: Profile = _client().profile(provider, returned, way.asked)
    if way.linking:
        linking.link(db, caller, way.linking, provider, profile)
        query = {"linked": provider.name}
        return Arrival(schemas.Linked(**query), way.redirect_to and errors.with_query(way.redirect_to, **query))
    user = linking.person(db, caller, provider, profile)
    if way.redirect_to and not way.use_cookies:
        auth.demand_entry(db, caller, user, provider=provider.name)
        code = tokens.text_of("exchange", tokens.issue(db, user, "exchange", provider.name).id)
        return Arrival(None, errors.with_query(way.redirect_to, code=code))
    answer = auth.admit(db, caller, user, provider=provider.name)
    return Arrival(answer, way.redirect_to, way.prefix if way.use_cookies else None)


def _walk_to_its_end(way: Way) -> None:
    """Nobody comes back on the same way twice: of fifty at once, the constraint lets one through. Raises OauthError."""
    try:
        with database.transaction() as own:
            own.add(UsedState(id=way.id, expires_at=datetime.fromtimestamp(way.ends_at, UTC)))
    except IntegrityError:
        raise errors.OauthError("This login has been used already. Start again.") from None


def exchange(db: Session, caller: CallerInfo, code: str) -> schemas.Tokens:
    """Turn the one-time code of a finished login into tokens. Raises InvalidToken, AccountDisabled, EmailNotVerified."""
    token_id, account, purpose = tokens.peek(code, "exchange")
    user = auth.hold(db, account)
    if user is None:
        raise errors.InvalidToken()
    return auth.admit(db, caller, user, provider=tokens.redeem(db, token_id, purpose))
