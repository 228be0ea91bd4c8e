"""A certified OpenID Connect provider, as an independent check of the service's relying party."""

import contextlib
import json
import os
import secrets
import select
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import npm
from oauth_server import base64url, changed

FOLDER = Path(__file__).parent / "oidc_provider"
TRIES, SECONDS_TO_START = 3, 30


class Client(NamedTuple):
    issuer: str
    client_id: str
    client_secret: str


class CertifiedProvider:
    """`oidc-provider` for Node, which is certified by the OpenID Foundation, in a child process.

    It has two clients, `basic` and `post`, named by their client authentication method. It requires PKCE, and returns
    the email address from UserInfo only. In its login page, `login` is the text that `new_person` returns.
    """

    def __init__(self, *redirect_uris: str) -> None:
        self._secrets = {way: secrets.token_urlsafe(32) for way in ("basic", "post")}
        home = npm.installed(FOLDER, "a certified OpenID provider")
        given = {"REDIRECT_URIS": " ".join(redirect_uris)}
        given |= {f"{way.upper()}_SECRET": secret for way, secret in self._secrets.items()}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        command, environment = ["node", str(FOLDER / "server.mjs")], {"PATH": os.environ["PATH"], **given}
        for _ in range(TRIES):
            self._process = subprocess.Popen(
                command, cwd=home, env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            )  # fmt: skip
            if select.select([self._process.stdout], [], [], SECONDS_TO_START)[0]:
                break
            self._process.kill()  # Node.js can hang while it starts on a busy machine
            self._process.wait()
        self.issuer = str(self._process.stdout.readline()).strip()
        if not self.issuer:
            self._process.wait(10)
            self._log.seek(0)
            raise AssertionError(f"oidc-provider did not start: {self._log.read().decode()}")

    def client(self, way: str = "basic") -> Client:
        return Client(self.issuer, f"client-{way}", self._secrets[way])

    def new_person(self, **claims: Any) -> str:
        """Return what a user enters in the login page, from which the account is made. None omits a claim."""
        sub = secrets.token_hex(8)
        person = {"sub": sub, "email": f"person-{sub}@example.com", "email_verified": True, "name": "A Person"}
        return base64url(json.dumps(changed(person, claims)).encode())

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()  # which it treats as the end
        self._process.wait(10)
        self._process.stdout.close()
        self._log.close()
