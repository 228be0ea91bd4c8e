"""Rate limits by client IP address: limits, exemptions, and operation with and without Redis."""

import contextlib
import functools
import itertools
import json
import re
import socket
import threading
import time

import pytest
import redis

import main
import tables
from core import rate_limit_counters, rate_limit_storage
from databases import SQLITE_ONLY
from people import Client, Person, at_once, new_email, new_password, refusal, token_in
from servers import free_port
from web import rate_limits

LIMITED = (429, "rate_limited")
_networks = (f"198.19.{block}" for block in itertools.cycle(range(256)))
_addresses = (f"198.18.{block}.{host}" for block in range(256) for host in range(256))


def somewhere(service, ip=None, **more):
    """A client with its own IP address."""
    return Client(service.url, headers={"X-Forwarded-For": ip or next(_addresses)}, **more)


@pytest.fixture
def limited(service, configure):
    """The service with rate limits on and counters at zero."""
    configure(rate_limit_enabled=True)
    rate_limit_counters._local.reset()
    return service


def log_in(client, email=None):
    return client.post("/auth/login", {"email": email or new_email(), "password": "not the password"})


def request_reset(client, email=None):
    return client.post("/auth/reset-password/request", {"email": email or new_email()})


def shows_a_link(client):
    return client.post("/auth/verify-email", {"token": "x"})


def why_refused(answer):
    """As `refusal`, also for an error in the format of RFC 6749."""
    return (429, "rate_limited") if answer.json().get("error") == "temporarily_unavailable" else refusal(answer)


# Policy, a request that it limits, and the status of that request within the limit.
CALLS = {
    "login": ("login", log_in, 401),
    "password grant": (
        "login", lambda c: c.post("/auth/token", data={"grant_type": "password", "username": new_email(), "password": "x"}), 400
    ),
    "change of password": ("login", lambda c: c.post("/auth/change-password", {}), 401),
    "deletion": ("login", lambda c: c.delete("/users/me"), 401),
    "signup": ("signup", lambda c: c.post("/auth/signup", {"email": new_email(), "password": "short"}), 422),
    "refresh": ("token", lambda c: c.post("/auth/refresh", {"refresh_token": "x"}), 401),
    "refresh grant": ("token", lambda c: c.post("/auth/token", data={"grant_type": "refresh_token", "refresh_token": "x"}), 400),
    "verification": ("token", shows_a_link, 400),
    "disowning": ("token", lambda c: c.post("/auth/disown", {"token": "x"}), 400),
    "new password": ("token", lambda c: c.post("/auth/reset-password/confirm", {"token": "x", "new_password": "x"}), 400),
    "anything": ("default", lambda c: c.get("/"), 200),
    "nothing": ("default", lambda c: c.get("/there/is/nothing"), 404),
    "any client": ("default", lambda c: c.get("/users/me"), 401),
}  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize(("policy", "call", "status"), CALLS.values(), ids=CALLS)
def test_request_over_its_limit_gets_429_with_retry_after(limited, configure, policy, call, status):
    configure(**{f"rate_limit_{policy}": "3/minute"})
    client = somewhere(limited)
    assert [call(client).status_code for _ in range(3)] == [status] * 3
    answer = call(client)
    assert why_refused(answer) == LIMITED
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert call(somewhere(limited)).status_code == status


@SQLITE_ONLY
def test_limit_resets_after_its_window(limited, configure, clock):
    configure(rate_limit_login="1/minute")
    client = somewhere(limited)
    assert [log_in(client).status_code for _ in range(2)] == [401, 429]
    clock.shift(61)
    assert log_in(client).status_code == 401


@SQLITE_ONLY
def test_each_response_contains_the_remaining_requests(limited):
    client = somewhere(limited)
    answer = log_in(client)
    assert answer.headers["ratelimit-policy"] == '"default";q=300;w=60, "login";q=10;w=60'
    assert re.fullmatch(r'"default";r=299;t=(60|59), "login";r=9;t=(60|59)', answer.headers["ratelimit"])
    for _ in range(10):
        answer = log_in(client)
    assert refusal(answer) == LIMITED
    assert re.fullmatch(r'"default";r=289;t=\d+, "login";r=0;t=\d+', answer.headers["ratelimit"])


@SQLITE_ONLY
def test_of_eighty_concurrent_requests_only_the_limit_passes(limited):
    ip = next(_addresses)
    calls = [functools.partial(shows_a_link, somewhere(limited, ip)) for _ in range(80)]
    assert sorted(answer.status_code for answer in at_once(*calls)) == [400] * 60 + [429] * 20


@SQLITE_ONLY
@pytest.mark.parametrize("path", sorted(rate_limits.UNLIMITED))
def test_monitoring_and_metadata_routes_are_not_limited(limited, configure, path):
    configure(rate_limit_default="1/minute")
    answers = [somewhere(limited, "192.0.2.1").get(path) for _ in range(3)]
    here = 404 if path == "/.well-known/revocations" else 200  # which does not exist with HS256
    assert {answer.status_code for answer in answers} == {here}
    assert "ratelimit" not in answers[0].headers


@SQLITE_ONLY
def test_networks_of_one_ipv6_site_are_limited_together(limited, configure):
    """A client with a /48 has 65,536 networks of the size that counts as one IP address."""
    configure(rate_limit_login="2/minute")
    answers = [log_in(somewhere(limited, f"2001:db8:7:{number:x}::1")) for number in range(21)]
    assert [answer.status_code for answer in answers] == [401] * 20 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert log_in(somewhere(limited, "2001:db8:8::1")).status_code == 401


@SQLITE_ONLY
def test_one_ipv6_network_has_its_own_limit(limited, configure):
    configure(rate_limit_login="2/minute")
    answers = [log_in(somewhere(limited, f"2001:db8:9:1::{number:x}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert log_in(somewhere(limited, "2001:db8:9:2::1")).status_code == 401


@SQLITE_ONLY
class TestOtherServices:
    def test_valid_service_token_is_exempt(self, limited, configure, another_service):
        configure(rate_limit_default="2/minute")
        stranger = Client(limited.url)
        assert [stranger.get("/").status_code for _ in range(3)] == [200, 200, 429]
        for _ in range(5):
            assert another_service.post("/internal/introspect", {"token": "x"}).status_code == 200
            answer = another_service.post("/oauth2/introspect", data={"token": "x"})
            assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)
        by_header = Client(limited.url, headers={"X-Service-Token": another_service.token})
        assert by_header.post("/internal/introspect", {"token": "x"}).status_code == 200
        assert stranger.get("/").status_code == 429

    def test_service_limit_applies_if_configured(self, limited, configure, another_service):
        configure(rate_limit_default="1/minute", rate_limit_service="3/minute")
        answers = [another_service.post("/internal/introspect", {"token": "x"}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"service";q=3;w=60'

    @pytest.mark.parametrize("header", ["Authorization", "X-Service-Token"])
    def test_wrong_service_token_is_not_exempt(self, limited, configure, another_service, header):
        configure(rate_limit_default="2/minute")
        wrong = another_service.token[:-1] + "~"
        guessing = Client(limited.url, headers={header: f"Bearer {wrong}" if header == "Authorization" else wrong})
        answers = [guessing.post("/internal/introspect", {"token": "x"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]

    @pytest.mark.parametrize(
        ("method", "sent", "status"),
        [
            ("get", {}, 405),
            ("post", {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
            ("post", {"data": {"client_secret": "x"}, "auth": ("x", "y")}, 400),
            ("post", {"content": b"x" * 200_000}, 413),
        ],
    )
    def test_malformed_introspection_counts(self, limited, configure, method, sent, status):
        configure(rate_limit_default="2/minute", rate_limit_login="1/minute")
        guessing = somewhere(limited)
        for left in (1, 0):
            answer = getattr(guessing, method)("/oauth2/introspect", **sent)
            assert (answer.status_code, answer.headers["ratelimit"].partition(";t")[0]) == (
                status,
                f'"default";r={left}',
            )
        assert guessing.post("/oauth2/introspect", data={"token": "x"}).status_code == 429
        answer = getattr(guessing, method)("/oauth2/introspect", **sent)
        assert why_refused(answer) == (429, "rate_limited")
        assert answer.headers["retry-after"]

    def test_service_in_the_form_is_exempt(self, limited, configure, another_service):
        configure(rate_limit_default="1/minute")
        client, sent = somewhere(limited), {"token": "x", "client_id": "crm", "client_secret": another_service.token}
        for _ in range(3):
            answer = client.post("/oauth2/introspect", data=sent)
            assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)

    def test_published_keys_can_be_cached(self, limited, configure, anonymous):
        configure(rate_limit_default="1/minute")
        for path in ("/.well-known/jwks.json", "/.well-known/openid-configuration"):
            for _ in range(3):
                answer = anonymous.get(path)
                assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=60")


@SQLITE_ONLY
def test_fields_show_the_limit_of_emails_that_rejects(limited, configure):
    configure(rate_limit_email="1/hour")
    client, email = somewhere(limited), new_email()
    answers = [request_reset(client, email) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 429]
    assert '"email";r=0' in answers[1].headers["ratelimit"]


@SQLITE_ONLY
def test_pipelined_request_does_not_inherit_the_limit_of_the_one_before(limited, configure, alice, bob, mailbox):
    configure(rate_limit_email="1/hour")
    for _ in range(rate_limits.EMAIL_FACTOR):  # then no email is sent to Alice as long as her last link is valid
        request_reset(somewhere(limited, next(_networks) + ".1"), alice.email)
    request_reset(somewhere(limited, next(_networks) + ".1"), bob.email)
    tables.wait_for_outbox()
    since = mailbox.mark()
    with contextlib.closing(socket.create_connection(("127.0.0.1", limited.port), timeout=10)) as proxy:
        proxy.sendall(b"".join(_raw_reset(person.email, next(_networks) + ".1") for person in (alice, bob)))
        received = b""
        while received.count(b"HTTP/1.1 202") < 2:
            received += (more := proxy.recv(65536))
            assert more, received
    assert mailbox.wait_for(bob.email, since=since)
    assert not mailbox.all_to(alice.email, "", since)


def _raw_reset(email, address):
    body = json.dumps({"email": email}).encode()
    return (
        f"POST /auth/reset-password/request HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@SQLITE_ONLY
def test_all_paths_of_a_route_share_a_limit(limited, configure):
    configure(rate_limit_login="2/minute")
    client, body = somewhere(limited), {"email": new_email(), "password": "x"}
    paths = ["/auth/login", "/api/v1/auth/login", "/api/v1/auth/login/"]
    assert [client.post(path, body).status_code for path in paths] == [401, 401, 429]


@SQLITE_ONLY
def test_limit_applies_before_the_body_is_read(limited, configure):
    configure(rate_limit_default="1/minute")
    client = somewhere(limited)
    client.get("/")
    for body in (b"{", b"x" * 200_000, b""):
        assert refusal(client.post("/auth/login", content=body)) == LIMITED


@SQLITE_ONLY
def test_disabled_limits_do_not_apply(service, configure):
    configure(
        rate_limit_enabled=False, rate_limit_login="1/minute", rate_limit_default="1/minute", rate_limit_email="1/hour"
    )
    client = somewhere(service)
    assert {log_in(client).status_code for _ in range(4)} == {401}
    assert {request_reset(client, "same@example.com").status_code for _ in range(4)} == {202}
    assert "ratelimit" not in log_in(client).headers


@SQLITE_ONLY
def test_rejected_requests_are_measured(limited, configure):
    configure(rate_limit_login="1/minute")
    client = somewhere(limited)
    before = _refused(client)
    log_in(client), log_in(client)
    assert _refused(client) == before + 1


def _refused(client) -> float:
    found = re.search(r'^credential_rate_limited_total\{policy="login"\} (\S+)', client.get("/metrics").text, re.M)
    return float(found[1]) if found else 0.0


def test_document_describes_every_limited_operation():
    silent = {
        path
        for path, methods in main.app.openapi()["paths"].items()
        for operation in methods.values()
        if "429" not in operation["responses"]
    }
    assert silent == rate_limits.UNLIMITED & main.app.openapi()["paths"].keys()


SAME = {
    "addresses of one IPv6 network": ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
    "neighbouring IPv6 networks": ("2001:db8:1:4::1", "2001:db8:1:5::1", False),
    "neighbouring IPv4 addresses": ("203.0.113.1", "203.0.113.2", False),
    "an IPv4 address in IPv6 clothes": ("203.0.113.9", "::ffff:203.0.113.9", True),
    "what the client wrote further left": ("203.0.113.20", "203.0.113.21, 203.0.113.20", True),
}


@SQLITE_ONLY
class TestClientIdentity:
    @pytest.mark.parametrize(("one", "other", "same"), SAME.values(), ids=SAME)
    def test_clients_share_a_counter(self, limited, configure, one, other, same):
        configure(rate_limit_login="1/minute")
        assert log_in(somewhere(limited, one)).status_code == 401
        assert log_in(somewhere(limited, other)).status_code == (429 if same else 401)

    def test_header_alone_makes_no_other_client(self, limited, configure):
        configure(trusted_proxies=(), rate_limit_login="1/minute")
        log_in(somewhere(limited))
        assert log_in(somewhere(limited)).status_code == 429


@SQLITE_ONLY
class TestEmailsOfOneAccount:
    @pytest.mark.parametrize("path", ["/auth/reset-password/request", "/auth/resend-verification"])
    @pytest.mark.parametrize("known", [True, False])
    def test_three_an_hour_from_one_network(self, bob, limited, path, known):
        email = bob.email if known else new_email()
        network = next(_networks)
        spellings = [email, email.upper(), f" {email} ", email]
        answers = [
            somewhere(limited, f"{network}.{host}").post(path, {"email": spelling})
            for host, spelling in enumerate(spellings, 1)
        ]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert refusal(answers[-1]) == LIMITED

    def test_attacker_who_uses_them_up_does_not_block_the_owner(self, alice, limited, mailbox):
        mallory = somewhere(limited, f"{next(_networks)}.1")
        assert [request_reset(mallory, alice.email).status_code for _ in range(4)] == [202, 202, 202, 429]
        tables.wait_for_outbox()
        mark = mailbox.mark()
        assert request_reset(somewhere(limited, f"{next(_networks)}.1"), alice.email).status_code == 202
        mail = mailbox.wait_for(alice.email, containing="/reset-password", since=mark)
        assert alice.set_new_password(token_in(mail), new_password()).status_code == 200

    def test_attacker_who_uses_them_up_does_not_block_a_sign_up(self, limited, configure, mailbox):
        configure(email_verification="required")
        dora = Person(limited, "dora", **{"X-Forwarded-For": f"{next(_networks)}.1"})
        mallory = somewhere(limited, f"{next(_networks)}.1")
        body = {"email": dora.email, "password": new_password()}
        assert [mallory.post("/auth/signup", body).status_code for _ in range(4)] == [202, 202, 202, 429]
        assert dora.sign_up().status_code == 202

    def test_office_can_reset_each_of_its_passwords(self, limited):
        office = f"{next(_networks)}.1"
        people = [new_email() for _ in range(5)]
        answers = [request_reset(somewhere(limited, office), email) for email in people for _ in range(3)]
        assert [answer.status_code for answer in answers] == [202] * 15
        more = [request_reset(somewhere(limited, office)).status_code for _ in range(16)]
        assert more == [202] * 15 + [429]

    def test_thirty_from_all_networks_and_then_the_last_link_stays_valid(self, alice, limited, mailbox, clock):
        """From any number of networks, Mallory cannot flood the mailbox, and Alice always has a valid link."""
        for _ in range(30):
            assert request_reset(somewhere(limited, f"{next(_networks)}.1"), alice.email).status_code == 202
        tables.wait_for_outbox()
        last = mailbox.wait_for(alice.email, containing="/reset-password")
        mark = mailbox.mark()
        for _ in range(3):
            assert request_reset(somewhere(limited, f"{next(_networks)}.1"), alice.email).status_code == 202
        tables.wait_for_outbox()
        assert mailbox.all_to(alice.email, since=mark) == []
        clock.shift(31 * 60)  # that link has expired, so a new one is sent
        assert request_reset(somewhere(limited, f"{next(_networks)}.1"), alice.email).status_code == 202
        mail = mailbox.wait_for(alice.email, containing="/reset-password", since=mark)
        assert token_in(mail) != token_in(last)
        assert request_reset(somewhere(limited, f"{next(_networks)}.1"), alice.email).status_code == 202
        assert alice.set_new_password(token_in(mail), new_password()).status_code == 200

    def test_limit_applies_to_email_changes_by_other_users(self, limited, configure):
        configure(rate_limit_email="1/hour")
        wanted, network = new_email(), next(_networks)
        people = [
            Person(limited, name, **{"X-Forwarded-For": f"{network}.{host}"})
            for host, name in enumerate(("carol", "dave"), 1)
        ]
        for person in people:
            assert person.sign_up().status_code == 201
        answers = [p.client.post("/users/me/email", {"new_email": wanted, "password": p.password}) for p in people]
        assert [answer.status_code for answer in answers] == [202, 429]

    def test_limit_applies_to_notices_of_an_email_change(self, alice, limited, configure):
        configure(rate_limit_email="2/hour")
        answers, network = [], next(_networks)
        for host in range(3):
            alice.client.headers["X-Forwarded-For"] = f"{network}.{host}"
            body = {"new_email": new_email(), "password": alice.password}
            answers.append(alice.client.post("/users/me/email", body).status_code)
        assert answers == [202, 202, 429]

    def test_limit_applies_to_repeated_sign_ups(self, alice, limited, configure):
        configure(email_verification="required")
        for email in (alice.email, new_email()):
            body, network = {"email": email, "password": alice.password}, next(_networks)
            answers = [somewhere(limited, f"{network}.{host}").post("/auth/signup", body) for host in range(1, 5)]
            assert [answer.status_code for answer in answers] == [202, 202, 202, 429]

    def test_limit_applies_to_requests_of_an_administrator(self, root, alice, limited, configure):
        configure(rate_limit_email="1/hour")
        wanted = new_email()
        for call, answers in {
            lambda: root.client.post(f"/admin/users/{alice.user_id}/reset-password"): [202, 429],
            lambda: root.client.post("/admin/users", {"email": wanted}): [201, 429],
            lambda: root.client.patch(f"/admin/users/{alice.user_id}", {"email": wanted}): [409, 429],
            lambda: root.client.patch(f"/admin/users/{alice.user_id}", {"username": "Alice"}): [200, 200],
        }.items():
            assert [call().status_code, call().status_code] == answers

    def test_sign_up_without_an_email_is_not_counted(self, alice, limited):
        body = {"email": alice.email, "password": alice.password}
        answers = [somewhere(limited).post("/auth/signup", body) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [409] * 4


class TestWithRedis:
    @pytest.fixture
    def together(self, valkey, configure, monkeypatch, limited):
        """The service with counters in Redis, which is available again after the test."""
        configure(redis_url=valkey.url)
        monkeypatch.setattr(rate_limit_storage, "SECONDS_WITHOUT_REDIS", 0.5)
        yield limited
        if valkey.process.poll() is not None:
            valkey.starts()
        assert rate_limit_counters.is_reachable()

    @SQLITE_ONLY
    def test_limits_are_the_same(self, together):
        client = somewhere(together)
        assert [log_in(client).status_code for _ in range(11)] == [401] * 10 + [429]
        assert re.fullmatch(r'"default";r=288;t=\d+, "login";r=0;t=\d+', log_in(client).headers["ratelimit"])

    def test_workers_share_their_counters(self, valkey, start, postgres):
        cluster = start(
            workers=2,
            DATABASE_URL=postgres.new_database(),
            REDIS_URL=valkey.url,
            RATE_LIMIT_ENABLED="true",
            TRUSTED_PROXIES="127.0.0.1",
        )
        for _ in range(5):
            # Under load Redis may respond too late, and a worker then counts by itself as designed; or a minute ends.
            client = somewhere(cluster, next(_addresses))
            counted = sorted(answer.status_code for answer in at_once(*[functools.partial(shows_a_link, client)] * 90))
            if counted == [400] * 60 + [429] * 30:
                break
        assert counted == [400] * 60 + [429] * 30

    @SQLITE_ONLY
    @pytest.mark.parametrize("fault", ["stopped", "frozen"])
    def test_without_redis_each_worker_counts_by_itself_and_no_request_waits(
        self, together, valkey, configure, caplog, fault
    ):
        configure(rate_limit_login="3/minute")
        client = somewhere(together)
        log_in(client)
        with _fault(valkey, fault):
            assert client.get("/health/ready").json()["checks"]["redis"] == "out of reach"
            assert client.get("/health/ready").json()["status"] == "degraded"
            begun = time.monotonic()
            assert [log_in(client).status_code for _ in range(4)] == [401] * 3 + [429]
            answers = at_once(*[functools.partial(somewhere(together).get, "/") for _ in range(30)])
            assert {answer.status_code for answer in answers} == {200}
            assert time.monotonic() - begun < 15
        assert "Redis unavailable" in caplog.text

    @SQLITE_ONLY
    def test_slow_redis_counts_as_unreachable(self, together, valkey, caplog, monkeypatch):
        monkeypatch.setattr(rate_limit_counters, "SECONDS_TO_COUNT", 0.3)
        begun = time.monotonic()
        with _slow(valkey):
            answers = at_once(*[functools.partial(somewhere(together).get, "/") for _ in range(80)])
        assert {answer.status_code for answer in answers} == {200}
        assert time.monotonic() - begun < 15, "requests wait for Redis one after the other"
        assert "Redis unavailable" in caplog.text

    @SQLITE_ONLY
    def test_recovered_redis_counts_again(self, together, valkey, configure, caplog):
        caplog.set_level("INFO")
        configure(rate_limit_login="3/minute")
        client = somewhere(together)
        log_in(client)
        with _fault(valkey, "frozen"):
            log_in(client)
        deadline = time.monotonic() + 60
        while "Redis available again" not in caplog.text:
            assert time.monotonic() < deadline
            somewhere(together).get("/")
            time.sleep(0.1)
        assert [log_in(client).status_code for _ in range(3)] == [401, 401, 429]

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        "url", ["redis://127.0.0.1:{port}", "redis://no.such.host.invalid:6379", "unix:///no/such/socket"]
    )
    def test_redis_that_never_started_fails_no_request(self, limited, configure, url):
        configure(redis_url=url.format(port=free_port()), rate_limit_login="1/minute")
        client = somewhere(limited)
        assert [log_in(client).status_code for _ in range(2)] == [401, 429]

    @SQLITE_ONLY
    def test_read_only_redis_is_reported(self, together, valkey):
        with redis.Redis.from_url(valkey.url) as admin:
            admin.config_set("maxmemory", "1")
            try:
                time.sleep(1.1)  # a readiness state is cached for a second
                assert somewhere(together).get("/health/ready").json()["checks"]["redis"] == "out of reach"
            finally:
                admin.config_set("maxmemory", "0")


@contextlib.contextmanager
def _slow(valkey):
    """Each response takes a fifth of a second."""
    done = threading.Event()

    def hold_up():
        while not done.is_set():
            with valkey.frozen():
                time.sleep(0.2)
            time.sleep(0.005)

    slowly = threading.Thread(target=hold_up)
    slowly.start()
    yield
    done.set()
    slowly.join()


def _fault(valkey, fault):
    if fault == "frozen":
        return valkey.frozen()
    valkey.stops()
    return contextlib.nullcontext()


def test_expired_windows_are_removed(clock):
    windows = rate_limit_counters._Windows()
    for number in range(10):
        windows.count(f"client {number}", 60)
    clock.shift(61)
    for number in range(5):
        windows.count(f"later {number}", 60)
    assert len(windows._windows[60]) == 5
    clock.shift(-3600)
    assert [windows.count("later 0", 60)[0] for _ in range(2)] == [1, 2]
    windows.count("new", 60)
    assert len(windows._windows[60]) < 5


def test_requests_from_many_addresses_take_a_bounded_amount_of_memory(monkeypatch):
    monkeypatch.setattr(rate_limit_counters, "MAX_WINDOWS", 100)
    windows = rate_limit_counters._Windows()
    for number in range(300):
        windows.count(f"2001:db8::{number:x}", 3600)
    assert len(windows._windows[3600]) == 100
    assert windows.count("2001:db8::12b", 3600)[0] == 2, "the latest is still counted"
