"""Lighthouse's scores of the hosted pages. Its report of a page with a low score is in the failure."""

import json
import os
import subprocess

import pytest

import chromium
from servers import PROJECT

LIGHTHOUSE = PROJECT / "tests" / "browser" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 0.95
# Without compression and with `no-store`: both belong to the proxy and to pages with personal data.
FLAGS = "--headless=new --no-sandbox"


ATTEMPTS = 3  # the performance depends on what else the machine does, and a trace of Chromium can fail


def report(url, headers):
    command = ["node", str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    command += [f"--chrome-flags={FLAGS}", f"--extra-headers={json.dumps(headers)}"]
    environment = {**os.environ, "CHROME_PATH": chromium.program()}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240, env=environment)
    return (json.loads(done.stdout) if done.returncode == 0 else None), done.stderr


@pytest.mark.parametrize("path", ["/login", "/signup", "/account", "/"])
def test_scores(alice, path):
    alice.sign_up()
    alice.expect_heading("Your account")
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in alice.context.cookies())
    headers = {"Cookie": cookies} if path == "/account" else {}
    said = []
    for _ in range(ATTEMPTS):
        found, errors = report(alice.url + path, headers)
        if found is None:
            said.append(errors)
            continue
        scores = {name: found["categories"][name]["score"] for name in CATEGORIES}
        faults = {a["id"]: a.get("displayValue") for a in found["audits"].values() if a["score"] not in (None, 1)}
        said.append((scores, faults))
        assert found["finalDisplayedUrl"].split("?")[0] == alice.url + path
        if min(scores.values()) >= LEAST:
            return
    raise AssertionError(said)
