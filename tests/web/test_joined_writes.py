"""Responses are sent in one piece: the headers together with the body, or its beginning."""

import contextlib
import socket

import pytest

from web import joined_writes


class Recorded:
    """A transport that keeps what is sent over it."""

    def __init__(self, transport=None):
        self.transport, self.sent = transport, []

    def __getattr__(self, name):
        return getattr(self.transport, name)

    def write(self, data):
        self.sent.append(bytes(data))
        if self.transport:
            self.transport.write(data)

    def close(self):
        if self.transport:
            self.transport.close()

    def is_closing(self):
        return self.transport.is_closing() if self.transport else False


@pytest.fixture
def sent(monkeypatch):
    """Return what the service sends over connections that are opened from now on."""
    pieces = []

    class Watched(joined_writes.JoinedTransport):
        def __init__(self, transport):
            recorded = Recorded(transport)
            recorded.sent = pieces
            super().__init__(recorded)

    monkeypatch.setattr(joined_writes, "JoinedTransport", Watched)
    return pieces


def received(service, request: bytes) -> bytes:
    with contextlib.closing(socket.create_connection(("127.0.0.1", service.port), timeout=10)) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


LAST = "Connection: close"


def test_response_is_sent_in_one_piece(service, sent):
    answer = received(service, get("/health", LAST))
    assert answer.startswith(b"HTTP/1.1 200 ") and b'"status"' in answer
    assert sent == [answer]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_response_without_a_body_is_sent_at_once(service, sent, method):
    """On a connection that stays open, its client would otherwise wait."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", service.port), timeout=10)) as connection:
        connection.sendall(get("/health", "Origin: https://app.example", method=method))
        assert connection.recv(65536).startswith(b"HTTP/1.1 ")
    assert len(sent) == 1


def test_pipelined_requests_get_their_responses_in_order(service, sent):
    received(service, get("/health") + get("/nowhere") + get("/health", LAST))
    assert [piece[9:12] for piece in sent] == [b"200", b"404", b"200"]


def test_beginning_of_a_stream_is_sent_with_its_headers(alice, service, sent):
    answer = received(service, get("/users/me/export", f"Authorization: Bearer {alice.client.token}", LAST))
    assert answer.endswith(b"0\r\n\r\n")
    assert len(sent) > 3
    assert b"\r\n\r\n" in sent[0] and b"{" in sent[0].partition(b"\r\n\r\n")[2]


def test_headers_are_kept_until_something_follows():
    transport = Recorded()
    joined = joined_writes.JoinedTransport(transport)
    joined.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert transport.sent == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    joined.write(b"HTTP/1.1 200 OK\r\n\r\n")
    assert len(transport.sent) == 1
    joined.write(b"a")
    joined.write(b"b")
    assert transport.sent[1:] == [b"HTTP/1.1 200 OK\r\n\r\na", b"b"]
    joined.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    joined.flush()
    joined.flush()
    assert transport.sent[3:] == [b"HTTP/1.1 204 No Content\r\n\r\n"]
    joined.write(b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
    joined.close()
    assert transport.sent[4:] == [b"HTTP/1.1 500 Internal Server Error\r\n\r\n"]
