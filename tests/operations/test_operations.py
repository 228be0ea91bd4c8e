"""docs/operations.md lists every time constant of the code with its value, and no other."""

import ast
import importlib
import re
from datetime import timedelta

import pytest

from servers import PROJECT
from tests.project.test_layers import FILES

PAGE = (PROJECT / "docs/operations.md").read_text(encoding="utf-8")
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "KiB": 1024, "MiB": 1024**2, "": 1}
ROWS = dict(re.findall(r"^\| `([a-z_.]+\.[A-Z_]+)` \| (.+?) \| .+ \|$", PAGE, re.M))


def told(value: str) -> tuple[float, ...]:
    """Return "0.02 to 0.25 seconds" in seconds."""
    *numbers, unit = re.fullmatch(r"([\d.]+)(?: to ([\d.]+))? ?(\w*?)s?", value).groups()
    return tuple(float(number) * UNITS[unit] for number in numbers if number)


def real(name: str) -> tuple[float, ...]:
    """Return the value that the code assigns, also if the tests replace it: see tests/conftest.py."""
    module, _, constant = name.rpartition(".")
    value_of = dict(vars(importlib.import_module(module)))
    for node in ast.parse(FILES[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and constant in map(ast.unparse, ast.walk(node.targets[0])):
            exec(ast.unparse(node), value_of)
    value = value_of[constant]
    factor = UNITS["minute"] if "MINUTES" in constant else UNITS["day"] if "DAYS" in constant else 1
    values = value if isinstance(value, tuple) else (value,)
    return tuple(v.total_seconds() if isinstance(v, timedelta) else v * factor for v in values)


@pytest.mark.parametrize("name", ROWS)
def test_documented_value_equals_the_constant(name):
    assert told(ROWS[name]) == pytest.approx(real(name))


def times_in_the_code() -> set[str]:
    """Return every constant of a module that is a time."""
    found = set()
    for module, path in FILES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name) and n.id.isupper()]
            a_time = "timedelta(" in ast.unparse(node) and isinstance(
                getattr(node, "value", None), ast.Call | ast.Tuple
            )
            found |= {
                f"{module}.{n}"
                for n in names
                if re.search(r"SECONDS|MINUTES|DAYS_", n) or (a_time and n != "CAPABILITY")
            }
    return found


def test_every_time_constant_is_documented():
    assert len(times_in_the_code()) > 30
    assert times_in_the_code() - ROWS.keys() == set()


def test_time_to_stop_equals_that_of_the_entrypoint():
    assert "--timeout-graceful-shutdown 20" in (PROJECT / "entrypoint.sh").read_text()
    assert "for up to 20 seconds (`--timeout-graceful-shutdown`" in PAGE
