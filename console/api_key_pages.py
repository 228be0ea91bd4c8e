"""Render the pages of API keys of all users."""

from fastapi import Request, Response

from accounts import user_queries
from api_keys import administration
from api_keys.schemas import ApiKeyChange, ApiKeyFilters, RateLimit
from authorization import roles
from console import filters
from console.rendering import form, show
from sessions.current_user import Current
from settings.loading import settings


class RateLimitForm(ApiKeyChange):
    """The form of a key's rate limit. Empty: the limit of all keys."""

    rate_limit: RateLimit | None = None


def listed(request: Request, who: Current) -> Response:
    chosen = filters.read(ApiKeyFilters, request)
    page = administration.search(chosen)
    return show(
        request,
        who,
        "api_keys",
        "api_keys",
        keys=page.items,
        chosen=chosen,
        older=filters.as_query(chosen, cursor=page.next_cursor) if page.next_cursor else None,
        newest=filters.as_query(chosen) if chosen.cursor else None,
        default_limit=settings.rate_limit_api_key,
    )


def one(request: Request, who: Current) -> Response:
    """Show a key, with the forms that change it. Raises NotFound."""
    key = administration.one(str(request.path_params["key_id"]))
    owner = user_queries.by_user_id(key.user_id)
    own = roles.current_rights(who.user.roles)
    may_change = "users:write" in own.permissions and own.cover(roles.current_rights(owner.roles))
    return show(
        request,
        who,
        "api_key",
        "api_keys",
        key=key,
        user=owner,
        may_change=may_change,
        default_limit=settings.rate_limit_api_key,
    )


form("/api-keys/{key_id}", one, "users:read")
form("/api-keys/{key_id}/delete", one, "users:read")
