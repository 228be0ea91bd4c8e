"""The template that renders the form of each route again after an error."""

from fastapi import Request

from hosted_pages.destinations import DEVICE, FACTORS, SECOND_STEP

BY_PATH = {
    "/login": "login",
    "/signup": "signup",
    "/signup/passkey": "signup",
    "/signup/passkey/new": "create_account_passkey",
    "/verify-email": "verify_email",
    "/verify-email/resend": "verify_email",
    "/reset-password": "new_password",
    "/reset-password/request": "reset_password",
    "/accept-invitation": "new_password",
    "/confirm-email-change": "confirm_email_change",
    "/not-me": "not_me",
    "/secure-account": "secure_account",
    "/undo-email-change": "undo_email_change",
    "/account/profile": "profile",
    "/account/password": "change_password",
    "/account/email": "change_email",
    "/account/link/{provider}": "link",
    "/account/unlink/{provider}": "unlink",
    "/account/delete": "delete",
    "/login/continue": "login",
    "/login/passkey": "login",
    "/language": "refused",
    "/login/magic-link": "magic_link_request",
    "/magic-link": "magic_link",
    SECOND_STEP: "second_step",
    f"{FACTORS}/totp": "new_totp",
    f"{FACTORS}/totp/{{factor_id}}": "confirm_totp",
    f"{FACTORS}/sms": "new_sms",
    f"{FACTORS}/sms/{{factor_id}}": "confirm_sms",
    f"{FACTORS}/sms/{{factor_id}}/resend": "confirm_sms",
    f"{SECOND_STEP}/sms": "second_step",
    f"{FACTORS}/passkey": "new_passkey",
    f"{FACTORS}/passkey/new": "new_passkey",
    f"{FACTORS}/{{factor_id}}/name": "rename_factor",
    f"{FACTORS}/{{factor_id}}/remove": "remove_factor",
    "/account/api-keys/new": "new_api_key",
    "/account/api-keys/{key_id}/rename": "rename_api_key",
    "/account/api-keys/{key_id}/rotate": "rotate_api_key",
    DEVICE: "device",
    f"{DEVICE}/answer": "device",
    "/account/recovery-codes": "new_recovery_codes",
}


def of(request: Request) -> str:
    """Return the template for errors of a request: without a form, the one that shows only the error."""
    return BY_PATH.get(getattr(request.scope.get("route"), "path", ""), "refused")
