"""Convert the records of each system to the values of an `Entry`, with one function for each system.

A function takes the fields that it knows from a record, and marks values that cannot be stored as lost. `presets.py`
lists the fields that are ignored, and those that are always lost.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import models
from credentials import foreign_hashes
from user_import import entries, values
from user_import.records import Record

Values = dict[str, Any]
# Those whose digests are in the usual format of their scheme, so that they can be verified.
CLERK_HASHERS = (
    "bcrypt",
    "bcrypt_sha256_django",
    "pbkdf2_sha256_django",
    "argon2i",
    "argon2id",
    "phpass",
    "scrypt_werkzeug",
)
HASHES = ("hashed_password", "password_hash", "passwordHash", "encrypted_password", "password_digest", "password")


def general(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the documented format, and the names that most systems use."""
    active = record.take_state(
        off=("disabled", "is_disabled", "blocked", "is_blocked", "banned", "is_banned", "suspended", "locked"),
        on=("is_active", "active", "enabled", "is_enabled"),
    )
    name = record.take("username", "name", "display_name", "displayname", "full_name", "nickname")
    first, last = (
        record.take("first_name", "firstname", "given_name"),
        record.take("last_name", "lastname", "family_name"),
    )
    return {
        "email": record.take("email", "e-mail", "email_address", "mail"),
        "username": name or values.joined(first, last),
        "user_id": record.take("user_id", "id", "uuid"),
        "hashed_password": record.take(*HASHES),
        "is_active": active,
        "is_verified": record.take("is_verified", "email_verified", "emailverified", "verified"),
        "email_proven_at": record.take("email_proven_at", "email_verified_at", "email_confirmed_at", "confirmed_at"),
        "created_at": record.take("created_at", "createdat", "date_joined", "created", "registered_at"),
        "roles": record.take("roles", "role"),
        "totp_secret": record.take("totp_secret"),
    }  # fmt: skip


def auth0(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the bulk export (newline-delimited JSON or CSV) and the file of password hashes."""
    raw_id = record.take("_id")
    found = record.take("user_id") or (
        f"auth0|{raw_id['$oid']}" if isinstance(raw_id, dict) and "$oid" in raw_id else raw_id
    )
    created = record.take("created_at")
    return {
        "user_id": found,
        "email": record.take("email"),
        "username": record.take("name", "nickname"),
        "hashed_password": record.take("passwordHash", "password_hash", "custom_password_hash"),
        "is_active": record.take_state(off=("blocked",)),
        **_verified(record.take("email_verified"), created),
        "created_at": created,
        "identities": _identities(
            record, record.take("identities"), "provider", "user_id", own=("auth0", "email", "sms")
        ),
    }


def firebase(record: Record, options: Mapping[str, str]) -> Values:
    """Read `firebase auth:export`. The hashes need the project's hash parameters."""
    created = record.take("createdAt")
    hashed, salt = record.take("passwordHash"), record.take("salt")
    stored = None
    if hashed and salt and options.keys() >= {"signer_key", "salt_separator", "rounds", "mem_cost"}:
        stored = foreign_hashes.firebase(hashed, salt, options)
    elif hashed:
        record.lose(
            "passwordHash (give --hash-option signer_key=…, salt_separator=…, rounds=…, mem_cost=…)", credential=True
        )
    return {
        "user_id": record.take("localId"),
        "email": record.take("email"),
        "username": record.take("displayName"),
        "hashed_password": stored,
        "is_active": record.take_state(off=("disabled",)),
        **_verified(record.take("emailVerified"), created),
        "created_at": created,
        "identities": _identities(
            record, record.take("providerUserInfo"), "providerId", "rawId", own=("password", "phone", "email")
        ),
    }


def keycloak(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the users of a realm export (`kc.sh export`)."""
    created = record.take("createdTimestamp")
    stored = None
    for credential in values.items(record.take("credentials")):
        if credential.get("type") == "password" and stored is None:
            stored = _keycloak_hash(credential)
            if stored is None:
                record.lose("a password with an algorithm that is not supported", credential=True)
        elif credential.get("type") != "password":
            record.lose(f"a credential of type {credential.get('type')}", credential=True)
    enabled = record.take_state(on=("enabled",))
    return {
        "user_id": record.take("id"),
        "email": record.take("email"),
        "username": values.joined(record.take("firstName"), record.take("lastName")),
        "hashed_password": stored,
        "is_active": enabled,
        **_verified(record.take("emailVerified"), created),
        "created_at": created,
        "identities": _identities(record, record.take("federatedIdentities"), "identityProvider", "userId"),
    }


# The length of the digest in passlib's formats. Keycloak derives 64 bytes; PBKDF2 of a shorter length is their start.
_PBKDF2 = {"pbkdf2": ("pbkdf2", 20), "pbkdf2-sha256": ("pbkdf2-sha256", 32), "pbkdf2-sha512": ("pbkdf2-sha512", 64)}


def _keycloak_hash(credential: Mapping[str, Any]) -> str | None:
    secret, data = (values.json_object(credential.get(name)) for name in ("secretData", "credentialData"))
    try:
        salt, digest = base64.b64decode(secret["salt"]), base64.b64decode(secret["value"])
        rounds, more = int(data["hashIterations"]), data.get("additionalParameters") or {}
        if data["algorithm"] in _PBKDF2:
            name, length = _PBKDF2[data["algorithm"]]
            return f"${name}${rounds}${_passlib64(salt, './')}${_passlib64(digest[:length], './')}"
        if data["algorithm"] == "argon2":
            cost = f"m={more['memory'][0]},t={rounds},p={more['parallelism'][0]}"
            version = {"1.3": 19, "1.0": 16}[more["version"][0]]
            return f"$argon2{more['type'][0]}$v={version}${cost}${_passlib64(salt)}${_passlib64(digest)}"
    except (KeyError, IndexError, TypeError, ValueError, binascii.Error):
        return None
    return None


def _passlib64(data: bytes, alphabet: str = "+/") -> str:
    return base64.b64encode(data, alphabet.encode()).decode().rstrip("=")


def cognito(record: Record, _options: Mapping[str, str]) -> Values:
    """Read `list-users` of AWS Cognito, or a CSV file with its attributes. Cognito exports no password hashes."""
    created = record.take("UserCreateDate")
    status = str(record.take("UserStatus", "cognito:user_status") or "")
    enabled = record.take_state(on=("Enabled",))
    login = record.take("Username", "cognito:username")
    return {
        "user_id": record.take("sub") or login,
        "email": record.take("email"),
        "username": record.take("name") or values.joined(record.take("given_name"), record.take("family_name")),
        "is_active": False if status in ("ARCHIVED", "COMPROMISED") else enabled,
        **_verified(record.take("email_verified"), created),
        "created_at": created,
        "identities": _identities(record, record.take("identities"), "providerName", "userId"),
    }


def with_attributes(raw: Mapping[str, Any]) -> Values:
    """Return a user of Cognito with its attributes as fields."""
    listed = raw.get("Attributes") or raw.get("UserAttributes") or []
    named = {each["Name"]: each.get("Value") for each in listed if isinstance(each, dict) and "Name" in each}
    return {**{name: value for name, value in raw.items() if name not in ("Attributes", "UserAttributes")}, **named}


def supabase(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the table `auth.users`, with or without its identities."""
    metadata = values.json_object(record.take("raw_user_meta_data", "user_metadata"))
    banned, deleted = record.take("banned_until"), record.take("deleted_at")
    return {
        "user_id": record.take("id"),
        "email": record.take("email"),
        "username": metadata.get("full_name") or metadata.get("name") or metadata.get("display_name"),
        "hashed_password": record.take("encrypted_password"),
        "is_active": False if values.is_set(deleted) or values.is_future(banned) else None,
        "email_proven_at": record.take("email_confirmed_at"),
        "created_at": record.take("created_at"),
        "identities": _identities(record, record.take("identities"), "provider", "provider_id", own=("email", "phone")),
    }


def clerk(record: Record, _options: Mapping[str, str]) -> Values:
    """Read Clerk's export of users (CSV or JSON)."""
    email = record.take("primary_email_address", "email_address", "email")
    verified = record.take("verified_email_addresses")
    created = record.take("created_at")
    listed = values.items(verified)
    hasher = record.take("password_hasher")
    digest = record.take("password_digest")
    if digest and hasher is not None and hasher not in CLERK_HASHERS:
        record.lose(f"a password with the hasher {hasher}", credential=True)
        digest = None
    return {
        "user_id": record.take("id"),
        "email": email,
        "username": values.joined(record.take("first_name"), record.take("last_name")) or record.take("username"),
        "hashed_password": digest,
        "is_active": record.take_state(off=("banned", "locked")),
        **_verified(email in listed, created),
        "created_at": created,
    }


def django(record: Record, _options: Mapping[str, str]) -> Values:
    """Read `dumpdata auth.user`, or the table `auth_user`."""
    login = record.take("username")
    return {
        "user_id": record.take("id", "pk"),
        "email": record.take("email"),
        "username": values.joined(record.take("first_name"), record.take("last_name")) or login,
        "hashed_password": record.take("password"),
        "is_active": record.take_state(on=("is_active",)),
        "created_at": record.take("date_joined"),
        "roles": ["user", "superuser"] if values.boolean(record.take("is_superuser")) else None,
    }


def with_fields(raw: Mapping[str, Any]) -> Values:
    """Return an object of `dumpdata` with its fields at the top."""
    fields = raw.get("fields")
    return {**fields, "pk": raw.get("pk")} if isinstance(fields, dict) else dict(raw)


def laravel(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the table `users` of Laravel."""
    return {
        "user_id": record.take("id", "uuid"),
        "email": record.take("email"),
        "username": record.take("name", "username"),
        "hashed_password": record.take("password"),
        "is_active": record.take_state(off=("deleted_at",)),
        "email_proven_at": record.take("email_verified_at"),
        "created_at": record.take("created_at"),
    }


def devise(record: Record, options: Mapping[str, str]) -> Values:
    """Read a table of Devise. A pepper cannot be imported, because no hash contains it."""
    stored = record.take("encrypted_password")
    if stored and options.get("pepper"):
        record.lose("encrypted_password (it was made with a pepper)", credential=True)
        stored = None
    return {
        "user_id": record.take("id"),
        "email": record.take("email"),
        "username": record.take("name", "username")
        or values.joined(record.take("first_name"), record.take("last_name")),
        "hashed_password": stored,
        "is_active": record.take_state(off=("locked_at", "deleted_at")),
        "email_proven_at": record.take("confirmed_at"),
        "created_at": record.take("created_at"),
    }


def wordpress(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the table `wp_users`."""
    login = record.take("user_login")
    return {
        "user_id": record.take("ID"),
        "email": record.take("user_email"),
        "username": record.take("display_name") or login,
        "hashed_password": record.take("user_pass"),
        "is_active": record.take_state(off=("spam", "deleted")),
        "created_at": record.take("user_registered"),
    }


def better_auth(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the table `user` of better-auth, with the `password` or the `accounts` of its table `account`."""
    created = record.take("createdAt", "created_at")
    accounts = record.take("accounts", "account") or []
    password = record.take("password")
    linked = []
    for each in values.items(accounts):
        if each.get("providerId", each.get("provider_id")) == "credential":
            password = password or each.get("password")
        else:
            linked.append(
                {
                    "provider": each.get("providerId", each.get("provider_id")),
                    "id": each.get("accountId", each.get("account_id")),
                }
            )
    return {
        "user_id": record.take("id"),
        "email": record.take("email"),
        "username": record.take("name"),
        "hashed_password": password,
        "is_active": record.take_state(off=("banned",)),
        **_verified(record.take("emailVerified", "email_verified"), created),
        "created_at": created,
        "identities": _identities(record, linked, "provider", "id"),
    }


def fastapi_users(record: Record, _options: Mapping[str, str]) -> Values:
    """Read the table `user` of fastapi-users, with or without its `oauth_accounts`."""
    linked = record.take("oauth_accounts")
    return {
        "user_id": record.take("id"),
        "email": record.take("email"),
        "username": record.take("username", "name")
        or values.joined(record.take("first_name"), record.take("last_name")),
        "hashed_password": record.take("hashed_password"),
        "is_active": record.take_state(on=("is_active",)),
        **_verified(record.take("is_verified"), record.take("created_at")),
        "created_at": record.take("created_at"),
        "roles": ["user", "superuser"] if values.boolean(record.take("is_superuser")) else None,
        "identities": _identities(record, linked, "oauth_name", "account_id"),
    }


def _verified(flag: Any, created: Any) -> Values:
    """Return when the owner verified the email address: the time of creation, as the system stores no time."""
    if not values.boolean(flag):
        return {}
    return {"email_proven_at": created} if created else {"email_proven_at": models.now().isoformat()}


def _identities(
    record: Record, linked: Any, provider: str, subject: str, own: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """Return the identities of providers that this service knows; the others are noted as lost credentials."""
    found: dict[str, dict[str, str]] = {}
    for each in values.items(linked):
        name = each.get(provider) if isinstance(each, dict) else None
        if name is None or name in own:
            continue
        made = entries.identity(name, each.get(subject))
        if made is None or made["provider"] in found:
            record.lose(f"the linked identity of {name}", credential=made is None)
        else:
            found[made["provider"]] = made
    return list(found.values())
