"""Every setting, grouped by the capability that it configures.

A setting is a field here, a row in `docs/settings.md` and a line in `.env.example`. The name of a duration contains its
unit.
"""

import os
from typing import Any, Literal

from pydantic import BaseModel, Field

from settings import value_types


def setting(default: Any, sentence: str, *, also: tuple[str, ...] = (), secret: bool = False, **bounds: Any) -> Any:
    """Declare a setting with its description.

    also: further names for it in the environment.
    secret: whether its value must be strong in production.
    """
    return Field(default, description=sentence, json_schema_extra={"also": list(also), "secret": secret}, **bounds)


class ServiceSettings(BaseModel):
    """The service itself: its environment, its URLs, and who may call it."""

    environment: Literal["development", "production"] = setting(
        "development", "`production` rejects insecure settings and disables the development aids."
    )
    debug: bool = setting(False, "Has no effect, but production rejects `true`.")
    frontend_base_url: value_types.BaseUrl = setting(
        "http://localhost:8000",
        "URL of the frontend that links in emails lead to. If it is not set, they lead to the hosted pages.",
        also=("FRONTEND_URL",),
    )
    public_base_url: value_types.BaseUrl = setting(
        "http://localhost:8000",
        "URL of this service. In development the default follows `PORT`; in production it is required.",
    )
    port: int = setting(8000, "Port that `make run` and the container listen on.", ge=1, le=65535)
    cors_origins: value_types.Origins = setting(
        (),
        "Origins that may send requests from a browser, comma-separated. If it is not set: the origin of the "
        "frontend or, in development without `FRONTEND_BASE_URL`, `http://localhost:3000`.",
    )
    security_contact: value_types.Contacts = setting(
        (),
        "Contacts for vulnerability reports, comma-separated: email addresses or `https://` URLs, which "
        "`/.well-known/security.txt` lists (RFC 9116).",
    )
    trusted_proxies: value_types.Networks = setting(
        (),
        "IP addresses or networks of proxies whose `FORWARDED_HEADER` is trusted, comma-separated; `unix` for a Unix "
        "socket.",
    )
    forwarded_header: value_types.HeaderName = setting(
        "X-Forwarded-For",
        "Header in which the proxies send the client's IP address: `X-Forwarded-For`, `Forwarded` (RFC 7239), or one "
        "with a single address, such as `CF-Connecting-IP`. The proxy must set it, or append to it.",
    )
    internal_service_token: value_types.Names = setting(
        (),
        "Tokens of other services, comma-separated so that you can rotate them. If it is not set, `/internal` "
        "responds 401.",
        secret=True,
    )


class DatabaseSettings(BaseModel):
    """The database, and how often it is cleaned up."""

    database_url: value_types.DatabaseUrl = setting(
        "sqlite:///./credentials.db",
        "URL of the database; use `postgresql://` in production. Or its parts: `POSTGRES_USER`, `POSTGRES_PASSWORD`, "
        "`POSTGRES_DB`, `POSTGRES_HOST`, `POSTGRES_PORT`, or `DB_USER`, `DB_PASS`, `DB_HOST`, `DB_PORT`, `DB_NAME`.",
    )
    database_pool_size: int = setting(
        10,
        "Database connections of one worker, in addition to one for readiness checks; also the number of threads "
        "that serve requests.",
        ge=1,
        le=200,
    )
    housekeeping_interval_minutes: int = setting(15, "Minutes between cleanups of expired rows.", ge=1, le=1440)


class RateLimitSettings(BaseModel):
    """Rate limits by client address, and where their counters are kept."""

    rate_limit_enabled: bool = setting(
        True, "Whether rate limits by client IP address apply. Login throttling is always on."
    )
    rate_limit_login: value_types.Rate = setting("10/minute", "Logins, and other requests that verify a password.")
    rate_limit_signup: value_types.Rate = setting("5/minute", "Sign-ups.")
    rate_limit_email: value_types.Rate = setting(
        "3/hour",
        "Requests that send an email, by account and network of the client. By account, and by IP address, ten times "
        "as many: beyond the limit of an account no further email is sent while the last link is valid.",
    )
    rate_limit_token: value_types.Rate = setting(
        "60/minute", "Requests that present a refresh token, a link or a code."
    )
    rate_limit_default: value_types.Rate = setting("300/minute", "All requests together.")
    rate_limit_service: value_types.RateOrNone = setting(
        "none", "Requests with a valid service token, to which no other limit applies; `none` for no limit."
    )
    redis_url: value_types.RedisUrl = setting(
        "",
        "`redis://` or `rediss://` URL of a Redis in which all workers share their rate-limit counters. If it is not "
        "set, each worker counts by itself. Or `REDIS_HOST` and `REDIS_PORT`.",
    )


class TelemetrySettings(BaseModel):
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
    )
    otel_exporter_otlp_endpoint: str = setting(
        "",
        "URL of an OpenTelemetry collector that accepts OTLP over HTTP, such as `http://collector:4318`. If it is "
        "not set, nothing is traced.",
    )
    metrics_token: str = setting(
        "", "Bearer token for `/metrics` in production. If it is not set, production responds 404 there.", secret=True
    )


class SessionSettings(BaseModel):
    """Access tokens, refresh tokens, and how long a session lives."""

    jwt_secret: str = setting(
        "",
        "The root secret. It signs access tokens, and keys for every other use are derived from it.",
        also=("SECRET_KEY", "ACCESS_TOKEN_SECRET_KEY"),
        secret=True,
    )
    jwt_secret_previous: str = setting(
        "", "The root secret before the last rotation, which is still accepted.", secret=True
    )
    refresh_token_secret_key: str = setting(
        "",
        "A separate secret for refresh tokens. If it is not set, their key is derived from the root secret. Setting "
        "or changing it logs all users out.",
        secret=True,
    )
    algorithm: Literal["HS256", "RS256", "ES256", "EdDSA"] = setting(
        "HS256",
        "Algorithm that signs access tokens: `HS256` with `JWT_SECRET`, or an asymmetric one with generated keys, "
        "which are published.",
        also=("JWT_ALGORITHM",),
    )
    jwt_key_rotation_days: int = setting(
        90, "Days for which an asymmetric key signs, before the next one does.", ge=1, le=3650
    )
    jwt_issuer: str = setting("", "The `iss` of access tokens. If it is not set, `PUBLIC_BASE_URL`.")
    jwt_audience: str = setting("credential-service", "The `aud` of access tokens.")
    access_token_expire_minutes: int = setting(
        15, "Minutes for which an access token is valid.", also=("JWT_ACCESS_TOKEN_EXPIRE_MINUTES",), ge=1, le=1440
    )
    refresh_token_expire_days: int = setting(
        7,
        "Days after the last refresh, after which a session ends.",
        also=("JWT_REFRESH_TOKEN_EXPIRE_DAYS",),
        ge=1,
        le=365,
    )
    session_max_days: int = setting(90, "Days after the login, after which a session ends in any case.", ge=1, le=3650)
    refresh_reuse_grace_seconds: int = setting(
        10,
        "Seconds for which the previous refresh token gets the same response again, for two tabs or a lost response.",
        ge=0,
        le=300,
    )


class CredentialSettings(BaseModel):
    """Passwords: the policy, and what hashing may cost."""

    bcrypt_rounds: int = setting(12, "Cost of a password hash; others are replaced at the next login.", ge=4, le=20)
    password_min_length: int = setting(8, "Minimum number of characters of a password.", ge=8, le=128)
    password_require: value_types.CharacterClasses = setting(
        (), "Characters that a password must contain: any of `upper,lower,digit,symbol`."
    )
    hash_workers: int = setting(
        os.cpu_count() or 1, "Passwords that one worker hashes at once. With one worker per core, use 1.", ge=1, le=256
    )
    hash_queue: int = setting(64, "Passwords that may wait to be hashed; beyond it, 503 `overloaded`.", ge=1, le=10_000)


class AccountSettings(BaseModel):
    """Email verification, and how long links in emails are valid."""

    email_verification: Literal["off", "optional", "required"] = setting(
        "off",
        "`off`: accounts are verified from the start; `optional`: users may log in before they verify their email "
        "address; `required`: they may not. Switching to `required` ends the sessions of accounts whose email "
        "address was never verified. Production requires an explicit value.",
    )
    email_verification_ttl_hours: int = setting(24, "Hours for which a verification link is valid.", ge=1, le=720)
    email_verification_code_expiry_minutes: int = setting(
        15, "Minutes for which a verification code is valid.", ge=1, le=1440
    )
    unverified_account_days: int = setting(
        30,
        "Days after which an account that signed up while `EMAIL_VERIFICATION=required` is deleted if its email "
        "address was never verified; 0 for never.",
        ge=0,
        le=3650,
    )
    password_reset_ttl_minutes: int = setting(30, "Minutes for which a password reset link is valid.", ge=1, le=1440)
    invitation_ttl_hours: int = setting(72, "Hours for which the link in an invitation is valid.", ge=1, le=720)
    expose_verification_token: bool = setting(
        False, "Development only: the sign-up response contains `verificationToken`."
    )


class EmailSettings(BaseModel):
    """How email is sent."""

    mail_provider: Literal["", "sendgrid", "mailgun", "ses", "gmail"] = setting(
        "", "`sendgrid`, `mailgun`, `ses` or `gmail` sets `SMTP_HOST` for you and, for SendGrid, the user."
    )
    sendgrid_api_key: str = setting("", "API key of SendGrid. No other setting is needed to send through SendGrid.")
    deliver_mail: bool = setting(
        True,
        "Whether each server delivers emails itself. Set it to `false` if `python manage.py deliver-email` runs "
        "beside the servers.",
    )
    smtp_host: str = setting(
        "", "The mail server. If it is not set, emails go to the development mailbox or, in production, wait."
    )
    smtp_port: int = setting(587, "Port of the mail server.", ge=1, le=65535)
    smtp_user: str = setting("", "User name at the mail server.", also=("MAIL_USERNAME",))
    smtp_password: str = setting("", "Password at the mail server.", also=("MAIL_PASSWORD",))
    smtp_security: Literal["auto", "tls", "starttls", "none"] = setting(
        "auto",
        "`auto`: TLS on port 465; otherwise STARTTLS, required on port 587, with `SMTP_USER` and in production, and "
        "used elsewhere if offered. `tls` and `starttls` require it. `none` sends emails, and the password, in clear "
        "text.",
    )
    mail_from: str = setting(
        "",
        "Sender address of every email. If it is not set, `noreply@` the host of `PUBLIC_BASE_URL`.",
        pattern=r"^$|^[^@\s<>,;]+@[^@\s<>,;]+$",
    )
    mail_from_name: str = setting("", "Display name of the sender.", pattern=r"^[^\r\n]*$")


class OAuthLoginSettings(BaseModel):
    """Login with OAuth and OpenID Connect providers."""

    oauth_redirect_uris: value_types.RedirectUris = setting(
        (),
        "Allowed values of `redirect_to` in OAuth logins, comma-separated: exact URLs, or origins. If it is not set, "
        "the frontend's origin.",
    )
    oidc_providers: tuple[value_types.OpenIdServer, ...] = setting(
        (),
        "Names of further OpenID Connect servers, comma-separated. Each requires `OIDC_<NAME>_ISSUER`, "
        "`OIDC_<NAME>_CLIENT_ID` and `OIDC_<NAME>_CLIENT_SECRET`, and accepts `OIDC_<NAME>_SCOPES`.",
    )
    google_client_id: str = setting("", "Client id at Google. With its secret, it enables login with Google.")
    google_client_secret: str = setting("", "Client secret at Google.")
    google_issuer: value_types.BaseUrl = setting("https://accounts.google.com", "Issuer of Google.")
    facebook_client_id: str = setting("", "Client id at Facebook. With its secret, it enables login with Facebook.")
    facebook_client_secret: str = setting("", "Client secret at Facebook.")
    facebook_base_url: value_types.BaseUrl = setting(
        "https://www.facebook.com", "URL of Facebook's authorization pages."
    )
    facebook_graph_url: value_types.BaseUrl = setting("https://graph.facebook.com", "URL of Facebook's Graph API.")
    github_client_id: str = setting("", "Client id at GitHub. With its secret, it enables login with GitHub.")
    github_client_secret: str = setting("", "Client secret at GitHub.")
    github_base_url: value_types.BaseUrl = setting("https://github.com", "URL of GitHub, or of an enterprise server.")
    github_api_url: value_types.BaseUrl = setting(
        "https://api.github.com",
        "URL of GitHub's API; `/api/v3` on an enterprise server.",
    )
    microsoft_client_id: str = setting("", "Client id at Microsoft. With its secret, it enables login with Microsoft.")
    microsoft_client_secret: str = setting("", "Client secret at Microsoft.")
    microsoft_issuer: value_types.BaseUrl = setting(
        "https://login.microsoftonline.com/common/v2.0",
        "Issuer of Microsoft. With a tenant id in place of `common`, only users of that tenant can log in.",
    )
    linkedin_client_id: str = setting("", "Client id at LinkedIn. With its secret, it enables login with LinkedIn.")
    linkedin_client_secret: str = setting("", "Client secret at LinkedIn.")
    linkedin_issuer: value_types.BaseUrl = setting("https://www.linkedin.com/oauth", "Issuer of LinkedIn.")
    apple_client_id: str = setting("", "Services ID at Apple. With its secret, it enables login with Apple.")
    apple_client_secret: str = setting(
        "",
        "Client secret at Apple: a JWT that is valid for six months at most. `python manage.py apple-client-secret` "
        "prints one.",
    )
    apple_issuer: value_types.BaseUrl = setting("https://appleid.apple.com", "Issuer of Apple.")


class AdministrationSettings(BaseModel):
    """The first superuser, and the audit log."""

    audit_retention_days: value_types.RetentionDays = setting(
        365, "Days after which audit events are deleted, at least 30; 0 for never.", ge=0
    )
    superuser_user_id: str = setting(
        "suvodutta",
        "`user_id` of the superuser that the first start creates. In production it does so only if this setting and "
        "`SUPERUSER_EMAIL` are set.",
        pattern=r"^[\x21-\x7e]{1,64}$",
    )
    superuser_email: value_types.EmailAddress = setting(
        "suvodutta.isme@gmail.com", "Email address of the superuser. No default in production."
    )
    superuser_password: value_types.NormalisedText = setting(
        "",
        "Password of the superuser when it is created. If it is not set, the superuser sets one through a password "
        "reset.",
    )


class HostedPagesSettings(BaseModel):
    """The hosted pages."""

    hosted_pages: bool = setting(
        True, "Whether the hosted pages, such as `/login`, are served; `false` by default in production."
    )


class LegacyApiSettings(BaseModel):
    """The routes of earlier systems."""

    dialects: value_types.Dialects = setting(
        value_types.DIALECTS,
        "Earlier systems whose legacy routes are served, comma-separated: any of `storyapp`, `credentials`, "
        "`authentication`, `balance_hub`, `enterprise`; or `all`, or `none`, the default in production.",
    )
    legacy_get_actions: bool = setting(
        True,
        "Whether two links of an earlier system work, which change something when they are opened; no email of this "
        "service contains one. In production the default is `false`.",
    )
    show_aliases: bool = setting(False, "Adds the legacy routes to the OpenAPI document, as deprecated.")
