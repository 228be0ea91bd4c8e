"""Forward auth: what a reverse proxy learns about a request, also with the real nginx and Caddy."""

import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import httpx2
import pytest

import http_stubs
from databases import SQLITE_ONLY
from oauth_login import redirects
from people import Client, refusal, with_roles
from servers import PROJECT, free_port
from settings import cookie_rules
from settings.loading import settings

pytestmark = SQLITE_ONLY
EXAMPLES = PROJECT / "examples" / "forward_auth"
APP = "https://app.example.com"
HEADERS = ("X-User-Id", "X-User-Email", "X-User-Name", "X-User-Roles", "X-User-Permissions", "X-Auth-Acr")
FORGED = dict.fromkeys(HEADERS, "superuser")
AT_APP = {
    "Accept": "text/html,*/*;q=0.8",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "app.example.com",
    "X-Forwarded-Uri": "/reports?month=5&year=2026",
}


def key_of(person, *granted):
    answer = person.client.post("/users/me/api-keys", {"name": "Key", "scopes": list(granted)})
    return Client(person.service.url, answer.json()["key"])


def told(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content == b""
    assert "set-cookie" not in answer.headers
    return {name: unquote(answer.headers[name]) for name in HEADERS}


def test_proxy_learns_who_sends_a_request_and_nothing_that_the_client_claims(alice, amy):
    alice.client.patch("/users/me", {"username": "Ālice, Größe %41"})
    alice.client.headers |= FORGED
    found = alice.client.get("/auth/verify")
    assert found.headers["X-User-Name"].isascii()
    assert told(found) == {
        "X-User-Id": alice.user_id,
        "X-User-Email": alice.email,
        "X-User-Name": "Ālice, Größe %41",
        "X-User-Roles": "user",
        "X-User-Permissions": "",
        "X-Auth-Acr": "aal1",
    }
    of_amy = told(amy.client.get("/auth/verify"))
    assert of_amy["X-User-Roles"] == "admin,user"
    assert {"users:read", "users:write"} <= set(of_amy["X-User-Permissions"].split(","))
    for method in ("HEAD", "POST", "DELETE", "OPTIONS", "PROPFIND", "MKCALENDAR", "TRACE", "QUERY"):
        assert told(alice.client._request(method, "/auth/verify"))["X-User-Id"] == alice.user_id
    # Envoy appends the original path, whose query decides nothing.
    assert told(alice.client.get("/auth/verify/reports/5?role=admin&permission="))["X-User-Id"] == alice.user_id


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://mallory.example"])
def test_preflight_request_to_an_application_is_not_let_through_as_one_to_this_service(anonymous, alice, origin):
    """Envoy keeps the method, and would pass it on with the headers that the client claims."""
    preflight = {"Origin": origin, "Access-Control-Request-Method": "GET", **FORGED}
    for path in ("/auth/verify", "/api/v1/auth/verify", "/auth/verify/reports/5"):
        assert refusal(anonymous._request("OPTIONS", path, headers=preflight)) == (401, "not_authenticated")
        assert told(alice.client._request("OPTIONS", path, headers=preflight))["X-User-Id"] == alice.user_id


def test_key_tells_what_it_may_do_and_not_what_its_owner_may(amy):
    key = key_of(amy, "profile", "users:read")
    found = told(key.get("/auth/verify"))
    assert (found["X-User-Id"], found["X-User-Roles"], found["X-Auth-Acr"]) == (amy.user_id, "", "")
    assert found["X-User-Permissions"] == "users:read"
    assert key.get("/auth/verify?permission=users:read").status_code == 200
    for query in ("permission=users:write", "role=admin", "acr=aal1"):
        assert refusal(key.get(f"/auth/verify?{query}")) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("permission=users:read", 403),
        ("permission=no:such", 403),
        ("role=admin", 403),
        ("role=user&role=admin", 403),
        ("acr=aal2", 403),
        ("acr=aal1", 200),
        ("role=user", 200),
        ("permission=", 422),
        ("acr=aal9", 422),
    ],
)
def test_proxy_may_require_rights(service, alice, query, expected):
    assert alice.client.get(f"/auth/verify?{query}").status_code == expected
    if expected == 403:
        assert Client(service.url).get(f"/auth/verify?{query}").status_code == 401


def test_cookie_of_any_page_is_accepted(service, alice):
    """The application rejects forms of other sites, not this service: it changes nothing."""
    cookie = {"Cookie": f"access_token={alice.client.token}", "Origin": "https://elsewhere.example"}
    assert told(Client(service.url, headers=cookie).post("/auth/verify"))["X-User-Id"] == alice.user_id


def login_of(here, **headers):
    sent = {**AT_APP, **headers}
    answer = httpx2.get(f"{here.url}/auth/verify?login=redirect", headers=sent, trust_env=False)
    assert answer.status_code in (302, 401)
    return answer.headers.get("location")


def test_browser_is_sent_to_the_login_and_back_to_allowed_origins_only(here, configure):
    configure(oauth_redirect_uris=(f"{APP}/callback",))  # its origin counts
    page, _, query = login_of(here).partition("?")
    assert page == f"{here.url}/login"
    assert parse_qs(query) == {"next": [f"{APP}/reports?month=5&year=2026"], "via": ["proxy"]}
    assert "next" in login_of(here, **{"X-Forwarded-Host": "app.example.com:443"})
    for host in ("evil.example", "app.example.com.evil.example", "app.example.com@evil.example", "app.example.com, a"):
        assert login_of(here, **{"X-Forwarded-Host": host}) == f"{here.url}/login"
    assert login_of(here, **{"X-Forwarded-Uri": ".evil.example"}) == f"{here.url}/login"
    assert login_of(here, **{"X-Forwarded-Proto": "http"}) == f"{here.url}/login"
    assert login_of(here, Accept="application/json") is None
    assert login_of(here, **{"X-Forwarded-Method": "POST"}) is None
    configure(trusted_proxies=("203.0.113.1",))
    assert login_of(here) == f"{here.url}/login"
    configure(hosted_pages=False)
    assert login_of(here) is None


@pytest.fixture
def site(here, configure):
    """The service at accounts.example.com, whose access cookie is sent to app.example.com too."""
    configure(
        public_base_url="https://accounts.example.com",
        frontend_base_url="https://accounts.example.com",
        cookie_domain="example.com",
        oauth_redirect_uris=(APP,),
    )
    return here


def cookies_in(answer):
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


def test_login_returns_to_the_application_with_a_cookie_of_the_parent_domain(site, alice):
    browser = Client(site.url, headers={"Origin": "https://accounts.example.com", "Accept": "text/html"})
    going = {"next": f"{APP}/reports?month=5", "via": "proxy"}
    form = {"email": alice.email, "password": alice.password, **going}
    answer = browser.post("/login", data=form)
    back = urlsplit(answer.headers["location"])
    assert (answer.status_code, back.path, parse_qs(back.query)["via"]) == (303, "/auth/return", ["proxy"])
    sent = cookies_in(answer)
    access, refresh = sent["__Secure-access_token"], sent["__Secure-refresh_token"]
    assert "Domain=example.com" in access
    assert "Domain" not in refresh
    # The access token has expired in the meantime: the return renews it, and the refresh token stays.
    browser.headers["Cookie"] = refresh.partition(";")[0]
    answer = browser.get(f"{back.path}?{back.query}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{APP}/reports?month=5"), "no code in the URL"
    assert cookies_in(answer).keys() == {"__Secure-access_token"}
    proxied = Client(site.url, headers={"Cookie": cookies_in(answer)["__Secure-access_token"].partition(";")[0]})
    assert told(proxied.get("/auth/verify"))["X-User-Id"] == alice.user_id
    # Elsewhere, there is no way back.
    own_login = "https://accounts.example.com/login?next=https://app.example.com/reports&via=proxy"
    assert redirects.is_allowed(own_login), "also after a login with a provider"
    assert not redirects.is_allowed(own_login.replace("app.example.com", "evil.example"))
    elsewhere = browser.get("/auth/return?next=https://evil.example/&via=proxy")
    assert elsewhere.headers["location"] == "/account"


def test_cookie_domain_must_contain_the_service(site):
    assert cookie_rules.violations(settings) == []
    for domain in ("other.example", "le.com", "app.accounts.example.com"):
        assert cookie_rules.violations(settings.model_copy(update={"cookie_domain": domain})) != []
    on_com = settings.model_copy(update={"cookie_domain": "com"})
    assert cookie_rules.violations(on_com) == ["COOKIE_DOMAIN: com is a top-level domain"]


# --------------------------------------------------------------------------------------------- the real reverse proxies


class _Application(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append({name: self.headers[name] for name in self.headers})
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def application():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Application)
    server.seen = []
    http_stubs.serve(server)
    yield server
    server.shutdown()
    server.server_close()


def at_ports(text, service_port, application_port):
    return text.replace(":8000", f":{service_port}").replace(":3000", f":{application_port}")


def nginx(folder, port, service_port, application_port):
    """Return the command that runs the example with plain HTTP on this port."""
    text = (EXAMPLES / "nginx.conf").read_text("utf-8")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"\n *ssl_certificate.*;", "", text)
    text = at_ports(text, service_port, application_port)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    whole = f"{main}\nhttp {{ access_log off; {paths}\n{text}\n}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return ["nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder), "-e", f"{folder}/error.log"]


def caddy(folder, port, service_port, application_port):
    text = (EXAMPLES / "Caddyfile").read_text("utf-8")
    text = text.replace("\napp.example.com {", f"\nhttp://127.0.0.1:{port} {{")
    text = at_ports(text, service_port, application_port)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}", "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request, here, application, configure, tmp_path):
    """The URL of the example configuration, run by the real program."""
    if not shutil.which(request.param.__name__):
        pytest.skip(f"{request.param.__name__} is not installed")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    configure(oauth_redirect_uris=(url,))
    command = request.param(tmp_path, port, urlsplit(here.url).port, application.server_port)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(tmp_path)}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environment) as run,
    ):
        try:
            _wait_for(url, run, tmp_path)
            yield url
        finally:
            run.terminate()


def _wait_for(url, run, folder):
    for _ in range(200):
        assert run.poll() is None, (folder / "log").read_text("utf-8")
        try:
            httpx2.get(url, trust_env=False)
        except httpx2.TransportError:
            threading.Event().wait(0.05)
        else:
            return
    pytest.fail("the proxy does not start")


def test_application_behind_a_real_proxy_learns_the_user(proxy, application, service, root):
    olivia = with_roles(service, root, "olivia", "user", "admin")
    credentials = {"Authorization": f"Bearer {olivia.client.token}"}
    application.seen.clear()
    with httpx2.Client(base_url=proxy, trust_env=False) as client:
        lowered = {name.lower(): value for name, value in FORGED.items()}
        for method in ("GET", "POST"):
            answer = client.request(method, "/reports?month=5", headers={**credentials, **lowered})
            assert (answer.status_code, answer.text) == (200, "hello")
        by_cookie = client.get("/", headers={"Cookie": f"access_token={olivia.client.token}"})
        assert by_cookie.status_code == 200
        by_key = client.get("/", headers={"X-API-Key": key_of(olivia, "profile").token, **lowered})
        assert by_key.status_code == 200
        passed = [{name.lower(): unquote(value) for name, value in seen.items()} for seen in application.seen]
        assert [seen["x-user-id"] for seen in passed] == [olivia.user_id] * 4
        assert {seen["x-user-roles"] for seen in passed[:3]} == {"admin,user"}
        # Empty, and not what the client sent. nginx does not send a header without a value.
        assert passed[3].get("x-user-roles", "") == passed[3].get("x-auth-acr", "") == ""
        assert not any("authorization" in seen or "x-api-key" in seen for seen in passed)
        assert "superuser" not in str(passed)

        application.seen.clear()
        rejected = client.get("/reports", headers={"Accept": "application/json", **lowered})
        assert rejected.status_code == 401
        page = client.get("/reports?month=5&year=2026", headers={"Accept": "text/html"})
        assert page.status_code == 302
        going = parse_qs(urlsplit(page.headers["location"]).query)
        assert going == {"next": [f"{proxy}/reports?month=5&year=2026"], "via": ["proxy"]}
        assert application.seen == []
