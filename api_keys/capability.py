"""The capability record of API keys."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api_keys import models as _models  # noqa: F401 - the table exists even if the capability is disabled
from core.capability import USER, Capability, ConsoleSection, Expired, Section
from languages import translation
from settings.loading import settings


def _export() -> list[Section]:
    from sqlalchemy import select

    from api_keys import schemas
    from api_keys.models import ApiKey

    columns = [getattr(ApiKey, name) for name in schemas.HeldApiKey.model_fields]
    return [
        Section(
            "api_keys",
            schemas.HeldApiKey,
            lambda user: select(*columns).where(ApiKey.account_id == user.id),
            "api_keys",
            "The API keys of the account, without the keys themselves.",
        )
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    from api_keys.models import ApiKey

    yield Expired("api_keys", ApiKey, ApiKey.expires_at < now)


def _maintain(batch: int) -> dict[str, int]:
    from api_keys import reminders

    return {"api_keys_reminded": reminders.send(batch)}


def _resolve(raw: str, ip: str | None) -> Any:
    from api_keys import authentication

    return authentication.resolve(raw, ip)


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    from api_keys import service

    service.on_credentials_changed(db, user, change)


def _on_logged_out_everywhere(db: Any, user: Any, api_keys: bool) -> None:
    if api_keys:
        from api_keys import service

        service.end_all(db, user)


CAPABILITY = Capability(
    name="api_keys",
    tables=("api_keys",),
    audit_events={
        "api_key.created": "The owner created an API key, with `detail.scopes`.",
        "api_key.renamed": "The owner renamed an API key.",
        "api_key.rotated": "The owner replaced an API key; the old one is valid for `detail.overlap_seconds`.",
        "api_key.limited": "An administrator changed the rate limit of an API key.",
        "api_key.deleted": "An API key was deleted, by its owner or by an administrator.",
    },
    emails={"api_key_created": (), "api_key_expires": ()},
    notices={
        "api_key_created": translation.mark("a new API key"),
        "api_key_expires": translation.mark("an API key that ends within a week"),
    },
    routers=(
        "routes.api_keys.own",
        "routes.api_keys.admin",
        *(("routes.hosted_api_keys.router", "routes.console_api_keys.router") if settings.hosted_pages else ()),
    ),
    console=(ConsoleSection("api_keys", "/api-keys", "users:read", translation.mark("API keys")),),
    access={
        "users.create_api_key": USER,
        "users.list_api_keys": USER,
        "users.rename_api_key": USER,
        "users.delete_api_key": USER,
        "users.rotate_api_key": USER,
        "pages.api_keys_page": USER,
        "pages.new_api_key_page": USER,
        "pages.create_api_key": USER,
        "pages.rename_api_key_page": USER,
        "pages.rename_api_key": USER,
        "pages.rotate_api_key_page": USER,
        "pages.rotate_api_key": USER,
        "pages.api_key_deletion_page": USER,
        "pages.delete_api_key": USER,
        "admin.list_api_keys_of_users": "users:read",
        "admin.change_api_key": "users:write",
        "admin.end_api_key": "users:write",
        "console.api_keys": "users:read",
        "console.api_key": "users:read",
        "console.limit_api_key": "users:write",
        "console.delete_api_key": "users:write",
    },
    open_to_keys={"admin.list_api_keys_of_users": "users:read"},
    credentials={"csk_": _resolve},
    export=_export,
    cleanup=_cleanup,
    maintain=_maintain,
    on_credentials_changed=_on_credentials_changed,
    on_logged_out_everywhere=_on_logged_out_everywhere,
)
