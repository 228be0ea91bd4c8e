"""Authlib as a client: code with PKCE, refresh, revocation."""

import json
import os

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client

given = json.loads(os.environ["GIVEN"])


def visit(url: str) -> str:
    print(json.dumps({"visit": url}), flush=True)
    return input()


client = OAuth2Client(
    given["client_id"],
    given["client_secret"],
    redirect_uri=given["redirect_uri"],
    scope="openid profile email offline_access",
    code_challenge_method="S256",
    trust_env=False,
)
metadata = httpx2.get(f"{given['issuer']}/.well-known/openid-configuration", trust_env=False).json()
verifier = generate_token(64)
url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
tokens = client.fetch_token(
    metadata["token_endpoint"], authorization_response=visit(url), state=state, code_verifier=verifier
)
userinfo = client.get(metadata["userinfo_endpoint"]).json()
renewed = client.refresh_token(metadata["token_endpoint"], tokens["refresh_token"])
introspected = client.introspect_token(metadata["introspection_endpoint"], renewed["access_token"]).json()
client.revoke_token(metadata["revocation_endpoint"], renewed["refresh_token"])
revoked = client.introspect_token(metadata["introspection_endpoint"], renewed["access_token"]).json()
print(json.dumps({"result": {"email": userinfo["email"], "active": [introspected["active"], revoked["active"]]}}))
