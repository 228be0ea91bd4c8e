"""Count events for Prometheus. A label never contains personal data, and docs/metrics.md lists each metric.

Gauges of the database, such as the emails that wait, are queried at each scrape: see `operations.measurements`.
"""

import hashlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


def _share_with_other_workers() -> str | None:
    """Several workers of one server count into one directory, so that each of them answers for all.

    It must be set before the import.
    """
    if multiprocessing.parent_process() is None:
        return None
    same_for_all_workers = hashlib.sha256(multiprocessing.current_process().authkey).hexdigest()[:16]
    directory = Path(tempfile.gettempdir()) / f"credential-service-metrics-{same_for_all_workers}"
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
RATE_LIMITED = Counter(
    "credential_rate_limited",
    "Requests rejected by a rate limit, by its name; `guesses`: by login throttling.",
    ["policy"],
)
REDIS_FAILURES = Counter(
    "credential_redis_failures", "Failed requests to Redis, after which each worker counts by itself."
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
SWEEPS = Counter("credential_sweeps", "Cleanup runs: ok or failed.", ["outcome"])
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
}

# Those that are never seen would be missing rather than 0, and their first increase would not show.
for _outcome in ("ok", "invalid_credentials"):
    LOGINS.labels(_outcome)
for _outcome in ("rotated", "repeated", "refused", "reused"):
    REFRESHES.labels(_outcome)
for _outcome in ("sent", "put_off", "given_up", "withdrawn"):
    MAILS.labels(_outcome)
for _outcome in ("ok", "failed"):
    SWEEPS.labels(_outcome)
for _kind in ("password", "code"):
    WRONG_GUESSES.labels(_kind)
for _policy in ("default", "login", "signup", "email", "token", "guesses"):
    RATE_LIMITED.labels(_policy)

_resolved: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. `route` is its template: the set of labels stays small, whatever is asked for."""
    key = (method if method in METHODS else "other", route, status)
    if key not in _resolved:  # looking the labels up anew would cost more than counting
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
    """All of it, over all workers, and what was measured just now."""
    registry = CollectorRegistry()
    registry.register(_Measured(measured))
    if _directory is None:
        return generate_latest(REGISTRY) + generate_latest(registry)
    _forget_dead_workers(Path(_directory))
    MultiProcessCollector(registry, _directory)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_dead_workers(directory: Path) -> None:
    # What a worker counted stays counted; what it held when it was killed, it holds no more.
    for path in directory.glob("gauge_live*.db"):
        try:
            os.kill(int(path.stem.rpartition("_")[2]), 0)
        except (ProcessLookupError, PermissionError):  # or it is somebody else's by now
            path.unlink(missing_ok=True)


def serve(port: int) -> None:
    """Answer Prometheus on a port of its own, for a process that serves nothing else."""
    start_http_server(port)
