"""Run an application that is a script of its own, and be the user whom it sends to the service."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2

import missing
import npm
import python_packages
from browser import FRONTEND
from reader import Reader
from servers import PROJECT

PYTHON = sys.executable
FOLDER = PROJECT / "tests" / "oauth_provider" / "clients"


def node(folder: Path) -> list[str | Path]:
    """Return the command that runs the scripts of Node.js, which are copied to where their packages are."""
    packages = missing.started(npm.installed, FOLDER, "independent OAuth clients of npm")
    for script in FOLDER.glob("*.mjs"):
        shutil.copy(script, folder)
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(packages / "node_modules")
    return ["node"]


def mcp_python() -> Path:
    """Return the interpreter that has the Python SDK of MCP."""
    return missing.started(python_packages.installed, FOLDER / "requirements.txt", "the Python SDK of MCP")


def responds(url: str) -> bool:
    """Return whether a server has started."""
    try:
        return bool(httpx2.get(url, trust_env=False).status_code)
    except httpx2.HTTPError:
        return False


class Script:
    """A running script. It prints lines of JSON: `visit`, `listens`, and at the end `result`."""

    def __init__(self, command: list[Any], folder: Path, **given: Any) -> None:
        self._log = (folder / "script.log").open("w+")
        environment = {"PATH": os.environ["PATH"], "GIVEN": json.dumps(given), "PYTHONPATH": str(PROJECT)}
        environment |= {name: value for name, value in given.items() if name.isupper()}
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )  # fmt: skip

    def read(self) -> dict[str, Any]:
        """Return what the script says next."""
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(30)
            self._log.seek(0)
            raise AssertionError(f"the script ended: {self._log.read()[-3000:]}")
        return dict(json.loads(line))

    def answer(self, url: str) -> None:
        self._process.stdin.write(f"{url}\n")
        self._process.stdin.flush()

    def result(self, user: "User") -> dict[str, Any]:
        """Visit each URL of the script as this user, and return its result."""
        while "visit" in (said := self.read()):
            self.answer(user.visit(said["visit"]))
        return dict(said["result"])

    def close(self) -> None:
        self._process.terminate()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._log.close()


class User(Reader):
    """A user who logs in and allows what an application asks for."""

    def visit(self, url: str) -> str:
        """Open a URL, answer the pages of the service, and return where the browser ends."""
        self.page = self.follow(url)
        for _ in range(4):
            if self.page.has_redirect_location:
                return urljoin(FRONTEND, self.page.headers["location"])
            if not str(self.page.url).startswith(self.service.url):
                break
            if "/login" in self.page.url.path:
                self.send_form(email=self.email, password=self.password)
            elif 'name="decision"' in self.page.text:
                action = "/auth/device/answer" if "/auth/device" in str(self.page.url) else "/auth/authorize"
                self.send_form(to=action, decision="allow")
            else:
                break
        return str(self.page.url)
