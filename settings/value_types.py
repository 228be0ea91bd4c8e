"""Validate the values of settings. Messages say what to do and never contain the value, which may be a secret."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal

import idna
import limits
from pydantic import AfterValidator, BeforeValidator

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?", re.ASCII)
NO_LIMIT = "none"


def comma_separated(value: Any) -> Any:
    """Return the parts of a comma-separated text or a JSON list. Raises ValueError."""
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


def _breached_passwords(value: str) -> str:
    if value not in ("off", "hibp") and not (value.startswith("file:") and value != "file:"):
        raise ValueError("must be off, hibp or file: and a path, such as file:/data/pwned-passwords-sha1.txt")
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ValueError("must be two-letter country codes (ISO 3166-1), such as AT,DE")
    return value.upper()


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


def _normalised(value: str) -> str:
    return unicodedata.normalize("NFC", value)  # as every password is


def _retention(days: int) -> int:
    if 0 < days < 30 or days > 36_500:
        raise ValueError("must be 0, or from 30 to 36500 days")
    return days


Names = Annotated[tuple[str, ...], BeforeValidator(comma_separated)]
Countries = Annotated[tuple[Annotated[str, AfterValidator(_country)], ...], BeforeValidator(comma_separated)]
Headers = Annotated[tuple[Annotated[str, AfterValidator(_header_name)], ...], BeforeValidator(comma_separated)]
Sender = Annotated[str, AfterValidator(_sender)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Contacts = Annotated[tuple[Annotated[str, AfterValidator(_contact)], ...], BeforeValidator(comma_separated)]
BreachedPasswords = Annotated[str, AfterValidator(_breached_passwords)]
CharacterClasses = Annotated[tuple[Literal["upper", "lower", "digit", "symbol"], ...], BeforeValidator(comma_separated)]

CaptchaUses = Annotated[tuple[Literal["signup", "reset", "magic-link", "login"], ...], BeforeValidator(comma_separated)]

DIALECTS = ("storyapp", "credentials", "authentication", "balance_hub", "enterprise")


def _dialects(value: Any) -> Any:
    words = {"all": DIALECTS, "none": ()}
    found = words.get(value.strip().lower(), comma_separated(value)) if isinstance(value, str) else value
    if not set(found) <= set(DIALECTS):
        raise ValueError(f"must be all, none, or some of {', '.join(DIALECTS)}")
    return found


Dialects = Annotated[
    tuple[Literal["storyapp", "credentials", "authentication", "balance_hub", "enterprise"], ...],
    BeforeValidator(_dialects),
]


Rate = Annotated[str, AfterValidator(rate)]
RateOrNone = Annotated[str, AfterValidator(_rate_or_none)]
EmailAddress = Annotated[str, AfterValidator(_address)]


def usable_user_id(value: str) -> str:
    """Return a `user_id` that can be part of a path, such as `/admin/users/{user_id}`. Raises ValueError."""
    if set("/\\?#%") & set(value) or value in (".", "..", "me"):
        raise ValueError("must not contain / \\ ? # %, and must not be . or .. or me")
    return value


def _superuser_id(value: str) -> str:
    if not re.fullmatch(r"[!-~]{1,64}", value):
        raise ValueError("must be 1 to 64 ASCII characters without spaces")
    return usable_user_id(value)


def _one_line(value: str) -> str:
    if re.search(r"[\r\n]", value):
        raise ValueError("must be one line")
    return value


def _totp_issuer(value: str) -> str:
    if ":" in value:  # it separates the issuer from the account
        raise ValueError("must not contain a colon")
    return _one_line(value)


def _site_key(value: str) -> str:
    if not re.fullmatch(r"[\w.:-]*", value):
        raise ValueError("must be the site key as the provider shows it: letters, digits and _ . : -")
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
SuperuserId = Annotated[str, AfterValidator(_superuser_id)]
OneLine = Annotated[str, AfterValidator(_one_line)]
TotpIssuer = Annotated[str, AfterValidator(_totp_issuer)]
SiteKey = Annotated[str, AfterValidator(_site_key)]
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


LONGEST_WINDOW = 31 * 86400
