"""Who may call each route, as the OpenAPI document says: the table in docs/access.md. `python tests/support/access.py` prints it."""

import re
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent.parent)]

import main
import roles

CALLERS = ["anonymous", "user", "other user", "admin", "superuser", "service"]
PEOPLE = {"user", "other user", "admin", "superuser"}
OWN_THINGS = re.compile(r"/users/me/.*\{session_id\}")  # somebody else's are not there


def who_may(path: str, operation: dict) -> set[str]:
    """The callers that the document lets in."""
    ways = operation.get("security", [{}])
    if {} in ways:
        return set(CALLERS)
    if any("Service" in scheme for way in ways for scheme in way):
        return {"service"}
    needed = re.search(r"Needs `(\w+:\w+)`", operation["description"])
    if needed:
        return {name for name in ("admin", "superuser") if needed[1] in roles.BUILT_IN[name].permissions}
    return PEOPLE - ({"other user"} if OWN_THINGS.search(path) else set())


def table() -> dict[str, set[str]]:
    """By route, such as `GET /users/me`."""
    return {
        f"{method.upper()} {path}": who_may(path, operation)
        for path, methods in main.app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


def as_text() -> str:
    lines = [f"| route | {' | '.join(CALLERS)} |", "| --- |" + " --- |" * len(CALLERS)]
    for route, callers in table().items():
        lines.append(f"| `{route}` | {' | '.join('yes' if caller in callers else '–' for caller in CALLERS)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{as_text()}\n")
