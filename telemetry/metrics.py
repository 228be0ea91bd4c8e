"""Count events for Prometheus. Labels never contain personal data; docs/metrics.md lists all metrics.

Gauges of the database, such as the number of waiting emails, are queried at each scrape: see `operations.measurements`.
"""

import hashlib
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path


def _share_with_other_workers() -> str | None:
    """Let the workers of a server share a directory of counters, so that each of them reports all.

    The environment variable must be set before the import. `serve.py` has set it.
    """
    if multiprocessing.parent_process() is None:
        return os.environ.get("PROMETHEUS_MULTIPROC_DIR") or None
    shared_id = hashlib.sha256(multiprocessing.current_process().authkey).hexdigest()[:16]
    directory = Path(tempfile.gettempdir()) / f"credential-service-metrics-{shared_id}"
    directory.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    return str(directory)


_directory = _share_with_other_workers()

from prometheus_client import (  # noqa: E402
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402
from prometheus_client.registry import Collector  # noqa: E402

CONTENT_TYPE = CONTENT_TYPE_LATEST
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
REQUESTS = Counter("credential_requests", "Requests, by route template and status.", ["method", "route", "status"])
REQUEST_DURATION = Histogram(
    "credential_request_seconds",
    "Duration of requests, by route template.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LOGINS = Counter("credential_logins", "Logins, by outcome: ok, or the error code.", ["outcome"])
SIGN_UPS = Counter("credential_sign_ups", "Accounts created by sign-up.")
REFRESHES = Counter(
    "credential_refreshes", "Refreshes: rotated, repeated within the grace period, refused, or reused.", ["outcome"]
)
THEFT_ALARMS = Counter("credential_theft_alarms", "Sessions revoked because an old refresh token was used again.")
WRONG_GUESSES = Counter("credential_wrong_guesses", "Wrong passwords and wrong codes.", ["kind"])
BREACHED_PASSWORD_CHECKS = Counter(
    "credential_breached_password_checks",
    "Passwords looked up in the list of breached ones: found, not found, failed, or skipped at a login.",
    ["outcome"],
)
RATE_LIMITED = Counter(
    "credential_rate_limited",
    "Requests rejected by a rate limit, by its name; `guesses`: by login throttling.",
    ["policy"],
)
CAPTCHAS = Counter(
    "credential_captchas",
    "Requests that needed a CAPTCHA, by provider and outcome: accepted, missing, refused, replayed or unavailable.",
    ["provider", "outcome"],
)
LOGOUT_TOKENS = Counter(
    "credential_logout_tokens", "Back-channel logout tokens: sent, put_off, given_up or withdrawn.", ["outcome"]
)
OAUTH_TOKENS = Counter(
    "credential_oauth_tokens", "Token requests of OAuth clients that succeeded, by grant type.", ["kind"]
)
OAUTH_REFUSALS = Counter(
    "credential_oauth_refusals", "Token requests of OAuth clients that were rejected, by error code.", ["outcome"]
)
API_KEY_USES = Counter(
    "credential_api_key_uses", "Requests with an API key: ok, malformed, unknown, or from another network.", ["outcome"]
)
REDIS_FAILURES = Counter(
    "credential_redis_failures", "Failed requests to Redis, after which each worker counts separately."
)
HASHING_QUEUE = Gauge(
    "credential_hashing_queue", "Passwords that are being hashed or wait for it.", multiprocess_mode="livesum"
)
HASHING_WAIT = Histogram(
    "credential_hashing_wait_seconds",
    "Time that a password waited before it was hashed.",
    buckets=(0.005, 0.05, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
CONNECTIONS = Gauge(
    "credential_database_connections", "Maximum number of connections in the pools.", multiprocess_mode="livesum"
)
CONNECTIONS_IN_USE = Gauge(
    "credential_database_connections_in_use", "Connections in use by requests.", multiprocess_mode="livesum"
)
MAILS = Counter("credential_mails", "Attempts to deliver an email: sent, put off, given up, or withdrawn.", ["outcome"])
TEXT_MESSAGES = Counter(
    "credential_text_messages", "Attempts to send a text message: sent, put off, given up, or withdrawn.", ["outcome"]
)
TEXT_MESSAGES_LIMITED = Counter(
    "credential_text_messages_limited",
    "Text messages that were not sent, by the limit: number, account, service, or country.",
    ["limit"],
)
SWEEPS = Counter("credential_sweeps", "Cleanup runs: ok or failed.", ["outcome"])
EVENTS = Counter("credential_events", "Events that were added to the event feed.")
WEBHOOK_DELIVERIES = Counter(
    "credential_webhook_deliveries",
    "Attempts to deliver an event to a webhook: sent, put off, or given up.",
    ["outcome"],
)
WEBHOOK_DURATION = Histogram(
    "credential_webhook_seconds",
    "Time until the receiver of a webhook responded.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ANALYTICS_HITS = Counter(
    "credential_analytics_hits",
    "Attempts to send a figure to Google Analytics: sent, put off, or given up.",
    ["outcome"],
)
SWEPT = Counter("credential_swept_rows", "Expired rows deleted by cleanup, by kind.", ["kind"])
LAST_SWEEP = Gauge(
    "credential_last_sweep_timestamp_seconds", "Time of the last successful cleanup.", multiprocess_mode="max"
)
MEASURED = {
    "credential_database_up": "1, or 0 while the database is unreachable; the other measured gauges are then missing.",
    "credential_accounts": "Accounts.",
    "credential_sessions": "Active sessions; beyond 10,000, the query planner's estimate.",
    "credential_outbox_waiting": "Emails that wait, counted up to 10,000.",
    "credential_outbox_oldest_seconds": "Time that the oldest of them has waited.",
    "credential_outbox_oldest_link_seconds": "Time that the oldest email with a link has been due.",
    "credential_events_oldest_seconds": "Time that the oldest event has waited for its place in the event feed.",
    "credential_webhooks_failing": "Webhooks that fail, or that were disabled because they failed.",
}

_DELIVERED = ("sent", "put_off", "given_up")  # some queues also withdraw rows
# Created with 0: Prometheus does not see the first increase of a missing series. `web.rate_limits` adds its policies.
for _counter, _values in {
    ANALYTICS_HITS: _DELIVERED,
    API_KEY_USES: ("ok", "malformed", "unknown", "other_network"),
    BREACHED_PASSWORD_CHECKS: ("found", "not_found", "failed", "skipped"),
    LOGINS: ("ok", "invalid_credentials"),
    LOGOUT_TOKENS: (*_DELIVERED, "withdrawn"),
    MAILS: (*_DELIVERED, "withdrawn"),
    RATE_LIMITED: ("guesses",),
    REFRESHES: ("rotated", "repeated", "refused", "reused"),
    SWEEPS: ("ok", "failed"),
    TEXT_MESSAGES: (*_DELIVERED, "withdrawn"),
    TEXT_MESSAGES_LIMITED: ("number", "account", "service", "country"),
    WEBHOOK_DELIVERIES: _DELIVERED,
    WRONG_GUESSES: ("password", "code"),
}.items():
    for _value in _values:
        _counter.labels(_value)

_resolved: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


SECONDS_BETWEEN_SAMPLES = 1.0
_sampled: dict[Gauge, int] = {}  # the process in which each is sampled


def sample(gauge: Gauge, value: Callable[[], float]) -> None:
    """Set a gauge every second from now on, in a thread. Called again, it does so only in a forked process."""
    if _sampled.get(gauge) != os.getpid():
        _sampled[gauge] = os.getpid()
        threading.Thread(target=_sample, args=(gauge, value), name="metrics", daemon=True).start()


def _sample(gauge: Gauge, value: Callable[[], float]) -> None:
    while True:
        gauge.set(value())
        time.sleep(SECONDS_BETWEEN_SAMPLES)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. `route` is its template, which limits the number of series."""
    key = (method if method in METHODS else "other", route, status)
    if key not in _resolved:  # looking up labels costs more than counting
        _resolved[key] = REQUESTS.labels(*key), REQUEST_DURATION.labels(*key[:2])
    counter, histogram = _resolved[key]
    counter.inc()
    histogram.observe(seconds)


class _Measured(Collector):
    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values

    def collect(self) -> Iterator[Metric]:
        for name, value in self.values.items():
            yield GaugeMetricFamily(name, MEASURED[name], value)


def text(measured: Mapping[str, float]) -> bytes:
    """Return all metrics in the Prometheus format, summed over all workers, with the gauges that were just measured."""
    registry = CollectorRegistry()
    registry.register(_Measured(measured))
    if _directory is None:
        return generate_latest(REGISTRY) + generate_latest(registry)
    _delete_dead_workers(Path(_directory))
    MultiProcessCollector(registry, _directory)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _delete_dead_workers(directory: Path) -> None:
    # The counters of a dead worker stay, its gauges do not.
    for path in directory.glob("gauge_live*.db"):
        try:
            os.kill(int(path.stem.rpartition("_")[2]), 0)
        except (ProcessLookupError, PermissionError):  # or the pid was reused by another user
            path.unlink(missing_ok=True)


def serve(port: int) -> None:
    """Serve metrics on a separate port, for a process that has no HTTP server."""
    start_http_server(port)
