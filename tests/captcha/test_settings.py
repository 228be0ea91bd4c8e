"""The settings of CAPTCHAs: what stops the start, and what is a warning."""

import secrets

import pytest

from settings import captcha_rules
from settings.loading import read
from settings.sources import InvalidSettings

BASE = {"JWT_SECRET": secrets.token_urlsafe(48)}
PRODUCTION = BASE | {
    "ENVIRONMENT": "production",
    "FRONTEND_BASE_URL": "https://shop.example",
    "PUBLIC_BASE_URL": "https://id.shop.example",
    "EMAIL_VERIFICATION": "required",
}
TURNSTILE = {"CAPTCHA_PROVIDER": "turnstile", "CAPTCHA_SITE_KEY": "0x4AAA", "CAPTCHA_SECRET": "0x4AAA-secret"}


def test_captchas_are_off_by_default_and_then_for_sign_up_reset_and_login_links():
    assert (read(BASE).captcha_provider, read(BASE).warnings) == ("off", ())
    found = read(BASE | {"CAPTCHA_PROVIDER": "Altcha"})
    assert (found.captcha_provider, found.captcha_on) == ("altcha", ("signup", "reset", "magic-link"))
    assert found.warnings == ()
    assert read(BASE | TURNSTILE | {"CAPTCHA_ON": "login, signup"}).captcha_on == ("login", "signup")


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {"CAPTCHA_PROVIDER": "cloudflare"},
            ["CAPTCHA_PROVIDER: must be one of off, altcha, turnstile, hcaptcha or recaptcha"],
        ),
        (TURNSTILE | {"CAPTCHA_ON": "sign-up"}, ["CAPTCHA_ON: must be one of signup, reset, magic-link or login"]),
        (
            {"CAPTCHA_PROVIDER": "recaptcha"},
            [
                "CAPTCHA_SITE_KEY: is not set; reCAPTCHA needs the one from its dashboard",
                "CAPTCHA_SECRET: is not set; reCAPTCHA needs the one from its dashboard",
            ],
        ),
        (
            TURNSTILE | {"CAPTCHA_BASE_URL": "captcha.example"},
            ["CAPTCHA_BASE_URL: must be an http:// or https:// URL such as http://localhost:3000"],
        ),
    ],
)
def test_unusable_settings_stop_the_start_in_every_environment(given, lines):
    for base in (BASE, PRODUCTION):
        with pytest.raises(InvalidSettings) as unusable:
            read(base | given)
        assert list(unusable.value.lines) == lines


def test_production_rejects_plain_http_and_test_keys():
    given = TURNSTILE | {
        "CAPTCHA_BASE_URL": "http://captcha.example",
        "CAPTCHA_SECRET": min(captcha_rules.TEST_SECRETS),
    }
    with pytest.raises(InvalidSettings) as unusable:
        read(PRODUCTION | given)
    assert list(unusable.value.lines) == [
        "CAPTCHA_BASE_URL: must be https://",
        "CAPTCHA_SECRET: is a test key, which accepts every token; use your own",
    ]
    assert read(BASE | given).warnings == ("CAPTCHA_SECRET: is a test key, which accepts every token",)
    assert read(PRODUCTION | TURNSTILE).captcha_secret == "0x4AAA-secret"


def test_settings_without_effect_are_warnings():
    keys = {"CAPTCHA_SITE_KEY": "0x4AAA", "CAPTCHA_SECRET": "0x4AAA-secret"}
    assert read(BASE | keys | {"CAPTCHA_PROVIDER": "altcha"}).warnings == (
        "CAPTCHA_SITE_KEY: has no effect with CAPTCHA_PROVIDER=altcha",
        "CAPTCHA_SECRET: has no effect with CAPTCHA_PROVIDER=altcha",
    )
    assert read(BASE | {"CAPTCHA_ON": "signup"}).warnings == ("CAPTCHA_ON: has no effect with CAPTCHA_PROVIDER=off",)
