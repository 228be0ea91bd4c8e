"""Define the frozen `Settings` object with all groups of settings, and the values derived from several of them."""

from pydantic import ConfigDict, Field

from settings import events, groups, oauth_login, oauth_provider, operation_groups, sms


class Settings(
    groups.LegacyApiSettings,
    groups.LanguageSettings,
    groups.BrandSettings,
    groups.HostedPagesSettings,
    groups.AdministrationSettings,
    oauth_provider.OAuthProviderSettings,
    oauth_login.OAuthLoginSettings,
    groups.PasswordlessSettings,
    sms.SmsSettings,
    events.AnalyticsSettings,
    events.EventSettings,
    groups.FactorSettings,
    groups.EmailSettings,
    groups.AccountSettings,
    groups.CredentialSettings,
    groups.SessionSettings,
    operation_groups.TelemetrySettings,
    operation_groups.CaptchaSettings,
    operation_groups.RateLimitSettings,
    operation_groups.DatabaseSettings,
    operation_groups.RevocationSettings,
    operation_groups.ServiceSettings,
):
    """Every setting, by its lower-case name."""

    model_config = ConfigDict(frozen=True)

    warnings: tuple[str, ...] = Field((), exclude=True)
    several_workers: bool = Field(False, exclude=True)
    given: frozenset[str] = Field(frozenset(), exclude=True)  # the fields that were set explicitly
    origins: dict[str, str] = Field({}, exclude=True)  # by field: the variable that it was read from

    def is_set(self, field: str) -> bool:
        """Return whether a setting was set explicitly, by any of its names."""
        return field in self.given

    @property
    def leads_elsewhere(self) -> bool:
        """Return whether links in emails point to a frontend instead of the hosted pages."""
        return self.frontend_base_url != self.public_base_url

    @property
    def makes_superuser(self) -> bool:
        """Return whether startup creates a superuser. Production requires both its user id and its email address."""
        return not self.production or (self.is_set("superuser_user_id") and self.is_set("superuser_email"))

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def places_to_return_to(self) -> tuple[str, ...]:
        """Return the allowed redirect URIs of an OAuth login: exact URLs, or origins."""
        own = (f"{self.public_base_url}/login", f"{self.public_base_url}/account") if self.hosted_pages else ()
        return self.oauth_redirect_uris + own

    @property
    def development_mailbox(self) -> bool:
        """Return whether emails go to /dev/mailbox: in development without a mail server, never in production."""
        return not self.production and not self.smtp_host


NOT_SETTINGS = {"warnings", "several_workers", "given", "origins"}
OPTIONS = {name: field for name, field in Settings.model_fields.items() if name not in NOT_SETTINGS}


def names_of(option: str) -> list[str]:
    """Return the environment variables of a field of Settings, the primary one first."""
    extra = OPTIONS[option].json_schema_extra
    return [option.upper(), *(extra["also"] if isinstance(extra, dict) else [])]  # type: ignore[misc]
