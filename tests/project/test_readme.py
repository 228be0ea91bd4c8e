"""Every command of the README works as printed; `.ci/quick-start` runs the rest in a fresh clone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from servers import Process

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)
# These only work in a fresh clone.
IN_A_FRESH_CLONE = ("make ", "test -e .env", "python3 -m venv", ".venv/bin/python ")


def of_language(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language and not text.startswith(IN_A_FRESH_CLONE)]


@pytest.fixture(scope="module")
def readme_service(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("readme"), PUBLIC_BASE_URL="http://localhost:8000")
    yield process
    process.kill()


def run(command: list[str], text: str, service) -> str:
    text = text.replace("http://localhost:8000", service.url)
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, timeout=60, check=False, cwd=service.folder, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_readme_contains_the_blocks_tested_here():
    assert (len(of_language("bash")), len(of_language("js"))) == (2, 1)
    assert {language for language, _ in BLOCKS} == {"bash", "js"}


def test_signing_up_with_curl(readme_service):
    signed_up, logged_in = (run(["bash", "-euo", "pipefail"], text, readme_service) for text in of_language("bash"))
    assert '"access_token":"' in signed_up
    assert '"username":"Alice"' in logged_in


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here to stand in for a browser")
def test_signing_up_from_a_browser(readme_service):
    (script,) = of_language("js")
    assert run(["node", "--input-type=module"], script, readme_service) == "Bob\n"
