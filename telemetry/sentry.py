"""What goes wrong, told to Sentry where SENTRY_DSN is set.

What kind of error, and where in the code. Nothing of a person or a request but ids.

Its package is loaded only then. None of its integrations runs: they would send bodies, headers, queries and local
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
    """From now on, report what is logged as an error. Does nothing without SENTRY_DSN."""
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
        before_send=_bare,
        shutdown_timeout=SECONDS_TO_SEND,
    )
    _on = True


def end() -> None:
    """Send what is still to be sent."""
    global _on
    if _on:
        import sentry_sdk

        sentry_sdk.get_client().close()
        _on = False


def report(_logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A step of the log: every line that is an error goes to Sentry, by its event, ids and traceback alone."""
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


def _bare(event: Any, _hint: Any) -> Any:
    """Without the exceptions' own words: they may quote what was sent. The log has them, under the same request_id."""
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = "see the log"
    for part in ("request", "extra", "breadcrumbs", "modules"):
        event.pop(part, None)
    return event
