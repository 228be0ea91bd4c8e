"""Build the context of the pages about factors.

`passkey_options` is a ceremony with its options, as JSON for `static/passkeys.js`.
"""

import json
import re
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

import database
import errors
from factors import management, passkeys, second_step, totp, trusted_devices
from factors.models import FactorProfile, Passkey
from hosted_pages import api_key_forms
from oauth_login import identities
from sessions.current_user import Current
from settings import webauthn
from settings.loading import settings
from web import cookies

SECRET = re.compile(r"[A-Z2-7]{16,64}")
MAX_CREDENTIAL_LENGTH = 65_536  # characters of JSON


def uses_passkeys() -> bool:
    """Return whether the hosted pages may use passkeys."""
    return webauthn.hosted_pages_may_use_passkeys(settings)


def passkey_sign_up_is_offered() -> bool:
    """Return whether users may sign up with a passkey on these pages."""
    if not (settings.password_optional and uses_passkeys()):
        return False
    from passwordless import passkey_sign_up

    return passkey_sign_up.is_enabled()


def types_of(who: Current) -> list[str]:
    """Return the types of factors with which the current user can authenticate again."""
    return management.types_of(who.user.id) if who.has_factors else []


def of_reauthentication(who: Current) -> dict[str, Any]:
    """Return the context of a form that asks the current user to authenticate again."""
    confirming = [] if who.is_present else identities.providers_that_authenticate_again(who.user.id)
    return {"factor_types": types_of(who), "recently_authenticated": who.is_present, "confirming": confirming}


# ------------------------------------------------------------------------------------------------------------- login


def login_options() -> str | None:
    """Return the options for a login with a passkey, or None if the pages may not use passkeys."""
    return passkeys.request_options("login").model_dump_json() if uses_passkeys() else None


def pending(request: Request) -> str:
    """Return the `mfa_token` of the login that waits for a second factor. Raises InvalidMfaToken."""
    found = cookies.pending_login(request)
    if found is None:
        raise errors.InvalidMfaToken()
    return found[0]


def second_step_page(db: Session, request: Request) -> dict[str, Any]:
    """Return the context of the second step of a login. Raises InvalidMfaToken."""
    found = cookies.pending_login(request)
    if found is None:
        raise errors.InvalidMfaToken()
    mfa_token, factors = found
    options = None
    if uses_passkeys():
        options = second_step.options(db, mfa_token).model_dump_json() if "passkey" in factors else None
    return {"factor_types": factors, "passkey_options": options, "remembered_days": settings.trusted_device_days}


def _second_step_again(request: Request) -> dict[str, Any]:
    with database.transaction() as own:
        return second_step_page(own, request)


# ------------------------------------------------------------------------------------------------------------ account


def account_page(who: Current) -> dict[str, Any]:
    """Return the part of the context of the account page that concerns factors."""
    return {"has_factors": who.has_factors, "passkey_account": passkey_account(who) if who.has_factors else None}


def factors_page(who: Current) -> dict[str, Any]:
    """Return the context of the page that lists the factors of the current user."""
    found = management.of_account(who.user.id, who.user.roles)
    return {
        "factors": found.items,
        "codes_left": found.recovery_codes_left,
        "must_enroll": who.must_enroll,
        "devices": trusted_devices.of_account(who.user.id) if who.has_factors else [],
        "passkeys": uses_passkeys(),
        "sms": bool(settings.sms_provider),
        "passkey_account": passkey_account(who),
    }


def factor_named(who: Current, factor_id: str) -> dict[str, Any]:
    """Return the context of a page about one factor of the current user. Raises NotFound."""
    found = [item for item in management.of_account(who.user.id, ()).items if item.id == factor_id]
    if not found:
        raise errors.NotFound()
    credential = database.read(select(Passkey.credential_id).where(Passkey.id == factor_id))
    return {
        "factor_id": factor_id,
        "factor_name": found[0].name,
        "credential_id": credential.credential_id if credential else "",
    }


def passkey_account(who: Current) -> str | None:
    """Return the account data that pages report to authenticators, as JSON (WebAuthn Level 3, section 5.1.10)."""
    if not uses_passkeys():
        return None
    of_user = select(FactorProfile.user_handle).where(FactorProfile.account_id == who.user.id)
    profile = database.read(of_user)
    rows = database.read_all(select(Passkey.credential_id).where(Passkey.account_id == who.user.id)) if profile else []
    return json.dumps(
        {
            "rpId": settings.webauthn_rp_id,
            "userId": profile.user_handle if profile else None,
            "name": who.user.email,
            "displayName": who.user.username,
            "allAcceptedCredentialIds": [row.credential_id for row in rows],
        }
    )


def totp_page(factor_id: str, secret: str, email: str) -> dict[str, Any]:
    """Return the context of the page that shows the secret of a new authenticator app.

    The form contains the secret, so that a wrong code shows the same page again.
    """
    if not SECRET.fullmatch(secret):
        return {"factor_id": factor_id, "secret": ""}
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    uri = totp.otpauth_uri(secret, email)
    return {
        "factor_id": factor_id,
        "secret": secret,
        "groups": groups,
        "uri": uri,
        "qr_code": totp.qr_code(uri),
        "email": email,
    }


# --------------------------------------------------------------------------------------------------- after an error


def after_error(request: Request, template: str, error: errors.ServiceError) -> dict[str, Any]:
    """Return the context to render a page again after an error, from the submitted form.

    Raises InvalidMfaToken if the login can no longer be continued.
    """
    form: FormData = getattr(request, "_form", None) or FormData()

    def sent(name: str) -> str:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""

    match template:
        case "second_step":
            return _second_step_again(request)
        case "confirm_sms":
            return {"factor_id": str(request.path_params.get("factor_id", "")), "phone": sent("phone")[:64]}
        case "confirm_totp":
            return totp_page(str(request.path_params.get("factor_id", "")), sent("secret"), sent("email")[:320])
        case "login" if sent("credential") and isinstance(error, errors.InvalidCredentials):
            return {"rp_id": settings.webauthn_rp_id, "unknown_credential": _unknown_credential(sent("credential"))}
        case "rename_factor" | "remove_factor":
            factor_id = str(request.path_params.get("factor_id", ""))
            return {"factor_id": factor_id, "factor_name": sent("factor_name"), "credential_id": sent("credential_id")}
    return api_key_forms.after_error(request) if template in api_key_forms.TEMPLATES else {}


def _unknown_credential(text: str) -> str:
    """Return the id of a credential that no account has, or an empty string.

    Only such a credential may be reported to the authenticator, which then hides it. A login also fails if its
    challenge has expired, and the credential is still valid in that case.
    """
    try:
        found = json.loads(text[:MAX_CREDENTIAL_LENGTH])
    except (ValueError, RecursionError):
        return ""
    credential_id = found.get("id") if isinstance(found, dict) else None
    if not isinstance(credential_id, str) or not passkeys.CREDENTIAL_ID.fullmatch(credential_id):
        return ""
    known = database.read(select(Passkey.id).where(Passkey.credential_id == credential_id))
    return "" if known else credential_id
