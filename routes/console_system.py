"""Define the pages of the administration console about the service: audit log, emails, keys, settings and imports."""

from typing import Annotated, Literal

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

import routes
import schemas
from audit import Caller
from console import emails, exports, filters, import_pages, imports, keys, pages, rendering
from console.guards import Administrator, requires
from core import thread_pools
from credentials import passwords
from database import Db
from hosted_pages import destinations
from web import rate_limits
from web.rate_limits import limit

router = routes.router(prefix=destinations.CONSOLE, tags=["console"], include_in_schema=False)
Presence = Annotated[schemas.Presence, Form()]
ImportId = Annotated[schemas.PublicId, Path()]


# ------------------------------------------------------------------------------------------------------------ audit log


@router.get("/audit", dependencies=[requires("audit:read")])
def audit(request: Request, who: Administrator) -> Response:
    return pages.events(request, who)


@router.get("/audit/export", dependencies=[requires("audit:read")])
@rate_limits.limit_by_user("export")
def export_audit(
    request: Request, who: Administrator, caller: Caller, format: Annotated[Literal["csv", "jsonl"], Query()]
) -> Response:
    """Download all events that match the filters in the address."""
    chunks = exports.stream(filters.of_events(request, who), format)
    headers = {"Content-Disposition": f'attachment; filename="audit.{format}"'}
    return StreamingResponse(chunks, media_type=exports.MEDIA_TYPES[format], headers=headers)


# ---------------------------------------------------------------------------------------------- emails, keys, settings


@router.get("/emails", dependencies=[requires("system:read")], name="emails")
def list_emails(request: Request, who: Administrator) -> Response:
    return pages.all_emails(request, who)


@router.post("/emails", dependencies=[requires("system:write")])
def requeue_emails(
    db: Db, caller: Caller, who: Administrator, email_id: Annotated[int | None, Form(ge=1, lt=2**63)] = None
) -> Response:
    """Send one failed email again, or all of them."""
    emails.requeue(db, caller, who, email_id)
    said = "requeued" if email_id else "requeued_all"
    return rendering.redirect_to(who, "system:read", "/emails", said, state="waiting")


@router.get("/keys", dependencies=[requires("system:read")], name="keys")
def list_keys(request: Request, who: Administrator) -> Response:
    return pages.all_keys(request, who)


@router.get("/keys/rotate", dependencies=[requires("system:write")])
def rotate_keys_page(request: Request, who: Administrator) -> Response:
    return pages.rotate_keys(request, who)


@router.post("/keys/rotate", dependencies=[requires("system:write"), limit("login")])
@passwords.hashes
def rotate_keys(body: Presence, db: Db, caller: Caller, who: Administrator) -> Response:
    keys.rotate(db, caller, who, body)
    return rendering.redirect_to(who, "system:read", "/keys", "rotated")


@router.get("/settings", dependencies=[requires("system:read")])
def settings(request: Request, who: Administrator) -> Response:
    return pages.all_settings(request, who)


# --------------------------------------------------------------------------------------------------------------- import


@router.get("/import", dependencies=[requires("system:write")], name="imports")
def list_imports(request: Request, who: Administrator) -> Response:
    return import_pages.listed(request, who)


@router.post("/import", dependencies=[requires("system:write")])
async def upload(request: Request, db: Db, caller: Caller, who: Administrator) -> Response:
    """Check an uploaded file. The body is read here and not by FastAPI, which would read it before the guards."""
    async with request.form(max_files=1, max_fields=5) as form:
        system = str(form.get("system", ""))
        import_id = await thread_pools.run_in_request_pool(imports.begin, db, caller, who, form.get("file"), system)
    return rendering.redirect(f"/import/{import_id}")


@router.get("/import/{import_id}", dependencies=[requires("system:write")])
def import_page(import_id: ImportId, request: Request, who: Administrator) -> Response:
    return import_pages.one(request, who)


@router.post("/import/{import_id}", dependencies=[requires("system:write"), limit("login")])
@passwords.hashes
def start_import(import_id: ImportId, body: Presence, db: Db, caller: Caller, who: Administrator) -> Response:
    return rendering.redirect(f"/import/{imports.confirm(db, caller, who, import_id, body)}")
