"""The `Settings` object: all groups of settings together, frozen, and what follows from several of them."""

from pydantic import ConfigDict, Field

from settings import groups


class Settings(
    groups.LegacyApiSettings,
    groups.HostedPagesSettings,
    groups.AdministrationSettings,
    groups.OAuthLoginSettings,
    groups.EmailSettings,
    groups.AccountSettings,
    groups.CredentialSettings,
    groups.SessionSettings,
    groups.TelemetrySettings,
    groups.RateLimitSettings,
    groups.DatabaseSettings,
    groups.ServiceSettings,
):
    """Every setting, by its lower-case name."""

    model_config = ConfigDict(frozen=True)

    warnings: tuple[str, ...] = Field((), exclude=True)

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def places_to_return_to(self) -> tuple[str, ...]:
        """Where a login with a provider may return to: exact addresses, or origins."""
        own = (f"{self.public_base_url}/login", f"{self.public_base_url}/account") if self.hosted_pages else ()
        return self.oauth_redirect_uris + own

    @property
    def development_mailbox(self) -> bool:
        """Whether mails stay here, to be read at /dev/mailbox: in development with no mail server, never in
        production.
        """
        return not self.production and not self.smtp_host


OPTIONS = {name: field for name, field in Settings.model_fields.items() if name != "warnings"}


def names_of(option: str) -> list[str]:
    """The environment's names for a field of Settings, the first one first."""
    extra = OPTIONS[option].json_schema_extra
    return [option.upper(), *(extra["also"] if isinstance(extra, dict) else [])]  # type: ignore[misc]
