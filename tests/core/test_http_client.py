"""The outgoing HTTP client: which hosts it can reach, its deadline, and its size limit."""

import asyncio
import contextlib
import http.server
import socket
import time

import httpx2
import pytest

import http_stubs
from core import http_client, thread_pools
from webhook_receiver import Receiver


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Encoding", "gzip" if self.path == "/compressed" else "identity")
        self.end_headers()
        if self.path == "/large":
            with contextlib.suppress(OSError):
                for _ in range(http_client.MAX_RESPONSE_BYTES // 65536 + 2):
                    self.wfile.write(b"x" * 65536)
        if self.path == "/slow":
            with contextlib.suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.05)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http_stubs.serve(running)
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def get(url, **how):
    async def request():
        async with httpx2.AsyncClient(**http_client.options(**how)) as client:
            return await client.get(url)

    async def in_a_thread():
        return await thread_pools.ThreadPool("test", 1).run(http_client.within_deadline, request)

    return asyncio.run(in_a_thread())


def test_redirect_is_not_followed(server):
    assert get(f"{server}/moved").status_code == 302


@pytest.mark.parametrize("path", ["large", "compressed"])
def test_too_large_or_compressed_response_is_rejected(server, path):
    with pytest.raises(http_client.InvalidResponse):
        get(f"{server}/{path}")


def test_slow_response_ends_at_the_deadline(server, monkeypatch):
    monkeypatch.setattr(http_client, "DEADLINE_SECONDS", 0.3)
    with pytest.raises(TimeoutError):
        get(f"{server}/slow")


@pytest.mark.parametrize(
    ("path", "kind"), [("{server}/slow", "TimeoutError"), ("http://127.0.0.1:1/", "ConnectError"), ("http://", "Un")]
)
def test_request_without_a_response_says_why_without_the_url(server, path, kind):
    with pytest.raises(http_client.NoResponse) as failed:
        http_client.request("GET", path.format(server=server), seconds=0.3)
    assert str(failed.value).startswith(kind)


def test_response_is_awaited_until_the_deadline(configure):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    receiver = Receiver()
    receiver.seconds = 5.2  # more than the default timeout of httpx2

    async def post():
        async with http_client.public_client() as client:
            return await asyncio.gather(
                http_client.send("POST", receiver.url, seconds=10),
                http_client.send_unread(client, receiver.url, seconds=10, max_bytes=1024),
            )

    assert [response.status_code for response in asyncio.run(post())] == [200, 200]
    receiver.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1", "2130706433"])  # fmt: skip
def test_url_of_a_user_cannot_reach_a_private_ip_address(server, host, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server)  # which would resolve the name itself
    with pytest.raises(http_client.ForbiddenAddress):
        get(f"http://{host}:{server.rpartition(':')[2]}/", public_only=True)


def test_host_with_one_private_ip_address_is_rejected(monkeypatch):
    def addresses(*_arguments, **_options):
        return [(0, 0, 0, "", ("93.184.215.14", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    with pytest.raises(http_client.ForbiddenAddress):
        get("http://name.example/", public_only=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_network_that_the_operator_allows_can_be_reached(server, configure, host):
    configure(webhook_allowed_networks=("127.0.0.0/8", "::1/128"))
    url = f"http://{host}:{server.rpartition(':')[2]}/"
    assert http_client.request("GET", url, seconds=3, public_only=True).status_code == 200


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "ftp://example.com/", "https://user@example.com/", "https://:x@example.com/",
     "https://example.com/#part", "https:///path", "https://example.com:99999/", "https://[::1", "https://10.0.0.1/",
     "https://[fd00::1]/", "https://169.254.169.254/latest", "//example.com/", "example.com", "", "https://x\0.example/", "https://example.com/\r\nX: y",
     "https://example.com/\u202e", "https://example.com/a b", "https://..../", "https://a..b/", f"https://{'a' * 64}.example/"],
)  # fmt: skip
def test_url_that_was_entered_is_rejected(configure, url):
    configure(environment="production")
    with pytest.raises(http_client.ForbiddenAddress, match=r"^must "):
        http_client.require_allowed_url(url)


def test_url_that_was_entered_may_be_http_in_development_only(configure):
    http_client.require_allowed_url("http://example.com/hook?source=auth")
    configure(environment="production")
    http_client.require_allowed_url("https://example.com:8443/hook?source=auth")


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "fe80::1", "fc00::1", "ff02::1", "64:ff9b::a00:1", "2002:7f00:1::", "::", "not an address", "168.63.129.16", "192.0.0.192", "64:ff9b:1::7f00:1", "fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "5f00::1", "3fff::1", "2001:0:1::"])  # fmt: skip
def test_ip_address_is_not_public(address):
    assert not http_client.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_ip_address_is_public(address):
    assert http_client.is_public(address)
