"""Print the startup banner of development: the URLs of the service, and the next command to run."""

import os
import sys
from pathlib import Path

from settings.loading import settings
from settings.version import VERSION

SECONDS_TO_BIND = 0.1  # the server opens its port after the preparation, and ends if it is in use


def show() -> None:
    """Print the banner in development, unless the output is for programs (`LOG_FORMAT=json`)."""
    if not settings.production and settings.log_format == "text":
        sys.stderr.write(text() + "\n")
        sys.stderr.flush()


def text() -> str:
    """Return the banner: a line for each page that these settings serve."""
    url = settings.public_base_url
    lines = [("API documentation", f"{url}/docs")]
    if settings.hosted_pages:
        lines.append(("Sign-up page", f"{url}/signup"))
    if settings.development_mailbox:
        lines.append(("Emails it sends", f"{url}/dev/mailbox"))
    lines.append(("First administrator", f"{_python()} manage.py create-superuser you@example.com"))
    width = max(len(label) for label, _ in lines)
    rows = "\n".join(f"  {label:<{width}}  {value}" for label, value in lines)
    return f"\nCredential Management Service {VERSION} is running on {url}\n\n{rows}\n\n  Ctrl-C stops it.\n"


def _python() -> str:
    """Return the path of this Python interpreter, relative to the current directory if it is below it."""
    python = Path(sys.executable)
    return os.path.relpath(python) if python.is_relative_to(Path.cwd()) else "python"
