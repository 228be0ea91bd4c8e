"""Configure logging: own and library log entries as text or JSON, with the request id and user id.

Query strings and bodies are never logged, because they may contain a token or a password.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from settings.loading import settings
from telemetry import sentry

# With rich, a dependency of the command line, structlog would load pygments, which takes a tenth of the startup time.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
import structlog

if sys.modules["rich"] is None:
    del sys.modules["rich"]

logger = structlog.get_logger
_frequent = logging.getLogger("frequent")
_as_json = json.JSONEncoder().encode


def set_up() -> None:
    """Configure logging. Values are quoted, so that input cannot forge a line."""
    shared: list[Any] = [
        _add_request,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = structlog.processors.JSONRenderer() if settings.log_format == "json" else _as_text
    structlog.configure(
        [*shared, sentry.report, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"  # it logs query strings
    for noisy in (
        "sqlalchemy",
        "alembic",
        "asyncio",
        "email_validator",
        "passlib",
        "httpcore2",  # headers of providers
        "httpx2",  # queries
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


_request: ContextVar[dict[str, str] | None] = ContextVar("request", default=None)


def begin(request_id: str) -> None:
    """Add the request id to all log entries of this request, in any thread."""
    _request.set({"request_id": request_id})


def end(**values: Any) -> None:
    """Log the request, with these values, and no longer add its id to log entries."""
    write("request", **values)
    _request.set(None)


def write(event: str, **values: Any) -> None:
    """Log a frequent event without structlog, whose processors would take as long as the rate limits of a request."""
    if _frequent.isEnabledFor(logging.INFO):
        now = f"{datetime.now(UTC).replace(tzinfo=None).isoformat()}Z"
        of_request = {name: value for name, value in (_request.get() or {}).items() if name not in values}
        entry = {**values, "event": event, **of_request, "level": "info", "timestamp": now}
        line = _as_json(entry) if settings.log_format == "json" else _as_text(None, "info", entry)
        sys.stderr.write(f"{line}\n")


def know_user(user_id: str) -> None:
    """Add the user id to all further log entries of this request."""
    if (request := _request.get()) is not None:
        request["user_id"] = user_id


def _add_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in (_request.get() or {}).items():
        event.setdefault(name, value)
    return event


_PLAIN = re.compile(r"[\w.:/@+{}-]+")


def _as_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return a log entry as text: time, level, message and values, followed by an indented traceback.

    A value with anything but letters, digits and common punctuation is quoted and escaped, so that input cannot forge a
    line or a value.
    """
    trace = str(event.pop("exception", ""))
    time, level, message = (str(event.pop(name, "")) for name in ("timestamp", "level", "event"))
    values = [f"{name}={_quoted(value)}" for name, value in event.items()]
    first = "  ".join([f"{time[:19].replace('T', ' ')} {level.upper():<8} {_printable(message)}", *values])
    return "\n    | ".join([first, *map(_printable, trace.splitlines())])


def _quoted(value: Any) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else repr(text)


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
