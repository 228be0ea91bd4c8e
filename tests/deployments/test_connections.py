"""Slow clients: a few hundred idle connections do not block others."""

import contextlib
import json
import resource
import socket
import time

import pytest

from databases import SQLITE_ONLY
from people import Client, Person, refusal
from servers import Process
from web import connections, middleware

HALF_HEADERS = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_BODY = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"


@pytest.fixture
def opened():
    """opened(service, b"…"): open a connection and send this on it."""
    with contextlib.ExitStack() as stack:

        def connect(service, sent=b""):
            address = service.url.removeprefix("http://").split(":")
            connection = stack.enter_context(socket.create_connection((address[0], int(address[1])), timeout=20))
            connection.sendall(sent)
            return connection

        yield connect


@pytest.fixture
def hurried(monkeypatch):
    """Shorten the timeouts to a tenth."""
    monkeypatch.setattr(connections, "SECONDS_FOR_HEADERS", 1.0)
    monkeypatch.setattr(middleware, "SECONDS_FOR_BODY", 1.0)
    monkeypatch.setattr(connections, "SECONDS_FOR_UNREAD_BODY", 1.5)


def all_of(connection) -> bytes:
    """Return what is received until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            found += data
    return found


def received(connection, text) -> bool:
    """Return whether a text is received, in one part or several."""
    found = b""
    while text not in found and (data := connection.recv(65536)):
        found += data
    return text in found


def said(answer: bytes):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), json.loads(body) if body else {}


@pytest.mark.parametrize(
    "request_line",
    [b"GARBAGE", b"GET /\xc3\xa9 HTTP/1.1", b"GET / HTTP/1.1\r\nContent-Length: abc", b"GET /" + b"a" * 70000],
)
@SQLITE_ONLY
def test_what_is_not_http_gets_a_problem(service, opened, request_line):
    status, head, problem = said(all_of(opened(service, request_line + b"\r\n\r\n")))
    assert (status, problem["code"]) in ((400, "malformed_request"), (431, "headers_too_large"))
    assert b"application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head
    assert problem["request_id"].encode() in head


@SQLITE_ONLY
@pytest.mark.parametrize("body", [b"ZZ\r\n", b"3\r\n{}}xx\r\n", b"-1\r\n"])
@pytest.mark.parametrize("apart", [False, True])
def test_body_in_invalid_chunks_gets_a_problem(service, opened, body, apart):
    head = (
        b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    connection = opened(service, head if apart else head + body)
    if apart:
        time.sleep(0.1)
        connection.sendall(body)
    status, _, problem = said(all_of(connection))
    assert (status, problem["code"]) == (400, "malformed_request")


@SQLITE_ONLY
def test_invalid_request_behind_another_is_not_answered_in_its_place(service, opened):
    login = b'{"email":"a@example.com","password":"x"}'
    head = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    first = head + b"Content-Length: %d\r\n\r\n" % len(login) + login
    second = b"POST /auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"
    assert b"malformed_request" not in all_of(opened(service, first + second))


def test_timeout_is_ten_seconds():
    assert (connections.SECONDS_FOR_HEADERS, middleware.SECONDS_FOR_BODY) == (10, 10)


@SQLITE_ONLY
@pytest.mark.parametrize("sent", [HALF_HEADERS, HALF_BODY, b"GE"], ids=["half the headers", "half a body", "a word"])
def test_incomplete_request_gets_a_408(service, opened, hurried, sent):
    begun = time.monotonic()
    status, head, problem = said(all_of(opened(service, sent)))
    assert 0.8 < time.monotonic() - begun < 9
    assert (status, problem["code"], problem["status"]) == (408, "request_timeout", 408)
    assert b"connection: close" in head
    assert problem["request_id"].encode() in head
    assert b"x-content-type-options: nosniff" in head


@SQLITE_ONLY
@pytest.mark.parametrize("beginning", [HALF_HEADERS, HALF_BODY], ids=["headers", "body"])
def test_slow_bytes_do_not_extend_the_timeout(service, opened, hurried, beginning):
    connection, begun = opened(service, beginning), time.monotonic()
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - begun < 12 and not _is_over(connection):
            connection.sendall(b"a")
            time.sleep(0.2)
    assert time.monotonic() - begun < 9


def _is_over(connection):
    connection.setblocking(False)
    try:
        return connection.recv(65536) == b"" or True
    except BlockingIOError:
        return False
    finally:
        connection.setblocking(True)


WEBSOCKET = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: c2l4dGVlbiBsZXR0ZXJz\r\nSec-WebSocket-Version: 13"
)
HTTP2 = b"Connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"
LOGIN = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("http", ["httptools", "h11"])
@pytest.mark.parametrize("upgrade", [WEBSOCKET, HTTP2], ids=["WebSocket", "HTTP/2"])
def test_request_to_change_the_protocol_is_served_without_changing_it(start, opened, http, upgrade):
    service = start(UVICORN_HTTP=http)
    body = b'{"email":"alice@example.com"}'
    length, chunked = b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"
    once, last = LOGIN + upgrade + b"\r\n", b"\r\nConnection: close\r\n\r\n"
    connection = opened(service, once + length + b"\r\n\r\n" + body)
    assert received(connection, b'"field":"password"')
    connection.sendall(once + chunked + b"\r\n\r\n")
    time.sleep(0.1)
    connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    assert received(connection, b'"field":"password"')
    connection.sendall(b"GET /users/me HTTP/1.1\r\nHost: x\r\n" + upgrade + last)
    status, head, problem = said(all_of(connection))
    assert (status, problem["code"]) == (401, "not_authenticated")
    assert b"x-request-id" in head
    assert b"x-content-type-options: nosniff" in head


@SQLITE_ONLY
def test_body_that_the_parser_would_lose_is_rejected(service, opened):
    connection = opened(service, LOGIN + b"Content-Length: 2\r\nConnection: Upgrade\r\nUpgr")
    time.sleep(0.1)
    connection.sendall(b"ade: h2c\r\n\r\n{}")
    status, _, problem = said(all_of(connection))
    assert (status, problem["code"]) == (400, "malformed_request")


@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_only_headers_are_renamed_wherever_a_request_is_split(line):
    class Protocol:
        parser, part, tail = None, connections.HEADERS, b""

    head = line.join([b"POST / HTTP/1.1", b"X-Upgrade: 1", b"upgrade: h2c", b"Content-Length: 24", b"", b""])
    body, name = b"a=1\nUpgrade: yes\n\nUpgrade:", head.index(b"\nupgrade") + 1
    for at in range(len(head + body) + 1):
        protocol, whole = Protocol(), head + body
        first = connections._without_upgrade(protocol, whole[:at])
        protocol.part = connections.BODY if at >= len(head) else connections.HEADERS
        renamed = first + connections._without_upgrade(protocol, whole[at:])
        is_cut = name < at < name + len(b"upgrade:")
        assert renamed == (whole if is_cut else head.replace(b"upgrade", b"Ignored") + body), at


@SQLITE_ONLY
def test_incomplete_request_to_change_the_protocol_gets_a_408(service, opened, hurried):
    sent = LOGIN + WEBSOCKET + b"\r\nContent-Length: 2\r\n\r\n"
    assert said(all_of(opened(service, sent)))[0] == 408


@SQLITE_ONLY
def test_timeout_applies_to_the_second_request_of_a_connection(service, opened, hurried):
    connection = opened(service, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    connection.sendall(HALF_HEADERS)
    assert said(all_of(connection))[0] == 408


@SQLITE_ONLY
def test_unread_body_is_not_waited_for(service, opened, hurried):
    connection = opened(service, b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    begun = time.monotonic()
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - begun < 12:
            connection.sendall(b"a")
            time.sleep(0.2)
    assert time.monotonic() - begun < 9


@SQLITE_ONLY
def test_idle_connection_is_closed_without_a_response(service, opened, hurried):
    assert all_of(opened(service)) == b""


@SQLITE_ONLY
def test_slow_client_within_the_timeout_is_served(service, opened, hurried):
    connection = opened(service)
    request = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    for start in range(0, len(request), 8):
        connection.sendall(request[start : start + 8])
        time.sleep(0.05)
    assert said(all_of(connection))[0] == 200


@SQLITE_ONLY
def test_keep_alive_connection_is_served_while_it_is_used(service, opened, hurried):
    connection = opened(service)
    for _ in range(6):
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        time.sleep(0.4)


@SQLITE_ONLY
def test_body_declared_too_large_is_not_waited_for(service, opened):
    begun = time.monotonic()
    sent = b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 65537\r\n\r\n"
    assert opened(service, sent).recv(65536).startswith(b"HTTP/1.1 413")
    assert time.monotonic() - begun < 9
    assert refusal(Client(service.url).post("/auth/login", {"password": "x" * 70_000})) == (413, "body_too_large")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "headers", [{f"X-{number}": "" for number in range(101)}, {"X-Large": "a" * 66_000}], ids=["many", "large"]
)
def test_headers_are_bounded(service, headers):
    answer = Client(service.url).get("/users/me", headers=headers)
    assert refusal(answer) == (431, "headers_too_large")
    assert answer.headers["connection"] == "close"
    assert Client(service.url).get("/", headers={"X-Large": "a" * 60_000}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: ", b"GET /?"], ids=["headers", "URL"])
def test_headers_that_never_end_are_not_read_on(service, opened, sent):
    status, head, problem = said(all_of(opened(service, sent + b"a" * 66_000)))
    assert (status, problem["code"]) == (431, "headers_too_large")
    assert b"connection: close" in head
    slow = opened(service, sent)
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            slow.sendall(b"a" * 10_000)
            time.sleep(0.01)
    assert _is_over(slow)


@SQLITE_ONLY
@pytest.mark.parametrize(
    "lengths",
    [b"Content-Length: 2\r\nTransfer-Encoding: chunked", b"Content-Length: 2\r\nContent-Length: 3", b"Content-Length: +2"],
    ids=["length and chunks", "two lengths", "a sign"],
)  # fmt: skip
def test_ambiguous_length_is_rejected(service, opened, lengths):
    """A proxy in front could read another length, and pass a second request on within the first one."""
    sent = b"POST /auth/login HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n\r\n{}GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    received = all_of(opened(service, sent))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert received.count(b"HTTP/1.1") == 1


def limits_files(process: Process, number: int) -> None:
    resource.prlimit(process.process.pid, resource.RLIMIT_NOFILE, (number, number))


@pytest.mark.parametrize("http", ["h11", "httptools"])
def test_three_hundred_slow_clients_block_no_others(start, opened, http, monkeypatch):
    """A worker can have 256 open files: the service continues at once, not when the slow clients time out."""
    running = start(**{"UVICORN_HTTP": http})
    assert all_of(opened(running, b"GET / HTTP/1.1\r\nX-Large: " + b"a" * 80_000)).split()[1] in (b"400", b"431")
    limits_files(running, 256)
    for number in range(300):
        opened(running, HALF_BODY if number % 2 else b"GE")
    begun = time.monotonic()
    for _ in range(5):
        assert Client(running.url).get("/health").status_code == 200
    assert Person(running, "alice").sign_up().status_code == 201
    assert time.monotonic() - begun < 9  # they time out after ten


@SQLITE_ONLY
def test_with_every_connection_in_use_only_health_responds(service, opened, monkeypatch):
    monkeypatch.setattr(connections, "max_connections", lambda _protocol: 0)
    monkeypatch.setattr(connections, "_waiting", lambda _protocol: {})  # no connection can be closed
    assert Client(service.url).get("/health").json() == {"status": "alive"}
    answer = Client(service.url, allowed=[503]).get("/")
    assert refusal(answer) == (503, "overloaded")
    assert answer.headers["connection"] == "close"
    assert int(answer.headers["retry-after"]) > 0


@SQLITE_ONLY
def test_connections_over_the_limit_are_closed(service, opened, monkeypatch):
    monkeypatch.setattr(connections, "max_connections", lambda _protocol: -100)
    monkeypatch.setattr(connections, "_waiting", lambda _protocol: {})
    assert all_of(opened(service, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")) == b""


def test_limit_is_below_the_limit_of_uvicorn():
    class Protocol:
        limit_concurrency = 100

    assert connections.max_connections(Protocol) + connections.SPARE_CONNECTIONS < 100
    Protocol.limit_concurrency = None
    assert 0 < connections.max_connections(Protocol) <= connections.MAX_CONNECTIONS
