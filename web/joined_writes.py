"""Send the headers of a response together with the beginning of its body.

ASGI says that a server must not send the headers before it has received the first part of the body. uvicorn sends them
at once, which is another system call and another packet for each response.
"""

from typing import Any

STATUS_LINE, INTERIM = b"HTTP/1.1 ", b"HTTP/1.1 1"  # an interim response, such as 100, is followed by no body


class JoinedTransport:
    """A transport that keeps the headers of a response until the next call of `write`, `flush` or `close`."""

    def __init__(self, transport: Any) -> None:
        self._transport, self._headers = transport, b""
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._headers:
            data, self._headers = self._headers + data, b""
        elif data.startswith(STATUS_LINE) and not data.startswith(INTERIM):
            self._headers = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        """Send headers that no body follows. Call it when the response is complete."""
        if self._headers:
            headers, self._headers = self._headers, b""
            self._transport.write(headers)

    def close(self) -> None:
        self.flush()
        self._transport.close()
