"""The Python SDK of MCP as a client: discovery, registration, PKCE, resource, and a call to the MCP server."""

import asyncio
import json
import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

given = json.loads(os.environ["GIVEN"])
state: dict[str, Any] = {}


class Storage:
    async def get_tokens(self) -> Any:
        return state.get("tokens")

    async def set_tokens(self, tokens: Any) -> None:
        state["tokens"] = tokens

    async def get_client_info(self) -> Any:
        return state.get("client")

    async def set_client_info(self, client_info: Any) -> None:
        state["client"] = client_info


async def visit(url: str) -> None:
    print(json.dumps({"visit": url}), flush=True)


async def returned() -> AuthorizationCodeResult:
    query = dict(parse_qsl(urlsplit(await asyncio.to_thread(input)).query))
    return AuthorizationCodeResult(code=query["code"], state=query["state"], iss=query["iss"])


async def main() -> None:
    metadata = OAuthClientMetadata(client_name="Editor", redirect_uris=[given["redirect_uri"]])
    auth = OAuthClientProvider(given["resource"], metadata, Storage(), visit, returned)
    async with httpx2.AsyncClient(auth=auth, trust_env=False, timeout=30) as http:
        async with Client(streamable_http_client(given["resource"], http_client=http)) as client:
            called = await client.call_tool("who_am_i", {})
    scope = state["tokens"].scope
    print(json.dumps({"result": {"text": called.content[0].text, "scope": scope, "client": state["client"].client_id}}))


asyncio.run(main())
