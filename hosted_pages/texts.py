"""Define the texts of the hosted pages that are not in a template."""

import errors
from languages import translation

# The messages after a redirect, by a key in the URL, so that links cannot make a page show other texts.
MESSAGES = {
    "verified": translation.mark("Your email address is verified."),
    "moved": translation.mark("Your new email address is confirmed. Use it to log in from now on."),
    "reset": translation.mark("Your password has been set. You can now log in."),
    "profile": translation.mark("Your profile has been updated."),
    "password": translation.mark("Your password has been changed. All other devices have been logged out."),
    "moving": translation.mark(
        "We have sent a link to the new email address. Your email address does not change until you confirm it there."
    ),
    "session": translation.mark("The device has been logged out."),
    "unlinked": translation.mark("The provider has been unlinked from your account."),
    "secured": translation.mark("Your account is now secure. You can log in only with your password."),
    "undone": translation.mark(
        "Your email address has been restored. If you cannot log in, or someone else may know your password, reset "
        "it. We have sent you an email with a link that removes all other ways to log in to your account."
    ),
    "logged_out": translation.mark("You have been logged out."),
    "logged_out_everywhere": translation.mark("You have been logged out of all devices."),
    "deleted": translation.mark("Your account and all data about you have been deleted."),
    "disowned": translation.mark("The account has been deleted."),
    "factor_added": translation.mark("The factor has been added. We have sent you an email about it."),
    "factor_renamed": translation.mark("The factor has been renamed."),
    "factor_removed": translation.mark("The factor has been removed. We have sent you an email about it."),
    "codes_replaced": translation.mark("You have new recovery codes. The old ones no longer work."),
    "api_key_renamed": translation.mark("The API key has been renamed."),
    "application_ended": translation.mark("The access of the application has ended."),
    "api_key_deleted": translation.mark("The API key has been deleted."),
    "code_sent": translation.mark("We have sent you a code by text message. It is valid for five minutes."),
    "device_forgotten": translation.mark("The device is no longer trusted. Its next login needs your second factor."),
}
# The labels of form fields.
LABELS = {
    "email": translation.mark("Email address"),
    "new_email": translation.mark("New email address"),
    "username": translation.mark("Name"),
    "password": translation.mark("Password"),
    "old_password": translation.mark("Current password"),
    "new_password": translation.mark("New password"),
    "code": translation.mark("Code"),
    "recovery_code": translation.mark("Recovery code"),
    "user_code": translation.mark("Code"),
    "name": translation.mark("Name"),
    "phone": translation.mark("Phone number"),
    "locale": translation.mark("Language"),
    "time_zone": translation.mark("Time zone"),
    "picture_url": translation.mark("Picture"),
    "scopes": translation.mark("Scopes"),
    "expires_on": translation.mark("Last day"),
    "overlap_seconds": translation.mark("How long the old key works"),
    "allowed_ips": translation.mark("Allowed networks"),
    "confirmation": translation.mark("Confirmation"),
    "accepted_terms": translation.mark("Terms"),
    "language": translation.mark("Language"),
}
# The messages after a failed OAuth flow, by error code.
FLOW_ERRORS = {
    error.code: error.detail
    for error in (
        errors.OauthError,
        errors.LinkRequired,
        errors.AlreadyLinked,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.Overloaded,
        errors.Unavailable,
        errors.InvalidMfaToken,
    )
}
# The wording of an error for a resource that no longer exists.
GONE = {
    "confirm_totp": translation.mark(
        "This setup was not finished within 15 minutes, or was replaced by a newer one. Start again."
    ),
    "new_passkey": translation.mark("Passkeys are not available on this site."),
}
