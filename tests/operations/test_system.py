"""The service itself: welcome, health, documentation, and what all responses and log lines have in common."""

import json
import re
import time
from urllib.parse import urljoin

import httpx2
import pytest

import main
from databases import SQLITE_ONLY
from name_servers import NameServers
from operations import readiness
from people import SECURITY_HEADERS, Client, Person, new_password, refusal, token_in
from routes import system
from servers import Mailbox, Process, production
from settings.loading import settings
from waiting import until

FRONTEND = "http://localhost:3000"


# ----------------------------------------------------------------------------------------------------- welcome, health


@SQLITE_ONLY
def test_it_names_the_service(anonymous):
    assert anonymous.get("/").json() == {
        "message": "Welcome to the Credential Management Service",
        "version": system.VERSION,
        "docs": f"{settings.public_base_url}/docs",
    }


@SQLITE_ONLY
def test_it_is_healthy_and_ready(anonymous):
    assert anonymous.get("/health").status_code == 200
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": {"database": "ok", "smtp": "ok"}})


@SQLITE_ONLY
def test_wrong_method_gets_the_allowed_ones(anonymous):
    answer = anonymous.get("/auth/login")
    assert (refusal(answer), answer.headers["allow"]) == ((405, "method_not_allowed"), "POST")


def test_with_the_mail_server_closed_it_is_degraded_and_serves(start):
    box = Mailbox()
    running = start(mailbox=box)
    box.close()
    anonymous = Client(running.url)
    until(lambda: anonymous.get("/health/ready").json()["status"] != "ready")
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"] == {"database": "ok", "smtp": "out of reach"}
    assert Person(running, "alice").sign_up().status_code == 201
    box.open()
    until(lambda: anonymous.get("/health/ready").json()["status"] == "ready")
    box.close()


@SQLITE_ONLY
def test_name_servers_that_do_not_respond_do_not_delay_the_answer(anonymous, configure, monkeypatch):
    name_servers = NameServers(monkeypatch)
    configure(smtp_host="mail.hanging.example")
    readiness._checked.clear()
    for _ in range(2):
        began = time.monotonic()
        answer = anonymous.get("/health/ready")
        assert (answer.status_code, answer.json()["checks"]["smtp"]) == (200, "out of reach")
        assert time.monotonic() - began < 3
        readiness._checked.clear()
    assert name_servers.lookups == ["mail.hanging.example"], "one lookup at a time"
    name_servers.respond()
    until(lambda: not readiness._running["smtp"].is_alive())
    readiness._checked.clear()


@SQLITE_ONLY
def test_health_discloses_no_hosts(anonymous, database_url):
    text = anonymous.get("/health/ready").text
    assert settings.smtp_host not in text
    assert database_url.rpartition("/")[2] not in text


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/", "/health", "/health/ready"])
def test_head_requests_are_answered(anonymous, path):
    answer = anonymous._request("HEAD", path)
    assert (answer.status_code, answer.content) == (200, b"")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "path",
    ["/nothing", "/auth", "/Auth/Login", "/auth/login;x", "/.env", "/api/v1", "//auth/login", "/static/favicon.svg"],
)
def test_unknown_paths_are_not_found(anonymous, path):
    # An absolute URL: in a relative one, what follows the two slashes would be a host.
    answer = anonymous.get(f"{anonymous.url}{path}", follow_redirects=False)
    assert refusal(answer) in ((404, "not_found"), (405, "method_not_allowed"))


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/auth/login/", "/users/me/", "/api/v1/auth/login/"])
def test_trailing_slash_redirects_nowhere(anonymous, path):
    answer = anonymous._http.post(path, json={"password": "secret"}, headers={"Host": "evil.example"})
    assert "location" not in answer.headers
    assert answer.status_code in (405, 422), "the same as without the slash"


# -------------------------------------------------------------------------------------------------------- documentation


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/docs", "/redoc", "/dev/mailbox"])
def test_pages_load_everything_from_the_service(anonymous, configure, path):
    configure(smtp_host="")
    page = anonymous.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    named = re.findall(r"(?:src|href|data-url|spec-url)=\"([^\"]+)\"", page.text)
    assert len(named) >= 2
    for url in named:
        if url.startswith((f"{settings.frontend_base_url}/", "mailto:")):  # in the text of an email
            continue
        assert urljoin(anonymous.url, url).startswith(f"{anonymous.url}/")
        assert anonymous._http.get(url).status_code == 200
    assert not re.search(r"(?:src|href)=['\"]?(?:https?:)?//(?!localhost:3000)", page.text)


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_policy_of_a_page_allows_no_other_sources(anonymous, path):
    policy = anonymous.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"https?:|//|\*|unsafe-eval", policy)
    (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src")]
    assert scripts == "script-src 'self'"


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["../main.py", "..%2fmain.py", "%2e%2e/main.py", "nothing.js", ".env", "/etc/passwd"])
def test_only_assets_are_served_as_assets(anonymous, name):
    answer = anonymous.get(f"/docs/assets/{name}")
    assert refusal(answer) == (404, "not_found")


@SQLITE_ONLY
def test_every_route_has_a_versioned_path(alice):
    for name in (
        f"{method.upper()} {path}" for path, methods in main.app.openapi()["paths"].items() for method in methods
    ):
        method, path = name.split(" ")
        path = path.replace("{", "").replace("}", "")
        plain, versioned = (alice.client._request(method, f"{prefix}{path}", headers={"Authorization": "Bearer x"}) for prefix in ("", "/api/v1"))  # fmt: skip
        assert plain.status_code == versioned.status_code, name
    assert alice.client.get("/api/v1/users/me").json() == alice.me()
    assert refusal(alice.client.get("/api/v1/api/v1/users/me")) == (404, "not_found")
    assert refusal(alice.client.get("/api/v2/users/me")) == (404, "not_found")


# -------------------------------------------------------------------------------------------------------------- headers


def answers_of_every_kind(client: Client) -> list[httpx2.Response]:
    return [
        client.get("/"),
        client.get("/health"),
        client.get("/docs"),
        client.get("/docs/assets/favicon.svg"),
        client.get("/openapi.json"),
        client.get("/nothing"),
        client.get("/users/me"),
        client.post("/auth/login", {}),
        client.post("/auth/login", content=b"{", headers={"Content-Type": "application/json"}),
        client.post("/auth/login", content=b"x" * 70_000),
        client._request("PUT", "/auth/login"),
        preflight(client, FRONTEND),
        preflight(client, "https://evil.example"),
        client._request("HEAD", "/health"),
    ]  # fmt: skip


@SQLITE_ONLY
def test_every_response_has_the_common_headers(anonymous):
    seen = set()
    for answer in answers_of_every_kind(anonymous):
        seen.add(answer.status_code)
        assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers
        assert not re.search(r"\d", answer.headers.get("server", ""))
        assert "x-powered-by" not in answer.headers
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
    assert {200, 400, 401, 404, 405, 413, 422} <= seen


@pytest.fixture(scope="module")
def in_production(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("production"), **production())
    yield process
    process.kill()


def test_in_production_every_response_has_hsts(in_production):
    for answer in answers_of_every_kind(Client(in_production.url)):
        assert int(re.match(r"max-age=(\d+)", answer.headers["strict-transport-security"])[1]) >= 31_536_000


def test_in_production_pages_are_served_only_if_enabled(in_production):
    for path in ("/login", "/account", "/auth/continue"):
        assert refusal(Client(in_production.url).get(path)) == (404, "not_found")


def test_production_has_no_development_mailbox(in_production):
    for path in ("/dev/mailbox", "/dev/mailbox?format=json", "/api/v1/dev/mailbox"):
        assert refusal(Client(in_production.url).get(path)) == (404, "not_found")
    assert "mailbox" not in Client(in_production.url).get("/openapi.json").text


# ----------------------------------------------------------------------------------------------------------------- CORS


def preflight(
    client: Client, origin: str, method: str = "POST", names: str = "authorization,content-type,x-api-key"
) -> httpx2.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": names}
    return client._http.request("OPTIONS", "/auth/login", headers=headers)


@SQLITE_ONLY
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_frontend_can_send_requests(anonymous, method):
    answer = preflight(anonymous, FRONTEND, method)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRONTEND
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert method in answer.headers["access-control-allow-methods"]
    assert {"authorization", "content-type"} <= set(answer.headers["access-control-allow-headers"].lower().split(", "))


@SQLITE_ONLY
def test_frontend_can_read_responses_and_errors(anonymous):
    for answer in (
        anonymous.get("/", headers={"Origin": FRONTEND}),
        anonymous.get("/users/me", headers={"Origin": FRONTEND}),
        anonymous.post("/auth/login", {}, headers={"Origin": FRONTEND}),
        anonymous.post("/auth/login", content=b"x" * 70_000, headers={"Origin": FRONTEND}),
    ):
        assert answer.headers["access-control-allow-origin"] == FRONTEND
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "origin" in answer.headers["vary"].lower()
        assert {"x-request-id", "retry-after"} <= set(
            answer.headers["access-control-expose-headers"].lower().split(", ")
        )


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("sent", "setting"),
    [
        ({"origin": "https://evil.example"}, "CORS_ORIGINS"),
        ({"origin": FRONTEND, "names": "traceparent,x-shop"}, "CORS_HEADERS"),
        ({"origin": FRONTEND, "method": "TRACE"}, "this method"),
    ],
)
def test_refused_preflight_says_what_to_change(anonymous, sent, setting):
    answer = preflight(anonymous, **sent)
    assert refusal(answer) == (400, "malformed_request")
    assert setting in answer.json()["detail"]


EVIL = ["https://evil.example", "null", "http://localhost:3001", "https://localhost:3000", "http://localhost", "http://localhost:3000.evil.example", "http://evil.example/http://localhost:3000", "http://localhost:3000@evil.example", "http://LOCALHOST:3000", "http://localhost:3000/", "*", "file://", ""]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("origin", EVIL)
def test_other_origins_can_neither_send_nor_read(anonymous, origin):
    for answer in (
        preflight(anonymous, origin),
        anonymous.get("/", headers={"Origin": origin}),
        anonymous.get("/users/me", headers={"Origin": origin}),
    ):
        assert "access-control-allow-origin" not in answer.headers
    assert origin == "" or refusal(preflight(anonymous, origin)) == (400, "malformed_request")


def test_in_production_only_the_frontend_origin_is_allowed(in_production):
    client = Client(in_production.url)
    assert preflight(client, "https://app.service.example").headers["access-control-allow-origin"] == "https://app.service.example"  # fmt: skip
    for origin in ("http://app.service.example", FRONTEND, "https://service.example", "https://x.app.service.example"):
        assert "access-control-allow-origin" not in preflight(client, origin).headers


# --------------------------------------------------------------------------------------------------------- request ids

SANE = ["1", "req-1", "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50", "a" * 8, "b" * 128, "Root=1-5759e988-bd862e3fe1be46a994272793", "a.b:c+d/e=f@g_h"]  # fmt: skip
NOT_SANE = [
    b"",
    b"a" * 129,
    b"with a blank",
    b"<script>alert(1)</script>",
    b"a;b;c;d;e",
    b"caf\xc3\xa9caf\xc3\xa9",
    b'"quoted!"',
    b"{{7*7}}{{7}}",
    b"a" * 20_000,
]


@SQLITE_ONLY
@pytest.mark.parametrize("given", SANE)
def test_valid_request_id_is_kept(anonymous, given):
    answer = anonymous.get("/users/me", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == given


@SQLITE_ONLY
@pytest.mark.parametrize("given", NOT_SANE, ids=ascii)
def test_invalid_request_id_is_replaced(anonymous, given):
    answer = anonymous.get("/users/me", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@SQLITE_ONLY
def test_each_request_has_its_own_id(anonymous):
    assert len({anonymous.get("/").headers["x-request-id"] for _ in range(5)}) == 5


# ------------------------------------------------------------------------------------------------------------- the log


@pytest.fixture(scope="module", params=["text", "json"])
def logged(request, tmp_path_factory, postgres):
    """A process that served a few requests and ended: its log, the secrets used, and the number of requests."""
    box = Mailbox()
    url = postgres.new_database().replace("postgres@", "postgres:db-secret-4711@")
    secrets = production(DATABASE_URL=url, LOG_FORMAT=request.param, LOG_LEVEL="DEBUG", EMAIL_VERIFICATION="optional", SUPERUSER_PASSWORD=new_password(), INTERNAL_SERVICE_TOKEN=production()["JWT_SECRET"])  # fmt: skip
    process = Process(tmp_path_factory.mktemp("logged"), mailbox=box, **secrets)
    alice = Person(process, "alice")
    alice.client.headers["User-Agent"] = "agent level='error' event='forged'"
    answers = [
        alice.sign_up(),
        alice.log_in(password="wrong " + alice.password),
        alice.log_in(),
        alice.refresh(),
        alice.client.get("/users/me?token=query-secret-4711&level=error"),
        alice.client.get("/%0aforged=line%0d%0a{'level':'error'}?x=query-secret-4711"),
        alice.client.get("/docs/assets/path-secret-4711"),
        alice.client.post("/auth/login", content=b'{"password": "body-secret-4711"', headers={"Content-Type": "application/json"}),
        alice.client.post("/auth/signup", {"email": alice.email, "password": alice.password}),
        alice.client.get("/users/me", headers={"X-Request-ID": "my-own-request-id-4711"}),
        alice.client.get("/internal/users/x", headers={"X-Service-Token": secrets["INTERNAL_SERVICE_TOKEN"]}),
        alice.verify_email(token_in(alice.verification_mail())),
    ]  # fmt: skip
    mails = "".join(m.as_string() for m in box.all_to(alice.email))
    process.stop()
    box.close()
    hidden = {
        "the root secret": secrets["JWT_SECRET"],
        "the superuser's password": secrets["SUPERUSER_PASSWORD"],
        "the service token": secrets["INTERNAL_SERVICE_TOKEN"],
        "the database's password": "db-secret-4711",
        "a password": alice.password,
        "an access token": alice.tokens["access_token"],
        "a refresh token": alice.tokens["refresh_token"],
        "a link": re.search(r"token=([\w.=\n-]+)", mails)[1][:60],
        "an address": alice.email,
        "a query": "query-secret-4711",
        "a body": "body-secret-4711",
        "a path": "path-secret-4711",
    }
    return process.log.read_text(), hidden, answers, request.param


def lines_of(logged) -> list[dict]:
    log, _, _, form = logged
    lines = log.splitlines()
    start = next(i for i, line in enumerate(lines) if "Started server process" in line)
    if form == "json":
        return [json.loads(line) for line in lines[start:]]
    fields = r"(\w+)=('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)"
    parsed = []
    for line in lines[start:]:
        whole = re.fullmatch(rf"(20[\d-]+ [\d:]+) ([A-Z]+) +(\S.*?)((?:  {fields})*)", line)
        assert whole, line
        values = {name: value.strip("'\"") for name, value in re.findall(fields, whole[4])}
        parsed.append({"timestamp": whole[1], "level": whole[2].lower(), "event": whole[3], **values})
    return parsed


def test_each_request_has_one_line(logged):
    requests = [line for line in lines_of(logged) if line["event"] == "request" and line["route"] not in ("/health/ready", "/health")]  # fmt: skip
    answers = logged[2]
    assert [(r["method"], int(r["status"])) for r in requests] == [(a.request.method, a.status_code) for a in answers]
    assert [r["request_id"] for r in requests] == [a.headers["x-request-id"] for a in answers]
    assert "my-own-request-id-4711" in [r["request_id"] for r in requests]
    assert all(float(r["ms"]) > 0 for r in requests)
    assert {"/auth/signup", "/auth/login", "/users/me", "none"} <= {r["route"] for r in requests}


def test_line_contains_the_user_id_once_known(logged):
    by_request = {a.headers["x-request-id"]: a for a in logged[2]}
    user_id = logged[2][0].json()["user_id"]
    known = {
        (line["route"], line["status"] if isinstance(line["status"], int) else int(line["status"]))
        for line in lines_of(logged)
        if line["event"] == "request" and line.get("user_id") == user_id
    }
    assert known == {("/auth/signup", 201), ("/auth/login", 200), ("/auth/refresh", 200), ("/users/me", 200)} | (known & {("/auth/verify-email", 200)})  # fmt: skip
    events = [line for line in lines_of(logged) if line["event"] == "audit" and line.get("request_id") in by_request]
    assert [e["action"] for e in events] == ["user.signed_up", "user.login_failed", "user.logged_in", "email.verified"]
    assert {e["user_id"] for e in events} == {user_id}


def test_log_contains_no_secret(logged):
    log, hidden, _, _ = logged
    assert [what for what, value in hidden.items() if len(value) <= 10] == []
    assert [what for what, value in hidden.items() if value in log] == []


def test_log_lines_cannot_be_forged(logged):
    assert "forged" not in logged[0]
    assert not [line for line in lines_of(logged) if line["level"] == "error"]


def test_every_line_has_time_and_level(logged):
    for line in lines_of(logged):
        assert re.fullmatch(r"20\d\d-\d\d-\d\d(T[\d:.]+Z| [\d:]{8})", line["timestamp"])
        assert line["level"] in ("debug", "info", "warning")


# ------------------------------------------------------------------------------------------------------ request headers

SENT_BY_LIBRARIES = [
    "sentry-trace, baggage",
    "traceparent, tracestate",
    "x-requested-with",
    "cache-control, pragma",
    "authorization, content-type, x-request-id",
    "Content-Type, X-Requested-With, Sentry-Trace",
]


def asks_for(client, headers, origin=FRONTEND):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return client._http.request("OPTIONS", "/auth/login", headers=asked)


@SQLITE_ONLY
@pytest.mark.parametrize("headers", SENT_BY_LIBRARIES)
def test_pages_may_send_the_headers_that_their_libraries_add(anonymous, headers):
    allowed = asks_for(anonymous, headers)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == FRONTEND


@SQLITE_ONLY
@pytest.mark.parametrize("headers", ["x-service-token", "x-forwarded-for", "cookie, x-evil"])
def test_pages_may_send_no_other_headers(anonymous, headers):
    assert asks_for(anonymous, headers).status_code == 400
