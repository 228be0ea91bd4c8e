"""Define the texts of the hosted pages that are not in a template."""

import errors

# The messages after a redirect, by a word in the URL, so that a link cannot show any other text.
MESSAGES = {
    "verified": "Your email address is verified.",
    "moved": "Your new email address is confirmed. Use it to log in from now on.",
    "reset": "Your password has been set. You can now log in.",
    "renamed": "Your name has been changed.",
    "password": "Your password has been changed. All other devices have been logged out.",
    "moving": "We have sent a link to the new email address. Nothing changes until you open it.",
    "session": "The device has been logged out.",
    "unlinked": "The provider has been unlinked from your account.",
    "secured": "Your account is secured. You can now log in only with your password.",
    "undone": "Your email address has been restored. If you cannot log in, or someone else may know your password, "
    "reset it. We have sent you an email with a link that ends everything else that opens your account.",
    "logged_out": "You are logged out.",
    "logged_out_everywhere": "You are logged out on all devices.",
    "deleted": "Your account and all data about you have been deleted.",
    "disowned": "The account has been deleted.",
    "factor_added": "The factor has been added. We have sent you an email about it.",
    "factor_renamed": "The factor has been renamed.",
    "factor_removed": "The factor has been removed. We have sent you an email about it.",
    "codes_replaced": "You have new recovery codes. The old ones no longer work.",
    "device_forgotten": "The device is no longer trusted. Its next login needs your second factor.",
}
# The labels of form fields.
LABELS = {
    "email": "Email address",
    "new_email": "New email address",
    "username": "Name",
    "password": "Password",
    "old_password": "Current password",
    "new_password": "New password",
    "code": "Code",
    "recovery_code": "Recovery code",
    "name": "Name",
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
    "confirm_totp": "This setup was not finished within 15 minutes, or was replaced by a newer one. Start again.",
    "new_passkey": "Passkeys are not available here.",
}
