"""Decide which requests need a CAPTCHA, and verify its token, which works once."""

import hashlib
from datetime import datetime, timedelta

import database
import errors
import models
from captcha import altcha, login_failures
from captcha.schemas import Challenge
from core import thread_pools
from core.client_address import CallerInfo
from factors.models import UsedCeremony
from settings.loading import settings
from telemetry import metrics

SIGN_UP, RESET, MAGIC_LINK, LOGIN = "signup", "reset", "magic-link", "login"
# Providers accept a token for at most five minutes. One more minute allows for clock skew between servers.
MINUTES_TOKENS_ARE_REMEMBERED = 6
CLOCK_SKEW = timedelta(minutes=1)

# Create the series with 0: Prometheus does not see the first increase of a missing series.
for _outcome in ("accepted", "missing", "refused", "replayed", "unavailable"):
    metrics.CAPTCHAS.labels(settings.captcha_provider, _outcome)


def challenge() -> Challenge:
    """Return a new proof of work. Raises NotFound if another provider is configured."""
    if settings.captcha_provider != "altcha":
        raise errors.NotFound()
    return altcha.issue()


async def guard(action: str, caller: CallerInfo, token: str | None, email: str) -> None:
    """Require a valid token if this action needs one. The token is then used up, whatever the request results in.

    email: that of a login, whose failed attempts decide.

    It runs before anything else is looked up, so that the response is the same with and without an account. Raises
    CaptchaRequired, and Unavailable if the provider cannot be reached.
    """
    if not _is_needed(action):
        return
    if action == LOGIN and not await thread_pools.run_in_request_pool(login_failures.are_too_many, email, caller.ip):
        return
    if not token:
        raise _refusal("missing")
    try:
        used = await _verified(token, caller)
    except errors.Unavailable:
        _count("unavailable")
        raise
    if not await thread_pools.run_in_request_pool(_use_up, *used):
        raise _refusal("replayed")
    _count("accepted")


def _is_needed(action: str) -> bool:
    signs_up = action == MAGIC_LINK and settings.signup_by_magic_link
    return action in settings.captcha_on or (signs_up and SIGN_UP in settings.captcha_on)


def is_shown(action: str) -> bool:
    """Return whether a page always shows the CAPTCHA. On the login page, this depends on failed attempts."""
    return action != LOGIN and _is_needed(action)


def is_shown_at_login(email: str, ip: str) -> bool:
    """Return whether the next login of an account or from an IP address needs a CAPTCHA."""
    return _is_needed(LOGIN) and login_failures.are_too_many(email, ip)


async def _verified(token: str, caller: CallerInfo) -> tuple[str, datetime]:
    """Return what identifies a valid token, and until when. Raises CaptchaRequired, Unavailable."""
    if settings.captcha_provider == "altcha":
        try:
            solved = altcha.verify(token)
        except altcha.Invalid:
            raise _refusal("refused") from None
        return solved.challenge, solved.expires_at + CLOCK_SKEW
    from captcha import siteverify  # imports the HTTP client, which the proof of work does not need

    if not await siteverify.verify(token, caller.ip):
        raise _refusal("refused")
    digest = hashlib.sha256(f"{settings.captcha_provider} {token}".encode()).hexdigest()
    return digest, models.now() + timedelta(minutes=MINUTES_TOKENS_ARE_REMEMBERED)


def _use_up(digest: str, expires_at: datetime) -> bool:
    """Return whether this is the first use of a token. The primary key lets exactly one of several requests succeed."""
    used = database.upsert(UsedCeremony.__table__).values(id=f"captcha:{digest[:28]}", expires_at=expires_at)
    return database.write(used.on_conflict_do_nothing().returning(UsedCeremony.id)) is not None


def _refusal(outcome: str) -> errors.CaptchaRequired:
    _count(outcome)
    return errors.CaptchaRequired(provider=settings.captcha_provider, site_key=settings.captcha_site_key or None)


def _count(outcome: str) -> None:
    metrics.CAPTCHAS.labels(settings.captcha_provider, outcome).inc()
