#!/usr/bin/env python3
"""Fail if a frequent request costs 15 % more CPU time than docs/performance.json records, relative to the bare framework.

    python bench/guard.py

It takes about a minute. Only ratios are compared, so the machine may differ from the one that made the record. A request
that seems more expensive is measured again, up to six times, and the minimum counts, because other load only adds.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]

import measuring
import performance

from servers import Postgres

RECORD = PROJECT / "docs" / "performance.json"
ALLOWED, SECONDS, ROUNDS, REPEATS = 1.15, 2.4, 3, 6
# Each guarded request, and its name in the record.
PATHS = {name: f"{name} {measuring.FEW}" for name in performance.CALLS} | {"login": performance.CHEAP_LOGIN}

Costs = dict[str, float]  # CPU time, by the name of the request
Measure = Callable[[list[str]], Costs]


def recorded(path: Path = RECORD) -> Costs:
    """Return the recorded cost of each request, as a multiple of the constant's. Exits if one is not recorded."""
    figures = json.loads(path.read_text(encoding="utf-8"))
    if missing := [key for key in PATHS.values() if key not in figures]:
        sys.exit(f"{path} does not contain {', '.join(missing)}. Record the figures with `make bench`.")
    return {name: figures[key]["least_cpu_ms"] / figures["constant"]["least_cpu_ms"] for name, key in PATHS.items()}


def compare(measure: Measure, record: Costs, repeats: int = REPEATS) -> list[str]:
    """Measure all requests, the expensive ones again, and return a message for each that is too expensive.

    measure: returns the CPU time of the named requests and of the constant.
    """
    cost, names = measure(list(record)), list(record)
    for _ in range(repeats):
        names = [name for name in names if cost[name] / cost["constant"] > record[name] * ALLOWED]
        if not names:
            break
        again = measure(names)
        cost |= {name: min(cost[name], again[name]) for name in again}
    ratios = {name: cost[name] / cost["constant"] for name in record}
    for name, ratio in ratios.items():
        print(
            f"{name:12} {ratio:5.2f} times the constant, recorded {record[name]:.2f} ({ratio / record[name] - 1:+.0%})"
        )
    return [message(name, ratios[name], record[name]) for name in record if ratios[name] > record[name] * ALLOWED]


def message(name: str, ratio: float, was: float) -> str:
    return (
        f"{name} costs {ratio:.1f} times the bare constant, recorded {was:.1f} ({ratio / was - 1:+.0%}). Find the cause with "
        "a profiler (docs/performance.md), or record the new figure with `make bench` and say why in the commit."
    )


class Stand:
    """The bare framework and the service, at a low cost of hashing. `changes` are further settings of the service."""

    def __init__(self, **changes: str) -> None:
        with contextlib.ExitStack() as ends:
            postgres = Postgres()
            ends.callback(postgres.close)
            self.bare = measuring.Bare()
            ends.callback(self.bare.process.terminate)
            cheap = {"BCRYPT_ROUNDS": str(measuring.CHEAP), **changes}
            self.service = measuring.Service(postgres, measuring.FEW, **cheap)
            ends.callback(self.service.process.kill)
            self.close = ends.pop_all().close

    def measure(self, names: list[str]) -> Costs:
        visits = [measuring.Visit("constant", self.bare, lambda *_: measuring.CONSTANT)]
        for name in names:
            if name == "login":
                visits.append(measuring.Visit(name, self.service, self.service.login, measuring.WORKERS))
            else:
                visits.append(measuring.Visit(name, self.service, getattr(self.service, name)))
        seen = measuring.interleaved(visits, SECONDS, ROUNDS)
        return {name: measuring.least_cpu_ms(measured) for name, measured in seen.items()}


def main() -> Any:
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    record = recorded()
    with contextlib.closing(Stand()) as stand:
        return "\n".join(compare(stand.measure, record)) or 0


if __name__ == "__main__":
    sys.exit(main())
