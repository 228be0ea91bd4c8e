"""Define the settings of text messages, and check them for consistency."""

from typing import Any, Literal

from pydantic import BaseModel

from settings import value_types
from settings.declaration import setting

REQUIRED = {
    "twilio": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "http": ("sms_url", "sms_secret"),
}


class SmsSettings(BaseModel):
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
        1000, "Maximum number of text messages that the service sends per day (UTC).", ge=1, le=1_000_000
    )
    twilio_account_sid: str = setting("", "Account SID of Twilio, such as `AC…`.", pattern=r"^(AC[0-9a-fA-F]{32})?$")
    twilio_auth_token: str = setting("", "Auth token of Twilio.")
    twilio_from: str = setting("", "Sender: a phone number of Twilio, or the SID of a messaging service (`MG…`).")
    twilio_base_url: value_types.BaseUrl = setting("https://api.twilio.com", "Base URL of Twilio's API.")
    sms_url: str = setting("", "URL of your gateway for `SMS_PROVIDER=http`, which gets `{to, text}` as JSON.")
    sms_secret: str = setting("", "Secret that signs requests to your gateway: see docs/sms.md.", secret=True)


def violations(found: Any) -> list[str]:
    """Return a line for each missing setting of the provider."""
    missing = [name for name in REQUIRED.get(found.sms_provider, ()) if not getattr(found, name)]
    lines = [f"{name.upper()}: is not set; SMS_PROVIDER={found.sms_provider} needs it" for name in missing]
    if found.sms_url and not found.sms_url.startswith(("https://", "http://")):
        lines.append("SMS_URL: must be an http:// or https:// URL")
    return lines


def warnings(found: Any) -> list[str]:
    """Return a warning if no text messages can be sent."""
    if found.sms_provider and not found.sms_countries:
        return ["SMS_COUNTRIES: is not set; no text messages are sent"]
    return []
