"""Names that users, clients or administrators entered: one that is not resolved delays only its own requests."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from core import http_client, name_resolution
from name_servers import NameServers
from webhook_receiver import Receiver


@pytest.fixture
def name_servers(monkeypatch, configure):
    configure(webhook_allowed_networks=("127.0.0.0/8", "::1/128"))
    servers = NameServers(monkeypatch)
    yield servers
    servers.respond()


@pytest.fixture
def port():
    receiver = Receiver()
    yield receiver.server_port
    receiver.close()


async def post(host, port, *, seconds=3.0, public_only=True):
    """Send a request, and return its status, or the name of its error."""
    try:
        url = f"http://{host}:{port}/"
        return (await http_client.send("POST", url, seconds=seconds, public_only=public_only)).status_code
    except http_client.NoResponse as error:
        return str(error)


async def deliver(host, port):
    async with http_client.public_client() as client:
        url = f"http://{host}:{port}/"
        return (await http_client.send_unread(client, url, seconds=3, max_bytes=1024)).status_code


async def while_others_hang(name_servers, port, names, *others):
    """Send 70 requests to names that are not resolved. Return their results, and those of the others meanwhile."""
    pending = [asyncio.create_task(post(f"h{n % names}.hanging.example", port, seconds=2)) for n in range(70)]
    while len(name_servers.lookups) < min(names, name_resolution.MAX_LOOKUPS):
        await asyncio.sleep(0.01)
    found = await asyncio.gather(*others)
    assert not all(task.done() for task in pending)
    return await asyncio.gather(*pending), found


def test_names_that_hang_delay_no_other_host(name_servers, port):
    others = post("localhost", port), post("localhost", port, public_only=False), deliver("localhost", port)
    hung, found = asyncio.run(while_others_hang(name_servers, port, 14, *others))
    assert found == [200, 200, 200]
    assert hung == ["TimeoutError"] * 70
    assert len(name_servers.lookups) == 14, "the requests to a name share its lookup"


def test_too_many_names_that_hang_delay_neither_deliveries_nor_trusted_hosts(name_servers, port):
    others = post("localhost", port), post("localhost", port, public_only=False), deliver("localhost", port)
    hung, found = asyncio.run(while_others_hang(name_servers, port, 70, *others))
    assert found == ["TooManyLookups", 200, 200]
    assert sorted(hung) == ["TimeoutError"] * 64 + ["TooManyLookups"] * 6
    name_servers.respond()
    assert asyncio.run(post("localhost", port)) == 200


def test_name_that_hangs_fails_at_once_until_its_lookup_ends(name_servers, port):
    assert asyncio.run(post("slow.hanging.example", port, seconds=0.2)) == "TimeoutError"
    began = time.monotonic()
    assert asyncio.run(post("slow.hanging.example", port)) == "LookupOverdue"
    assert time.monotonic() - began < 1
    assert len(name_servers.lookups) == 1
    name_servers.respond()
    assert asyncio.run(post("slow.hanging.example", port)) == 200
    assert len(name_servers.lookups) == 2


@pytest.mark.parametrize(("name", "result"), [("slow", 200), ("unknown", "gaierror")])
def test_event_loops_share_a_lookup_and_its_end_at_a_deadline_ends_no_other(name_servers, port, name, result):
    host = f"{name}.hanging.example"
    with ThreadPoolExecutor(4) as threads:
        patient = [threads.submit(asyncio.run, post(host, port, seconds=20)) for _ in range(3)]
        hasty = threads.submit(asyncio.run, post(host, port, seconds=0.5))
        assert hasty.result() == "TimeoutError"
        name_servers.respond()
        assert [each.result() for each in patient] == [result] * 3
    assert len(name_servers.lookups) == 1


def test_system_that_allows_no_more_threads_is_no_error_of_the_service(name_servers, port, monkeypatch):
    def start(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as changed:
        changed.setattr(name_resolution.threading.Thread, "start", start)
        assert asyncio.run(post("localhost", port)) == "TooManyLookups"
    assert asyncio.run(post("localhost", port)) == 200
