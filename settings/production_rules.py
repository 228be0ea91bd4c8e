"""What stops a start in production, and is a warning in development: a line each, which says what to do."""

import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from settings import value_types

A_GOOD_ONE = "a long random text, for example the output of: openssl rand -base64 48"
# Their form is the provider's business; only what a document prints in their place is refused.
# What a document prints in place of a value of one's own.
AS_PRINTED = re.compile(r"\byour[-_]|@yourdomain|change[-_]?me|placeholder|^<", re.I)


def violations(found: Any, secret: Mapping[str, str | tuple[str, ...]], *, several_workers: bool) -> list[str]:
    """What must not be so in production. `secret` holds the values that must be strong, by the setting's name."""
    lines = [] if found.jwt_secret else [f"JWT_SECRET: is not set; set it to {A_GOOD_ONE}"]
    for name, value in secret.items():
        values = value if isinstance(value, tuple) else (value,)
        weaknesses = filter(None, map(value_types.weakness, filter(None, values)))
        lines += [f"{name}: {weakness}; use {A_GOOD_ONE}" for weakness in weaknesses]
    lines += [
        f"{name.upper()}_CLIENT_SECRET: is an example; put the secret that {title} gave you, or leave it out"
        for name, title in value_types.BUILT_IN_PROVIDERS.items()
        if AS_PRINTED.search(getattr(found, f"{name}_client_secret"))
    ]
    lines += [f"{name.upper()}: {form}" for name, form in malformed(found).items()]
    lines += _unfit_for_production(found, several_workers) if found.production else []
    value_types.forget_dictionaries()
    return lines


# Parts that help and that nothing depends on.
FORMS = {
    "sentry_dsn": (r"https?://\w+(:\w+)?@[^@/\s]+/(\S+/)?\d+", "a DSN such as https://key@sentry.example.com/1"),
    "otel_exporter_otlp_endpoint": (r"https?://[^@/\s?#]+(/[^\s?#]*)?", "an address such as http://collector:4318"),
}


def malformed(found: Any) -> dict[str, str]:
    """The optional integrations whose setting is none, and what to do."""
    given = {name: getattr(found, name) for name in FORMS if getattr(found, name)}
    wrong = {
        name: f"must be {FORMS[name][1]}" for name, value in given.items() if not re.fullmatch(FORMS[name][0], value)
    }
    lacks = "otel_exporter_otlp_endpoint" in given and importlib.util.find_spec("opentelemetry.exporter") is None
    return wrong | ({"otel_exporter_otlp_endpoint": "needs requirements-tracing.txt installed"} if lacks else {})


def _unfit_for_production(found: Any, several_workers: bool) -> Iterator[str]:
    if found.debug:
        yield "DEBUG: must be off in production"
    if found.expose_verification_token:
        yield "EXPOSE_VERIFICATION_TOKEN: must be off in production, it proves any address"
    if found.superuser_password and value_types.guesses(found.superuser_password) < value_types.PASSWORD_GUESSES:
        yield "SUPERUSER_PASSWORD: is easy to guess; use a longer one, or none and a password reset"
    if found.frontend_base_url.startswith("http://"):
        yield "FRONTEND_BASE_URL: must begin with https:// in production"
    if any(_is_plain_and_far(uri) and not found.frontend_base_url.startswith(uri) for uri in found.oauth_redirect_uris):
        yield "OAUTH_REDIRECT_URIS: must begin with https:// in production: what is sent there opens a session"
    if found.sqlite and several_workers:
        yield "DATABASE_URL: SQLite serves one worker only; use postgresql:// or start a single worker"


def _is_plain_and_far(address: str) -> bool:
    """Whether it is http:// on another machine. An app may listen on its own (RFC 8252, 7.3)."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")


def incomplete_providers(found: Any) -> list[str]:
    """A line for each provider that has an id and no secret, or the other way round: it stays switched off."""
    return [
        f"{missing.upper()}: is not set; signing in with {title} is off until it is"
        for name, title in value_types.BUILT_IN_PROVIDERS.items()
        for given, missing in (
            (f"{name}_client_id", f"{name}_client_secret"),
            (f"{name}_client_secret", f"{name}_client_id"),
        )
        if getattr(found, given) and not getattr(found, missing)
    ]


def example_values(given: Mapping[str, str], names: Iterable[str], lines: Iterable[str]) -> list[str]:
    """A line for each value that a document prints in place of one's own, unless there is a line about it already."""
    said = {line.partition(":")[0] for line in lines}
    return [
        f"{name}: is an example; put your own value there, or leave it out"
        for name in names
        if name not in said and AS_PRINTED.search(given.get(name, ""))
    ]
