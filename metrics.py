"""What is counted, for Prometheus. A label never holds anything of a person."""

import hashlib
import multiprocessing
import os
import tempfile
from pathlib import Path


def _share_with_other_workers() -> str | None:
    """Several workers of one server count into one directory, so that each of them answers for all. It must be set before the import."""
    if multiprocessing.parent_process() is None:
        return None
    same_for_all_workers = hashlib.sha256(multiprocessing.current_process().authkey).hexdigest()[:16]
    directory = Path(tempfile.gettempdir()) / f"credential-service-metrics-{same_for_all_workers}"
    directory.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    return str(directory)


_directory = _share_with_other_workers()

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, generate_latest  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

CONTENT_TYPE = CONTENT_TYPE_LATEST
LOGINS = Counter("credential_logins", "Logins, by outcome: ok, or the code of the refusal.", ["outcome"])
SIGN_UPS = Counter("credential_sign_ups", "Accounts made by signing up.")
REFRESHES = Counter(
    "credential_refreshes", "Refresh tokens shown: rotated, repeated within the grace, refused, or reused.", ["outcome"]
)
RATE_LIMITED = Counter(
    "credential_rate_limited", "Requests beyond a limit, by its name; `guesses`: one that had to wait.", ["policy"]
)
SWEPT = Counter("credential_swept_rows", "Old rows removed by housekeeping, by kind.", ["kind"])


def text() -> bytes:
    """All of it, over all workers."""
    if _directory is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, _directory)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
