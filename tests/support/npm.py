"""Install the npm packages that some tests need."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from missing import Missing


def installed(folder: Path, what: str) -> Path:
    """Return the folder with the packages of a lock file, installed once per machine by one of several processes.

    what: what a test lacks without them. Raises Missing.
    """
    lock = (folder / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "credential-management-service"
    home = cache / f"{folder.name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not shutil.which("node"):
        raise Missing(f"{what}: Node.js is not installed")
    if home.exists():
        return home
    if not shutil.which("npm"):
        raise Missing(f"{what}: npm is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="installing-", dir=cache))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(folder / name, work)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    try:
        if done.returncode:
            raise Missing(f"{what}: npm could not install it: {done.stderr.strip()[-300:]}")
        work.rename(home)
    except OSError:
        assert home.exists()  # another process was first
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return home
