"""From where a request comes: the socket, or what a trusted proxy says; never what a stranger says."""

import pytest

from core import client_address
from people import Person

PROXY, INNER, CLIENT, EVIL = "10.0.0.1", "10.9.9.9", "198.51.100.7", "203.0.113.66"
TRUSTED = ("10.0.0.0/8", "2001:db8:ffff::/48")

CASES = {
    "no header": (CLIENT, [], CLIENT),
    "a stranger's header": (CLIENT, [EVIL], CLIENT),
    "a stranger's headers": (CLIENT, [EVIL, f"{EVIL}, {PROXY}"], CLIENT),
    "a proxy without a header": (PROXY, [], PROXY),
    "behind one proxy": (PROXY, [CLIENT], CLIENT),
    "behind two proxies": (PROXY, [f"{CLIENT}, {INNER}"], CLIENT),
    "spoofed on the left": (PROXY, [f"{EVIL}, {CLIENT}"], CLIENT),
    "spoofed far on the left": (PROXY, [f"{EVIL}, {EVIL}, {CLIENT}, {INNER}"], CLIENT),
    "spoofed as a proxy": (PROXY, [f"{EVIL}, {INNER}, {CLIENT}"], CLIENT),
    "spoofed in a header of its own": (PROXY, [EVIL, CLIENT], CLIENT),
    "nobody but proxies": (PROXY, [f"{INNER}, {INNER}"], INNER),
    "no blanks": (PROXY, [f"{EVIL},{CLIENT}"], CLIENT),
    "garbage": (PROXY, ["garbage"], PROXY),
    "garbage on the left": (PROXY, [f"garbage, {CLIENT}"], CLIENT),
    "garbage on the right": (PROXY, [f"{CLIENT}, garbage"], PROXY),
    "empty": (PROXY, [""], PROXY),
    "only commas": (PROXY, [",,,"], PROXY),
    "with a port": (PROXY, [f"{CLIENT}:51234"], CLIENT),
    "with a port, behind two proxies": (PROXY, [f"{CLIENT}:51234, {INNER}:80"], CLIENT),
    "quoted": (PROXY, [f'"{CLIENT}"'], CLIENT),
    "IPv6 in brackets": (PROXY, ["[2001:db8::7]"], "2001:db8::7"),
    "IPv6 in brackets with a port, quoted": (PROXY, ['"[2001:db8::7]:443"'], "2001:db8::7"),
    "a port alone": (PROXY, [":51234"], PROXY),
    "a port too long": (PROXY, [f"{CLIENT}:512345"], PROXY),
    "an open bracket": (PROXY, ["[2001:db8::7"], PROXY),
    "a name with a port": (PROXY, ["localhost:80"], PROXY),
    "octal": (PROXY, ["0198.051.0100.07"], PROXY),
    "a number": (PROXY, ["3325256711"], PROXY),
    "not ASCII": (PROXY, ["１98.51.100.7"], PROXY),
    "very many": (PROXY, [", ".join([EVIL] * 5000 + [CLIENT])], CLIENT),
    "IPv6": (PROXY, ["2001:DB8::0:7"], "2001:db8::7"),
    "IPv6 behind IPv6": ("2001:db8:ffff::1", ["2001:db8::7"], "2001:db8::7"),
    "IPv6 with a zone": ("fe80::1%eth0", [], "fe80::1"),
    "v4-mapped client": (PROXY, [f"::ffff:{CLIENT}"], CLIENT),
    "v4-mapped proxy": (f"::ffff:{PROXY}", [CLIENT], CLIENT),
    "v4-mapped stranger": (f"::ffff:{CLIENT}", [EVIL], CLIENT),
    "no socket": ("", [CLIENT], ""),
    "a socket of another kind": ("/run/service.sock", [CLIENT], ""),
    "a test client": ("testclient", [CLIENT], ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_address_is_the_right_most_that_is_not_a_proxy(configure, case):
    configure(trusted_proxies=TRUSTED)
    peer, headers, expected = CASES[case]
    assert client_address.resolve(peer, headers) == expected


@pytest.mark.parametrize("case", CASES)
def test_with_no_proxy_trusted_no_header_counts(configure, case):
    configure(trusted_proxies=())
    peer, headers, _ = CASES[case]
    assert client_address.resolve(peer, headers) == client_address.resolve(peer, [])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [([CLIENT], CLIENT), ([f"{EVIL}, {CLIENT}"], CLIENT), ([f"{CLIENT}, {INNER}"], CLIENT), ([], ""), (["x"], "")],
)
def test_the_header_of_a_unix_socket_counts_where_the_settings_say_so(configure, headers, expected):
    """Or everybody behind it would share one limit and one known network."""
    configure(trusted_proxies=(*TRUSTED, "unix"))
    assert client_address.resolve("", headers) == expected
    assert client_address.resolve(EVIL, [CLIENT]) == EVIL


def test_a_header_that_does_not_parse_is_told_once_a_minute(configure, monkeypatch):
    configure(trusted_proxies=TRUSTED)
    said, now = [], [1000.0]
    monkeypatch.setattr(client_address.log, "warning", said.append)
    monkeypatch.setattr(client_address, "_told_at", 0.0)
    monkeypatch.setattr(client_address.time, "monotonic", lambda: now[0])
    for _ in range(3):
        client_address.resolve(PROXY, ["garbage"])
    assert len(said) == 1
    now[0] += 61
    client_address.resolve(PROXY, ["garbage"])
    assert len(said) == 2
    assert "garbage" not in said[0]


@pytest.mark.parametrize(
    ("ip", "network"),
    [("198.51.100.7", "198.51.100.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("", "unknown")],
)
def test_an_address_counts_for_its_network(ip, network):
    assert client_address.network_of(ip) == network


def ip_of(person: Person) -> str:
    (session,) = person.client.get("/users/me/sessions").json()
    return session["ip"]


@pytest.mark.parametrize("header", [CLIENT, f"{EVIL}, {CLIENT}", f"::ffff:{CLIENT}", f"{CLIENT}, 127.0.0.1"])
def test_behind_a_proxy_the_list_of_sessions_shows_the_client(service, header):
    alice = Person(service, "alice", **{"X-Forwarded-For": header})
    assert alice.signs_up().status_code == 201
    assert ip_of(alice) == CLIENT


def test_without_a_trusted_proxy_it_shows_the_socket(service, configure):
    configure(trusted_proxies=())
    mallory = Person(service, "mallory", **{"X-Forwarded-For": EVIL, "X-Real-IP": EVIL, "Forwarded": f"for={EVIL}"})
    assert mallory.signs_up().status_code == 201
    assert ip_of(mallory) == "127.0.0.1"


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP"])
def test_no_other_header_counts_even_behind_a_proxy(service, name):
    mallory = Person(service, "mallory", **{name: f"for={EVIL}" if name == "Forwarded" else EVIL})
    assert mallory.signs_up().status_code == 201
    assert ip_of(mallory) == "127.0.0.1"
