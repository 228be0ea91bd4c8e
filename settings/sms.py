"""Define the settings of text messages, and check them for consistency."""

import base64
import binascii
import re
from typing import Any, Literal

from settings import addresses, value_types
from settings.declaration import SettingsGroup, setting

REQUIRED = {
    "twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "http": ("sms_url", "sms_secret"),
}
ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
# A phone number, the SID of a messaging service, or an alphanumeric sender ID or short code.
PART_OF_A_PATH, ANY_SENDER = re.compile(r"[\w-]+", re.ASCII), re.compile(r"[\w +.-]+", re.ASCII)
SENDER = re.compile(r"\+[1-9][0-9]{6,14}|MG[0-9a-fA-F]{32}|(?!MG)[A-Za-z0-9 ]{1,11}")
KEY_PREFIX = "whsec_"


class SmsSettings(SettingsGroup):
    """Text messages (SMS) as a second factor."""

    sms_provider: Literal["", "twilio", "http"] = setting(
        "",
        "`twilio` or `http` (your own gateway) enables text messages as a second factor. If it is not set, they "
        "are off.",
    )
    sms_countries: value_types.Countries = setting(
        (),
        "Countries to which text messages are sent, as two-letter codes, such as `AT,DE`. If it is not set, none "
        "are sent. The restriction limits toll fraud, which uses numbers in distant countries.",
    )
    sms_daily_limit: int = setting(
        1000,
        "Maximum number of text messages that the service sends per day (UTC). A quarter of it is reserved for logins: "
        "messages that confirm a number cannot use it.",
        ge=1,
        le=1_000_000,
    )
    twilio_account_sid: str = setting("", "Account SID of Twilio, such as `AC…`.")
    twilio_auth_token: str = setting("", "Auth token of Twilio.", sensitive=True)
    twilio_from: str = setting("", "Sender: a phone number of Twilio, or the SID of a messaging service (`MG…`).")
    twilio_base_url: addresses.BaseUrl = setting("https://api.twilio.com", "Base URL of Twilio's API.")
    sms_url: str = setting("", "URL of your gateway for `SMS_PROVIDER=http`, which gets `{to, text}` as JSON.")
    sms_secret: str = setting("", "Secret that signs requests to your gateway: see docs/sms.md.", secret=True)


def violations(found: Any) -> list[str]:
    """Return a line for each missing or malformed setting of the provider. They stop startup in every environment."""
    missing = [name for name in REQUIRED.get(found.sms_provider, ()) if not getattr(found, name)]
    lines = [f"{name.upper()}: is not set; SMS_PROVIDER={found.sms_provider} needs it" for name in missing]
    return lines + [f"{name}: {advice}" for name, (is_valid, advice) in _formats(found).items() if not is_valid]


def _formats(found: Any) -> dict[str, tuple[bool, str]]:
    """Return, for each setting with a format, whether its value is valid, and what it must be."""
    sid, sender = found.twilio_account_sid, found.twilio_from
    is_compatible = found.is_set("twilio_base_url")  # a service with ids of its own, which become a part of a path
    accounts, senders = (PART_OF_A_PATH, ANY_SENDER) if is_compatible else (ACCOUNT_SID, SENDER)
    return {
        "TWILIO_ACCOUNT_SID": (
            not sid or bool(accounts.fullmatch(sid)),
            "must consist of letters, digits, - and _" if is_compatible else "must be AC and 32 hexadecimal digits",
        ),
        "TWILIO_FROM": (
            not sender or bool(senders.fullmatch(sender)),
            "must consist of letters, digits, spaces and + - . _"
            if is_compatible
            else "must be a phone number such as +15005550006, or the SID of a messaging service "
            "(MG and 32 hexadecimal digits)",
        ),
        "SMS_URL": (not found.sms_url or addresses.is_web_url(found.sms_url), "must be an http:// or https:// URL"),
        "SMS_SECRET": (_is_key(found.sms_secret), f"must be Base64 after {KEY_PREFIX}"),
    }


def _is_key(secret: str) -> bool:
    if not secret.startswith(KEY_PREFIX):
        return True
    try:
        return bool(base64.b64decode(secret.removeprefix(KEY_PREFIX), validate=True))
    except binascii.Error:
        return False


def warnings(found: Any) -> list[str]:
    """Return a warning if no text messages can be sent."""
    if found.sms_provider and not found.sms_countries:
        return ["SMS_COUNTRIES: is not set; no text messages are sent"]
    return []
