"""Name servers that do not respond, or respond late: `socket.getaddrinfo` is replaced, as tests have no DNS."""

import socket
import threading
from typing import Any

import pytest

import waiting
from core import name_resolution


class NameServers:
    """Those of the zone `hanging.example`, whose names are resolved to 127.0.0.1 after `respond`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lookups: list[str] = []
        self._responds = threading.Event()
        self._resolve = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._getaddrinfo)

    def respond(self) -> None:
        """Respond to all lookups from now on, and wait for the end of those that are outstanding."""
        self._responds.set()
        waiting.until(lambda: not name_resolution._outstanding)

    def _getaddrinfo(self, host: Any, *arguments: Any, **options: Any) -> Any:
        if not str(host).endswith(".hanging.example"):
            return self._resolve(host, *arguments, **options)
        self.lookups.append(host)
        assert self._responds.wait(60)
        if str(host).startswith("unknown"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._resolve("127.0.0.1", *arguments, **options)
