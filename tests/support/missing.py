"""Real things that a machine may not have: their tests are skipped, and the end of the run says so."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

NOT_SHOWN = "not shown here:"


class Missing(Exception):
    """A real thing that a test needs is not on this machine."""


def started(kind: Callable[..., T], *arguments: Any) -> T:
    """It, or a skipped test."""
    try:
        return kind(*arguments)
    except Missing as missing:
        pytest.skip(f"{NOT_SHOWN} {missing}")


def told_by(reporter: Any) -> None:
    """Say at the end of a run, where nobody can miss it, what was skipped because of a Missing."""
    told = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    reasons = {reason.partition(NOT_SHOWN)[2].rstrip("')") for reason in told if NOT_SHOWN in reason}
    if reasons:
        reporter.section("THIS RUN DOES NOT SHOW EVERYTHING", red=True, bold=True)
    for reason in sorted(reasons):
        reporter.write_line(f"Tests were skipped that need{reason}", red=True)
