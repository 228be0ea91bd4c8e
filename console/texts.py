"""Define the texts of the console that are not in a template."""

from hosted_pages import texts
from languages import translation

# The messages after a redirect, by a word in the URL, so that a link cannot show any other text.
MESSAGES = {
    "invited": translation.mark("The user has been created and invited by email."),
    "changed": translation.mark("The changes have been saved."),
    "roles": translation.mark("The roles of the user have been saved."),
    "disabled": translation.mark("The account has been disabled, and all its sessions have ended."),
    "enabled": translation.mark("The account has been enabled."),
    "verified": translation.mark("The email address has been marked as verified."),
    "unverified": translation.mark("The email address has been marked as not verified."),
    "logged_out": translation.mark("All sessions of the user have ended."),
    "reset_sent": translation.mark("A link to set a new password is on its way to the user."),
    "factors_reset": translation.mark("All second factors of the user have been removed."),
    "deleted": translation.mark("The account and all data about its user have been deleted."),
    "session_ended": translation.mark("The session has ended."),
    "role_created": translation.mark("The role has been created."),
    "role_changed": translation.mark("The role has been saved."),
    "role_deleted": translation.mark("The role has been deleted."),
    "requeued": translation.mark("The email will be sent again."),
    "requeued_all": translation.mark("Failed emails will be sent again, except those whose link no longer works."),
    "api_key_limited": translation.mark("The rate limit of the API key has been changed."),
    "api_key_deleted": translation.mark("The API key has been deleted."),
    "webhook_changed": translation.mark("The webhook has been changed."),
    "webhook_tested": translation.mark("A test event is being sent."),
    "webhook_retried": translation.mark("The event is sent again."),
    "webhook_replayed": translation.mark("The events are sent again."),
    "webhook_deleted": translation.mark("The webhook has been deleted."),
    "rotated": translation.mark("Access tokens are signed with a new key from now on."),
}
LABELS = {
    **texts.LABELS,
    "query": translation.mark("Search"),
    "role": translation.mark("Role"),
    "roles": translation.mark("Roles"),
    "is_active": translation.mark("State"),
    "action": translation.mark("Event"),
    "user_id": translation.mark("User ID"),
    "since": translation.mark("Since"),
    "reason": translation.mark("Reason"),
    "name": translation.mark("Name"),
    "description": translation.mark("Description"),
    "permissions": translation.mark("Permissions"),
    "inherits": translation.mark("Inherits"),
    "confirmation": translation.mark("Confirmation"),
    "rate_limit": translation.mark("Rate limit"),
    "url": translation.mark("URL"),
    "events": translation.mark("Events"),
    "until": translation.mark("Until"),
    "file": translation.mark("File"),
    "system": translation.mark("System"),
}
# The reasons of failed logins in the audit log, by `detail.reason`.
FAILURES = {
    "invalid_credentials": translation.mark("wrong password"),
    "email_not_verified": translation.mark("email address not verified"),
    "account_disabled": translation.mark("account disabled"),
    "oauth_error": translation.mark("the provider reported an error"),
    "mfa_required": translation.mark("second factor not completed"),
    "invalid_code": translation.mark("wrong code"),
}
