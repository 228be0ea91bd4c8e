"""A reverse proxy that serves the service below a path prefix, and strips the prefix."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

import http_stubs

PREFIX = "/accounts"
# For tests of the legacy API whose result a proxy could change: cookie paths, redirects, and URLs.
ALSO_THROUGH_A_PROXY = pytest.mark.parametrize("base_url", ["directly", "through a proxy"], indirect=True)
OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Proxy"

    def _forward(self) -> None:
        self.close_connection = True
        if not self.path.startswith(f"{PREFIX}/"):
            self._answer(httpx2.Response(404))
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in OF_ONE_HOP]
        url = self.server.behind + self.path.removeprefix(PREFIX)
        self._answer(self.server.http.request(self.command, url, headers=headers, content=body))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward

    def _answer(self, response: httpx2.Response) -> None:
        self.send_response_only(response.status_code)
        for name, value in response.headers.multi_items():
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.content)

    def log_message(self, *_: Any) -> None:
        pass


class Proxy(ThreadingHTTPServer):
    """Serve `behind` at `url`, which ends with the prefix."""

    daemon_threads, block_on_close = True, False

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.http = httpx2.Client(trust_env=False, verify=False, timeout=30, follow_redirects=False)
        self.url = f"http://127.0.0.1:{self.server_port}{PREFIX}"
        http_stubs.serve(self)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.http.close()
