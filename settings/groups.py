"""The settings of sessions, accounts, email and the capabilities, grouped as docs/settings.md lists them."""

import os
from typing import Literal

from settings import addresses, branding, value_types
from settings.declaration import SettingsGroup, setting


class SessionSettings(SettingsGroup):
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
        "Algorithm that signs access tokens: `HS256` with `JWT_SECRET`, or an asymmetric algorithm, whose keys "
        "are generated and published. `manage.py init`, the compose files and the Kubernetes example set `ES256`.",
        also=("JWT_ALGORITHM",),
    )
    jwt_key_rotation_days: int = setting(90, "Days after which asymmetric signing keys rotate.", ge=1, le=3650)
    jwt_issuer: str = setting("", "The `iss` of access tokens. If it is not set, `PUBLIC_BASE_URL`.")
    jwt_audience: str = setting("credential-service", "The `aud` of access tokens.")
    access_token_expire_minutes: int = setting(
        15, "Minutes for which an access token is valid.", also=("JWT_ACCESS_TOKEN_EXPIRE_MINUTES",), ge=1, le=1440
    )
    refresh_token_expire_days: int = setting(
        7,
        "Days without a refresh after which a session ends.",
        also=("JWT_REFRESH_TOKEN_EXPIRE_DAYS",),
        ge=1,
        le=365,
    )
    session_max_days: int = setting(90, "Maximum lifetime of a session in days, counted from the login.", ge=1, le=3650)
    refresh_reuse_grace_seconds: int = setting(
        10,
        "Seconds for which the previous refresh token still gets the same new refresh token, in case two tabs refresh "
        "at once or a response is lost.",
        ge=0,
        le=300,
    )


class CredentialSettings(SettingsGroup):
    """Passwords: the policy, and what hashing may cost."""

    bcrypt_rounds: int = setting(
        12, "bcrypt cost. Hashes with another cost are replaced at the next login.", ge=4, le=20
    )
    password_min_length: int = setting(8, "Minimum number of characters in a password.", ge=8, le=128)
    password_min_strength: int = setting(
        1,
        "Minimum strength of a password from 0 (any) to 4, as estimated by zxcvbn; 2 by default in production. At 2, "
        "`Password1!` is rejected.",
        ge=0,
        le=4,
    )
    password_require: value_types.CharacterClasses = setting(
        (), "Characters that a password must contain: any of `upper,lower,digit,symbol`."
    )
    password_forbidden_words: value_types.Names = setting(
        (),
        "Names of your organization and products. A password must not be one of them, even with added digits and "
        "symbols.",
    )
    breached_passwords: value_types.BreachedPasswords = setting(
        "off",
        "The list of passwords from data breaches to check passwords against: `hibp` (the range API of Have I "
        "Been Pwned, which receives five characters of a hash) or `file:` with the path of a sorted file of SHA-1 "
        "hashes. New passwords in the list are rejected, and users who log in with one are notified.",
    )
    breached_passwords_url: addresses.BaseUrl = setting(
        "https://api.pwnedpasswords.com", "Base URL of the range API. Change it to use a mirror."
    )
    hash_workers: int = setting(
        os.cpu_count() or 1,
        "Maximum number of passwords that one worker hashes concurrently. All workers of a server together hash at "
        "most one more than the machine has cores. Servers in several containers of a machine do not know each other.",
        ge=1,
        le=256,
    )
    hash_queue: int = setting(
        64, "Maximum number of requests that wait for hashing. Further requests get 503 `overloaded`.", ge=1, le=10_000
    )


class AccountSettings(SettingsGroup):
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


class EmailSettings(SettingsGroup):
    """How email is sent."""

    mail_provider: Literal["", "sendgrid", "mailgun", "ses", "gmail"] = setting(
        "", "`sendgrid`, `mailgun`, `ses` or `gmail` sets `SMTP_HOST` for you and, for SendGrid, the user."
    )
    sendgrid_api_key: str = setting(
        "", "API key of SendGrid. Sending through SendGrid requires no other setting.", sensitive=True
    )
    deliver_mail: bool = setting(
        True,
        "Whether each server delivers emails, text messages and webhooks itself. Set it to `false` if "
        "`python manage.py deliver-email` runs alongside the servers.",
    )
    smtp_host: addresses.MailHost = setting(
        "",
        "Host of the mail server. If it is not set, emails go to the development mailbox or, in production, stay "
        "in the outbox.",
    )
    smtp_port: int = setting(587, "Port of the mail server.", ge=1, le=65535)
    smtp_user: str = setting("", "User name for the mail server.", also=("MAIL_USERNAME",))
    smtp_password: str = setting("", "Password for the mail server.", also=("MAIL_PASSWORD",), sensitive=True)
    smtp_security: Literal["auto", "tls", "starttls", "none"] = setting(
        "auto",
        "`auto`: TLS on port 465; otherwise STARTTLS, required on port 587, with `SMTP_USER` and in production, and "
        "used elsewhere if offered. `tls` and `starttls` require it. `none` sends emails, and the password, in clear "
        "text.",
    )
    mail_from: value_types.Sender = setting(
        "",
        "Sender address of every email. If it is not set, `noreply@` the host of `PUBLIC_BASE_URL`.",
    )
    mail_from_name: value_types.OneLine = setting("", "Display name of the sender. If it is not set, `APP_NAME`.")


class FactorSettings(SettingsGroup):
    """Second factors and passkeys."""

    mfa_required: Literal["off", "admins", "all"] = setting(
        "off",
        "Accounts that need a second factor: `off` (none), `admins` (those with a permission) or `all`. Until "
        "such an account has a factor, its owner can only set one up.",
    )
    trusted_device_days: int = setting(
        30, "Days for which a remembered device skips the second factor; 0 for never.", ge=0, le=365
    )
    totp_issuer: value_types.TotpIssuer = setting(
        "", "Name of the account in authenticator apps. If it is not set, `APP_NAME`."
    )
    webauthn_rp_id: addresses.HostName = setting(
        "",
        "Host name that passkeys are bound to. If it is not set, the host of `FRONTEND_BASE_URL`. If you change "
        "it, existing passkeys no longer work.",
    )
    webauthn_origins: addresses.PasskeyOrigins = setting(
        (),
        "Origins whose pages may use passkeys, comma-separated; each must be below `WEBAUTHN_RP_ID`. If it is not set, "
        "those of `FRONTEND_BASE_URL` and `PUBLIC_BASE_URL`.",
    )


class PasswordlessSettings(SettingsGroup):
    """Login with a link or code in an email, and sign-up without a password."""

    magic_link: Literal["", "on", "off"] = setting(
        "",
        "`on` or `off`: whether users may log in with a link or a code in an email. If it is not set: `off` with "
        "`EMAIL_VERIFICATION=off`, because a first link removes the password of an account whose email address was "
        "never verified, else `on`.",
    )
    magic_link_ttl_minutes: int = setting(10, "Minutes for which a login link and its code are valid.", ge=1, le=60)
    signup_by_magic_link: bool = setting(
        False, "Whether a login link for an email address without an account creates the account when it is used."
    )
    password_optional: bool = setting(
        False, "Whether users may sign up without a password: with only an email address, or with a passkey."
    )


class AdministrationSettings(SettingsGroup):
    """The first superuser, and the audit log."""

    audit_retention_days: value_types.RetentionDays = setting(
        365, "Days after which audit events are deleted, at least 30; 0 for never.", ge=0
    )
    superuser_user_id: value_types.SuperuserId = setting(
        "suvodutta",
        "`user_id` of the superuser that the first start creates. In production, it is created only if this "
        "setting and "
        "`SUPERUSER_EMAIL` are set.",
    )
    superuser_email: value_types.EmailAddress = setting(
        "suvodutta.isme@gmail.com", "Email address of the superuser. No default in production."
    )
    superuser_password: value_types.NormalisedText = setting(
        "",
        "Password of the superuser when it is created. If it is not set, the superuser sets one through a password "
        "reset.",
        sensitive=True,
    )
    impersonation_notice: bool = setting(True, "Whether users get an email when an administrator impersonates them.")


class HostedPagesSettings(SettingsGroup):
    """The hosted pages."""

    hosted_pages: bool = setting(
        True, "Whether the hosted pages, such as `/login`, are served; `false` by default in production."
    )


class BrandSettings(SettingsGroup):
    """The brand of pages and emails, and the operator's contact and legal pages."""

    app_name: value_types.OneLine = setting(
        "Credential Management Service",
        "Name of the service that users see on pages, in emails and in authenticator apps.",
        min_length=1,
        max_length=64,
    )
    brand_logo_url: branding.BrandUrl = setting(
        "",
        "Logo on pages and in emails: an `https://` URL, or a path of this service. Email programs show PNG, but not "
        "SVG. If it is not set, `APP_NAME` is shown.",
    )
    brand_logo_dark_url: branding.BrandUrl = setting(
        "", "Logo in dark mode. If it is not set, `BRAND_LOGO_URL`, which must then be readable on both backgrounds."
    )
    brand_favicon_url: branding.BrandUrl = setting(
        "/docs/assets/favicon.svg", "Icon of the pages in the browser: an `https://` URL, or a path of this service."
    )
    brand_color: branding.BrandColor = setting(
        branding.DEFAULT_COLOR,
        "Color of buttons and links, as `#rrggbb` or `#rgb`. A shade that is hard to read is replaced by the nearest "
        "one with a contrast of 4.5 to 1.",
    )
    support_email: value_types.EmailAddress = setting(
        "", "Email address for support requests, in the footer of pages and emails."
    )
    terms_url: branding.BrandUrl = setting(
        "", "Terms of service, in the footer of pages and emails. If it is set, the hosted sign-up asks to accept them."
    )
    privacy_url: branding.BrandUrl = setting("", "Privacy policy, in the footer of pages and emails.")
    templates_dir: value_types.Folder = setting(
        "", "Folder whose templates, in `pages/` and `email/`, replace those of the service with the same name."
    )


class LanguageSettings(SettingsGroup):
    """The languages of pages, emails and error details."""

    default_locale: value_types.LanguageTag = setting(
        "en", "Language to use if the user prefers none of the available languages, such as `de` or `pt-BR`."
    )
    locales_dir: value_types.Folder = setting(
        "",
        "Folder with additional catalogs, such as `sv.po`. A catalog of an available language replaces the texts "
        "that it contains.",
    )


class LegacyApiSettings(SettingsGroup):
    """The routes of earlier systems."""

    dialects: value_types.Dialects = setting(
        value_types.DIALECTS,
        "Earlier systems whose legacy routes are served, comma-separated: any of `storyapp`, `credentials`, "
        "`authentication`, `balance_hub`, `enterprise`; or `all`, or `none`, the default in production.",
    )
    legacy_get_actions: bool = setting(
        True,
        "Enables two legacy GET links that change data when they are opened. Emails of this service contain no "
        "such links. The default in production is `false`.",
    )
    show_aliases: bool = setting(False, "Adds the legacy routes to the OpenAPI document, as deprecated.")
