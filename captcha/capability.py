"""The capability record of CAPTCHAs, which CAPTCHA_PROVIDER enables."""

from typing import Any

from core.capability import ANYONE, Capability
from settings import operation_groups


async def _guard(action: str, caller: Any, token: str | None, email: str) -> None:
    from captcha import service

    await service.guard(action, caller, token, email)


def _login_failed(db: Any, caller: Any) -> None:
    from captcha import login_failures

    login_failures.record(db, caller.ip)


# Used tokens are in `used_ceremonies`, and failed logins in `guesses`, whose records clean them up.
CAPABILITY = Capability(
    name="captcha",
    enabled=lambda settings: settings.captcha_provider != "off",
    settings=(operation_groups.CaptchaSettings,),
    routers=("routes.captcha.router",),
    access={"auth.captcha_challenge": ANYONE},
    guard=_guard,
    login_failed=_login_failed,
)
