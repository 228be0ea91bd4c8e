"""The Next.js example with Auth.js: a user logs in with the service, in a real browser."""

import fcntl
import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser_suite import BrowserUser
from databases import SQLITE_ONLY
from oauth_application import register
from people import Person, superuser
from scripts import responds
from servers import PROJECT, free_port
from waiting import until

EXAMPLE = PROJECT / "examples" / "nextjs_authjs"


@pytest.fixture
def application(oidc, tmp_path) -> Iterator[str]:
    """The example, built for production, as a client of the service."""
    port, command = free_port(), EXAMPLE / "node_modules" / ".bin" / "next"
    url = f"http://localhost:{port}"
    client = register(superuser(oidc), redirect_uris=[f"{url}/api/auth/callback/accounts"])
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "NEXT_TELEMETRY_DISABLED": "1", "ACCOUNTS_URL": oidc.url, "AUTH_URL": url,
        "CLIENT_ID": client["client_id"], "CLIENT_SECRET": client["client_secret"], "AUTH_SECRET": "a secret of the test",
    }  # fmt: skip
    with (EXAMPLE / "node_modules" / ".build-lock").open("w") as lock:  # pytest-xdist: one process builds
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([command, "build"], cwd=EXAMPLE, env=environment, check=True, stdout=subprocess.DEVNULL)
        with (tmp_path / "next.log").open("wb") as log:
            start = [command, "start", "--hostname", "127.0.0.1", "--port", str(port)]
            process = subprocess.Popen(start, cwd=EXAMPLE, env=environment, stdout=log, stderr=log)
        until(lambda: responds(url))
        yield url
        process.terminate()
        process.wait(30)


@SQLITE_ONLY
def test_user_logs_in_with_the_service(oidc, application, comes, configure):
    configure(email_verification="off")
    person = Person(oidc, "alice")
    person.sign_up()
    alice = comes(BrowserUser, application, "alice", service=oidc.url)
    alice.page.goto(application)
    alice.page.get_by_role("button", name="Log in").click()
    alice.page.get_by_label("Email address").fill(person.email)
    alice.page.get_by_label("Password", exact=True).fill(person.password)
    alice.page.get_by_role("button", name="Log in", exact=True).click()
    alice.page.get_by_role("button", name="Allow").click()
    expect(alice.page.get_by_text(f"You are logged in as {person.email}.")).to_be_visible()
    alice.page.get_by_role("button", name="Log out").click()
    expect(alice.page.get_by_role("heading", name="Welcome")).to_be_visible()
