"""Define routes about the service itself: index, health, metrics, API documentation and the development mailbox."""

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Header, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse

import email_utils
import errors
import routes
import schemas_service
from core import brand, rate_limit_counters
from core.thread_pools import ThreadPool
from operations import database_state, measurements, readiness, services
from operations import mailbox as development_mailbox
from settings.loading import settings
from settings.version import VERSION
from telemetry import metrics
from web import cookies, error_pages, templates
from web.openapi import documented

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' "
    "data:; "
    "connect-src 'self'; worker-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAILBOX_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "img-src 'self' data:"
)

# Probes have their own threads, so that they respond even while every request thread is busy.
_probes = ThreadPool("probes", 4)
router = routes.router(tags=["system"])
METRICS = '# TYPE credential_logins_total counter\ncredential_logins_total{outcome="ok"} 42.0\n'
# Swagger UI and ReDoc come with a package, so that the pages work without internet access.
_assets = {path.name: Path(str(path)) for path in (resources.files("fastapi_offline") / "static").iterdir()} | {
    path.name: path for path in (Path(__file__).parent.parent / "static").iterdir()
}


@router.head("/", include_in_schema=False)
@router.get("/")
async def welcome(request: Request, response: Response) -> schemas_service.Welcome:
    """Get the name and version of the service. A browser, which accepts `text/html`, gets a page."""
    response.headers["Vary"] = "Accept"
    if error_pages.prefers_html(request):
        return _welcome_page(request)  # type: ignore[return-value]
    return schemas_service.Welcome(
        message="Welcome to the Credential Management Service", version=VERSION, docs=f"{settings.public_base_url}/docs"
    )


def _welcome_page(request: Request) -> Response:
    context = {
        "version": VERSION,
        "production": settings.production,
        "hosted_pages": settings.hosted_pages,
        "mailbox": settings.development_mailbox,
    }
    return templates.page(request, "welcome.html", context, headers={"Vary": "Accept"})


@router.get(
    "/.well-known/security.txt",
    response_class=PlainTextResponse,
    responses={
        200: {"content": {"text/plain": {"example": "Contact: https://example.com/report\n"}}},
        **documented(errors.NotFound),
    },
)
async def security_contact() -> PlainTextResponse:
    """Get the security contact (RFC 9116). Available only if SECURITY_CONTACT is set."""
    return PlainTextResponse(services.security_contact())


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> schemas_service.Health:
    """Check liveness. Responds while the process runs."""
    return schemas_service.Health(status="alive")


@router.head("/health/ready", include_in_schema=False)
@router.get(
    "/health/ready",
    responses={
        503: {
            "model": schemas_service.Readiness,
            "description": "The database is unreachable, read-only or foreign, or lacks tables or rights.",
        }
    },
)
@_probes.runs
def ready(response: Response) -> schemas_service.Readiness:
    """Check readiness.

    `degraded` means that requests are served, but a service other than the database cannot be reached.
    """
    optional = {} if settings.development_mailbox else {"smtp": email_utils.state}
    optional |= {"redis": rate_limit_counters.is_reachable} if settings.redis_url else {}
    status, checks = readiness.report({"database": database_state.problem}, optional)
    if status == "unavailable":
        response.status_code, response.headers["Retry-After"] = 503, str(errors.RETRY_AFTER_SECONDS)
    return schemas_service.Readiness(status=status, checks=checks)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"example": METRICS}}}, **documented(errors.NotFound)},
)
@_probes.runs
def read_metrics(authorization: Annotated[str, Header()] = "") -> PlainTextResponse:
    """Get metrics in the Prometheus format, summed over all workers.

    In production, this endpoint requires `Authorization: Bearer <METRICS_TOKEN>`.
    """
    services.require_metrics_token(authorization)
    return PlainTextResponse(metrics.text(measurements.measured()), headers={"Content-Type": metrics.CONTENT_TYPE})


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    return _page(request, "swagger.html")


@router.get("/redoc", include_in_schema=False)
async def redoc(request: Request) -> Response:
    return _page(request, "redoc.html")


@router.get("/docs/assets/{name}", include_in_schema=False)
async def asset(name: str) -> Response:
    if name not in _assets:
        raise errors.NotFound()
    return FileResponse(_assets[name], headers={"Cache-Control": "public, max-age=86400"})


@router.get("/brand.css", include_in_schema=False)
async def brand_styles() -> Response:
    """Return the colors of the brand, over those of `static/pages.css`."""
    return Response(templates.brand_styles(), media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


@router.get("/dev/mailbox", include_in_schema=not settings.production, responses=documented(errors.NotFound))
def mailbox(request: Request, format: Literal["html", "json"] = "html") -> list[schemas_service.SentMail]:
    """List the emails in the development mailbox, newest first.

    The response is a page, or JSON with `?format=json`. Available only in development without an SMTP server.
    """
    _require_mailbox(request)
    if format == "json":
        emails = [email.model_dump(mode="json") for email in development_mailbox.all_emails()]
        return JSONResponse(emails)  # type: ignore[return-value]
    return _mailbox_page(request, emails=development_mailbox.listed())  # type: ignore[return-value]


@router.get("/dev/mailbox/{email_id}", include_in_schema=False)
def mailbox_email(
    request: Request, email_id: Annotated[int, PathParameter(ge=1, lt=2**63)], show: development_mailbox.Tab = "html"
) -> Response:
    _require_mailbox(request)
    return _mailbox_page(request, opened=development_mailbox.opened(email_id), show=show)


def _require_mailbox(request: Request) -> None:
    if not settings.development_mailbox or not cookies.names_this_machine(request):
        raise errors.NotFound()


def _mailbox_page(request: Request, **context: object) -> Response:
    page = _page(request, "mailbox.html", **context)
    # The frame with an email has the same policy: no script, and no image except those of the brand.
    page.headers["Content-Security-Policy"] = " ".join([MAILBOX_POLICY, *brand.current().image_origins])
    return page


def _page(request: Request, name: str, **context: object) -> Response:
    return templates.page(request, name, context, headers={"Content-Security-Policy": PAGE_POLICY})
