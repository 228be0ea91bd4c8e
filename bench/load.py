"""Generate load from one thread over plain sockets, at about ten thousand requests per second."""

import selectors
import socket
import statistics
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Make = Callable[[int, bytes | None], bytes]
WorkerOf = Callable[[int], int]
WORKERS = 2


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of an HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]  # fmt: skip
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass
class Stream:
    """Connections that repeat the same request.

    `make` gets the connection's number and its last answer. `rate`: so many a second over all of them, and the time is taken
    from when a request was due; without, each asks as fast as it is answered.
    """

    make: Make
    connections: int
    rate: float | None = None
    seconds: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)  # also before and after what is measured, by status

    def per_second(self, lasted: float) -> float:
        return len(self.seconds) / lasted

    def pace(self, together: int) -> float:
        """Return the responses a second from the first one to a later one, so that none counts in part.

        together: how many requests are served at once. The number of responses is a multiple of it.
        """
        number = (len(self.ended) - 1) // together * together
        return number / (self.ended[number] - self.ended[0])

    def percentile(self, percent: int) -> float:
        """Return a percentile of the response times, in seconds."""
        return statistics.quantiles(self.seconds, n=100)[percent - 1] if len(self.seconds) > 1 else float("nan")


class _Connection:
    def __init__(self, stream: Stream, number: int, opened: socket.socket) -> None:
        self.stream, self.number, self.socket = stream, number, opened
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.last, self.busy, self.begun = b"", None, False, 0.0

    def ask(self, due: float) -> None:
        self.begun, self.busy = due, True
        self.socket.sendall(self.stream.make(self.number, self.last))

    def hear(self, now: float, counts: bool) -> bool:
        """Return whether the response is complete."""
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server hung up")
        self.received += got
        head, mark, body = self.received.partition(b"\r\n\r\n")
        if not mark:
            return False
        found = head.lower().partition(b"content-length:")[2]
        if len(body) < (int(found.split(b"\r\n", 1)[0]) if found else 0):
            return False
        self.received, self.last, self.busy = b"", body, False
        self.stream.answered[int(head[9:12])] += 1
        if counts:
            self.stream.seconds.append(now - self.begun)
            self.stream.ended.append(now)
        return True


def run(
    url: str,
    seconds: float,
    *streams: Stream,
    warm_up: float = 0.5,
    worker_of: WorkerOf | None = None,
    workers: int = WORKERS,
) -> None:
    """Send requests, and record in the streams what is measured after `warm_up`.

    worker_of: returns which worker has the connection from a local port. Each worker then gets the same number of
        connections of each stream.
    workers: the number of workers that get connections. The others get none.
    """
    where = urlsplit(url)
    address = (str(where.hostname), int(where.port or 80))
    selector = selectors.DefaultSelector()
    connections = [
        _Connection(stream, number, opened)
        for stream in streams
        for number, opened in enumerate(_opened(address, stream.connections, worker_of, workers))
    ]
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    begin = time.perf_counter()
    due = {id(stream): begin for stream in streams}
    # Connections alternate, so that each worker gets requests and no connection reaches the keep-alive timeout.
    idle: dict[int, deque[_Connection]] = {id(stream): deque() for stream in streams}
    for connection in connections:
        _go_on(connection, begin, idle)
    while (now := time.perf_counter()) < begin + warm_up + seconds:
        for stream in streams:
            while stream.rate and due[id(stream)] <= now and idle[id(stream)]:
                idle[id(stream)].popleft().ask(due[id(stream)])
                due[id(stream)] += 1 / stream.rate
        for key, _events in selector.select(_pause(streams, due, idle, begin + warm_up + seconds)):
            heard = time.perf_counter()
            if key.data.hear(heard, heard - begin > warm_up):
                _go_on(key.data, heard, idle)
    _finish(selector, connections)


def _opened(address: tuple[str, int], count: int, worker_of: WorkerOf | None, workers: int) -> list[socket.socket]:
    """Open connections evenly over the workers. The kernel assigns them unevenly, so surplus ones are closed again."""
    taken: dict[int, list[socket.socket]] = {}
    surplus = []
    while sum(map(len, taken.values())) < count:
        opened = socket.create_connection(address)
        worker = worker_of(opened.getsockname()[1]) if worker_of else 0
        of_worker = taken.setdefault(worker, []) if worker in taken or len(taken) < workers else None
        if of_worker is None or (worker_of and len(of_worker) >= -(-count // workers)):
            surplus.append(opened)
        else:
            of_worker.append(opened)
    for opened in surplus:
        opened.close()
    return [opened for of_worker in taken.values() for opened in of_worker]


def _pause(
    streams: tuple[Stream, ...], due: dict[int, float], idle: dict[int, deque[_Connection]], end: float
) -> float:
    """Return the seconds until the next request is due, or the end. To wake earlier would take the server's cores."""
    waiting = [due[id(stream)] for stream in streams if stream.rate and idle[id(stream)]]
    return max(0.0, min([*waiting, end]) - time.perf_counter())


def _go_on(connection: _Connection, now: float, idle: dict[int, deque[_Connection]]) -> None:
    if connection.stream.rate:
        idle[id(connection.stream)].append(connection)
    else:
        connection.ask(now)


def _finish(selector: selectors.BaseSelector, connections: list[_Connection]) -> None:
    """Receive pending responses, so that they do not affect the next measurement."""
    until = time.perf_counter() + 30
    while any(c.busy for c in connections) and time.perf_counter() < until:
        for key, _events in selector.select(0.1):
            if key.data.busy:
                key.data.hear(0, counts=False)
            else:
                selector.unregister(key.fileobj)  # the server closes it, because it was idle
    selector.close()
    for connection in connections:
        connection.stream.make(connection.number, connection.last)  # the next request depends on the last response
        connection.socket.close()
