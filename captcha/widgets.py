"""Describe the CAPTCHA of a hosted page: its script, and the origins that the page may then load from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from settings.loading import settings


class Widget(NamedTuple):
    """The CAPTCHA of a page.

    script: the URL of the provider's script, or None if the script of this service is enough.
    css_class: the class of the element in which the provider's script shows its widget.
    sources: what the content security policy allows in addition, by directive.
    """

    provider: str
    site_key: str
    script: str | None = None
    css_class: str = ""
    sources: Mapping[str, tuple[str, ...]] = MappingProxyType({})


GOOGLE = "https://www.google.com/recaptcha/"
# As documented by each provider. Only hCaptcha documents a wildcard, because its host names change.
HCAPTCHA = ("https://hcaptcha.com", "https://*.hcaptcha.com")
WIDGETS = {
    "altcha": Widget("altcha", ""),
    "turnstile": Widget(
        "turnstile",
        "",
        "https://challenges.cloudflare.com/turnstile/v0/api.js",
        "cf-turnstile",
        dict.fromkeys(("script-src", "frame-src"), ("https://challenges.cloudflare.com",)),
    ),
    "hcaptcha": Widget(
        "hcaptcha",
        "",
        "https://js.hcaptcha.com/1/api.js",
        "h-captcha",
        dict.fromkeys(("script-src", "frame-src", "style-src", "connect-src"), HCAPTCHA),
    ),
    "recaptcha": Widget(
        "recaptcha",
        "",
        f"{GOOGLE}api.js",
        "g-recaptcha",
        {
            "script-src": (GOOGLE, "https://www.gstatic.com/recaptcha/"),
            "frame-src": (GOOGLE, "https://recaptcha.google.com/recaptcha/"),
            "connect-src": (GOOGLE,),
        },
    ),
}


def current() -> Widget:
    """Return the widget of the configured provider."""
    return WIDGETS[settings.captcha_provider]._replace(site_key=settings.captcha_site_key)
