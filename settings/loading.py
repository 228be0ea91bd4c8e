"""Read the settings from the environment and `.env`, validate them, and stop startup if they are invalid.

No other module reads the environment.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from settings import (
    branding,
    captcha_rules,
    cookie_rules,
    database_url,
    env_file,
    events,
    messages,
    oauth_provider,
    production_rules,
    sms,
    sources,
    webauthn,
)
from settings.fields import OPTIONS, Settings, names_of
from settings.sources import InvalidSettings

# uvicorn's exit status for a failed startup. Its supervisor then exits instead of restarting workers forever.
STARTUP_FAILURE = 3


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings of these environment variables. Raises InvalidSettings with a line for each error."""
    given, warnings = _with_files(sources.without_platform_variables(environment))
    found_names = {option: [name for name in names_of(option) if name in given] for option in OPTIONS}
    try:
        found = _read(given, found_names)
    except InvalidSettings as unusable:
        raise InvalidSettings(*_with_found_names(unusable.lines, found_names)) from None
    same = [*found_names.values(), *sources.given_parts(given)]
    warnings += [
        f"{names[0]} and {other} differ: {names[0]} is used"
        for names in same
        for other in names[1:]
        if given[other] != given[names[0]]
    ]
    warnings += _with_found_names(found.warnings, found_names)
    return found.model_copy(update={"warnings": tuple(warnings)})


def _with_files(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the variables with those that are read from files, and a warning for each of which both are set."""
    in_files = sources.from_files(given, _all_names())
    both = [name for name, value in in_files.items() if given.get(name, value) != value]
    return {**in_files, **given}, [f"{name} and {name}_FILE differ: {name} is used" for name in both]


def _with_found_names(lines: Iterable[str], found_names: Mapping[str, list[str]]) -> list[str]:
    """Return the lines, each with the other name under which its setting was set."""
    others = {names_of(option)[0]: names[0] for option, names in found_names.items() if names}
    parts = [(line, line.partition(":")[0]) for line in lines]
    return [line if others.get(name, name) == name else f"{line} (set as {others[name]})" for line, name in parts]


def _read(given: Mapping[str, str], found_names: Mapping[str, list[str]]) -> Settings:
    values: dict[str, Any] = {option: given[names[0]] for option, names in found_names.items() if names}
    warnings: list[str] = []
    parts: dict[str, Any] = {}
    if "database_url" not in values:  # unused parts are not validated
        parts |= sources.database_from_parts(given)
    if "redis_url" not in values:
        parts |= sources.redis_from_parts(given)
    values = parts | {name: _in_its_case(name, value) for name, value in values.items()} | sources.openid_servers(given)
    if not values.get("jwt_secret") and values.get("environment", "development") == "development":
        values["jwt_secret"] = sources.development_secret()
    try:
        found = Settings(**values, given=frozenset(values), several_workers=_several_workers())
    except ValidationError as error:
        # Never include the value, which may be a secret.
        found_errors = error.errors(include_input=False, include_url=False)
        lines = (f"{_variable(each['loc'], values)}: {messages.of(each)}" for each in found_errors)
        raise InvalidSettings(*dict.fromkeys(lines)) from None  # several parts of one list may be invalid
    if "database_url" in values:
        warnings += database_url.read(values["database_url"]).warnings
    if not found.production and not found.is_set("port"):
        found = found.model_copy(update=sources.bound_port(sys.argv, given))
    given_settings = found
    for follows in (sources.derived_settings, sources.mail_server):
        found = found.model_copy(update=follows(found))
    unusable = [
        *webauthn.violations(given_settings, found),
        *sms.violations(found),
        *captcha_rules.violations(found),
        *events.violations(found),
    ]
    unusable += [*cookie_rules.violations(found), *oauth_provider.violations(found)]
    if unusable:
        raise InvalidSettings(*unusable)
    insecure = production_rules.violations(found, _secrets(found))
    insecure += production_rules.example_values(given, _names_of_secrets(found, parts), insecure)
    if not found.leads_elsewhere and not found.hosted_pages:
        insecure.append(
            "FRONTEND_BASE_URL: is not set; set it, or HOSTED_PAGES=true, because links in emails need a target"
        )
    if found.production and insecure:
        raise InvalidSettings(*insecure)
    if found.rate_limit_enabled and not found.redis_url and _several_workers():
        warnings.append("REDIS_URL: is not set; each worker counts requests separately")
    # In development, a malformed optional integration is disabled.
    found = found.model_copy(update=dict.fromkeys(production_rules.malformed(found), ""))
    warnings += [*insecure, *production_rules.warnings(found), *production_rules.incomplete_providers(found)]
    warnings += [*webauthn.warnings(found), *branding.warnings(found), *sms.warnings(found)]
    warnings += captcha_rules.warnings(found)
    if found.password_optional and found.magic_link == "off":
        allowed = "allows only sign-ups with a passkey" if found.email_verification == "off" else "has no effect"
        warnings.append(f"PASSWORD_OPTIONAL: {allowed}; set MAGIC_LINK=on, which verifies the email addresses")
    warnings += production_rules.example_values(given, _all_names(), warnings)
    return found.model_copy(update={"warnings": tuple(warnings)})


def _in_its_case(option: str, value: str) -> str:
    """Return the value of an enumerated setting in the case of its definition; values are case-insensitive."""
    choices = [choice for choice in get_args(OPTIONS[option].annotation) if isinstance(choice, str)]
    return next((choice for choice in choices if choice.casefold() == value.casefold()), value)


def _all_names() -> Iterator[str]:
    for option in OPTIONS:
        yield from names_of(option)
    yield from sources.NAMES_OF_PARTS


def _secrets(found: Settings) -> dict[str, Any]:
    extra = {name: field.json_schema_extra for name, field in OPTIONS.items()}
    return {names_of(name)[0]: getattr(found, name) for name, e in extra.items() if isinstance(e, dict) and e["secret"]}


def _names_of_secrets(found: Settings, parts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the variables that contain a secret, or a URL with one.

    parts: the URLs that are made from parts, the only ones whose parts are used.
    """
    for option, field in OPTIONS.items():
        extra = field.json_schema_extra
        is_opaque = isinstance(extra, dict) and extra["sensitive"] and not extra["secret"]  # the others must be strong
        if is_opaque or option in ("database_url", "redis_url"):
            yield from names_of(option)
    yield from (sources.openid_variable(server.name, "CLIENT_SECRET") for server in found.oidc_providers)
    if "redis_url" in parts:
        yield "REDIS_PASSWORD"
    if "database_url" in parts:
        yield from ("POSTGRES_PASSWORD", "DB_PASS")


def _origins(given: frozenset[str], in_file: Mapping[str, str], file: str) -> dict[str, str]:
    """Return where each setting was read from: a variable of the environment, or of a file."""
    origins = {}
    for option in sorted(given & OPTIONS.keys()):
        names = [each for name in names_of(option) for each in (name, f"{name}_FILE")]
        name = next((name for name in names if os.environ.get(name) or in_file.get(name)), "")
        source = "" if not name or os.environ.get(name) else f" ({file})"
        origins[option] = f"{name}{source}" if name else "derived"
    return origins


def _several_workers() -> bool:
    return multiprocessing.parent_process() is not None or (os.environ.get("WEB_CONCURRENCY") or "1") != "1"


def _variable(location: tuple[int | str, ...], values: Mapping[str, Any]) -> str:
    """Return the environment variable that a ValidationError is about."""
    match location:
        case ("oidc_providers", int(place), str(part)):
            return sources.openid_variable(values["oidc_providers"][place]["name"], part)
    return names_of(str(location[0]))[0]


def load() -> Settings:
    """Return the settings of this process, or end it with one line for each missing or invalid setting."""
    try:
        named = os.environ.get("ENV_FILE")
        in_file = env_file.read(named or ".env", is_required=bool(named))
        found = read({**in_file, **os.environ})
        return found.model_copy(update={"origins": _origins(found.given, in_file, named or ".env")})
    except InvalidSettings as unusable:
        for line in unusable.lines:
            print(line, file=sys.stderr)
        sys.exit(STARTUP_FAILURE)


settings = load()
