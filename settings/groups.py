"""Every setting, grouped by the capability that it configures.

A setting is a field here, a row in `docs/settings.md` and a line in `.env.example`. Durations bear their unit in the
name.
"""

import os
from typing import Any, Literal

from pydantic import BaseModel, Field

from settings import value_types


def setting(default: Any, sentence: str, *, also: tuple[str, ...] = (), secret: bool = False, **bounds: Any) -> Any:
    """Declare a setting with its description.

    `also` are further names for it in the environment; a `secret` must be strong in production.
    """
    return Field(default, description=sentence, json_schema_extra={"also": list(also), "secret": secret}, **bounds)


class ServiceSettings(BaseModel):
    """The service itself: its environment, its URLs, and who may call it."""

    environment: Literal["development", "production"] = setting(
        "development", "`production` refuses whatever is insecure and switches every development aid off."
    )
    debug: bool = setting(
        False, "Only so that an `.env` with `DEBUG=true` is refused in production; it has no other effect."
    )
    frontend_base_url: value_types.BaseUrl = setting(
        "http://localhost:8000",
        "The frontend, to which links in emails lead; where it is not set, they lead to the hosted pages.",
        also=("FRONTEND_URL",),
    )
    public_base_url: value_types.BaseUrl = setting(
        "http://localhost:8000",
        "The URL of this service. In development the default follows `PORT`; in production there is no default.",
    )
    port: int = setting(8000, "The port that `make run` and the container listen on.", ge=1, le=65535)
    cors_origins: value_types.Origins = setting(
        (),
        "Origins that may call from a browser, comma-separated; the frontend's where it is not set, in development "
        "else "
        "`http://localhost:3000`.",
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
        "Request headers that pages of those origins may send, beside those that the service reads.",
    )
    security_contact: value_types.Contacts = setting(
        (),
        "Whom to tell of a vulnerability, comma-separated: email addresses or `https://` URLs, which "
        "`/.well-known/security.txt` lists (RFC 9116).",
    )
    trusted_proxies: value_types.Networks = setting(
        (), "IP addresses or networks of proxies whose `FORWARDED_HEADER` is trusted; `unix` for a Unix socket."
    )
    forwarded_header: value_types.HeaderName = setting(
        "X-Forwarded-For",
        "The header in which the proxies pass the client's IP address on: `X-Forwarded-For`, `Forwarded` (RFC 7239), "
        "or one with a single address, such as `CF-Connecting-IP`. The proxy must set it or append to it itself.",
    )
    internal_service_token: value_types.Names = setting(
        (),
        "Tokens of other services, comma-separated so that they can be rotated. With none, `/internal` answers 401.",
        secret=True,
    )


class DatabaseSettings(BaseModel):
    """The database, and how often it is cleaned up."""

    database_url: value_types.DatabaseUrl = setting(
        "sqlite:///./credentials.db",
        "Where accounts are kept; `postgresql://` is the production store. Or the parts: `POSTGRES_USER`, "
        "`POSTGRES_PASSWORD`, `POSTGRES_DB`, `POSTGRES_HOST`, `POSTGRES_PORT`, or `DB_USER`, `DB_PASS`, `DB_HOST`, "
        "`DB_PORT`, `DB_NAME`.",
    )
    database_pool_size: int = setting(
        10,
        "Connections of one worker to the database, beside the one that looks whether it is there; and threads that "
        "serve requests.",
        ge=1,
        le=200,
    )
    housekeeping_interval_minutes: int = setting(15, "How often old rows are removed.", ge=1, le=1440)


class RateLimitSettings(BaseModel):
    """Rate limits by client address, and where their counters are kept."""

    rate_limit_enabled: bool = setting(
        True, "Whether requests are limited by the caller's address; wrong passwords are counted in any case."
    )
    rate_limit_login: value_types.Rate = setting("10/minute", "Logins, and other calls that compare a password.")
    rate_limit_signup: value_types.Rate = setting("5/minute", "Sign-ups.")
    rate_limit_email: value_types.Rate = setting(
        "3/hour",
        "Requests that send an email, by account and network of the caller. By account, and by IP address, ten times "
        "as many: beyond those of an account no further email goes out while the last link is valid.",
    )
    rate_limit_token: value_types.Rate = setting("60/minute", "Calls that show a refresh token, a link or a code.")
    rate_limit_default: value_types.Rate = setting("300/minute", "All calls together.")
    rate_limit_service: value_types.RateOrNone = setting(
        "none", "Calls with a good service token, which fall under this limit alone; `none` for no limit."
    )
    redis_url: value_types.RedisUrl = setting(
        "",
        "`redis://` address of a Redis in which all workers count requests together; with none, each counts by "
        "itself. Or `REDIS_HOST` and `REDIS_PORT`.",
    )


class TelemetrySettings(BaseModel):
    """Logs, metrics, traces, and reported errors."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting("INFO", "How much is logged.")
    log_format: Literal["", "text", "json"] = setting(
        "", "`json` writes one JSON object a line, as in production where it is not set; `text` is for people."
    )
    sentry_dsn: str = setting(
        "",
        "Where unexpected errors are reported: the DSN of a project in Sentry. Nothing of a person is sent but the id.",
    )
    otel_exporter_otlp_endpoint: str = setting(
        "", "Where traces go: an OpenTelemetry collector that speaks OTLP over HTTP, such as `http://collector:4318`."
    )
    metrics_token: str = setting("", "Opens `/metrics` in production; without it there is none.", secret=True)


class SessionSettings(BaseModel):
    """Access tokens, refresh tokens, and how long a session lives."""

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
        "A separate secret for refresh tokens; derived from the root secret where it is not set. Setting or changing "
        "it logs everybody out.",
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


class CredentialSettings(BaseModel):
    """Passwords: the policy, and what hashing may cost."""

    bcrypt_rounds: int = setting(
        12, "Cost of a password hash; a hash of another cost is renewed at the next login.", ge=4, le=20
    )
    password_min_length: int = setting(8, "Characters that a password needs at least.", ge=8, le=128)
    password_require: value_types.CharacterClasses = setting(
        (), "What a password must contain: any of `upper,lower,digit,symbol`."
    )
    hash_workers: int = setting(
        os.cpu_count() or 1, "Passwords hashed at once by one worker; with a worker a core, 1 is best.", ge=1, le=256
    )
    hash_queue: int = setting(
        64, "Passwords waiting to be hashed; beyond it the answer is 503 `overloaded`.", ge=1, le=10_000
    )


class AccountSettings(BaseModel):
    """Email verification, and how long links in emails are valid."""

    email_verification: Literal["off", "optional", "required"] = setting(
        "off",
        "`off`: accounts are verified from the start; `optional`: may log in before the proof; `required`: may not. "
        "Switched to `required`, it ends the sessions of accounts whose address was never proven.",
    )
    email_verification_ttl_hours: int = setting(24, "Life of a verification link.", ge=1, le=720)
    email_verification_code_expiry_minutes: int = setting(15, "Life of a verification code.", ge=1, le=1440)
    unverified_account_days: int = setting(
        30,
        "An account that signed up while `EMAIL_VERIFICATION=required` and whose email address was never verified is "
        "deleted after so long; never with 0.",
        ge=0,
        le=3650,
    )
    password_reset_ttl_minutes: int = setting(30, "Life of a password reset link.", ge=1, le=1440)
    invitation_ttl_hours: int = setting(72, "Life of the link in an invitation.", ge=1, le=720)
    expose_verification_token: bool = setting(False, "Development only: the sign-up answer holds `verificationToken`.")


class EmailSettings(BaseModel):
    """How email is sent."""

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
        "auto",
        "`auto`: TLS on 465; else STARTTLS: demanded on 587, with `SMTP_USER`, and in production, and used where "
        "offered otherwise. `none` sends emails, and the password, in clear text.",
    )
    mail_from: value_types.Sender = setting(
        "",
        "Sender of every mail; `noreply@` the host of `PUBLIC_BASE_URL` where it is not set.",
    )
    mail_from_name: str = setting("", "Name beside the sender's address.", pattern=r"^[^\r\n]*$")


class OAuthLoginSettings(BaseModel):
    """Login with OAuth and OpenID Connect providers."""

    oauth_redirect_uris: value_types.RedirectUris = setting(
        (),
        "Where a login with a provider may return to: exact addresses, or origins; the frontend's origin where it is "
        "not set.",
    )
    oidc_providers: tuple[value_types.OpenIdServer, ...] = setting(
        (),
        "Names of further OpenID Connect servers, comma-separated. Each then needs `OIDC_<NAME>_ISSUER`, "
        "`OIDC_<NAME>_CLIENT_ID` and `OIDC_<NAME>_CLIENT_SECRET`, and may have `OIDC_<NAME>_SCOPES`.",
    )
    google_client_id: str = setting(
        "", "The service's id at Google; with it and its secret, people may sign in with Google."
    )
    google_client_secret: str = setting("", "The service's secret at Google.")
    google_issuer: value_types.BaseUrl = setting(
        "https://accounts.google.com", "Google's issuer, or another to stand in for it."
    )
    facebook_client_id: str = setting(
        "", "The service's id at Facebook; with it and its secret, people may sign in with Facebook."
    )
    facebook_client_secret: str = setting("", "The service's secret at Facebook.")
    facebook_base_url: value_types.BaseUrl = setting("https://www.facebook.com", "Where Facebook asks the person.")
    facebook_graph_url: value_types.BaseUrl = setting(
        "https://graph.facebook.com", "Where Facebook answers the service."
    )
    github_client_id: str = setting(
        "", "The service's id at GitHub; with it and its secret, people may sign in with GitHub."
    )
    github_client_secret: str = setting("", "The service's secret at GitHub.")
    github_base_url: value_types.BaseUrl = setting(
        "https://github.com", "Where GitHub asks the person; an enterprise server's own address."
    )
    github_api_url: value_types.BaseUrl = setting(
        "https://api.github.com",
        "Where GitHub answers the service; on an enterprise server its address with `/api/v3`.",
    )
    microsoft_client_id: str = setting(
        "", "The service's id at Microsoft; with it and its secret, people may sign in with Microsoft."
    )
    microsoft_client_secret: str = setting("", "The service's secret at Microsoft.")
    microsoft_issuer: value_types.BaseUrl = setting(
        "https://login.microsoftonline.com/common/v2.0",
        "Microsoft's issuer; with a tenant's id in place of `common` only its people get in.",
    )
    linkedin_client_id: str = setting(
        "", "The service's id at LinkedIn; with it and its secret, people may sign in with LinkedIn."
    )
    linkedin_client_secret: str = setting("", "The service's secret at LinkedIn.")
    linkedin_issuer: value_types.BaseUrl = setting("https://www.linkedin.com/oauth", "LinkedIn's issuer.")
    apple_client_id: str = setting(
        "", "The service's id at Apple; with it and its secret, people may sign in with Apple."
    )
    apple_client_secret: str = setting(
        "",
        "The service's secret at Apple: a JWT that lives for six months at most, made by `python manage.py "
        "apple-client-secret`.",
    )
    apple_issuer: value_types.BaseUrl = setting("https://appleid.apple.com", "Apple's issuer.")


class AdministrationSettings(BaseModel):
    """The first superuser, and the audit log."""

    audit_retention_days: value_types.RetentionDays = setting(
        365, "Audit events that are older are deleted: after 30 days at the earliest, and never with 0.", ge=0
    )
    superuser_user_id: str = setting(
        "suvodutta",
        "`user_id` of the superuser that is created at startup; in production only where it and `SUPERUSER_EMAIL` "
        "are set.",
        pattern=r"^[\x21-\x7e]{1,64}$",
    )
    superuser_email: value_types.EmailAddress = setting(
        "suvodutta.isme@gmail.com", "Email address of the superuser; without default in production."
    )
    superuser_password: value_types.NormalisedText = setting(
        "", "Password of the superuser when it is made; with none it gets in through a password reset."
    )


class HostedPagesSettings(BaseModel):
    """The hosted pages."""

    hosted_pages: bool = setting(
        True, "Whether the service has pages of its own, such as `/login`; in production only where it is set."
    )


class LegacyApiSettings(BaseModel):
    """The routes of earlier systems."""

    dialects: value_types.Dialects = setting(
        value_types.DIALECTS,
        "Earlier systems whose routes are served, comma-separated: any of `storyapp`, `credentials`, "
        "`authentication`, `balance_hub`, `enterprise`; or `all`, or `none`, the default in production.",
    )
    legacy_get_actions: bool = setting(
        True, "Whether the links of an earlier system, which act when they are opened, work; no mail of ours has them."
    )
    show_aliases: bool = setting(False, "Shows the names of earlier systems in the OpenAPI document, as deprecated.")
