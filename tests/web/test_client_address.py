"""The client IP address comes from the socket or from a trusted proxy, never from the client itself."""

import pytest

from core import client_address
from databases import SQLITE_ONLY
from people import Person

PROXY, INNER, CLIENT, EVIL = "10.0.0.1", "10.9.9.9", "198.51.100.7", "203.0.113.66"
TRUSTED = ("10.0.0.0/8", "2001:db8:ffff::/48")

CASES = {
    "no header": (CLIENT, [], CLIENT),
    "an untrusted client's header": (CLIENT, [EVIL], CLIENT),
    "an untrusted client's headers": (CLIENT, [EVIL, f"{EVIL}, {PROXY}"], CLIENT),
    "a proxy without a header": (PROXY, [], PROXY),
    "behind one proxy": (PROXY, [CLIENT], CLIENT),
    "behind two proxies": (PROXY, [f"{CLIENT}, {INNER}"], CLIENT),
    "spoofed on the left": (PROXY, [f"{EVIL}, {CLIENT}"], CLIENT),
    "spoofed far on the left": (PROXY, [f"{EVIL}, {EVIL}, {CLIENT}, {INNER}"], CLIENT),
    "spoofed as a proxy": (PROXY, [f"{EVIL}, {INNER}, {CLIENT}"], CLIENT),
    "spoofed in a header of its own": (PROXY, [EVIL, CLIENT], CLIENT),
    "only proxies": (PROXY, [f"{INNER}, {INNER}"], INNER),
    "no blanks": (PROXY, [f"{EVIL},{CLIENT}"], CLIENT),
    "garbage": (PROXY, ["garbage"], PROXY),
    "garbage on the left": (PROXY, [f"garbage, {CLIENT}"], CLIENT),
    "garbage on the right": (PROXY, [f"{CLIENT}, garbage"], PROXY),
    "empty": (PROXY, [""], PROXY),
    "only commas": (PROXY, [",,,"], PROXY),
    "a comma at the end": (PROXY, [f"{CLIENT}, "], CLIENT),
    "an empty element between": (PROXY, [f"{EVIL}, , {CLIENT},, {INNER}"], CLIENT),
    "tabs": (PROXY, [f"{EVIL},\t{CLIENT}\t"], CLIENT),
    "v4-mapped in brackets with a port": (PROXY, [f"[::ffff:{CLIENT}]:9"], CLIENT),
    "IPv6 in brackets with a zone": (PROXY, ["[2001:db8::7%3]:443"], "2001:db8::7"),
    "a quoted blank": (PROXY, [f'" {CLIENT} "'], CLIENT),
    "unknown on the left": (PROXY, [f"unknown, {CLIENT}"], CLIENT),
    "unknown on the right": (PROXY, [f"{CLIENT}, unknown"], PROXY),
    "a network": (PROXY, [f"{CLIENT}/32"], PROXY),
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
    "v4-mapped untrusted client": (f"::ffff:{CLIENT}", [EVIL], CLIENT),
    "no socket": ("", [CLIENT], ""),
    "a socket of another kind": ("/run/service.sock", [CLIENT], ""),
    "a test client": ("testclient", [CLIENT], ""),
}


@pytest.mark.parametrize("case", CASES)
def test_ip_address_is_the_rightmost_that_is_not_a_proxy(configure, case):
    configure(trusted_proxies=TRUSTED)
    peer, headers, expected = CASES[case]
    assert client_address.resolve(peer, headers) == expected


@pytest.mark.parametrize("case", CASES)
def test_without_a_trusted_proxy_the_header_is_ignored(configure, case):
    configure(trusted_proxies=())
    peer, headers, _ = CASES[case]
    assert client_address.resolve(peer, headers) == client_address.resolve(peer, [])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [([CLIENT], CLIENT), ([f"{EVIL}, {CLIENT}"], CLIENT), ([f"{CLIENT}, {INNER}"], CLIENT), ([], ""), (["x"], "")],
)
def test_header_over_a_unix_socket_is_used_if_configured(configure, headers, expected):
    """Otherwise all clients behind it would share one rate limit and one known network."""
    configure(trusted_proxies=(*TRUSTED, "unix"))
    assert client_address.resolve("", headers) == expected
    assert client_address.resolve(EVIL, [CLIENT]) == EVIL


def test_malformed_header_is_logged_once_a_minute(configure, monkeypatch):
    configure(trusted_proxies=TRUSTED)
    said, now = [], [1000.0]
    monkeypatch.setattr(client_address.log, "warning", lambda line, **_: said.append(line))
    monkeypatch.setattr(client_address, "_warned_at", 0.0)
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
def test_ip_address_is_reduced_to_its_network(ip, network):
    assert client_address.network_of(ip) == network


def ip_of(person: Person) -> str:
    (session,) = person.client.get("/users/me/sessions").json()
    return session["ip"]


@SQLITE_ONLY
@pytest.mark.parametrize("header", [CLIENT, f"{EVIL}, {CLIENT}", f"::ffff:{CLIENT}", f"{CLIENT}, 127.0.0.1"])
def test_list_of_sessions_shows_the_client_behind_a_proxy(service, header):
    alice = Person(service, "alice", **{"X-Forwarded-For": header})
    assert alice.sign_up().status_code == 201
    assert ip_of(alice) == CLIENT


@SQLITE_ONLY
def test_list_of_sessions_shows_the_socket_without_a_trusted_proxy(service, configure):
    configure(trusted_proxies=())
    mallory = Person(service, "mallory", **{"X-Forwarded-For": EVIL, "X-Real-IP": EVIL, "Forwarded": f"for={EVIL}"})
    assert mallory.sign_up().status_code == 201
    assert ip_of(mallory) == "127.0.0.1"


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP"])
def test_other_headers_are_ignored_behind_a_proxy(service, name):
    mallory = Person(service, "mallory", **{name: f"for={EVIL}" if name == "Forwarded" else EVIL})
    assert mallory.sign_up().status_code == 201
    assert ip_of(mallory) == "127.0.0.1"


FORWARDED = {
    "one": ([f"for={CLIENT}"], CLIENT),
    "quoted": ([f'for="{CLIENT}"'], CLIENT),
    "with a port": ([f'for="{CLIENT}:4711"'], CLIENT),
    "with a port, not quoted": ([f"for={CLIENT}:4711"], CLIENT),
    "IPv6": (['for="[2001:db8:cafe::17]"'], "2001:db8:cafe::17"),
    "IPv6 with a port": (['For="[2001:DB8:cafe::17]:4711"'], "2001:db8:cafe::17"),
    "IPv6, not quoted": (["for=[2001:db8::7]:443"], "2001:db8::7"),
    "other parameters": ([f"by=203.0.113.43;FOR={CLIENT} ; proto=https;host=example.com"], CLIENT),
    "two proxies": ([f"for={CLIENT}, for={INNER}"], CLIENT),
    "two headers": ([f"for={EVIL}, for={CLIENT}", f"for={INNER};proto=http"], CLIENT),
    "spoofed on the left": ([f"for={EVIL},for={CLIENT}"], CLIENT),
    "a quotation mark that the client leaves open": ([f'for="{EVIL}, for={CLIENT}'], CLIENT),
    "an open quotation mark before a quoted element": ([f'for="{EVIL}, for="{CLIENT}:443";proto=https'], CLIENT),
    "a comma inside quotes": ([f'for={CLIENT};host="a,b"'], CLIENT),
    "a trap inside quotes": ([f'for={CLIENT};host=", for={EVIL}"'], CLIENT),
    "a semicolon at the end": ([f"for={CLIENT};"], CLIENT),
    "unknown": (["for=unknown"], PROXY),
    "an obfuscated name": (["for=_hidden"], PROXY),
    "an obfuscated client on the left": ([f"for=_hidden, for={CLIENT}"], CLIENT),
    "no for": (["proto=https"], PROXY),
    "no pair": (["garbage"], PROXY),
    "empty": ([""], PROXY),
    "what is for another header": ([CLIENT], PROXY),
    "very long": (["for=_x, " * 9000 + f"for={CLIENT}"], CLIENT),
}


@pytest.mark.parametrize("case", FORWARDED)
def test_forwarded_header_of_rfc_7239_is_read_if_configured(configure, case):
    configure(trusted_proxies=TRUSTED, forwarded_header="forwarded")
    headers, expected = FORWARDED[case]
    assert client_address.resolve(PROXY, headers) == expected
    assert client_address.resolve(CLIENT, headers) == CLIENT


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("name", "value"), [("Forwarded", "for={}"), ("CF-Connecting-IP", "{}"), ("x-forwarded-for", "{}:5001")]
)
def test_only_the_configured_header_is_read(service, configure, name, value):
    configure(trusted_proxies=("127.0.0.1/32",), forwarded_header=name)
    others = {"Forwarded": f"for={EVIL}", "CF-Connecting-IP": EVIL, "X-Forwarded-For": EVIL}
    alice = Person(service, "alice")
    alice.client.headers.update({n: v for n, v in others.items() if n.lower() != name.lower()})
    alice.client.headers[name] = value.format(CLIENT)
    alice.sign_up()
    assert alice.client.get("/users/me/sessions").json()[0]["ip"] == CLIENT
