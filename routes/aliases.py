"""Other names for our routes. The rest of the service only ever sees the canonical path."""

from starlette.types import ASGIApp, Receive, Scope, Send

VERSIONED = "/api/v1"


class Aliases:
    """Serves every route under /api/v1 too, and with a slash at its end. `scope["state"]["prefix"]` keeps what was called."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["prefix"] = VERSIONED if scope["path"].startswith(f"{VERSIONED}/") else ""
            scope["path"] = _canonical(scope["path"])  # in place: the log names the route that is found
        await self.app(scope, receive, send)


def _canonical(path: str) -> str:
    # Not by a redirect: that would follow the Host header, and lead a password to wherever it says.
    path = path.removeprefix(VERSIONED) if path.startswith(f"{VERSIONED}/") else path
    return path.rstrip("/") or "/"
