"""Report errors to Sentry if SENTRY_DSN is set: the error type and the code position, with ids but no personal data.

The package is loaded only then. Its integrations are disabled, since they would send bodies, headers, queries and local
variables.
"""

import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

from settings.loading import settings

SECONDS_TO_SEND = 2.0
_on = False


def begin(release: str) -> None:
    """Start to report log entries of level error. Does nothing without SENTRY_DSN."""
    global _on
    if not settings.sentry_dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        settings.sentry_dsn,
        release=release,
        environment=settings.environment,
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=_scrub,
        shutdown_timeout=SECONDS_TO_SEND,
    )
    _on = True


def end() -> None:
    """Send pending reports."""
    global _on
    if _on:
        import sentry_sdk

        sentry_sdk.get_client().close()
        _on = False


def report(_logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Report a log entry of level error, with its event, ids and traceback only. A structlog processor."""
    if _on and method in ("error", "exception", "critical"):
        import sentry_sdk

        with sentry_sdk.new_scope() as scope:
            if "request_id" in line:
                scope.set_tag("request_id", line["request_id"])
            if "user_id" in line:
                scope.set_user({"id": line["user_id"]})
            error = _exception(line.get("exc_info"))
            if error:
                scope.set_transaction_name(str(line["event"]))
                scope.capture_exception(error)
            else:
                scope.capture_message(str(line["event"]), level="error")
    return line


def _exception(given: Any) -> BaseException | tuple[type[BaseException], BaseException, TracebackType | None] | None:
    return sys.exc_info()[1] if given is True else given or None


def _scrub(event: Any, _hint: Any) -> Any:
    """Remove the messages of exceptions, which may quote input. The log contains them, with the same request_id."""
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = "see the log"
    for part in ("request", "extra", "breadcrumbs", "modules"):
        event.pop(part, None)
    return event
