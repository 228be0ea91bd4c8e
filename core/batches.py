"""Repeat a change of a limited number of rows, for a limited time.

Each batch is a short transaction of its own. What is left is done by the next run, so that a cleanup of many rows does
not delay the others.
"""

import time
from collections.abc import Callable, Iterator

MAX_SECONDS = 60  # for the rows of one kind in one run; the next run continues


def repeat(step: Callable[[], int], batch: int) -> int:
    """Call `step` until it handles fewer rows than a batch or MAX_SECONDS are over, and return how many it handled."""
    total = 0
    for _ in turns():
        handled = step()
        total += handled
        if handled < batch:
            break
    return total


def turns() -> Iterator[None]:
    """Yield until MAX_SECONDS are over, and at least once, so that every run makes progress."""
    until = time.monotonic() + MAX_SECONDS
    yield
    while time.monotonic() < until:
        yield
