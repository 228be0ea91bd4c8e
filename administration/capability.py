"""The capability record of administration: users, roles, the audit log and statistics, for administrators."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from administration import models as _models  # noqa: F401 - the tables exist even if the capability is disabled
from core.capability import Capability, Expired, Section
from languages import translation
from settings import groups


def _export() -> list[Section]:
    import audit
    from models import AuditEvent
    from schemas_admin import Event

    return [
        Section(
            "activity",
            Event,
            lambda user: audit.events_of(user.user_id),
            "audit_events",
            "Events about the account.",
            AuditEvent.id,
        ),
        Section(
            "acts",
            Event,
            lambda user: audit.events_by(user.user_id),
            "audit_events",
            "Actions of the user on other users, with only the id of each.",
            AuditEvent.id,
        ),
    ]


def _maintain(batch: int) -> dict[str, int]:
    import audit
    import database
    from administration import counted_days, erasure
    from core import batches
    from settings.loading import settings

    def delete_some() -> int:
        with database.transaction() as db:
            return audit.delete_expired(db, batch)

    erasure.run()
    counted_days.update()
    return {"audit_events": batches.repeat(delete_some, batch)} if settings.audit_retention_days else {}


def _middleware(_routers: Sequence[Any]) -> list[Any]:
    from starlette.middleware import Middleware

    from administration.funnel_middleware import FunnelMiddleware

    return [Middleware(FunnelMiddleware)]


def _on_recorded(events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    from administration import funnel

    funnel.count_events(events)


def _cleanup(now: datetime) -> Iterable[Expired]:
    from administration import counted_days, funnel
    from administration.models import CountedDay, DailyCount

    yield Expired("daily_counts", DailyCount, DailyCount.day <= now.date() - timedelta(days=funnel.DAYS_KEPT))
    # Also what was stored by a clock that was wrong.
    past = CountedDay.day < now.date() - timedelta(days=counted_days.DAYS)
    yield Expired("counted_days", CountedDay, past | (CountedDay.counted_to > now))


def _erase(db: Any, user: Any) -> None:
    from administration import erasure

    erasure.begin(db, user)


CAPABILITY = Capability(
    name="administration",
    settings=(groups.AdministrationSettings,),
    tables=("roles", "audit_events", "erasures", "daily_counts", "counted_days"),
    permissions=("users:read", "users:write", "roles:read", "roles:write", "audit:read", "users:impersonate"),
    audit_events={
        "user.disabled": "An administrator disabled the account; its sessions and links ended.",
        "user.enabled": "An administrator enabled the account again.",
        "user.roles_changed": "The roles of the account changed, from `detail.before` to `detail.roles`.",
        "email.set": "An administrator set another email address, which is not verified.",
        "email.marked_verified": "An administrator marked the email address as verified; its owner did not verify it.",
        "email.marked_unverified": "An administrator marked the email address as not verified.",
        "user.impersonated": "An administrator began to impersonate the user, for `detail.reason`. The events of the "
        "session have the administrator as `actor_id`, and the user as `detail.impersonated`.",
        "user.impersonation_ended": "An administrator stopped impersonating the user.",
        "role.made": "A role was created.",
        "role.changed": "A role was changed, for every account that has it.",
        "role.deleted": "An unused role was deleted.",
    },
    events_without_account=("role.made", "role.changed", "role.deleted"),
    emails={"email_marked_unverified": (), "impersonated": ()},
    notices={
        "impersonated": translation.mark("an administrator who logged in as you"),
        "email_marked_unverified": translation.mark(
            "your email address, which an administrator marked as not verified"
        ),
    },
    routers=("routes.admin.router",),
    access={
        "admin.list_users": "users:read",
        "admin.invite_user": "users:write",
        "admin.read_user": "users:read",
        "admin.change_user": "users:write",
        "admin.delete_user": "users:write",
        "admin.set_user_roles": "users:write",
        "admin.logout_user": "users:write",
        "admin.send_password_reset": "users:write",
        "admin.impersonate": "users:impersonate",
        "admin.list_roles": "roles:read",
        "admin.make_role": "roles:write",
        "admin.read_role": "roles:read",
        "admin.change_role": "roles:write",
        "admin.delete_role": "roles:write",
        "admin.read_audit": "audit:read",
        "admin.read_stats": "users:read",
        "admin.read_funnel": "users:read",
    },
    # Closed to keys: changes of rights and roles, deletion, and reset links.
    open_to_keys={
        "admin.list_users": "users:read",
        "admin.invite_user": "users:write",
        "admin.read_user": "users:read",
        "admin.change_user": "users:write",
        "admin.logout_user": "users:write",
        "admin.list_roles": "roles:read",
        "admin.read_role": "roles:read",
        "admin.read_audit": "audit:read",
        "admin.read_stats": "users:read",
        "admin.read_funnel": "users:read",
    },
    middleware=_middleware,
    on_recorded=_on_recorded,
    cleanup=_cleanup,
    export=_export,
    erase=_erase,
    maintain=_maintain,
)
