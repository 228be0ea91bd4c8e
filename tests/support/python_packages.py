"""Install Python packages that some tests need, apart from those of the service."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from missing import Missing


def installed(requirements: Path, what: str) -> Path:
    """Return the interpreter of an environment with these requirements, made once per machine by one of several processes.

    what: what a test lacks without them. Raises Missing.
    """
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "credential-management-service"
    home = cache / f"{requirements.parent.name}-python-{digest}"
    if (home / "complete").exists():
        return home / "bin" / "python"
    cache.mkdir(parents=True, exist_ok=True)
    lock = Path(tempfile.gettempdir()) / f"{home.name}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            _install(home, requirements, what)
            (home / "complete").touch()
    return home / "bin" / "python"


def _install(home: Path, requirements: Path, what: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True)
    command = [home / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    done = subprocess.run([*command, "-r", requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(home, ignore_errors=True)
        raise Missing(f"{what}: pip could not install it: {done.stderr.strip()[-300:]}")
