"""Render each page of the console, also again after an error of its form."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from pydantic import ValidationError

import audit
import errors
import schemas
from accounts import user_queries
from administration import counted_days, funnel
from authorization import roles
from console import actions, diagnosis, emails, filters, keys, overview, shown_settings, texts
from console import bulk as bulk_actions
from console.rendering import form, sent_by, show
from core import capability
from factors import management
from hosted_pages import activity_texts
from oauth_login import identities
from schemas_admin import EventFilters, UserFilters
from sessions import sessions
from sessions.current_user import Current
from settings.loading import settings

EVENTS_OF_USER, EMAILS_OF_USER = 15, 5


def home(request: Request, who: Current) -> Response:
    permissions = who.permissions
    return show(
        request,
        who,
        "overview",
        "overview",
        charts=overview.charts() if "users:read" in permissions else None,
        steps=funnel.of_last(counted_days.DAYS) if "users:read" in permissions else None,
        failures=texts.FAILURES,
        emails=emails.counts() if "system:read" in permissions else None,
        checked=overview.checked() if "system:read" in permissions else None,
    )


def refused(request: Request, who: Current) -> Response:
    return show(request, who, "refused", "")


def confirm(request: Request, who: Current) -> Response:
    return show(request, who, "confirm", "", sections=[], recently_authenticated=False)


# ---------------------------------------------------------------------------------------------------------------- users


def users(request: Request, who: Current) -> Response:
    chosen = filters.read(UserFilters, request)
    page = user_queries.search(chosen)
    return show(
        request,
        who,
        "users",
        "users",
        page=page,
        chosen=chosen,
        older=filters.as_query(chosen, cursor=page.next_cursor) if page.next_cursor else None,
        newest=filters.as_query(chosen) if chosen.cursor else None,
        roles=list(roles.catalogue()),
        bulk=[actions.ALL[name] for name in actions.BULK],
    )


def invite(request: Request, who: Current) -> Response:
    return show(request, who, "invite", "users")


def _account(request: Request, who: Current) -> dict[str, Any]:
    """Return the account of a page, and whether the administrator may change it. Raises NotFound."""
    user = user_queries.by_user_id(str(request.path_params["user_id"]))
    own = roles.current_rights(who.user.roles)
    covered = own.cover(roles.current_rights(user.roles))
    can_log_in = user.is_active and (user.is_verified or settings.email_verification != "required")
    return {
        "user": user,
        "may_change": covered and "users:write" in own.permissions,
        "may_impersonate": covered and "users:impersonate" in own.permissions and user.id != who.user.id and can_log_in,
    }


def user(request: Request, who: Current) -> Response:
    account = _account(request, who)
    found: schemas.ManagedUser = account["user"]
    permissions = who.permissions
    reads_events = "audit:read" in permissions
    return show(
        request,
        who,
        "user",
        "users",
        **account,
        findings=diagnosis.of(found.id, with_events=reads_events),
        actions=actions.ALL,
        owned=management.of_user(found.user_id),
        types=management.NAMES_OF_TYPES,
        devices=[(row, sessions.device_name(row.user_agent)) for row in sessions.list_of(found.id)],
        linked=identities.list_of(found.id),
        applications=_applications_of(found.id) if settings.oidc_provider else None,
        sent_emails=emails.of_account(found.id, EMAILS_OF_USER) if "system:read" in permissions else [],
        failures=texts.FAILURES,
        events=_events(EventFilters(user_id=found.user_id, limit=EVENTS_OF_USER)) if reads_events else [],
    )


def _applications_of(account: int) -> list[dict[str, Any]]:
    from oauth_provider import grants  # only if the provider is enabled

    return grants.shown_of(account)


def _events(chosen: EventFilters) -> list[Mapping[str, Any]]:
    return [_event(event) for event in audit.search(chosen).items]


def _event(event: Any) -> Mapping[str, Any]:
    return {
        **dict(event),
        "meaning": activity_texts.MEANINGS.get(event.action),
        "device": sessions.device_name(event.user_agent) if event.user_agent else "",
    }


def edit_user(request: Request, who: Current) -> Response:
    return show(request, who, "edit_user", "users", **_account(request, who))


def roles_of_user(request: Request, who: Current) -> Response:
    account = _account(request, who)
    return show(request, who, "roles_of_user", "users", **account, all_roles=_grantable(who))


def _grantable(who: Current) -> list[tuple[Any, bool]]:
    """Return all roles, and whether the administrator may grant each."""
    known = roles.catalogue()
    own = roles.rights(who.user.roles, known)
    return [(role, own.cover(roles.rights([role.name], known))) for role in known.values()]


def impersonate(request: Request, who: Current) -> Response:
    notifies = settings.impersonation_notice
    return show(request, who, "impersonate", "users", **_account(request, who), notifies=notifies)


def action(request: Request, who: Current, chosen: actions.Action) -> Response:
    return show(request, who, "action", "users", **_account(request, who), action=chosen)


def bulk(request: Request, who: Current, chosen: bulk_actions.BulkForm) -> Response:
    """Show which accounts an action is for. Raises ValidationFailed."""
    return show(request, who, "bulk", "users", action=chosen.chosen(), accounts=bulk_actions.accounts(chosen))


def bulk_again(request: Request, who: Current) -> Response:
    """Show the accounts of an action again, after an error such as a wrong password."""
    sent = sent_by(request) or {}
    try:
        chosen = bulk_actions.BulkForm(action=sent.get("action", [""])[0], user_ids=sent.get("user_ids", []))
    except ValidationError:  # no page of this service sends such a form
        return refused(request, who)
    return bulk(request, who, chosen)


def bulk_done(request: Request, who: Current, done: actions.Action, outcomes: list[bulk_actions.Outcome]) -> Response:
    return show(request, who, "bulk_done", "users", action=done, outcomes=outcomes)


# ---------------------------------------------------------------------------------------------------------------- roles


def all_roles(request: Request, who: Current) -> Response:
    return show(request, who, "roles", "roles", roles=list(roles.catalogue().values()), built_in=roles.BUILT_IN)


def new_role(request: Request, who: Current) -> Response:
    return show(request, who, "role", "roles", role=None, **_choices(who))


def role(request: Request, who: Current) -> Response:
    found = roles.one(str(request.path_params["name"]))
    is_built_in = found.name in roles.BUILT_IN
    return show(request, who, "role", "roles", role=found, is_built_in=is_built_in, **_choices(who))


def delete_role(request: Request, who: Current) -> Response:
    return show(request, who, "delete_role", "roles", role=roles.one(str(request.path_params["name"])))


def _choices(who: Current) -> dict[str, Any]:
    """Return the permissions and roles that a role may have, and which of them the administrator may grant."""
    own = who.permissions
    return {
        "choices": [(name, name in own) for name in capability.permissions()],
        "all_roles": _grantable(who),
    }


# ---------------------------------------------------------------------------------------------------------- the service


def all_emails(request: Request, who: Current) -> Response:
    chosen = filters.read(emails.EmailFilters, request)
    found, cursor = emails.search(chosen)
    older = filters.as_query(chosen, cursor=cursor) if cursor else None
    return show(
        request,
        who,
        "emails",
        "emails",
        found=found,
        chosen=chosen,
        older=older,
        counts=emails.counts(),
        is_obsolete=emails.is_obsolete,
    )


def events(request: Request, who: Current) -> Response:
    chosen = filters.of_events(request, who)
    page = audit.search(chosen)
    return show(
        request,
        who,
        "audit",
        "audit",
        events=[_event(event) for event in page.items],
        chosen=chosen,
        query=filters.as_query(chosen),
        older=filters.as_query(chosen, cursor=page.next_cursor) if page.next_cursor else None,
        newest=filters.as_query(chosen) if chosen.cursor else None,
        all_events=capability.audit_events(),
    )


def all_keys(request: Request, who: Current) -> Response:
    return show(request, who, "keys", "keys", keys=keys.all_keys(), can_rotate=keys.can_rotate())


def rotate_keys(request: Request, who: Current) -> Response:
    if not keys.can_rotate():
        raise errors.NotFound()
    return show(request, who, "rotate_keys", "keys")


def all_settings(request: Request, who: Current) -> Response:
    return show(request, who, "settings", "settings", groups=shown_settings.all_groups())


def _of(chosen: actions.Action) -> Any:
    return lambda request, who: action(request, who, chosen)


form("/confirm", confirm)
form("/invite", invite)
form("/users/{user_id}/edit", edit_user, "users:read")
form("/users/{user_id}/roles", roles_of_user, "users:read")
form("/users/{user_id}/impersonate", impersonate, "users:read")
form("/users/{user_id}/sessions/{session_id}", user, "users:read")
for each in actions.ALL.values():
    form(f"/users/{{user_id}}/{each.name}", _of(each), "users:read")
form("/bulk", users, "users:read")
form("/bulk/run", bulk_again, "users:read")
form("/new-role", new_role)
form("/roles/{name}", role, "roles:read")
form("/roles/{name}/delete", delete_role)
form("/emails", all_emails, "system:read")
form("/keys/rotate", rotate_keys)
