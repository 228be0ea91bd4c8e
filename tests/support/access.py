"""Access of each route by the capability records: the table in docs/access.md.

`python tests/support/access.py` prints it.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent.parent)]

import main
from authorization import roles
from core import capability

CALLERS = ["anonymous", "user", "other user", "admin", "superuser", "service"]
USERS = {"user", "other user", "admin", "superuser"}
OF_USERS = {capability.USER, capability.OWNER}
WHO = {
    capability.ANYONE: set(CALLERS),
    capability.USER: USERS,
    capability.OWNER: USERS - {"other user"},
    capability.SERVICE: {"service"},
    capability.CLIENT: set(),
}


def declared() -> dict[str, str]:
    """Return the access declared by the records, by operation id."""
    return {operation: who for record in capability.installed() for operation, who in record.access.items()}


def served() -> dict[str, object]:
    """Return every route of the service, by operation id."""
    return {route.unique_id: route for router in main.ROUTERS for route in router.routes}


def callers_of(operation: str) -> set[str]:
    """Return the callers that a route accepts."""
    who = declared()[operation]
    if who in WHO:
        return WHO[who]
    return {name for name in ("admin", "superuser") if who in roles.BUILT_IN[name].permissions}


def table() -> dict[str, set[str]]:
    """Return the rows by route of the API, such as `GET /users/me`."""
    return {
        f"{method.upper()} {path}": callers_of(operation["operationId"])
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
