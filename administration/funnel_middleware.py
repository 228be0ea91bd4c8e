"""Count the requests that start a sign-up or login."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from administration import funnel


class FunnelMiddleware:
    """Count requests by their operation, and write the last counts at shutdown."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, _writing_at_shutdown(receive), send)
            return
        await self.app(scope, receive, send)
        funnel.count_request(getattr(scope.get("route"), "unique_id", ""))


def _writing_at_shutdown(receive: Receive) -> Receive:
    async def receive_message() -> Message:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(funnel.write)
        return message

    return receive_message
