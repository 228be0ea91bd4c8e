"""Access control: every route accepts the callers in the table of docs/access.md, and rejects all others."""

import re
from pathlib import Path

import httpx
import pytest

import access
import main
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, with_roles
from settings.loading import settings

SHUT = {"not_authenticated", "forbidden", "none"}  # the last one is from OAuth 2.0, which has its own error codes
PAGE = Path(__file__).parent.parent.parent / "docs" / "access.md"
ROLES = {"user": ["user"], "other user": ["user"], "admin": ["user", "admin"], "superuser": ["user", "superuser"]}


def test_page_contains_the_table_with_every_route():
    assert access.as_text() in PAGE.read_text("utf-8"), "print it with: python tests/support/access.py"


def test_each_route_is_declared_in_a_record_and_each_declared_one_is_served():
    """A new route that is missing in its capability's record fails this test."""
    assert access.declared().keys() == access.served().keys()


def test_sensitive_routes_are_restricted():
    table = access.table()
    assert len(table) == sum(map(len, main.app.openapi()["paths"].values())) > 40
    for route, callers in table.items():
        if "/admin/" in route:
            assert callers <= {"admin", "superuser"}, route
        if "/internal/" in route or route in ("POST /oauth2/introspect", "POST /oauth2/revoke"):
            assert callers == {"service"}, route
        if "/users/me" in route:
            assert not callers & {"anonymous", "service"}, route


@pytest.fixture(scope="module")
def known():
    """Return clients that are still logged in, since some requests end a session or an account."""
    return {}


def as_caller(known, service, root, caller):
    if caller == "anonymous":
        return Client(service.url)
    if caller == "service":
        return Client(service.url, settings.internal_service_token[0])
    client = known.get((service.url, caller))
    if client is None or client.get("/users/me").status_code != 200:
        client = known[service.url, caller] = with_roles(service, root, "someone", *ROLES[caller]).client
    return client


def lets_in(client, route, *, other_users_id=None):
    method, path = route.split(" ")
    own = client.get("/users/me/sessions").json() if "{session_id}" in path else None
    names = {"session_id": other_users_id or (own[0]["id"] if isinstance(own, list) else "x")}
    path = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], "no-such-thing"), path)
    answer = client._request(method, path, *([] if method in ("GET", "DELETE") else [{}]))
    out = answer.status_code in (401, 403) and answer.json().get("code", "none") in SHUT
    return not out and not (other_users_id and answer.status_code == 404)


@POSTGRESQL_ONLY
@pytest.mark.parametrize("route", access.table())
def test_route_accepts_only_the_callers_in_the_table(service, known, root, alice, route):
    theirs = alice.client.get("/users/me/sessions").json()[0]["id"] if "{session_id}" in route else None
    found = {
        caller
        for caller in access.CALLERS
        if lets_in(
            as_caller(known, service, root, caller), route, other_users_id=theirs if caller == "other user" else None
        )
    }
    assert found == access.table()[route]


OWN_PAGES = [name for name, who in access.declared().items() if name.startswith("pages.") and who in access.OF_USERS]


@SQLITE_ONLY
@pytest.mark.parametrize("operation", OWN_PAGES)
def test_hosted_account_page_redirects_anonymous_visitors_to_the_login(here, operation):
    route = access.served()[operation]
    answer = httpx.request(
        min(route.methods), here.url + re.sub(r"\{\w+\}", "x", route.path), headers={"Origin": here.url}
    )
    assert answer.status_code == 307
    assert "/auth/continue" in answer.headers["location"]
