"""The `Settings` object: all groups of settings together, frozen, and what follows from several of them."""

from pydantic import ConfigDict, Field

from settings import groups, operation_groups


class Settings(
    groups.LegacyApiSettings,
    groups.HostedPagesSettings,
    groups.AdministrationSettings,
    groups.OAuthLoginSettings,
    groups.EmailSettings,
    groups.AccountSettings,
    groups.CredentialSettings,
    groups.SessionSettings,
    operation_groups.TelemetrySettings,
    operation_groups.RateLimitSettings,
    operation_groups.DatabaseSettings,
    operation_groups.ServiceSettings,
):
    """Every setting, by its lower-case name."""

    model_config = ConfigDict(frozen=True)

    warnings: tuple[str, ...] = Field((), exclude=True)
    several_workers: bool = Field(False, exclude=True)
    given: frozenset[str] = Field(frozenset(), exclude=True)  # the fields that were set, and do not have their default

    def is_set(self, field: str) -> bool:
        """Whether a setting was given, by any of its names."""
        return field in self.given

    @property
    def leads_elsewhere(self) -> bool:
        """Whether links in emails lead to a frontend, and not to the hosted pages."""
        return self.frontend_base_url != self.public_base_url

    @property
    def makes_superuser(self) -> bool:
        """Whether startup creates a superuser. In production only where both its id and its address are set."""
        return not self.production or (self.is_set("superuser_user_id") and self.is_set("superuser_email"))

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


NOT_SETTINGS = {"warnings", "several_workers", "given"}
OPTIONS = {name: field for name, field in Settings.model_fields.items() if name not in NOT_SETTINGS}


def names_of(option: str) -> list[str]:
    """The environment's names for a field of Settings, the first one first."""
    extra = OPTIONS[option].json_schema_extra
    return [option.upper(), *(extra["also"] if isinstance(extra, dict) else [])]  # type: ignore[misc]
