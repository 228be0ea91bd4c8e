"""Verify tokens of Turnstile, hCaptcha and reCAPTCHA with the `siteverify` request that all three support."""

from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, StrictBool

import errors
from core import http_client
from settings import captcha_rules
from settings.loading import settings
from telemetry import logs

log = logs.logger()
SECONDS_TO_VERIFY = 3.0
LEAST_SCORE = 0.5  # the default threshold of reCAPTCHA v3 scores, from 0 (a bot) to 1
# The operator must act, or the provider has failed. Users cannot do anything about these errors.
NOT_THE_USERS_FAULT = {
    "missing-input-secret", "invalid-input-secret", "sitekey-secret-mismatch", "invalid-keys", "internal-error",
}  # fmt: skip


class Provider(NamedTuple):
    """The endpoint at which a provider verifies tokens."""

    base_url: str
    path: str


PROVIDERS = {
    "turnstile": Provider("https://challenges.cloudflare.com", "/turnstile/v0/siteverify"),
    "hcaptcha": Provider("https://api.hcaptcha.com", "/siteverify"),
    "recaptcha": Provider("https://www.google.com", "/recaptcha/api/siteverify"),
}


class Answer(BaseModel):
    """The response of a provider. Unknown members are ignored."""

    success: StrictBool
    hostname: str | None = None
    score: float | None = None
    error_codes: Annotated[list[str], Field(alias="error-codes")] = []


async def verify(token: str, ip: str) -> bool:
    """Return whether the provider accepts a token. Raises Unavailable if that cannot be determined."""
    answer = await _ask(token, ip)
    if codes := NOT_THE_USERS_FAULT.intersection(answer.error_codes):
        log.error("the CAPTCHA provider rejects the configuration", codes=sorted(codes))
        raise errors.Unavailable()
    return answer.success and _is_for_this_site(answer) and _has_score(answer)


async def _ask(token: str, ip: str) -> Answer:
    """Return the response of the provider. Raises Unavailable without a valid one."""
    provider = PROVIDERS[settings.captcha_provider]
    fields = {"secret": settings.captcha_secret, "response": token}
    fields |= {"remoteip": ip} if ip else {}
    if settings.captcha_provider == "hcaptcha":
        fields["sitekey"] = settings.captcha_site_key  # a token of another site with the same secret is rejected
    url = f"{settings.captcha_base_url or provider.base_url}{provider.path}"
    try:
        response = await http_client.send("POST", url, seconds=SECONDS_TO_VERIFY, data=fields)
        answer = Answer.model_validate_json(response.content)
    except http_client.NoResponse as error:
        log.error("the CAPTCHA provider cannot be reached", error=str(error))
        raise errors.Unavailable() from None
    except (http_client.InvalidResponse, ValueError):
        log.error("the CAPTCHA provider sent an invalid response")
        raise errors.Unavailable() from None
    # Some respond with 400 to an invalid token, with the same JSON.
    if response.status_code >= 500 or (response.status_code != 200 and answer.success):
        log.error("the CAPTCHA provider failed", status=response.status_code)
        raise errors.Unavailable()
    return answer


def _is_for_this_site(answer: Answer) -> bool:
    """Return whether the widget was on a page of this service or its frontends, if the provider says where it was.

    Otherwise, if the site key allows any host, another site could collect tokens from its visitors.
    """
    if not answer.hostname or captcha_rules.has_test_secret(settings):
        return True
    urls = (settings.public_base_url, settings.frontend_base_url, *settings.cors_origins)
    if answer.hostname.lower() in {urlsplit(url).hostname for url in urls}:
        return True
    log.warning("a CAPTCHA was solved on another host", host=answer.hostname[:253])
    return False


def _has_score(answer: Answer) -> bool:
    # The score of hCaptcha has the opposite meaning.
    return settings.captcha_provider != "recaptcha" or answer.score is None or answer.score >= LEAST_SCORE
