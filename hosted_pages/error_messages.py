"""The error messages of the hosted pages."""

import errors
from languages import translation
from settings.loading import settings


def for_user(error: errors.ServiceError) -> str:
    """Return the error message for users, who do not see headers."""
    match error:
        case errors.RateLimited(retry_after=int(seconds)):
            if seconds < 100:
                return translation.plural(
                    "Too many attempts. Wait for %(number)d second, then try again.",
                    "Too many attempts. Wait for %(number)d seconds, then try again.",
                    seconds,
                )
            return translation.plural(
                "Too many attempts. Wait for %(number)d minute, then try again.",
                "Too many attempts. Wait for %(number)d minutes, then try again.",
                -(-seconds // 60),
            )
        case errors.CrossSiteRequest():
            return translation.mark(
                "The form was not sent from this site. Open %(url)s and try again.",
                url=f"{settings.public_base_url}/login",
            )
    return error.detail


def by_field(error: errors.ServiceError) -> dict[str, list[str]]:
    """Return the error messages by field."""
    messages: dict[str, list[str]] = {}
    for each in error.errors or []:
        messages.setdefault(each.field, []).append(each.message)
    return messages
