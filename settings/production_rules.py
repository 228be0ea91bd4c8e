"""Check settings for production. A violation stops startup in production, and is a warning in development."""

import functools
import importlib.util
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from settings import branding, captcha_rules, database_url, secret_strength, sources, value_types

LEAST_ROUNDS = 10
LOCAL = ("localhost", "127.0.0.1", "::1")
LONGEST_ACCESS_TOKEN = 60  # minutes
ADDRESSES_OF_PROVIDERS = (
    "GOOGLE_ISSUER", "MICROSOFT_ISSUER", "LINKEDIN_ISSUER", "APPLE_ISSUER", "FACEBOOK_BASE_URL", "FACEBOOK_GRAPH_URL",
    "GITHUB_BASE_URL", "GITHUB_API_URL", "TWILIO_BASE_URL", "GA4_BASE_URL",
)  # fmt: skip
A_GOOD_ONE = "a long random text, for example the output of: openssl rand -base64 48"
# Placeholders in documentation. Secrets of other services have no known format, so only placeholders are rejected.
AS_PRINTED = re.compile(r"\byour[-_]|@yourdomain|change[-_]?me|placeholder|^<", re.I)

PASSWORD_IN_URL = re.compile(r"[\w+]+://[^:/@]*:([^@]*)@.*", re.S)


def violations(found: Any, secret: Mapping[str, str | tuple[str, ...]]) -> list[str]:
    """Return a line for each violation. `secret` contains the values that must be strong, by setting name."""
    lines = [] if found.jwt_secret else [f"JWT_SECRET: is not set; set it to {A_GOOD_ONE}"]
    for name, value in secret.items():
        values = value if isinstance(value, tuple) else (value,)
        found_weak = [secret_strength.weakness(each, judged=name != "METRICS_TOKEN") for each in values if each]
        lines += [f"{name}: {weakness}; use {A_GOOD_ONE}" for weakness in found_weak if weakness]
    lines += [f"{name.upper()}: {form}" for name, form in malformed(found).items()]
    if found.production:
        lines += _lines(STOPS, found)
        lines += [
            f"{sources.openid_variable(server.name, part)}: must be https://"
            for server in found.oidc_providers
            for part in ("ISSUER", "DISCOVERY_URL")
            if _is_plain(getattr(server, part.lower()))
        ]
    return lines


# The optional integrations: a pattern, and what the value must be.
FORMS = {
    "sentry_dsn": (r"https?://\w+(:\w+)?@[^@/\s]+/(\S+/)?\d+", "a DSN such as https://key@sentry.example.com/1"),
    "otel_exporter_otlp_endpoint": (r"https?://[^@/\s?#]+(/[^\s?#]*)?", "a URL such as http://collector:4318"),
}


def malformed(found: Any) -> dict[str, str]:
    """Return the optional integrations whose setting is malformed, and what to do."""
    given = {name: getattr(found, name) for name in FORMS if getattr(found, name)}
    wrong = {
        name: f"must be {FORMS[name][1]}" for name, value in given.items() if not re.fullmatch(FORMS[name][0], value)
    }
    lacks = "otel_exporter_otlp_endpoint" in given and importlib.util.find_spec("opentelemetry.exporter") is None
    return wrong | (
        {"otel_exporter_otlp_endpoint": "requires the packages in requirements-tracing.txt"} if lacks else {}
    )


def _is_plain_field(field: str, found: Any) -> bool:
    return _is_plain(getattr(found, field))


class Rule(NamedTuple):
    """One row of the production checks: the setting, when it applies, and what to do."""

    name: str
    applies: Callable[[Any], bool]
    advice: str


# Each of these stops startup in production, where it has no legitimate use.
STOPS = (
    Rule("DEBUG", lambda s: s.debug, "must be off in production"),
    Rule(
        "EXPOSE_VERIFICATION_TOKEN",
        lambda s: s.expose_verification_token,
        "must be off: anyone who reads a sign-up response could verify any email address",
    ),
    Rule(
        "SUPERUSER_PASSWORD",
        lambda s: (
            bool(s.superuser_password)
            and secret_strength.guesses(s.superuser_password) < secret_strength.PASSWORD_GUESSES
        ),
        "is easy to guess; use a longer password, or leave it out and use a password reset",
    ),
    Rule("PUBLIC_BASE_URL", lambda s: not s.is_set("public_base_url"), "is not set; set it to the URL of this service"),
    Rule("PUBLIC_BASE_URL", lambda s: _is_plain(s.public_base_url) and s.is_set("public_base_url"), "must be https://"),
    Rule("FRONTEND_BASE_URL", lambda s: _is_plain(s.frontend_base_url) and s.leads_elsewhere, "must be https://"),
    Rule(
        "CORS_ORIGINS", lambda s: s.is_set("cors_origins") and any(map(_is_plain, s.cors_origins)), "must be https://"
    ),
    Rule(
        "OAUTH_REDIRECT_URIS",
        lambda s: s.is_set("oauth_redirect_uris") and any(map(_is_plain_and_far, s.oauth_redirect_uris)),
        "must be https://, because a code sent there can be exchanged for a session",
    ),
    Rule(
        "WEBAUTHN_ORIGINS",
        lambda s: s.is_set("webauthn_origins") and any(map(_is_plain, s.webauthn_origins)),
        "must be https://",
    ),
    Rule(
        "EMAIL_VERIFICATION",
        lambda s: not s.is_set("email_verification"),
        "is not set; choose `required`, `optional` or `off`",
    ),
    Rule(
        "TRUSTED_PROXIES",
        lambda s: any(map(_is_too_wide, s.trusted_proxies)),
        "must be /8 or narrower (IPv6: /16): every machine in it can forge client IP addresses",
    ),
    Rule("BCRYPT_ROUNDS", lambda s: s.bcrypt_rounds < LEAST_ROUNDS, f"must be at least {LEAST_ROUNDS}"),
    Rule(
        "DATABASE_URL",
        lambda s: s.sqlite and s.several_workers,
        "SQLite serves one worker only; use postgresql:// or start a single worker",
    ),
    Rule("CAPTCHA_BASE_URL", lambda s: _is_plain(s.captcha_base_url), "must be https://"),
    Rule("CAPTCHA_SECRET", captcha_rules.has_test_secret, "is a test key, which accepts every token; use your own"),
    *(
        Rule(name, functools.partial(_is_plain_field, name.lower()), "must be https://")
        for name in ADDRESSES_OF_PROVIDERS
    ),
    *(
        Rule(field.upper(), functools.partial(_is_plain_field, field), "must be https://, or a path of this service")
        for field in branding.URLS
    ),
)
# Each of these is a warning in production, in the log and in `manage.py check`, because it may be intended.
WARNS = (
    Rule("EMAIL_VERIFICATION", lambda s: s.email_verification == "off", "is off; email addresses are not verified"),
    Rule("MFA_REQUIRED", lambda s: s.mfa_required == "off", "is off; administrators do not need a second factor"),
    Rule("SMTP_HOST", lambda s: not s.smtp_host, "is not set; emails wait in the outbox"),
    Rule(
        "SMTP_SECURITY",
        lambda s: bool(s.smtp_host) and s.smtp_security == "none",
        "is none; emails are sent in clear text",
    ),
    Rule(
        "SMS_URL",
        lambda s: _is_plain_and_far(s.sms_url),
        "the gateway is on another machine, without TLS; codes are sent in clear text",
    ),
    Rule("SUPERUSER_EMAIL", lambda s: not s.makes_superuser, "is not set; no superuser is created at startup"),
    Rule(
        "DATABASE_URL",
        lambda s: not s.sqlite and _is_database_far(s.database_url) and not _demands_tls(s.database_url),
        "the database is on another machine, without TLS; add ?sslmode=verify-full",
    ),
    Rule(
        "REDIS_URL",
        lambda s: s.redis_url.startswith("redis://") and _is_far(s.redis_url),
        "Redis is on another machine, without TLS; use rediss://",
    ),
    Rule(
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        lambda s: s.access_token_expire_minutes > LONGEST_ACCESS_TOKEN,
        "is over an hour; services that verify tokens themselves accept a token for that long after a logout",
    ),
    Rule(
        "UNVERIFIED_ACCOUNT_DAYS",
        lambda s: 0 < s.audit_retention_days <= s.unverified_account_days and s.email_verification == "required",
        "is not less than AUDIT_RETENTION_DAYS; unverified accounts are not deleted, because their sign-ups are no"
        " longer in the audit log",
    ),
    Rule("RATE_LIMIT_ENABLED", lambda s: not s.rate_limit_enabled, "is off; requests are not limited"),
    Rule("DIALECTS", lambda s: bool(s.dialects), "is set; routes of earlier systems are served"),
    Rule(
        "LEGACY_GET_ACTIONS",
        lambda s: bool(s.dialects) and s.legacy_get_actions,
        "is on; opening a link can change data",
    ),
)


def _lines(rules: Iterable[Rule], found: Any) -> list[str]:
    return [f"{rule.name}: {rule.advice}" for rule in rules if rule.applies(found)]


def warnings(found: Any) -> list[str]:
    """Return a warning for each setting that may be intended in production, but is risky."""
    return _lines(WARNS, found) if found.production else []


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http://")


def _is_plain_and_far(url: str) -> bool:
    """Return whether a URL is http:// on another machine. Native apps use the loopback interface (RFC 8252, 7.3)."""
    return _is_plain(url) and _is_far(url)


def _is_far(url: str) -> bool:
    return (urlsplit(url).hostname or "localhost") not in LOCAL


def _is_database_far(url: str) -> bool:
    """Return whether a host of the database is another machine. A Unix socket is local."""
    return any(host not in LOCAL and not host.startswith(("/", "@")) for host in database_url.hosts(url))


def _demands_tls(url: str) -> bool:
    return re.search(r"[?&]sslmode=(require|verify-ca|verify-full)\b", url) is not None


def _is_too_wide(written: str) -> bool:
    if "/" not in written and ":" not in written and "." not in written:
        return False  # a word, such as `unix`
    network = ipaddress.ip_network(written)
    return network.prefixlen < (8 if network.version == 4 else 16)


def incomplete_providers(found: Any) -> list[str]:
    """Return a line for each provider that has only an id or only a secret, and is therefore disabled."""
    return [
        f"{missing.upper()}: is not set; login with {title} is disabled"
        for name, title in value_types.BUILT_IN_PROVIDERS.items()
        for given, missing in (
            (f"{name}_client_id", f"{name}_client_secret"),
            (f"{name}_client_secret", f"{name}_client_id"),
        )
        if getattr(found, given) and not getattr(found, missing)
    ]


def example_values(given: Mapping[str, str], names: Iterable[str], lines: Iterable[str]) -> list[str]:
    """Return a line for each placeholder from the documentation, unless another line is about the same setting.

    Of a URL with a password, only the password counts.
    """
    said = {line.partition(":")[0] for line in lines}
    return [
        f"{name}: is an example value; set it to your own value, or leave it out"
        for name in names
        if name not in said and AS_PRINTED.search(PASSWORD_IN_URL.sub(r"\1", given.get(name, "")))
    ]
