"""`make demo`: service and frontend find each other whatever `.env` contains; URLs are printed once both respond."""

import subprocess
import sys

import demo
import pytest

from servers import free_port
from settings import loading

PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_BASE_URL": "https://accounts.example.com",
    "CORS_ORIGINS": "https://app.example.com",
    "OAUTH_REDIRECT_URIS": "https://app.example.com",
    "SMTP_HOST": "smtp.example.com",
    "MAIL_USERNAME": "someone@gmail.com",
    "SENDGRID_API_KEY": "a key",
    "SENDGRID_API_KEY_FILE": "/run/secrets/sendgrid",
}


def test_service_and_frontend_find_each_other_with_any_settings():
    found = loading.read({"JWT_SECRET": "only for this test, never served", **PRODUCTION, **demo.SETTINGS})
    assert (found.environment, found.cors_origins, found.smtp_host) == ("development", (demo.EXAMPLE,), "")
    assert found.oauth_redirect_uris == (demo.EXAMPLE,)


@pytest.fixture
def child():
    """child(script): a process that ends with the test."""
    started = []

    def start(script):
        started.append(subprocess.Popen([sys.executable, "-c", script]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}/"


def test_failed_start_is_reported(child):
    assert demo.why_not_ready({"service": child("raise SystemExit(3)")}, nowhere()) == (
        "The service exited unexpectedly. Both servers were stopped."
    )


def test_missing_response_is_reported(child):
    url = nowhere()
    why = demo.why_not_ready({"service": child("import time; time.sleep(60)")}, url, seconds=0.2)
    assert why == f"{url} did not respond within 0.2 seconds. Both servers were stopped."
