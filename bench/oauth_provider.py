#!/usr/bin/env python3
"""Measure what a refresh of an OAuth client costs, compared with `POST /auth/refresh`.

    python bench/oauth_provider.py [--refreshes 300] [--rounds 6]

What counts is the CPU time of the server and of PostgreSQL. The rounds are interleaved, and the minimum of each kind
counts, because other load on the machine can only add to it. It fails if a client's refresh costs more than a tenth more.
"""

import argparse
import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support"), str(PROJECT / "bench")]
os.environ.setdefault("ENV_FILE", os.devnull)

import httpx2
import psutil
from measuring import cpu_of

from servers import Postgres, Process

LIMIT = 1.1
PASSWORD = secrets.token_urlsafe(16)
SUPERUSER = "root@example.com"
ORIGIN = "http://localhost:3000"
CALLBACK = "https://app.example.com/callback"
SETTINGS = {
    "OIDC_PROVIDER": "true",
    "ALGORITHM": "ES256",
    "BCRYPT_ROUNDS": "4",
    "CORS_ORIGINS": ORIGIN,
    "SUPERUSER_EMAIL": SUPERUSER,
    "SUPERUSER_PASSWORD": PASSWORD,
    "RATE_LIMIT_TOKEN": "1000000/minute",
    "RATE_LIMIT_DEFAULT": "1000000/minute",
    "RATE_LIMIT_USER": "1000000/minute",
}


class Refreshes:
    """The refreshes of one session: each sends the token of the last response."""

    def __init__(self, token: str, send: Callable[[str], httpx2.Response]) -> None:
        self.token, self.send, self.costs = token, send, list[float]()

    def measure(self, processes: list[psutil.Process], number: int) -> None:
        """Refresh this number of times, and remember the CPU milliseconds of each."""
        before = sum(map(cpu_of, processes))
        for _ in range(number):
            response = self.send(self.token)
            response.raise_for_status()
            self.token = response.json()["refresh_token"]
        self.costs.append((sum(map(cpu_of, processes)) - before) / number * 1000)


def of_session(http: httpx2.Client) -> Refreshes:
    """Log in, and refresh with `POST /auth/refresh`."""
    known = {"email": SUPERUSER, "password": PASSWORD}
    token = http.post("/auth/login", json=known).raise_for_status().json()["refresh_token"]
    return Refreshes(token, lambda token: http.post("/auth/refresh", json={"refresh_token": token}))


def of_client(http: httpx2.Client, kind: str) -> Refreshes:
    """Register a client, log in to it, and refresh with `POST /oauth2/token`."""
    admin = http.post("/auth/login", json={"email": SUPERUSER, "password": PASSWORD}).raise_for_status().json()
    bearer = {"Authorization": f"Bearer {admin['access_token']}"}
    wanted: dict[str, Any] = {
        "name": f"A {kind} client",
        "type": kind,
        "redirect_uris": [CALLBACK],
        "first_party": True,
    }
    client = http.post("/admin/clients", json=wanted, headers=bearer).raise_for_status().json()
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"response_type": "code", "client_id": client["client_id"], "redirect_uri": CALLBACK, "code_challenge": challenge}  # fmt: skip
    with httpx2.Client(base_url=http.base_url, trust_env=False) as browser:
        known = {"email": SUPERUSER, "password": PASSWORD}
        browser.post("/auth/login?use_cookies=true", json=known, headers={"Origin": ORIGIN}).raise_for_status()
        answer = browser.get("/oauth2/authorize", params={**asked, "code_challenge_method": "S256"})
        for _ in range(3):
            if answer.headers["location"].startswith(CALLBACK):
                break
            answer = browser.get(answer.headers["location"])
    code = httpx2.URL(answer.headers["location"]).params["code"]
    credentials = {"client_id": client["client_id"]}
    if kind == "confidential":
        credentials["client_secret"] = client["client_secret"]
    auth = (credentials["client_id"], credentials["client_secret"]) if kind == "confidential" else None
    form = {} if auth else credentials

    def token(**fields: str) -> httpx2.Response:
        return http.post("/oauth2/token", data={**form, **fields}, auth=auth)

    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    first = token(**grant).raise_for_status().json()
    return Refreshes(first["refresh_token"], lambda old: token(grant_type="refresh_token", refresh_token=old))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--refreshes", type=int, default=300, help="of each kind in a round; default: 300")
    parser.add_argument("--rounds", type=int, default=6, help="default: 6")
    options = parser.parse_args()
    with contextlib.ExitStack() as ends:
        postgres = Postgres()
        ends.callback(postgres.close)
        folder = Path(tempfile.mkdtemp(prefix="oauth-provider-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        service = Process(folder, DATABASE_URL=postgres.new_database(), **SETTINGS)
        ends.callback(service.kill)
        http = ends.enter_context(httpx2.Client(base_url=service.url, trust_env=False))
        postmaster = int((postgres.home / "data" / "postmaster.pid").read_text().split()[0])
        processes = [psutil.Process(service.process.pid), psutil.Process(postmaster)]
        kinds = {"session": of_session(http), **{kind: of_client(http, kind) for kind in ("public", "confidential")}}
        for number in range(options.rounds):
            for name in list(kinds)[:: -1 if number % 2 else 1]:
                kinds[name].measure(processes, options.refreshes)
    least = {name: min(each.costs) for name, each in kinds.items()}
    failed = False
    for name in ("public", "confidential"):
        ratio = least[name] / least["session"]
        failed |= ratio > LIMIT
        print(
            f"{name} client: {least[name]:.2f} ms, session {least['session']:.2f} ms of CPU: ratio {ratio:.3f} (≤ {LIMIT})"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
