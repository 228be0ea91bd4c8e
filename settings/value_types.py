"""Validate the values of settings. Messages say what to do and never contain the value, which may be a secret."""

import ipaddress
import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

import idna
import limits
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from settings import database_url, webauthn

# Not one of a browser, which would run the URL or show it instead of opening an app, and no misspelt `https`.
_APP_SCHEME = (
    r"(?!(?:[htps]+|file|ftp|wss?|data|blob|filesystem|javascript|vbscript|about|view-source|mailto|jar|chrome|intent)"
    r":)[a-z][a-z0-9+.-]*:"
)
APP_URI = re.compile(rf"{_APP_SCHEME}/[^#*]*", re.IGNORECASE | re.ASCII)
APP_ORIGIN = re.compile(rf"{_APP_SCHEME}//[a-z0-9.-]+(:\d{{1,5}})?", re.IGNORECASE | re.ASCII)
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?", re.ASCII)
NO_LIMIT = "none"
UNIX_SOCKET = "unix"  # a trusted proxy that connects through a Unix socket, which has no IP address


def _comma_separated(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("["):  # a JSON list, the form that several frameworks use
        try:
            parts = json.loads(value)
        except ValueError:
            parts = None
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise ValueError("must be comma-separated, such as one,two")
    else:
        parts = value.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _base_url(value: str) -> str:
    parts = _split(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError("must be an http:// or https:// URL such as http://localhost:3000")
    return parts.geturl().rstrip("/")


def _breached_passwords(value: str) -> str:
    if value not in ("off", "hibp") and not (value.startswith("file:") and value != "file:"):
        raise ValueError("must be off, hibp or file: and a path, such as file:/data/pwned-passwords-sha1.txt")
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError("must be two-letter country codes (ISO 3166-1), such as AT,DE")
    return value.upper()


def _issuer(value: str) -> str:
    """Return an issuer unchanged: issuers are compared as text (OpenID Connect Discovery 1.0, 4.3)."""
    _base_url(value)
    return value


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError for an invalid port
    except ValueError:
        raise ValueError("must be a URL whose port, if any, is from 1 to 65535") from None
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts._replace(netloc=parts.netloc.lower().removesuffix(usual))  # as browsers write an origin


def _web_origin(value: str) -> str:
    """Return an origin of a page, or of an app whose pages have their own scheme, such as capacitor://localhost."""
    if APP_ORIGIN.fullmatch(value):
        return value.lower()
    try:
        return _origin(value)
    except ValueError:
        raise ValueError(
            "must be origins such as https://app.example.com or capacitor://localhost, with no path and no wildcard"
        ) from None


def _origin(value: str) -> str:
    value = _base_url(value)
    parts = urlsplit(value)
    if parts.path or parts.username or "*" in value:
        raise ValueError("must be origins such as https://app.example.com, with no path and no wildcard")
    return value


def _passkey_origin(value: str) -> str:
    return value if value.startswith(webauthn.APP) else _origin(value)


def _host_name(value: str) -> str:
    if value and not webauthn.is_host_name(value.lower()):
        raise ValueError("must be a host name such as example.com: no IP address, port, scheme or path")
    return value.lower()


def _redirect_uri(value: str) -> str:
    if APP_URI.fullmatch(value):
        return value  # an app's own scheme, such as com.example.app:/signed-in (RFC 8252, 7.1), or myapp://signed-in
    _, colon, rest = value.partition(":")
    try:
        is_an_origin = "/" not in rest.removeprefix("//")
        return _origin(value) if colon and is_an_origin else _exact(value)
    except ValueError:
        raise ValueError(
            "must be origins such as https://app.example.com, or exact URLs such as https://app.example.com/in"
        ) from None


def _exact(value: str) -> str:
    _base_url(value.partition("?")[0])
    if "*" in value:
        raise ValueError
    return value


def _network(value: str) -> str:
    try:
        return value if value == UNIX_SOCKET else str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise ValueError("must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8, or unix") from None


def _outgoing_network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise ValueError("must be IP addresses or networks such as 10.0.0.1 or 10.0.0.0/8") from None


def _header_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", value):
        raise ValueError("must be the name of a header, such as X-Forwarded-For")
    return value


def _sender(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError("must be only an email address, such as noreply@example.com; use MAIL_FROM_NAME for the name")
    local, at, domain = value.rpartition("@")
    if not local.isascii():
        raise ValueError("must contain only ASCII characters before the @, because few mail servers accept others")
    try:
        return value if value.isascii() else f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise ValueError("must be an email address, such as noreply@example.com") from None


def rate(value: str) -> str:
    """Return a rate limit such as 10/minute. Raises ValueError."""
    try:
        (found,) = limits.parse_many(value)
    except ValueError:
        raise ValueError("must be one limit such as 10/minute, 3/hour or 100/15 minutes") from None
    if found.amount < 1 or found.get_expiry() > LONGEST_WINDOW:
        raise ValueError("must allow at least one request, and count over at most 31 days")
    return value


def _rate_or_none(value: str) -> str:
    return NO_LIMIT if value.lower() == NO_LIMIT else rate(value)


def _redis_url(value: str) -> str:
    if not value:
        return value
    import redis  # imported here, so that deployments without Redis do not load it

    try:
        redis.ConnectionPool.from_url(value)
    except ValueError:
        raise ValueError("must be a URL such as redis://localhost:6379/0") from None
    return value


def _database_url(value: str) -> str:
    return database_url.read(value).url


def _address(value: str) -> str:
    import email_validator  # imported here, as in schemas.py

    try:
        email_validator.validate_email(value, check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise ValueError("is not a valid email address") from None
    return value


def _contact(value: str) -> str:
    """Return a contact as a URI (RFC 9116)."""
    if re.fullmatch(r"https://[!-~]+", value):
        return value
    try:
        return f"mailto:{_address(value.removeprefix('mailto:'))}"
    except ValueError:
        raise ValueError("must be email addresses or https:// URLs") from None


def _resource(value: str) -> str:
    """Return the URI of an API (RFC 8707, section 2): absolute, without a fragment."""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", value) or "#" in value:
        raise ValueError("must be absolute URIs without a fragment")
    return value


def _normalised(value: str) -> str:
    return unicodedata.normalize("NFC", value)  # as every password is


def _retention(days: int) -> int:
    if 0 < days < 30 or days > 36_500:
        raise ValueError("must be 0, or from 30 to 36500 days")
    return days


Names = Annotated[tuple[str, ...], BeforeValidator(_comma_separated)]
Countries = Annotated[tuple[Annotated[str, AfterValidator(_country)], ...], BeforeValidator(_comma_separated)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_web_origin)], ...], BeforeValidator(_comma_separated)]
PasskeyOrigins = Annotated[
    tuple[Annotated[str, AfterValidator(_passkey_origin)], ...], BeforeValidator(_comma_separated)
]
HostName = Annotated[str, AfterValidator(_host_name)]
RedirectUris = Annotated[tuple[Annotated[str, AfterValidator(_redirect_uri)], ...], BeforeValidator(_comma_separated)]
Resources = Annotated[tuple[Annotated[str, AfterValidator(_resource)], ...], BeforeValidator(_comma_separated)]
Headers = Annotated[tuple[Annotated[str, AfterValidator(_header_name)], ...], BeforeValidator(_comma_separated)]
Sender = Annotated[str, AfterValidator(_sender)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_comma_separated)]
OutgoingNetworks = Annotated[
    tuple[Annotated[str, AfterValidator(_outgoing_network)], ...], BeforeValidator(_comma_separated)
]
Contacts = Annotated[tuple[Annotated[str, AfterValidator(_contact)], ...], BeforeValidator(_comma_separated)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
BreachedPasswords = Annotated[str, AfterValidator(_breached_passwords)]
IssuerUrl = Annotated[str, AfterValidator(_issuer)]
CharacterClasses = Annotated[
    tuple[Literal["upper", "lower", "digit", "symbol"], ...], BeforeValidator(_comma_separated)
]

CaptchaUses = Annotated[
    tuple[Literal["signup", "reset", "magic-link", "login"], ...], BeforeValidator(_comma_separated)
]

DIALECTS = ("storyapp", "credentials", "authentication", "balance_hub", "enterprise")


def _dialects(value: Any) -> Any:
    words = {"all": DIALECTS, "none": ()}
    return words.get(value.strip().lower(), _comma_separated(value)) if isinstance(value, str) else value


Dialects = Annotated[
    tuple[Literal["storyapp", "credentials", "authentication", "balance_hub", "enterprise"], ...],
    BeforeValidator(_dialects),
]


RedisUrl = Annotated[str, AfterValidator(_redis_url)]
Rate = Annotated[str, AfterValidator(rate)]
RateOrNone = Annotated[str, AfterValidator(_rate_or_none)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
EmailAddress = Annotated[str, AfterValidator(_address)]


def usable_user_id(value: str) -> str:
    """Return a `user_id` that can be part of a path, such as `/admin/users/{user_id}`. Raises ValueError."""
    if set("/\\?#%") & set(value) or value in (".", "..", "me"):
        raise ValueError("must not contain / \\ ? # %, and must not be . or .. or me")
    return value


def _folder(value: str) -> str:
    if value and not Path(value).is_dir():
        raise ValueError("must be a folder that exists and can be read")
    return value


def _language_tag(value: str) -> str:
    if not LANGUAGE_TAG.fullmatch(value):
        raise ValueError("must be a language tag such as de or pt-BR")
    return value


Folder = Annotated[str, AfterValidator(_folder)]
LanguageTag = Annotated[str, AfterValidator(_language_tag)]
UserId = Annotated[str, AfterValidator(usable_user_id)]
RetentionDays = Annotated[int, AfterValidator(_retention)]
NormalisedText = Annotated[str, AfterValidator(_normalised)]


# The providers with dedicated settings, and their display names.
BUILT_IN_PROVIDERS = {
    "google": "Google",
    "facebook": "Facebook",
    "github": "GitHub",
    "microsoft": "Microsoft",
    "linkedin": "LinkedIn",
    "apple": "Apple",
}


class OpenIdServer(BaseModel):
    """One of OIDC_PROVIDERS.

    discovery_url: the URL of the discovery document, if it is not below the issuer, as with Azure AD B2C.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    issuer: IssuerUrl
    client_id: str
    client_secret: str
    scopes: str = "openid email profile"
    discovery_url: BaseUrl = ""


LONGEST_WINDOW = 31 * 86400
