"""Generate the tables in the documentation, the API reference, and `.env.example`, from the code: `make docs`.

A page marks each generated part with `<!-- table: name -->` and `<!-- end -->`. A test fails if a part differs from
the generated one.
"""

import functools
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]
    os.environ |= {"ENV_FILE": os.devnull, "ENVIRONMENT": "development", "JWT_SECRET": "unused-" * 7}
    os.environ["MAGIC_LINK"] = "on"  # off by default without email verification
    os.environ |= {"SMS_PROVIDER": "http", "SMS_URL": "https://sms.example.com", "SMS_SECRET": "example"}
    os.environ["CAPTCHA_PROVIDER"] = "altcha"  # off by default
    os.environ |= {"OIDC_PROVIDER": "true", "ALGORITHM": "ES256"}  # off by default

import access
import errors
import main
from core import capability
from docs import api_reference, capacity_tables
from settings.fields import OPTIONS, Settings, names_of

MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.S)
DEPEND_ON_THE_MACHINE = {"hash_workers": "the number of cores", "jwt_secret": ""}
GROUPS = {group.__name__: group for group in reversed(Settings.__bases__)}


def written(value: object) -> str:
    """Return a default value in the format of an .env file."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(heads), *([["---"] * len(list(heads))]), *map(list, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def settings_table(group: type) -> str:
    """Return the table of one group of settings: names, default and description."""

    def row(option: str) -> list[str]:
        names = " \\| ".join(f"`{name}`" for name in names_of(option))
        default = DEPEND_ON_THE_MACHINE.get(option, f"`{written(OPTIONS[option].default)}`")
        return [names, default if default not in ("", "``") else "–", str(OPTIONS[option].description)]

    return table(["setting", "default", "meaning"], map(row, group.model_fields))  # type: ignore[attr-defined]


def errors_table() -> str:
    """Return the table of all errors, by status and code."""
    kinds = sorted(errors.ServiceError.__subclasses__(), key=lambda kind: (kind.status, kind.code, kind.__name__))
    return table(["status", "code", "detail"], ([str(kind.status), f"`{kind.code}`", kind.detail] for kind in kinds))


def events_table() -> str:
    """Return the table of all audit events."""
    return table(["event", "meaning"], ([f"`{name}`", text] for name, text in capability.audit_events().items()))


def account_events_table() -> str:
    """Return the table of all types of events about accounts."""
    return table(["type", "meaning"], ([f"`{name}`", text] for name, text in capability.account_events().items()))


def performance_table() -> str:
    """Return the table of the targets of `make bench`, with the ratios of the last three runs, oldest first."""

    def ratio(target: dict[str, Any] | None) -> str:
        if target is None:
            return "not measured"
        return f"{target['ratio']:.3f}" + ("" if target["reached"] else " (missed)")

    records = [PROJECT / "docs" / f"performance{run}.json" for run in ("-1", "-2", "")]
    runs = [{each["what"]: each for each in json.loads(path.read_text("utf-8"))["targets"]} for path in records]
    rows = (
        [what, f"{'≤' if each['at_most'] else '≥'} {each['bound']:g}", *(ratio(run.get(what)) for run in runs)]
        for what, each in runs[-1].items()
    )
    return table(["measurement", "target", "first run", "second run", "third run"], rows)


def of_growth() -> dict[str, str]:
    """Return the tables of the recorded run with ten million accounts."""
    figures = json.loads((PROJECT / "docs" / "growth.json").read_text("utf-8"))
    calls = ([each["call"], f"{each['ratio']:.2f}"] for each in figures["calls"])
    cleanups = (
        [each["cleanup"], f"{each['rows']:,}", f"{each['seconds']:.1f}"] for each in figures["cleanups"] if each["rows"]
    )
    return {
        "growth": table(["call", "ratio"], calls),
        "growth_cleanups": table(["cleanup", "rows", "CPU seconds"], cleanups),
    }


def of_capacity() -> dict[str, str]:
    """Return the tables of the measured capacity."""
    figures = json.loads((PROJECT / "docs" / "capacity.json").read_text("utf-8"))
    heads = ["request", "CPU time", "a second", "a second, for each euro a month", "millions a month, for each euro"]
    return {
        "capacity_requests": table(heads, capacity_tables.requests(figures)),
        "capacity_sizes": table(["what", "measured"], capacity_tables.sizes(figures)),
        "capacity_users": table(["assumption or result", "value"], capacity_tables.users(figures)),
    }


@functools.cache
def tables() -> dict[str, str]:
    """Return every generated table, by its name in the pages."""
    return {
        "access": f"{access.as_text()}\n",
        "api": api_reference.text(main.app.openapi(), access.declared()),
        "account_events": account_events_table(),
        "errors": errors_table(),
        "events": events_table(),
        "performance": performance_table(),
        **of_capacity(),
        **of_growth(),
        **{name: settings_table(group) for name, group in GROUPS.items()},
    }


def page(text: str) -> str:
    """Return the page with its tables generated again."""
    made = tables()
    return MARKED.sub(lambda found: found[1] + made[found[2]] + found[3], text)


def example_file() -> str:
    """Return the content of `.env.example`."""
    lines = [
        "# Settings of the Credential Management Service. `make run` copies it to .env with a new JWT_SECRET.",
        '# A line that begins with "# NAME=" shows a default value. To change it, remove the "# " and edit the value.',
        "# docs/settings.md describes all settings and the checks in production.",
    ]
    for group in GROUPS.values():
        lines += ["", f"# ---- {group.__doc__}"]
        for option in group.model_fields:  # type: ignore[attr-defined]
            default = "" if option in DEPEND_ON_THE_MACHINE else written(OPTIONS[option].default)
            comment = "" if option == "jwt_secret" else "# "
            lines += ["", f"# {OPTIONS[option].description}", f"{comment}{option.upper()}={default}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path in PROJECT.glob("docs/*.md"):
        path.write_text(page(path.read_text("utf-8")), "utf-8")
    (PROJECT / ".env.example").write_text(example_file(), "utf-8")
