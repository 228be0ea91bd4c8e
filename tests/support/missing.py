"""Software that a machine may lack: its tests are skipped, and the end of the run lists them."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

NOT_SHOWN = "not shown here:"


class Missing(Exception):
    """Software that a test needs is not installed on this machine."""


def started(kind: Callable[..., T], *arguments: Any) -> T:
    """Return the software, or skip the test."""
    try:
        return kind(*arguments)
    except Missing as missing:
        pytest.skip(f"{NOT_SHOWN} {missing}")


def told_by(reporter: Any) -> None:
    """Print at the end of a run what was skipped because of a Missing."""
    told = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    reasons = {reason.partition(NOT_SHOWN)[2].rstrip("')") for reason in told if NOT_SHOWN in reason}
    if reasons:
        reporter.section("THIS RUN DOES NOT SHOW EVERYTHING", red=True, bold=True)
    for reason in sorted(reasons):
        reporter.write_line(f"Tests were skipped that need{reason}", red=True)
