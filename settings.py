"""Every setting of the service: read once, typed, from the environment and `.env`.

Nothing else reads the environment. A setting is a field here, a row in `docs/settings.md` and a line in `.env.example`.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import setting_checks
import setting_sources
import setting_values
from setting_sources import Unusable

# uvicorn's own exit status for "this cannot start": its supervisor then gives up instead of restarting workers for ever.
STARTUP_FAILURE = 3


def setting(default: Any, sentence: str, *, also: tuple[str, ...] = (), secret: bool = False, **bounds: Any) -> Any:
    """A field with its sentence; `also` are further names for it, `secret` values must be strong in production."""
    return Field(default, description=sentence, json_schema_extra={"also": list(also), "secret": secret}, **bounds)


class Settings(BaseModel):
    """The settings, by their lower-case names. Durations bear their unit in the name."""

    model_config = ConfigDict(frozen=True)

    environment: Literal["development", "production"] = setting(
        "development", "`production` refuses whatever is insecure and switches every development aid off."
    )
    debug: bool = setting(
        False, "Only so that an `.env` with `DEBUG=true` is refused in production; it has no other effect."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting("INFO", "How much is logged.")
    log_format: Literal["", "text", "json"] = setting(
        "", "`json` writes one JSON object a line, as in production where it is not set; `text` is for people."
    )

    database_url: setting_values.DatabaseUrl = setting(
        "sqlite:///./credentials.db",
        "Where accounts are kept; `postgresql://` is the production store. Or the parts: `POSTGRES_USER`, `POSTGRES_PASSWORD`, `POSTGRES_DB`, `POSTGRES_HOST`, `POSTGRES_PORT`, or `DB_USER`, `DB_PASS`, `DB_HOST`, `DB_PORT`, `DB_NAME`.",
    )
    database_pool_size: int = setting(
        10,
        "Connections of one worker to the database, beside the one that looks whether it is there; and threads that serve requests.",
        ge=1,
        le=200,
    )

    jwt_secret: str = setting(
        "",
        "The root secret. It signs access tokens, and keys for every other use are derived from it.",
        also=("SECRET_KEY", "ACCESS_TOKEN_SECRET_KEY"),
        secret=True,
    )
    jwt_secret_previous: str = setting(
        "", "The secret before the last change: still accepted, so that a change signs nobody out.", secret=True
    )
    refresh_token_secret_key: str = setting(
        "",
        "A separate secret for refresh tokens; derived from the root secret where it is not set. Setting or changing it logs everybody out.",
        secret=True,
    )
    algorithm: Literal["HS256", "RS256", "ES256", "EdDSA"] = setting(
        "HS256",
        "How access tokens are signed: with `JWT_SECRET`, or with keys of their own, which are published.",
        also=("JWT_ALGORITHM",),
    )
    jwt_key_rotation_days: int = setting(
        90, "A key of an asymmetric algorithm signs for so long; then the next one does.", ge=1, le=3650
    )
    housekeeping_interval_minutes: int = setting(15, "How often old rows are removed.", ge=1, le=1440)
    audit_retention_days: setting_values.RetentionDays = setting(
        0, "Events of the trail that are older are removed: after 30 days at the earliest, and never with 0.", ge=0
    )
    jwt_issuer: str = setting("", "The `iss` of access tokens; `PUBLIC_BASE_URL` where it is not set.")
    jwt_audience: str = setting("credential-service", "The `aud` of access tokens.")
    access_token_expire_minutes: int = setting(
        15, "Life of an access token.", also=("JWT_ACCESS_TOKEN_EXPIRE_MINUTES",), ge=1, le=1440
    )
    refresh_token_expire_days: int = setting(
        7,
        "A session ends when it was not refreshed for so long.",
        also=("JWT_REFRESH_TOKEN_EXPIRE_DAYS",),
        ge=1,
        le=365,
    )
    session_max_days: int = setting(90, "A session ends after so long, however often it was refreshed.", ge=1, le=3650)
    refresh_reuse_grace_seconds: int = setting(
        10, "For so long the last refresh token gets the same answer again (two tabs, a lost reply).", ge=0, le=300
    )

    bcrypt_rounds: int = setting(
        12, "Cost of a password hash; a hash of another cost is renewed at the next login.", ge=4, le=20
    )
    password_min_length: int = setting(8, "Characters that a password needs at least.", ge=8, le=128)
    password_require: setting_values.CharacterClasses = setting(
        (), "What a password must contain: any of `upper,lower,digit,symbol`."
    )
    hash_workers: int = setting(
        os.cpu_count() or 1, "Passwords hashed at once by one worker; with a worker a core, 1 is best.", ge=1, le=256
    )
    hash_queue: int = setting(
        64, "Passwords waiting to be hashed; beyond it the answer is 503 `overloaded`.", ge=1, le=10_000
    )

    email_verification: Literal["off", "optional", "required"] = setting(
        "off",
        "`off`: accounts are verified from the start; `optional`: may log in before the proof; `required`: may not.",
    )
    email_verification_ttl_hours: int = setting(24, "Life of a verification link.", ge=1, le=720)
    email_verification_code_expiry_minutes: int = setting(15, "Life of a verification code.", ge=1, le=1440)
    password_reset_ttl_minutes: int = setting(30, "Life of a password reset link.", ge=1, le=1440)
    invitation_ttl_hours: int = setting(72, "Life of the link in an invitation.", ge=1, le=720)
    expose_verification_token: bool = setting(False, "Development only: the sign-up answer holds `verificationToken`.")

    frontend_base_url: setting_values.BaseUrl = setting(
        "http://localhost:3000", "Links in mails lead here; set to nothing, to our own pages.", also=("FRONTEND_URL",)
    )
    public_base_url: setting_values.BaseUrl = setting("http://localhost:8000", "The address of this service itself.")
    cors_origins: setting_values.Origins = setting(
        (), "Origins that may call from a browser, comma-separated; the frontend's where it is not set."
    )
    hosted_pages: bool = setting(
        True, "Whether the service has pages of its own, such as `/login`; in production only where it is set."
    )
    trusted_proxies: setting_values.Networks = setting((), "Addresses or networks whose `X-Forwarded-For` is believed.")

    rate_limit_enabled: bool = setting(
        True, "Whether requests are limited by the caller's address; wrong passwords are counted in any case."
    )
    rate_limit_login: setting_values.Rate = setting("10/minute", "Logins, and other calls that compare a password.")
    rate_limit_signup: setting_values.Rate = setting("5/minute", "Sign-ups.")
    rate_limit_email: setting_values.Rate = setting(
        "3/hour", "Calls that send a mail; counted for the account that they name, too."
    )
    rate_limit_token: setting_values.Rate = setting("60/minute", "Calls that show a refresh token, a link or a code.")
    rate_limit_default: setting_values.Rate = setting("300/minute", "All calls together.")

    mail_provider: Literal["", "sendgrid", "mailgun", "ses", "gmail"] = setting(
        "", "Fills in the host for `sendgrid`, `mailgun`, `ses` or `gmail`, and SendGrid's user."
    )
    sendgrid_api_key: str = setting("", "Enough by itself to send through SendGrid.")
    deliver_mail: bool = setting(
        True,
        "Whether each server delivers mails itself; `false` where `python manage.py deliver-mail` does it beside them.",
    )
    smtp_host: str = setting(
        "", "The mail server. With none, mails go to the development mailbox, or wait in production."
    )
    smtp_port: int = setting(587, "Port of the mail server.", ge=1, le=65535)
    smtp_user: str = setting("", "Login at the mail server.", also=("MAIL_USERNAME",))
    smtp_password: str = setting("", "Password at the mail server.", also=("MAIL_PASSWORD",))
    smtp_security: Literal["auto", "tls", "starttls", "none"] = setting(
        "auto", "`auto`: TLS on 465, else STARTTLS where offered, demanded on 587."
    )
    mail_from: str = setting(
        "",
        "Sender of every mail; `noreply@` the host of `PUBLIC_BASE_URL` where it is not set.",
        pattern=r"^$|^[^@\s<>,;]+@[^@\s<>,;]+$",
    )
    mail_from_name: str = setting("", "Name beside the sender's address.", pattern=r"^[^\r\n]*$")

    oauth_redirect_uris: setting_values.RedirectUris = setting(
        (),
        "Where a login with a provider may return to: exact addresses, or origins; the frontend's origin where it is not set.",
    )
    oidc_providers: tuple[setting_values.OpenIdServer, ...] = setting(
        (),
        "Names of further OpenID Connect servers, comma-separated. Each then needs `OIDC_<NAME>_ISSUER`, `OIDC_<NAME>_CLIENT_ID` and `OIDC_<NAME>_CLIENT_SECRET`, and may have `OIDC_<NAME>_SCOPES`.",
    )
    google_client_id: str = setting(
        "", "The service's id at Google; with it and its secret, people may sign in with Google."
    )
    google_client_secret: str = setting("", "The service's secret at Google.")
    google_issuer: setting_values.BaseUrl = setting(
        "https://accounts.google.com", "Google's issuer, or another to stand in for it."
    )
    facebook_client_id: str = setting(
        "", "The service's id at Facebook; with it and its secret, people may sign in with Facebook."
    )
    facebook_client_secret: str = setting("", "The service's secret at Facebook.")
    facebook_base_url: setting_values.BaseUrl = setting("https://www.facebook.com", "Where Facebook asks the person.")
    facebook_graph_url: setting_values.BaseUrl = setting(
        "https://graph.facebook.com", "Where Facebook answers the service."
    )
    github_client_id: str = setting(
        "", "The service's id at GitHub; with it and its secret, people may sign in with GitHub."
    )
    github_client_secret: str = setting("", "The service's secret at GitHub.")
    github_base_url: setting_values.BaseUrl = setting(
        "https://github.com", "Where GitHub asks the person; an enterprise server's own address."
    )
    github_api_url: setting_values.BaseUrl = setting(
        "https://api.github.com",
        "Where GitHub answers the service; on an enterprise server its address with `/api/v3`.",
    )
    microsoft_client_id: str = setting(
        "", "The service's id at Microsoft; with it and its secret, people may sign in with Microsoft."
    )
    microsoft_client_secret: str = setting("", "The service's secret at Microsoft.")
    microsoft_issuer: setting_values.BaseUrl = setting(
        "https://login.microsoftonline.com/common/v2.0",
        "Microsoft's issuer; with a tenant's id in place of `common` only its people get in.",
    )
    linkedin_client_id: str = setting(
        "", "The service's id at LinkedIn; with it and its secret, people may sign in with LinkedIn."
    )
    linkedin_client_secret: str = setting("", "The service's secret at LinkedIn.")
    linkedin_issuer: setting_values.BaseUrl = setting("https://www.linkedin.com/oauth", "LinkedIn's issuer.")
    apple_client_id: str = setting(
        "", "The service's id at Apple; with it and its secret, people may sign in with Apple."
    )
    apple_client_secret: str = setting(
        "",
        "The service's secret at Apple: a JWT that lives for six months at most, made by `python manage.py apple-client-secret`.",
    )
    apple_issuer: setting_values.BaseUrl = setting("https://appleid.apple.com", "Apple's issuer.")

    internal_service_token: setting_values.Names = setting(
        (),
        "Tokens of other services, comma-separated so that they can be rotated. With none, `/internal` answers 401.",
        secret=True,
    )
    superuser_user_id: str = setting(
        "suvodutta", "`user_id` of the superuser that is made at the start.", pattern=r"^[\x21-\x7e]{1,64}$"
    )
    superuser_email: setting_values.EmailAddress = setting("suvodutta.isme@gmail.com", "Address of the superuser.")
    superuser_password: setting_values.NormalisedText = setting(
        "", "Password of the superuser when it is made; with none it gets in through a password reset."
    )
    legacy_get_actions: bool = setting(
        True, "Whether the links of an earlier system, which act when they are opened, work; no mail of ours has them."
    )
    show_aliases: bool = setting(False, "Shows the names of earlier systems in the OpenAPI document, as deprecated.")
    sentry_dsn: str = setting(
        "",
        "Where unexpected errors are reported: the DSN of a project in Sentry. Nothing of a person is sent but the id.",
    )
    otel_exporter_otlp_endpoint: str = setting(
        "", "Where traces go: an OpenTelemetry collector that speaks OTLP over HTTP, such as `http://collector:4318`."
    )
    metrics_token: str = setting("", "Opens `/metrics` in production; without it there is none.")
    redis_url: setting_values.RedisUrl = setting(
        "",
        "`redis://` address of a Redis in which all workers count requests together; with none, each counts by itself. Or `REDIS_HOST` and `REDIS_PORT`.",
    )

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
        """Whether mails stay here, to be read at /dev/mailbox: in development with no mail server, never in production."""
        return not self.production and not self.smtp_host


OPTIONS = {name: field for name, field in Settings.model_fields.items() if name != "warnings"}


def names_of(option: str) -> list[str]:
    """The environment's names for a field of Settings, the first one first."""
    extra = OPTIONS[option].json_schema_extra
    return [option.upper(), *(extra["also"] if isinstance(extra, dict) else [])]  # type: ignore[misc]


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that these variables describe. Raises Unusable, with one line for each thing that is wrong."""
    given = {name: value for name, value in environment.items() if value.strip()}
    in_files = setting_sources.from_files(given, _all_names())
    warnings = [
        f"{name} and {name}_FILE differ: {name} is used"
        for name, value in in_files.items()
        if given.get(name, value) != value
    ]
    given = in_files | given
    found_names = {option: [name for name in names_of(option) if name in given] for option in OPTIONS}
    values: dict[str, Any] = {option: given[names[0]] for option, names in found_names.items() if names}
    warnings += [
        f"{names[0]} and {other} differ: {names[0]} is used"
        for names in found_names.values()
        for other in names[1:]
        if given[other] != given[names[0]]
    ]
    values = (
        setting_sources.database_from_parts(given)
        | setting_sources.redis_from_parts(given)
        | values
        | setting_sources.openid_servers(given)
    )
    no_frontend = setting_sources.is_set_to_nothing(environment, names_of("frontend_base_url"))
    if no_frontend:
        values["frontend_base_url"] = values.get("public_base_url", OPTIONS["public_base_url"].default)
    if not values.get("jwt_secret") and values.get("environment", "development") == "development":
        values["jwt_secret"] = setting_sources.kept_secret()
    try:
        found = Settings(**values)
    except ValidationError as error:
        # Never the value itself: it may be a secret.
        raise Unusable(
            *(
                f"{_variable(e['loc'], values)}: {e['msg'].removeprefix('Value error, ')}"
                for e in error.errors(include_input=False, include_url=False)
            )
        ) from None
    for follows in (setting_sources.what_follows, setting_sources.mail_server):
        found = found.model_copy(update=follows(found))
    insecure = setting_checks.insecure(found, _secrets(found), several_workers=_several_workers())
    if no_frontend and not found.hosted_pages:
        insecure.append("FRONTEND_BASE_URL: is empty; set it, or HOSTED_PAGES=true, or links in mails lead nowhere")
    if found.production and insecure:
        raise Unusable(*insecure)
    if found.rate_limit_enabled and not found.redis_url and _several_workers():
        warnings.append("REDIS_URL: is not set; each worker limits requests by itself")
    # In development: a part that is only helpful stays off.
    found = found.model_copy(update=dict.fromkeys(setting_checks.malformed(found), ""))
    warnings += [*insecure, *setting_checks.half_set(found)]
    warnings += setting_checks.from_a_document(given, _all_names(), warnings)
    return found.model_copy(update={"warnings": tuple(warnings)})


def _all_names() -> Iterator[str]:
    for option in OPTIONS:
        yield from names_of(option)
    yield from setting_sources.NAMES_OF_PARTS


def _secrets(found: Settings) -> dict[str, Any]:
    extra = {name: field.json_schema_extra for name, field in OPTIONS.items()}
    return {names_of(name)[0]: getattr(found, name) for name, e in extra.items() if isinstance(e, dict) and e["secret"]}


def _several_workers() -> bool:
    return multiprocessing.parent_process() is not None or os.environ.get("WEB_CONCURRENCY", "1") != "1"


def _variable(location: tuple[int | str, ...], values: Mapping[str, Any]) -> str:
    """The environment's name for what a ValidationError is about."""
    match location:
        case ("oidc_providers", int(place), str(part)):
            return setting_sources.openid_variable(values["oidc_providers"][place]["name"], part)
    return names_of(str(location[0]))[0]


def load() -> Settings:
    """The settings of this process; ends it with one line for each setting that is missing or malformed."""
    try:
        written = dotenv_values(os.environ.get("ENV_FILE", ".env"))
        return read({**{name: value for name, value in written.items() if value is not None}, **os.environ})
    except Unusable as unusable:
        for line in unusable.lines:
            print(line, file=sys.stderr)
        sys.exit(STARTUP_FAILURE)


settings = load()
