"""Other names for our routes. The rest of the service only ever sees the canonical path."""

from starlette.types import ASGIApp, Receive, Scope, Send

VERSIONED = "/api/v1"


class Aliases:
    """Serves every route under /api/v1 too. `scope["state"]["prefix"]` keeps the prefix that was called, for the cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{VERSIONED}/"):
            path = scope["path"].removeprefix(VERSIONED)
            scope["state"]["prefix"] = VERSIONED
            scope = {**scope, "path": path, "raw_path": scope["raw_path"].removeprefix(VERSIONED.encode())}
        await self.app(scope, receive, send)
