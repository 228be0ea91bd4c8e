"""Errors are an HTML page if the client accepts one, and otherwise a problem document, on every path."""

import re

import httpx2
import pytest

from databases import SQLITE_ONLY
from people import new_password
from settings.loading import read

# What Firefox and Chrome send for a page.
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
TOOLS = ["*/*", "application/json", "application/json, text/plain, */*", "application/json, text/html;q=0.5", "text/html;q=0", "text/plain", "", "text/html;q=x", "q=1,;,=", None]  # fmt: skip
# A failing request for each layer that rejects requests.
CALLS = {
    "nothing there": ("GET", "/there/is/nothing", {}, 404),
    "nothing there, under the prefix": ("GET", "/api/v1/there/is/nothing", {}, 404),
    "no token": ("GET", "/users/me", {}, 401),
    "another method": ("DELETE", "/auth/login", {}, 405),
    "no JSON": ("POST", "/auth/login", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    "a field": ("POST", "/auth/login", {"json": {"email": "x"}}, 422),
    "too much": ("POST", "/auth/login", {"content": b"x" * 70_000}, 413),
    "a provider": ("GET", "/oauth/nobody", {}, 404),
}


def asked(service, method, path, accept, **more):
    headers = {**more.pop("headers", {}), **({"Accept": accept} if accept is not None else {})}
    with httpx2.Client(base_url=service.url, trust_env=False, verify=False) as client:
        if accept is None:
            del client.headers["accept"]
        return client.request(method, path, headers=headers, **more)


@SQLITE_ONLY
@pytest.mark.parametrize("accept", [FIREFOX, CHROME, "TEXT/HTML"])
@pytest.mark.parametrize("call", CALLS)
def test_browser_gets_a_page(service, call, accept):
    method, path, more, status = CALLS[call]
    answer = asked(service, method, path, accept, **more)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert ("allow" in answer.headers) == (status == 405)
    assert not re.search("<script>", answer.text)


@SQLITE_ONLY
@pytest.mark.parametrize("accept", TOOLS, ids=str)
@pytest.mark.parametrize("call", CALLS)
def test_other_clients_get_a_problem(service, call, accept):
    method, path, more, status = CALLS[call]
    answer = asked(service, method, path, accept, **more)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


@SQLITE_ONLY
def test_oauth_2_keeps_its_own_format(service):
    answer = asked(service, "POST", "/auth/token", FIREFOX, data={"grant_type": "x"})
    assert answer.json()["error"] == "unsupported_grant_type"


@SQLITE_ONLY
def test_hosted_page_is_a_problem_for_clients_that_do_not_accept_html(here):
    form = {"email": "alice@example.com", "password": new_password()}
    origin = {"Origin": here.url}
    problem = asked(here, "POST", "/login", "application/json", data=form, headers=origin)
    assert (problem.status_code, problem.json()["code"]) == (401, "invalid_credentials")
    page = asked(here, "POST", "/login", FIREFOX, data=form, headers=origin)
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")


@SQLITE_ONLY
def test_input_is_not_repeated_in_the_page(service):
    answer = asked(service, "GET", "/<script>alert(1)</script>", FIREFOX)
    assert "<script>" not in answer.text
    body = {"email": "<script>alert(1)</script>", "password": "<script>"}
    assert "<script>" not in asked(service, "POST", "/auth/login", FIREFOX, json=body).text


def test_welcome_is_a_page_or_json(service, configure):
    plain = asked(service, "GET", "/", "*/*")
    assert plain.json()["message"] == "Welcome to the Credential Management Service"
    page = asked(service, "GET", "/", FIREFOX)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert 'href="/docs"' in page.text
    assert "Accept" in plain.headers["vary"]
    assert "Accept" in page.headers["vary"]


# ----------------------------------------------------------------------------------------------------- security contact


@SQLITE_ONLY
def test_security_txt_lists_the_contacts(service, configure):
    assert asked(service, "GET", "/.well-known/security.txt", "*/*").status_code == 404
    configure(security_contact=("mailto:security@example.com", "https://example.com/report"))
    answer = asked(service, "GET", "/.well-known/security.txt", "*/*")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    first, second, expires, canonical = answer.text.splitlines()
    assert (first, second) == ("Contact: mailto:security@example.com", "Contact: https://example.com/report")
    assert re.fullmatch(r"Expires: \d{4}-\d\d-\d\dT00:00:00Z", expires)
    assert canonical.endswith("/.well-known/security.txt")


def test_contact_is_an_email_address_or_a_url():
    found = read({"SECURITY_CONTACT": "security@example.com, mailto:a@example.com, https://example.com/x"})
    assert found.security_contact == ("mailto:security@example.com", "mailto:a@example.com", "https://example.com/x")
    with pytest.raises(Exception, match="SECURITY_CONTACT: must be email addresses"):
        read({"SECURITY_CONTACT": "call us"})


@SQLITE_ONLY
def test_responses_disable_browser_features(service):
    for path in ("/", "/users/me", "/docs"):
        assert "camera=()" in asked(service, "GET", path, "*/*").headers["permissions-policy"]
