"""Define the settings of events and of the figures of the login flow."""

from typing import Any, Literal

from settings import addresses
from settings.declaration import SettingsGroup, setting

REQUIRED = {"ga4": ("ga4_measurement_id", "ga4_api_secret")}


class EventSettings(SettingsGroup):
    """Events about accounts: the event feed and webhooks."""

    event_retention_days: int = setting(
        30, "Days for which events are kept. Older cursors of the event feed expire.", ge=1, le=3650
    )


class AnalyticsSettings(SettingsGroup):
    """Figures of sign-ups and logins for Google Analytics 4."""

    analytics: Literal["off", "ga4"] = setting(
        "off", "`ga4` sends the steps of sign-ups and logins to Google Analytics 4, without personal data."
    )
    ga4_measurement_id: str = setting("", "Measurement ID of the data stream, such as `G-ABC1234567`.")
    ga4_api_secret: str = setting("", "API secret of the Measurement Protocol.", sensitive=True)
    ga4_base_url: addresses.BaseUrl = setting(
        "https://www.google-analytics.com", "Base URL of the Measurement Protocol, such as a server of your own."
    )


def violations(found: Any) -> list[str]:
    """Return a line for each missing setting. They stop startup in every environment."""
    missing = [name for name in REQUIRED.get(found.analytics, ()) if not getattr(found, name)]
    return [f"{name.upper()}: is not set; ANALYTICS={found.analytics} needs it" for name in missing]
