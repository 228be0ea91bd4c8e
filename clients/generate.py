#!/usr/bin/env python3
"""Generate the code of both clients from the OpenAPI document: `make clients`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CLIENTS = Path(__file__).parent
GENERATED = {"typescript": Path("typescript/src/generated"), "python": Path("python/credential_client/generated")}
BIN = CLIENTS / "python" / ".venv" / "bin"  # separate, because it needs other packages than the service
# A development service with every capability: its document describes the routes of all installations.
WRITE_DOCUMENT = "import json, main; print(json.dumps(main.app.openapi()))"


def document() -> dict[str, object]:
    """Return the OpenAPI document of a development service with every capability."""
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "JWT_SECRET": "only to read the document, never served",
        "MAGIC_LINK": "on",  # off by default without email verification
        "SMS_PROVIDER": "http",  # off by default
        "SMS_URL": "https://sms.example.com",
        "SMS_SECRET": "example",
        "CAPTCHA_PROVIDER": "altcha",  # off by default
        "OIDC_PROVIDER": "true",  # off by default
        "ALGORITHM": "ES256",
    }
    done = subprocess.run(
        [sys.executable, "-c", WRITE_DOCUMENT], cwd=CLIENTS.parent, env=environment, check=True, capture_output=True, text=True
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def write(target: Path = CLIENTS) -> None:
    """Generate both clients below `target`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(document()))
        _typescript(source, target / GENERATED["typescript"])
        _python(source, target / GENERATED["python"])


def _typescript(source: Path, into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    environment = {**os.environ, "OPENAPI": str(source), "GENERATED": str(into.absolute())}
    _run(["node_modules/.bin/openapi-ts"], CLIENTS / "typescript", environment)


def _python(source: Path, into: Path) -> None:
    into.parent.mkdir(parents=True, exist_ok=True)
    command = [str(BIN / "openapi-python-client"), "generate", "--path", str(source), "--meta", "none", "--overwrite"]
    command += ["--config", "config.yaml", "--custom-template-path", "templates", "--output-path", str(into.absolute())]
    _run(command, CLIENTS / "python", {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"})
    (into / ".gitignore").unlink(missing_ok=True)
    shutil.rmtree(into / ".ruff_cache", ignore_errors=True)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    write()
