"""The settings of text messages: what stops the start, and what is a warning."""

import secrets

import pytest

from settings.loading import read
from settings.sources import InvalidSettings

BASE = {"JWT_SECRET": secrets.token_urlsafe(48)}
PRODUCTION = BASE | {
    "ENVIRONMENT": "production",
    "FRONTEND_BASE_URL": "https://shop.example",
    "PUBLIC_BASE_URL": "https://id.shop.example",
    "EMAIL_VERIFICATION": "required",
    "SMS_COUNTRIES": "AT,de",
}
TWILIO = {
    "SMS_PROVIDER": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a token",
    "TWILIO_FROM": "+15005550006",
}
GATEWAY = {"SMS_PROVIDER": "http", "SMS_URL": "https://sms.example/send", "SMS_SECRET": secrets.token_urlsafe(48)}


@pytest.mark.parametrize("sender", ["+15005550006", "MG" + "a" * 32, "Example", "12345"])
def test_provider_with_all_its_settings_starts(sender):
    found = read(PRODUCTION | TWILIO | {"TWILIO_FROM": sender})
    assert (found.twilio_from, found.sms_countries) == (sender, ("AT", "DE"))
    assert read(PRODUCTION | GATEWAY).sms_url == "https://sms.example/send"
    assert "SMS_COUNTRIES: is not set; no text messages are sent" in read(BASE | GATEWAY).warnings


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {"SMS_PROVIDER": "http"},
            [f"{name}: is not set; SMS_PROVIDER=http needs it" for name in ("SMS_URL", "SMS_SECRET")],
        ),
        (TWILIO | {"TWILIO_ACCOUNT_SID": "AC1"}, ["TWILIO_ACCOUNT_SID: must be AC and 32 hexadecimal digits"]),
        *(
            (
                TWILIO | {"TWILIO_FROM": sender},
                [
                    "TWILIO_FROM: must be a phone number such as +15005550006, or the SID of a messaging service "
                    "(MG and 32 hexadecimal digits)"
                ],
            )
            for sender in ("+43 664 1234567", "0664/1234567", "MG1")
        ),
        *(
            (GATEWAY | {"SMS_URL": url}, ["SMS_URL: must be an http:// or https:// URL"])
            for url in ("sms.example", "https://", "https://sms.example:x/")
        ),
        (GATEWAY | {"SMS_SECRET": "whsec_not base64"}, ["SMS_SECRET: must be Base64 after whsec_"]),
    ],
)
def test_unusable_settings_stop_the_start_in_every_environment(given, lines):
    for base in (BASE, PRODUCTION):
        with pytest.raises(InvalidSettings) as unusable:
            read(base | given)
        assert list(unusable.value.lines) == lines


def test_service_that_is_compatible_with_twilio_has_ids_of_its_own():
    compatible = TWILIO | {"TWILIO_BASE_URL": "https://sms.example"}
    found = read(compatible | {"TWILIO_ACCOUNT_SID": "5f0e7a1c-acme_test", "TWILIO_FROM": "+43 664-1"})
    assert found.twilio_account_sid == "5f0e7a1c-acme_test"
    with pytest.raises(InvalidSettings) as unusable:
        read(compatible | {"TWILIO_ACCOUNT_SID": "../x"})
    assert list(unusable.value.lines) == ["TWILIO_ACCOUNT_SID: must consist of letters, digits, - and _"]


def test_plain_http_is_rejected_or_reported_in_production():
    with pytest.raises(InvalidSettings) as unusable:
        read(PRODUCTION | TWILIO | {"TWILIO_BASE_URL": "http://twilio.example"})
    assert list(unusable.value.lines) == ["TWILIO_BASE_URL: must be https://"]
    reported = "SMS_URL: the gateway is on another machine, without TLS; codes are sent in clear text"
    assert reported in read(PRODUCTION | GATEWAY | {"SMS_URL": "http://sms.internal/"}).warnings
    assert reported not in read(PRODUCTION | GATEWAY | {"SMS_URL": "http://localhost:9/"}).warnings
