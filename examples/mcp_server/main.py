"""An MCP server whose users log in with the Credential Management Service. Run it with: python main.py

An MCP client that connects finds out by itself where to log in: this server answers 401 with the URL of its metadata
(RFC 9728), which names the service. The client registers there, the user logs in and allows the access, and the client
sends the access token with each request. The service needs:

    OIDC_PROVIDER=true
    ALGORITHM=ES256
    DYNAMIC_REGISTRATION=open
    OAUTH_RESOURCES=http://localhost:8003/mcp
"""

import os
from typing import Any
from urllib.parse import urlsplit

import anyio
import jwt
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer

ACCOUNTS = os.environ.get("ACCOUNTS_URL", "http://localhost:8000")
RESOURCE = os.environ.get("RESOURCE_URL", "http://localhost:8003/mcp")  # as in OAUTH_RESOURCES
ALGORITHM = os.environ.get("ALGORITHM", "ES256")  # as configured in the service; never take it from the token
REQUIRED = ["iss", "aud", "sub", "exp", "iat", "client_id", "scope"]

keys = jwt.PyJWKClient(f"{ACCOUNTS}/.well-known/jwks.json", timeout=5)


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of an access token for this server. Raises PyJWTError."""
    key = keys.get_signing_key_from_jwt(token)
    found = jwt.decode_complete(token, key, [ALGORITHM], {"require": REQUIRED}, audience=RESOURCE, issuer=ACCOUNTS)
    if found["header"].get("typ") != "at+jwt" or "cnf" in found["payload"]:
        raise jwt.InvalidTokenError("not a bearer access token")
    return dict(found["payload"])


class Verifier:
    """Verifies access tokens with the published keys, which takes no request for most tokens."""

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = await anyio.to_thread.run_sync(claims_of, token)
        except jwt.PyJWTError:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims["scope"].split(),
            expires_at=claims["exp"],
            resource=RESOURCE,
            subject=claims["sub"],
            claims=claims,
        )


server = MCPServer(
    "Example",
    token_verifier=Verifier(),
    auth=AuthSettings(
        issuer_url=ACCOUNTS, resource_server_url=RESOURCE, required_scopes=["openid"], validate_token_resource=True
    ),
)


@server.tool()
def who_am_i() -> str:
    """Return the user who has logged in."""
    token = get_access_token()
    return f"You are {token.subject}." if token else "You are unknown."


if __name__ == "__main__":
    address = urlsplit(RESOURCE)
    server.run("streamable-http", host="localhost", port=address.port or 8003, streamable_http_path=address.path)
