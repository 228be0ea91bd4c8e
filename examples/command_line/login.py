"""Log in from the command line with the device flow (RFC 8628). It needs only Python. Run it with: python login.py

Register the tool once, as an administrator: a public client with the grant types
`urn:ietf:params:oauth:grant-type:device_code` and `refresh_token`. Then set CLIENT_ID to its `client_id`.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ACCOUNTS = os.environ.get("ACCOUNTS_URL", "http://localhost:8000")
CLIENT_ID = os.environ.get("CLIENT_ID", "")
KEPT = Path(os.environ.get("TOKEN_FILE") or Path.home() / ".config" / "example-tool" / "refresh-token")
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
Json = dict[str, Any]


def post(path: str, **form: str) -> Json:
    """Send a form, and return the response, which contains `error` if the service has refused."""
    body = urlencode({"client_id": CLIENT_ID, **form}).encode()
    try:
        with urllib.request.urlopen(f"{ACCOUNTS}{path}", body, timeout=30) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as refused:
        if refused.headers.get_content_type() != "application/json":
            raise
        return dict(json.load(refused))


def log_in() -> Json:
    """Ask the user to allow this device access, and return the tokens."""
    asked = post("/oauth2/device_authorization", scope="openid email offline_access")
    if "error" in asked:
        sys.exit(f"The login could not start: {asked['error_description']}")
    print(f"Open {asked['verification_uri']} and enter the code {asked['user_code']}")
    print(f"or open {asked['verification_uri_complete']}", flush=True)
    interval = asked["interval"]
    while True:
        time.sleep(interval)
        answer = post("/oauth2/token", grant_type=DEVICE, device_code=asked["device_code"])
        if answer.get("error") == "slow_down":
            interval += 5
        elif answer.get("error") != "authorization_pending":
            return answer


def refreshed() -> Json | None:
    """Return new tokens for those of the last login, or None if it has ended."""
    if not KEPT.exists():
        return None
    answer = post("/oauth2/token", grant_type="refresh_token", refresh_token=KEPT.read_text())
    return None if "error" in answer else answer


def keep(refresh_token: str) -> None:
    """Store the refresh token, readable only by the user."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(KEPT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(refresh_token)


def main() -> None:
    """Print the email address of the user."""
    if not CLIENT_ID:
        sys.exit("CLIENT_ID is not set: register an OAuth client, as described at the top of this file.")
    tokens = refreshed() or log_in()
    if "error" in tokens:
        sys.exit(f"The login failed: {tokens['error_description']}")
    keep(tokens["refresh_token"])
    request = urllib.request.Request(
        f"{ACCOUNTS}/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        print(f"You are logged in as {json.load(response)['email']}")


if __name__ == "__main__":
    main()
