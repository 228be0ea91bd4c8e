"""The settings of operation: the service itself, its database, rate limits and telemetry."""

from typing import Literal

from settings import addresses, value_types
from settings.declaration import SettingsGroup, setting


class RevocationSettings(SettingsGroup):
    """The list of revoked sessions and users, for services that verify access tokens themselves."""

    revocation_feed_seconds: int = setting(
        5,
        "Seconds after which a service that verifies access tokens itself learns that a session has ended, from "
        "`/.well-known/revocations`.",
        ge=1,
        le=300,
    )


class ServiceSettings(SettingsGroup):
    """The service itself: its environment, its URLs, and who may call it."""

    environment: Literal["development", "production"] = setting(
        "development", "`production` rejects insecure settings and disables the development aids."
    )
    debug: bool = setting(False, "Ignored. Production rejects `true`.")
    frontend_base_url: addresses.BaseUrl = setting(
        "http://localhost:8000",
        "URL of the frontend that links in emails point to. If it is not set, they point to the hosted pages.",
        also=("FRONTEND_URL",),
    )
    public_base_url: addresses.BaseUrl = setting(
        "http://localhost:8000",
        "URL of this service. In development the default follows `PORT`; in production it is required.",
    )
    port: int = setting(
        8000,
        "Port that `make run` and the container listen on. In development, if it is not set, the service takes "
        "the port from uvicorn's `--port` or `UVICORN_PORT`.",
        ge=1,
        le=65535,
    )
    cors_origins: addresses.Origins = setting(
        (),
        "Origins that may send requests from a browser, comma-separated. If it is not set: the origin of the "
        "frontend or, in development without `FRONTEND_BASE_URL`, `http://localhost:3000`.",
    )
    cors_headers: value_types.Headers = setting(
        (
            "traceparent",
            "tracestate",
            "baggage",
            "sentry-trace",
            "X-Requested-With",
            "Cache-Control",
            "Pragma",
        ),
        "Request headers that pages of those origins may send, in addition to those that the service reads.",
    )
    security_contact: value_types.Contacts = setting(
        (),
        "Contacts for vulnerability reports, comma-separated: email addresses or `https://` URLs, which "
        "`/.well-known/security.txt` lists (RFC 9116).",
    )
    cookie_domain: addresses.HostName = setting(
        "",
        "Parent domain for which the access cookie is set, such as `example.com`, so that forward auth works for its "
        "hosts: see docs/forward-auth.md. If it is not set, the cookie is sent to this service's host alone.",
    )
    trusted_proxies: addresses.Networks = setting(
        (),
        "IP addresses or networks of proxies whose `FORWARDED_HEADER` is trusted, comma-separated; `unix` for a Unix "
        "socket.",
    )
    forwarded_header: value_types.HeaderName = setting(
        "X-Forwarded-For",
        "Header in which the proxies send the client's IP address: `X-Forwarded-For`, `Forwarded` (RFC 7239), or one "
        "with a single address, such as `CF-Connecting-IP`. The proxy must set it, or append to it.",
    )
    webhook_allowed_networks: addresses.OutgoingNetworks = setting(
        (),
        "Networks that requests to URLs entered by administrators or OAuth clients may reach although they are not "
        "public, comma-separated, such as `10.0.0.0/8`.",
    )
    internal_service_token: value_types.Names = setting(
        (),
        "Tokens of other services, comma-separated so that you can rotate them. If it is not set, `/internal` "
        "responds 401.",
        secret=True,
    )


class DatabaseSettings(SettingsGroup):
    """The database, and how often it is cleaned up."""

    database_url: addresses.DatabaseUrl = setting(
        "sqlite:///./credentials.db",
        "URL of the database; use `postgresql://` in production. Or its parts: `POSTGRES_USER`, `POSTGRES_PASSWORD`, "
        "`POSTGRES_DB`, `POSTGRES_HOST`, `POSTGRES_PORT`, or `DB_USER`, `DB_PASS`, `DB_HOST`, `DB_PORT`, `DB_NAME`.",
    )
    database_pool_size: int = setting(
        10,
        "Number of database connections of each worker, in addition to one for readiness checks. Also the largest "
        "number of threads that serve requests.",
        ge=1,
        le=200,
    )
    housekeeping_interval_minutes: int = setting(15, "Minutes between cleanups of expired rows.", ge=1, le=1440)


class RateLimitSettings(SettingsGroup):
    """Rate limits by IP address, and the storage of their counters."""

    rate_limit_enabled: bool = setting(True, "Whether rate limits by IP address apply. Login throttling is always on.")
    rate_limit_login: value_types.Rate = setting("10/minute", "Logins, and other requests that verify a password.")
    rate_limit_signup: value_types.Rate = setting("5/minute", "Sign-ups.")
    rate_limit_email: value_types.Rate = setting(
        "3/hour",
        "Requests that send an email, by account and network of the client. The limits by account alone and by IP "
        "address are ten times as high. Above the limit of an account, no email is sent while the last link is valid.",
    )
    rate_limit_magic_link: value_types.Rate = setting(
        "30/hour",
        "Requests for a login link, by IP address. The limit by account and network of the client is five per hour.",
    )
    rate_limit_token: value_types.Rate = setting(
        "60/minute", "Requests that contain a refresh token, a link token or a code."
    )
    rate_limit_export: value_types.Rate = setting("10/hour", "Data exports, by account.")
    rate_limit_default: value_types.Rate = setting("300/minute", "All requests together.")
    rate_limit_user: value_types.Rate = setting(
        "600/minute", "Requests of a user who is logged in, from any IP address."
    )
    rate_limit_api_key: value_types.Rate = setting(
        "600/minute", "Requests with an API key, by key. `PATCH /admin/api-keys/{id}` gives a key its own limit."
    )
    rate_limit_registration: value_types.Rate = setting("10/hour", "Registrations of OAuth clients, by IP address.")
    rate_limit_service: value_types.RateOrNone = setting(
        "none", "Requests with a valid service token, to which no other limit applies; `none` for no limit."
    )
    redis_url: addresses.RedisUrl = setting(
        "",
        "`redis://` or `rediss://` URL of the Redis server that stores the rate-limit counters of all workers. If "
        "it is not "
        "set, each worker counts separately. Or `REDIS_HOST` and `REDIS_PORT`.",
    )


class CaptchaSettings(SettingsGroup):
    """Protection against bots: CAPTCHAs."""

    captcha_provider: Literal["off", "altcha", "turnstile", "hcaptcha", "recaptcha"] = setting(
        "off",
        "`altcha` (a proof of work, which this service verifies itself), `turnstile`, `hcaptcha` or `recaptcha`; `off` "
        "for none.",
    )
    captcha_on: value_types.CaptchaUses = setting(
        ("signup", "reset", "magic-link"),
        "Requests that need a CAPTCHA, comma-separated: any of `signup,reset,magic-link,login`. A login needs one only "
        "after three failed logins of the account or IP address.",
    )
    captcha_site_key: value_types.SiteKey = setting(
        "", "Public site key from the provider. Required, except for `altcha`."
    )
    captcha_secret: str = setting("", "Secret key from the provider. Required, except for `altcha`.", sensitive=True)
    captcha_base_url: addresses.BaseUrl = setting(
        "",
        "URL of the provider's `siteverify` API, without its path. If it is not set, the provider's own. It does not "
        "change where browsers load the widget from.",
    )


class TelemetrySettings(SettingsGroup):
    """Logs, metrics, traces, and reported errors."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "Minimum level of the lines that are logged."
    )
    log_format: Literal["", "text", "json"] = setting(
        "", "`json` (one object per line, the default in production) or `text` (the default in development)."
    )
    sentry_dsn: str = setting(
        "",
        "DSN of the Sentry project to which unexpected errors are reported. The only personal data sent is the user "
        "id.",
        sensitive=True,
    )
    otel_exporter_otlp_endpoint: str = setting(
        "",
        "URL of an OpenTelemetry collector that accepts OTLP over HTTP, such as `http://collector:4318`. If it is "
        "not set, tracing is off.",
    )
    metrics_token: str = setting(
        "",
        "Bearer token for `/metrics` in production. If it is not set, `/metrics` responds 404 in production.",
        secret=True,
    )
