"""A provider to sign in with that is certified: nobody here has a say in what it takes to be OpenID Connect."""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from missing import Missing
from oauth_server import base64url, changed

FOLDER = Path(__file__).parent / "oidc_provider"


class Client(NamedTuple):
    issuer: str
    client_id: str
    client_secret: str


class CertifiedProvider:
    """`oidc-provider` for Node, which passed OpenID's certification, in a process that ends with this one.

    It has two clients, `basic` and `post`, named for the way in which they show their secret; demands PKCE; and tells an
    address in the userinfo alone. In its login page `login` is the text that `new_person` answers.
    """

    def __init__(self, *redirect_uris: str) -> None:
        self._secrets = {way: secrets.token_urlsafe(32) for way in ("basic", "post")}
        home = installed()
        given = {"REDIRECT_URIS": " ".join(redirect_uris)}
        given |= {f"{way.upper()}_SECRET": secret for way, secret in self._secrets.items()}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            ["node", str(FOLDER / "server.mjs")], cwd=home, env={"PATH": os.environ["PATH"], **given},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        self.issuer = str(self._process.stdout.readline()).strip()
        if not self.issuer:
            self._process.wait(10)
            self._log.seek(0)
            raise AssertionError(f"oidc-provider did not start: {self._log.read().decode()}")

    def client(self, way: str = "basic") -> Client:
        return Client(self.issuer, f"client-{way}", self._secrets[way])

    def new_person(self, **claims: Any) -> str:
        """What somebody types into the login page; the account is made of it. None leaves a claim out."""
        sub = secrets.token_hex(8)
        person = {"sub": sub, "email": f"person-{sub}@example.com", "email_verified": True, "name": "A Person"}
        return base64url(json.dumps(changed(person, claims)).encode())

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()  # which it takes as the end
        self._process.wait(10)
        self._process.stdout.close()
        self._log.close()


def installed() -> Path:
    """The folder with what the lock file names: made once a machine, and by one of several that come at once."""
    lock = (FOLDER / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "credential-management-service"
    home = cache / f"oidc-provider-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not shutil.which("node"):
        raise Missing("a certified OpenID provider: Node.js is not installed")
    if home.exists():
        return home
    if not shutil.which("npm"):
        raise Missing("a certified OpenID provider: npm is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="installing-", dir=cache))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, work)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    try:
        if done.returncode:
            raise Missing(f"a certified OpenID provider: npm could not install it: {done.stderr.strip()[-300:]}")
        work.rename(home)
    except OSError:
        assert home.exists()  # another was first
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return home
