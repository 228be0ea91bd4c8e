"""The capability record of the administration console, which HOSTED_PAGES enables."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from console import models as _models  # noqa: F401 - the table exists even if the capability is disabled
from core.capability import ADMINISTRATOR, Capability, ConsoleSection, Expired
from languages import translation

DAYS_IMPORTS_ARE_LISTED = 90
HOURS_FILES_ARE_KEPT = 24  # that were checked, but not imported
UPLOAD_BYTES = 16 * 1024 * 1024


def _error_handler() -> Any:
    from console import rendering

    return rendering.handle


def _cleanup(now: datetime) -> Iterable[Expired]:
    from console.models import ImportRun

    yield Expired("import_runs", ImportRun, ImportRun.started_at < now - timedelta(days=DAYS_IMPORTS_ARE_LISTED))


def _erase(db: Any, user: Any) -> None:
    from sqlalchemy import delete

    from console.models import ImportRun

    db.execute(delete(ImportRun).where(ImportRun.started_by == user.user_id))


def _maintain(_batch: int) -> dict[str, int]:
    # Also if the console was disabled since: the files contain the data of users.
    from sqlalchemy import update

    import database
    import models
    from console.models import ImportRun

    oldest = models.now() - timedelta(hours=HOURS_FILES_ARE_KEPT)
    forgotten = update(ImportRun).where(ImportRun.content.is_not(None), ImportRun.started_at < oldest)
    return {"import_files": len(database.read_all(forgotten.values(content=None).returning(ImportRun.id)))}


USER_ACTIONS = (
    "reset_password", "log_out", "verify", "unverify", "enable", "disable", "reset_factors", "delete",
)  # fmt: skip

CAPABILITY = Capability(
    name="console",
    enabled=lambda settings: settings.hosted_pages,
    tables=("import_runs",),
    permissions=("system:read", "system:write"),
    audit_events={
        "email.requeued": "An administrator sent emails that had failed again (`detail.emails` says how many).",
        "users.import_started": "An administrator started an import of users.",
    },
    events_without_account=("email.requeued", "users.import_started"),
    routers=("routes.console.router", "routes.console_users.router", "routes.console_system.router"),
    uploads={"/admin/console/import": UPLOAD_BYTES},
    console=(
        ConsoleSection("overview", "", None, translation.mark("Overview")),
        ConsoleSection("users", "/users", "users:read", translation.mark("Users")),
        ConsoleSection("roles", "/roles", "roles:read", translation.mark("Roles")),
        ConsoleSection("audit", "/audit", "audit:read", translation.mark("Audit log")),
        ConsoleSection("emails", "/emails", "system:read", translation.mark("Emails")),
        ConsoleSection("import", "/import", "system:write", translation.mark("Import")),
        ConsoleSection("keys", "/keys", "system:read", translation.mark("Signing keys")),
        ConsoleSection("settings", "/settings", "system:read", translation.mark("Settings")),
    ),
    access={
        "console.overview": ADMINISTRATOR,
        "console.confirm_page": ADMINISTRATOR,
        "console.confirm": ADMINISTRATOR,
        "console.users": "users:read",
        "console.user": "users:read",
        "console.invite_page": "users:write",
        "console.invite": "users:write",
        "console.edit_user_page": "users:write",
        "console.edit_user": "users:write",
        "console.roles_of_user_page": "users:write",
        "console.set_roles_of_user": "users:write",
        "console.end_session": "users:write",
        **{f"console.{action}_page": "users:write" for action in USER_ACTIONS},
        **{f"console.{action}": "users:write" for action in USER_ACTIONS},
        "console.impersonate_page": "users:impersonate",
        "console.impersonate": "users:impersonate",
        "console.choose_accounts": "users:write",
        "console.change_accounts": "users:write",
        "console.roles": "roles:read",
        "console.role": "roles:read",
        "console.new_role_page": "roles:write",
        "console.create_role": "roles:write",
        "console.change_role": "roles:write",
        "console.delete_role_page": "roles:write",
        "console.delete_role": "roles:write",
        "console.emails": "system:read",
        "console.requeue_emails": "system:write",
        "console.audit": "audit:read",
        "console.export_audit": "audit:read",
        "console.keys": "system:read",
        "console.rotate_keys_page": "system:write",
        "console.rotate_keys": "system:write",
        "console.settings": "system:read",
        "console.imports": "system:write",
        "console.upload": "system:write",
        "console.import_page": "system:write",
        "console.start_import": "system:write",
    },
    error_handler=_error_handler,
    erase=_erase,
    cleanup=_cleanup,
    maintain=_maintain,
)
