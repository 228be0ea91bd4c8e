"""Define an account to import: the values that a preset read from a record, validated and repaired."""

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core import display_names
from credentials import passwords
from schemas import NewEmail, PublicId, Schema, canonical_email
from schemas_admin import RoleNames
from settings import value_types
from settings.value_types import BUILT_IN_PROVIDERS
from user_import import values

LONGEST_HASH = 255
NO_PASSWORD = "!"  # noqa: S105 - Django's sign for an account that has none
# The names of the providers in other systems.
PROVIDERS = {
    "google-oauth2": "google", "google.com": "google", "facebook.com": "facebook", "github.com": "github",
    "windowslive": "microsoft", "microsoft.com": "microsoft", "azure": "microsoft", "azuread": "microsoft",
    "apple.com": "apple", "signinwithapple": "apple",
    "linkedin_oidc": "linkedin", "linkedin-openid-connect": "linkedin",
    "oauth_google": "google", "oauth_facebook": "facebook", "oauth_github": "github", "oauth_microsoft": "microsoft",
    "oauth_apple": "apple", "oauth_linkedin": "linkedin", "google_oauth2": "google",
}  # fmt: skip


class Identity(Schema):
    """A provider's identity that is linked to an account."""

    provider: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    subject: Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,255}$")]


def identity(provider: Any, subject: Any) -> dict[str, str] | None:
    """Return an identity of a provider that this service knows, or None."""
    name = PROVIDERS.get(str(provider).lower(), str(provider).lower())
    if name not in BUILT_IN_PROVIDERS or subject in (None, ""):
        return None
    return {"provider": name, "subject": str(subject)}


def _usable(stored: str) -> str | None:
    if stored.startswith(NO_PASSWORD) or not stored:
        return None
    stored = passwords.from_django_scrypt(stored)
    if len(stored) > LONGEST_HASH or not passwords.is_usable(stored):
        raise ValueError("is not a complete hash in a supported format within the cost limit")
    return stored


def is_usable_hash(stored: Any) -> bool:
    """Return whether a stored hash marks an account without a password, or can be verified here."""
    try:
        _usable(str(stored))
    except ValueError:
        return False
    return True


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _split(value: Any) -> Any:
    return value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value


def _totp_secret(value: Any) -> Any:
    return value if value in (None, "") or not isinstance(value, str) else values.totp_secret(value)


Time = Annotated[datetime | None, BeforeValidator(values.time)]
Flag = Annotated[bool | None, BeforeValidator(values.boolean)]


class Entry(Schema):
    """One account of a file. Without a hash its owner sets a password through a password reset."""

    email: NewEmail
    username: str | None = None
    user_id: Annotated[PublicId, BeforeValidator(_text), AfterValidator(value_types.usable_user_id)] | None = None
    hashed_password: Annotated[str, AfterValidator(_usable)] | None = None
    is_active: Flag = None
    is_verified: Flag = None
    email_proven_at: Time = None
    created_at: Time = None
    roles: Annotated[RoleNames, BeforeValidator(_split)] = Field(["user"])
    identities: list[Identity] = Field([])
    # The secret of an authenticator app, in base32 without padding.
    totp_secret: Annotated[str | None, BeforeValidator(_totp_secret)] = None

    @functools.cached_property
    def address(self) -> str:
        """The canonical form of the email address."""
        return canonical_email(self.email)


def from_values(found: Mapping[str, Any]) -> tuple[Entry, list[str]]:
    """Return the account that these values describe, and what was changed in them. Raises ValidationError.

    A `null` value counts as absent. A username that cannot be a display name is repaired or omitted, so that the
    account is still imported.
    """
    present = {name: value for name, value in found.items() if value is not None}
    changes = []
    if (name := present.pop("username", None)) is not None:
        text = str(name)
        repaired = display_names.repair(text)
        if repaired != text.strip():
            changes.append(
                f"username {'shortened or repaired' if repaired else 'replaced'}: it cannot be a display name"
            )
        present["username"] = repaired
    return Entry.model_validate(present), changes
