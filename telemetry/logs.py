"""What is logged.

Our lines and the libraries' alike, as text or as JSON, each with the request and the person that it is about.

No query string and no body is ever logged: both may hold a token or a password.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

from settings.loading import settings
from telemetry import sentry

# With rich, which the command line brings along, structlog would load all of pygments: a tenth of each start.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
import structlog

if sys.modules["rich"] is None:
    del sys.modules["rich"]

logger = structlog.get_logger
requests: Any = logger()  # for the one line of each request


def set_up() -> None:
    """Our lines and the libraries' alike, as text or as JSON. Values are quoted, so that no input can forge a line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_user,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer() if settings.log_format == "json" else _as_text
    structlog.configure(
        [*shared, sentry.report, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # By itself, and not through `logging`: it is written with each request, and would cost as much as the rest of that
    # step.
    global requests
    requests = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        [*shared, last],
        structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # it writes query strings
    logging.getLogger("uvicorn.error").addFilter(lambda record: "WebSocket" not in str(record.msg))  # and so does this
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


_person: ContextVar[dict[str, str] | None] = ContextVar("person", default=None)


def begin(request_id: str) -> None:
    """From now on each line of this request, in whatever thread, names it."""
    structlog.contextvars.bind_contextvars(request_id=request_id)
    _person.set({})


def end() -> None:
    structlog.contextvars.unbind_contextvars("request_id")


def know_user(user_id: str) -> None:
    """Say whose request this is, once that is known: its line in the log, and every other from now on, names the id."""
    if (person := _person.get()) is not None:
        person["user_id"] = user_id


def _add_user(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in (_person.get() or {}).items():
        event.setdefault(name, value)
    return event


_PLAIN = re.compile(r"[\w.:/@+{}-]+")


def _as_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return an entry as people read it: time, level, message, values; and below it a traceback, indented.

    A value with anything but letters, digits and common punctuation is quoted and escaped, so that no input can forge
    a line or a value.
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
    return "".join(c if c.isprintable() else "?" for c in text)
