"""Read settings from sources other than their own variable: URL parts, OpenID servers, files, known mail servers."""

import contextlib
import itertools
import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from settings import database_url, value_types, webauthn

DEVELOPMENT = ("http://localhost:3000",)  # a frontend's development server
SECRET_FILE = Path(".jwt-secret")
LARGEST_SECRET = 64 * 1024  # characters


class InvalidSettings(Exception):
    """The settings cannot be used; each of `lines` names one setting and says what to do."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


# The last two are other paths below /oauth.
NAMES_TAKEN = {*value_types.BUILT_IN_PROVIDERS, "providers", "exchange"}
OPENID_PARTS = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "SCOPES", "DISCOVERY_URL")
SERVICE_LINK = re.compile(r"(tcp|udp|sctp)://.*")
_OF_A_SERVER = re.compile(rf"OIDC_\w+_({'|'.join(OPENID_PARTS)})")
PARTS = {"POSTGRES": ("USER", "PASSWORD", "HOST", "PORT", "DB"), "DB": ("USER", "PASS", "HOST", "PORT", "NAME")}
REDIS_PARTS = ("HOST", "PORT", "USERNAME", "PASSWORD", "DB")
NAMES_OF_PARTS = [f"{prefix}_{part}" for prefix, parts in {**PARTS, "REDIS": REDIS_PARTS}.items() for part in parts]


def from_files(given: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return the content of the files that NAME_FILE variables point to, by NAME.

    Secrets then do not have to be in the environment. Raises InvalidSettings.
    """
    known = set(names)
    asked = {name.removesuffix("_FILE"): path for name, path in given.items() if name.endswith("_FILE")}
    found = {
        name: _content(name, path) for name, path in asked.items() if name in known or _OF_A_SERVER.fullmatch(name)
    }
    return {name: value for name, value in found.items() if value}


def _content(name: str, path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(LARGEST_SECRET).strip()
    except (OSError, ValueError):
        raise InvalidSettings(f"{name}_FILE: must be the path of a readable text file") from None


def database_from_parts(given: Mapping[str, str]) -> dict[str, str]:
    """Return the database URL from its parts, `POSTGRES_…` or `DB_…`. Raises InvalidSettings."""
    if not (prefix := _prefix_of_parts(given)):
        return {}
    user, password, host, _, name = (given.get(f"{prefix}_{part}", "") for part in PARTS[prefix])
    port = _port(given, f"{prefix}_PORT", 5432)
    return {"database_url": database_url.from_parts(user, password, host, port, name)}


def _prefix_of_parts(given: Mapping[str, str]) -> str:
    """Return which of PARTS are used: those with a user, host or database name. Empty if none are."""
    for prefix, (user, _, host, _, name) in PARTS.items():
        if any(given.get(f"{prefix}_{part}") for part in (user, host, name)):
            return prefix
    return ""


def given_parts(given: Mapping[str, str]) -> list[list[str]]:
    """Return the names of each part of the database URL that is given under both, the one that is used first."""
    used = "" if given.get("DATABASE_URL") else _prefix_of_parts(given)
    others = [prefix for prefix in PARTS if prefix != used] if used else []
    return [
        [name, same]
        for other in others
        for part, other_part in zip(PARTS[used], PARTS[other], strict=True)
        if (name := f"{used}_{part}") in given and (same := f"{other}_{other_part}") in given
    ]


def redis_from_parts(given: Mapping[str, str]) -> dict[str, str]:
    """Return a Redis URL from REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD and REDIS_DB.

    Raises InvalidSettings.
    """
    if not (host := given.get("REDIS_HOST")):
        return {}
    user, password = (quote(given.get(f"REDIS_{part}", ""), safe="") for part in ("USERNAME", "PASSWORD"))
    login = f"{user}:{password}@" if user or password else ""
    host = f"[{host}]" if ":" in host else host
    database = given.get("REDIS_DB", "0")
    if not (database.isascii() and database.isdigit()):
        raise InvalidSettings("REDIS_DB: must be a whole number, such as 0")
    return {"redis_url": f"redis://{login}{host}:{_port(given, 'REDIS_PORT', 6379)}/{database}"}


def without_platform_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with a value, trimmed, without the service links that Kubernetes and Docker set.

    For a service named `redis`, they set `REDIS_PORT=tcp://10.0.0.11:6379` in every container.
    """
    trimmed = {name: value.strip() for name, value in environment.items()}
    return {
        name: value
        for name, value in trimmed.items()
        if value and not ((name == "PORT" or name.endswith("_PORT")) and SERVICE_LINK.fullmatch(value))
    }


def _port(given: Mapping[str, str], name: str, usual: int) -> int:
    value = given.get(name, str(usual))
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise InvalidSettings(f"{name}: must be a number from 1 to 65535")
    return int(value)


def bound_port(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, int]:
    """Return the port of the server from its command line, such as `uvicorn main:app --port 9000`, or UVICORN_PORT."""
    program = Path(arguments[0] if arguments else "")
    if not {"uvicorn", "fastapi", "serve.py"} & {program.name, program.parent.name}:
        return {}
    named = [next_one for each, next_one in itertools.pairwise(arguments) if each == "--port"]
    named += [each.removeprefix("--port=") for each in arguments if each.startswith("--port=")]
    port = (named or [environment.get("UVICORN_PORT", "")])[-1]
    return {"port": int(port)} if port.isascii() and port.isdigit() and 0 < int(port) < 65536 else {}


def development_secret() -> str:
    """Return the development secret, which the first start writes to a file; safe for concurrent starts."""
    try:
        if not SECRET_FILE.exists():
            made = SECRET_FILE.with_suffix(f".{os.getpid()}")
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(48))
            with contextlib.suppress(FileExistsError):
                os.link(made, SECRET_FILE)  # atomic: of two concurrent starts, one wins
            made.unlink()
        return SECRET_FILE.read_text().strip()
    except OSError:
        raise InvalidSettings(
            f"JWT_SECRET: is not set, and {SECRET_FILE} cannot be written; set JWT_SECRET to a long random text"
        ) from None


MAIL_SERVERS = {
    "sendgrid": "smtp.sendgrid.net",
    "mailgun": "smtp.mailgun.org",
    "ses": "email-smtp.us-east-1.amazonaws.com",
    "gmail": "smtp.gmail.com",
}


def openid_servers(given: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return the settings of each server in OIDC_PROVIDERS. Raises InvalidSettings for a bad name or a missing part."""
    names = [name.strip().lower() for name in given.get("OIDC_PROVIDERS", "").split(",") if name.strip()]
    servers, missing = [], []
    for name in names:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name) or name in NAMES_TAKEN or names.count(name) > 1:
            raise InvalidSettings(
                "OIDC_PROVIDERS: each name must be letters, digits and hyphens, and be used only once"
            )
        told = {part.lower(): given.get(openid_variable(name, part), "") for part in OPENID_PARTS}
        missing += [f"{openid_variable(name, part)}: is not set" for part in OPENID_PARTS[:3] if not told[part.lower()]]
        servers.append({"name": name} | {part: value for part, value in told.items() if value})
    if missing:
        raise InvalidSettings(*missing)
    return {"oidc_providers": servers} if servers else {}


def openid_variable(name: str, part: str) -> str:
    """Return the environment variable for a part of a server in OIDC_PROVIDERS, such as OIDC_MY_COMPANY_ISSUER."""
    return f"OIDC_{name.replace('-', '_')}_{part}".upper()


def derived_settings(found: Any) -> dict[str, Any]:
    """Return the defaults that are derived from other settings, for those that are not set."""
    production = found.production
    public_url = found.public_base_url if found.is_set("public_base_url") else f"http://localhost:{found.port}"
    frontend_url = found.frontend_base_url if found.is_set("frontend_base_url") else public_url
    parts = urlsplit(frontend_url)
    frontend = (f"{parts.scheme}://{parts.netloc}",) if found.is_set("frontend_base_url") or production else DEVELOPMENT

    def unless_set(field: str, value: Any) -> Any:
        return getattr(found, field) if found.is_set(field) or not production else value

    return {
        "log_format": found.log_format or ("json" if production else "text"),
        "jwt_issuer": found.jwt_issuer or public_url,
        "public_base_url": public_url,
        "frontend_base_url": frontend_url,
        "hosted_pages": unless_set("hosted_pages", False),
        "password_min_strength": unless_set("password_min_strength", 2),
        "dialects": unless_set("dialects", ()),
        "legacy_get_actions": unless_set("legacy_get_actions", False),
        "cors_origins": found.cors_origins or frontend,
        "oauth_redirect_uris": found.oauth_redirect_uris or frontend,
        "mail_from": found.mail_from or f"noreply@{_mail_domain(public_url)}",
        "magic_link": found.magic_link or ("off" if found.email_verification == "off" else "on"),
        "totp_issuer": found.totp_issuer or found.app_name.replace(":", " "),
        **webauthn.derived(found, frontend_url, public_url),
    }


def _mail_domain(url: str) -> str:
    host = urlsplit(url).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host


def mail_server(found: Any) -> dict[str, Any]:
    """Return host and login of the mail server that MAIL_PROVIDER names, or that a key or a user name implies."""
    provider = found.mail_provider
    if not provider and not found.smtp_host:
        provider = (
            "sendgrid" if found.sendgrid_api_key else "gmail" if found.smtp_user.lower().endswith("@gmail.com") else ""
        )
    if not provider:
        return {}
    key = found.sendgrid_api_key or found.smtp_password
    login = {"smtp_user": "apikey", "smtp_password": key} if provider == "sendgrid" else {}
    return {"smtp_host": found.smtp_host or MAIL_SERVERS[provider], **login}
