"""Whatever a request contains, the response is a problem with a code: never a 5xx, never an echo."""

import functools
import http.client
import itertools
import json
import logging
import secrets
import socket
import struct
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

import main
from databases import POSTGRESQL_ONLY
from people import Client, Person, new_email, new_password, refusal, superuser
from settings.loading import settings

pytestmark = POSTGRESQL_ONLY

MARK = "hostile-marker-4711"
JSON = {"Content-Type": "application/json"}


def fields_of(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Return the names of the fields of a body, through references and alternatives."""
    if "$ref" in schema:
        return fields_of(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    return sorted(schema.get("properties", {})) or [
        name for part in schema.get("anyOf", []) for name in fields_of(part, document)
    ]


def endpoints() -> list[tuple[str, str, list[str], bool]]:
    """Return method, path, fields, and whether the body is required, of each operation that takes JSON."""
    document = main.app.openapi()
    return [
        (
            method.upper(),
            path,
            fields_of(operation["requestBody"]["content"]["application/json"]["schema"], document),
            operation["requestBody"].get("required", False),
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


def with_each(value: str):
    """Return a body with this JSON text as the value of each field."""
    return lambda fields: "{%s}" % ",".join(f'"{field}":{value}' for field in fields)  # noqa: UP031


VALUES = {
    "NUL": rf'"{MARK}\u0000"',
    "lone surrogate": rf'"{MARK}\ud800"',
    "NaN": "NaN",
    "infinity": "-Infinity",
    "2^63": str(2**63),
    "5000 digits": "9" * 5000,
    "1e999": "1e999",
    "list": f'["{MARK}@example.com"]',
    "object": f'{{"{MARK}": "{MARK}"}}',
    "deep object": '{"a":' * 500 + f'"{MARK}"' + "}" * 500,
    "30 kB of brackets": "[" * 15_000 + "]" * 15_000,
    "6 kB of text": json.dumps(MARK * 300),
    "true": "true",
    "empty": '""',
    "line breaks": rf'"{MARK}\r\nBcc: x@example.com\r\n"',
    "emoji and marks": rf'"{MARK}\u202e\ufeff😀"',
}
BODIES = {
    **{name: with_each(value) for name, value in VALUES.items()},
    "twice the same key": lambda fields: "{%s}" % ",".join(f'"{f}":1,"{f}":["{MARK}"]' for f in fields),  # noqa: UP031
    "a list": lambda fields: f'["{MARK}"]',
    "a text": lambda fields: f'"{MARK}"',
    "a number": lambda fields: "4711",
    "60 kB of open brackets": lambda fields: "[" * 60_000,
    "60 kB of nested objects": lambda fields: '{"a":' * 12_000,
    "half a body": lambda fields: f'{{"email": "{MARK}',
    "no JSON": lambda fields: f"email={MARK}",
    "NUL bytes": lambda fields: "\0\0\0",
    "UTF-16": lambda fields: with_each(f'"{MARK}@example.com"')(fields).encode("utf-16"),
    "UTF-32": lambda fields: with_each(f'"{MARK}@example.com"')(fields).encode("utf-32"),
    "latin-1": lambda fields: with_each(f'"{MARK}ä@example.com"')(fields).encode("latin-1"),
    "bytes": lambda fields: bytes(range(256)),
    "a surrogate in UTF-8": lambda fields: b'{"email":"\xed\xa0\x80"}',
    "with a BOM": lambda fields: b"\xef\xbb\xbf" + with_each("1")(fields).encode(),
}


@functools.cache
def superusers_token(service: Any) -> str:
    return superuser(service).tokens["access_token"]


def ask(person: Person, method: str, path: str, **more: Any) -> Any:
    """Send it with the service's, the superuser's or the user's token, as the route requires, or with none."""
    token = settings.internal_service_token[0] if path.startswith("/internal") else person.tokens["access_token"]
    token = superusers_token(person.service) if path.startswith("/admin") else token
    bare = path.startswith("/auth/") and path not in (
        "/auth/change-password",
        "/auth/reauthenticate",
        "/auth/reauthenticate/sms",
    )
    person.client.token = None if bare else token
    try:
        return person.client._request(method, path, **more)
    finally:
        person.client.token = person.tokens["access_token"]


def assert_refused(answer: Any, where: str) -> None:
    if answer.status_code == 200 and where.endswith("/internal/introspect"):
        assert answer.json() == {"active": False}, where  # RFC 7662: an invalid token is inactive
        return
    if answer.status_code == 200 and where.endswith("/internal/users/lookup"):
        assert answer.json() == {"items": []}, where
        return
    assert 400 <= answer.status_code < 500, f"{where}: {answer.status_code} {answer.text[:200]}"
    assert answer.json()["error" if "/oauth2/" in where else "code"], where
    assert MARK not in answer.text, where
    assert "is not a valid value" not in answer.text, where  # the message says what the field must be


@pytest.mark.parametrize("body", BODIES)
def test_any_body_gets_at_most_a_problem(alice, body):
    for method, path, fields, _ in endpoints():
        answer = ask(alice, method, path, content=BODIES[body](fields), headers=JSON)
        assert_refused(answer, f"{method} {path}")
    assert alice.me()["username"] == "Alice"


def test_missing_required_body_is_reported(alice):
    needing = [(method, path) for method, path, _, required in endpoints() if required and "/oauth2/" not in path]
    assert len(needing) >= 10
    for method, path in needing:
        for headers in (JSON, {}):
            answer = ask(alice, method, path, content=b"", headers=headers)
            assert refusal(answer) == (422, "validation_error"), f"{method} {path}"


KINDS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "a/b/c", "", None]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_other_content_type_is_reported(alice, kind):
    # This includes what a cross-site form can send (CSRF): a text/plain body is never read as JSON.
    body = json.dumps({"email": alice.email, "password": alice.password}).encode()
    for method, path, _, _ in endpoints():
        if "/oauth2/" in path:
            continue  # errors of OAuth
        headers = {} if kind is None else {"Content-Type": kind}
        answer = ask(alice, method, path, content=body, headers=headers)
        assert refusal(answer) == (415, "unsupported_media_type"), f"{method} {path}"
        assert alice.email not in answer.text
    assert alice.me()["username"] == "Alice"


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/json;x=y"])
def test_json_media_types_are_accepted(alice, kind):
    body = json.dumps({"email": alice.email, "password": alice.password})
    assert alice.client.post("/auth/login", content=body, headers={"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "no-such-charset"])
def test_charset_is_ignored(alice, charset):
    body = json.dumps({"email": alice.email, "password": "ä" * 20}, ensure_ascii=False).encode()
    answer = alice.client.post(
        "/auth/login", content=body, headers={"Content-Type": f"application/json; charset={charset}"}
    )
    assert refusal(answer) == (401, "invalid_credentials")


def test_last_of_duplicate_fields_counts(service, mallory):
    password = new_password()
    body = f'{{"email":"first.{mallory.email}","email":"{mallory.email}","password":"{password}"}}'
    assert mallory.client.post("/auth/signup", content=body, headers=JSON).json()["email"] == mallory.email
    assert not mallory.can_log_in_with(password, email=f"first.{mallory.email}")
    assert mallory.can_log_in_with(password)


# --------------------------------------------------------------------------------------------------------- headers, paths

TOKENS = {
    "not ASCII": "é€".encode(),
    "not UTF-8": b"\xff\xfe\xfd",
    "50 kB": b"a" * 50_000,
    "50 kB of dots": b"." * 50_000,
    "three empty parts": b"..",
    "no JSON in it": b"e30.e30.e30",
    "a list in it": b"W10.W10.W10",
    "deep": b"W1tbW1tbW1tbW1tbW1tbW1tb" * 100 + b".e30.e30",
    "padding": b"====.====.====",
    "quotes": b"\"';--",
}


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("header", ["Authorization", "X-Service-Token"])
def test_malformed_token_is_rejected(anonymous, token, header):
    value = TOKENS[token] if header == "X-Service-Token" else b"Bearer " + TOKENS[token]
    for method, path in (("GET", "/users/me"), ("DELETE", "/users/me/sessions/1"), ("GET", "/internal/users/x")):
        answer = anonymous._request(method, path, headers={header: value})
        assert refusal(answer) == (401, "not_authenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Basic", "Negotiate", "Bearer:", "Token", "bearerbearer"])
def test_other_authentication_scheme_is_rejected(alice, scheme):
    headers = {"Authorization": f"{scheme} {alice.client.token}"}
    assert refusal(Client(alice.service.url).get("/users/me", headers=headers)) == (401, "not_authenticated")


IDS = ["0", "-1", str(2**63), "9" * 400, "%00", "a%00b", "%ff%fe", "%ED%A0%80", "..%2f..", "%2e%2e", "é", "a" * 5000, "'%20OR%201=1--", "%0d%0aX-Evil:1", "null", "NaN", "{}", "*"]  # fmt: skip


@pytest.mark.parametrize("number", IDS, ids=lambda i: ascii(i)[:20])
def test_odd_id_is_not_found(alice, another_service, number):
    for answer in (
        alice.client.delete(f"/users/me/sessions/{number}"),
        another_service.get(f"/internal/users/{number}"),
        alice.client.get(f"/docs/assets/{number}"),
        alice.client.get(f"/{number}"),
    ):
        assert refusal(answer) in ((404, "not_found"), (405, "method_not_allowed"), (422, "validation_error"))
        assert "x-evil" not in answer.headers
    assert len(alice.client.get("/users/me/sessions").json()) == 1


@pytest.mark.parametrize("value", ["%00", "a%00b", "%ff%fe", "9" * 400, "a" * 5000], ids=lambda value: value[:9])
def test_odd_parameter_of_a_list_causes_no_5xx(root, value):
    root.log_in()
    for path, operations in main.app.openapi()["paths"].items():
        parameters = operations.get("get", {}).get("parameters", [])
        for name in [each["name"] for each in parameters if each["in"] == "query"]:
            answer = root.client.get(f"{path}?{name}={value}")
            assert answer.status_code < 500, (path, name, answer.text)


@pytest.mark.parametrize(
    "query", ["format=%00", "format=pdf", "format=" + "a" * 5000, "%ff=%ff", "format=json&format=x"]
)
def test_odd_query_causes_no_5xx(anonymous, query):
    answer = anonymous.get(f"/dev/mailbox?{query}")
    assert refusal(answer) in ((404, "not_found"), (422, "validation_error"))


@pytest.mark.parametrize("agent", [b"\xff\xfe", b"a" * 20_000, "né".encode(), b"'; DROP TABLE users--"], ids=ascii)
def test_odd_user_agent_is_truncated(alice, agent):
    answer = alice.client.post(
        "/auth/login", {"email": alice.email, "password": alice.password}, headers={"User-Agent": agent}
    )
    assert answer.status_code == 200
    kept = alice.client.get("/users/me/sessions").json()[0]["user_agent"]
    assert len(kept) <= 512
    assert kept.isprintable()


@pytest.mark.parametrize("method", ["PUT", "TRACE", "PROPFIND", "DELETE", "GET"])
def test_other_method_is_reported(anonymous, method):
    answer = anonymous._request(method, "/auth/login")
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/users/me", "/api/v1/users/me"])
def test_wrong_method_names_all_methods_of_the_path(anonymous, path):
    answer = anonymous._request("PUT", path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, PATCH")


# ------------------------------------------------------------------------------------------------------------ large bodies


def pieces(size: int):
    """Return the content in pieces, which are sent chunked."""
    return (b"x" * min(16_384, size - start) for start in range(0, size, 16_384))


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1_000_000, 5_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_body_is_rejected_and_the_connection_continues(service, size, chunked):
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    connection.connect()
    connection.auto_open = 0  # a closed connection fails the test
    body = pieces(size) if chunked else b"x" * size
    connection.request("POST", "/auth/login", body, JSON, encode_chunked=chunked)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["code"]) == (413, "body_too_large")
    assert answer.headers["X-Request-ID"]
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


def test_password_of_a_megabyte_costs_no_hash(alice):
    begun = time.monotonic()
    answer = Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": "x" * 1_000_000})
    assert refusal(answer) == (413, "body_too_large")
    answer = Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": "x" * 60_000})
    assert refusal(answer) == (422, "validation_error")
    assert time.monotonic() - begun < 10


def test_body_of_exactly_64_kib_is_read(alice):
    body = json.dumps({"email": alice.email, "password": alice.password, "more": ""})
    whole = body[:-2] + "x" * (64 * 1024 - len(body)) + body[-2:]
    assert len(whole) == 64 * 1024
    assert alice.client.post("/auth/login", content=whole, headers=JSON).status_code == 200
    assert refusal(alice.client.post("/auth/login", content=whole + " ", headers=JSON)) == (413, "body_too_large")


@pytest.mark.parametrize("depth", [1_000, 30_000, 100_000])
def test_any_nesting_depth_causes_no_5xx(anonymous, depth):
    for body in ("[" * depth, "[" * depth + "]" * depth, '{"email":' + "[" * depth):
        answer = anonymous.post("/auth/login", content=body, headers=JSON)
        expected = 413 if len(body) > 64 * 1024 else answer.status_code if answer.status_code in (400, 422) else None
        assert answer.status_code == expected
    assert anonymous.get("/health").status_code == 200


# ----------------------------------------------------------------------------------------------------------- any text

ANY_TEXT = st.text(max_size=70) | st.text(
    st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=64
)
ADDRESSES = (
    st.emails()
    | st.builds("{}@{}".format, ANY_TEXT, ANY_TEXT)
    | st.builds("{}@{}.example".format, ANY_TEXT, st.text(min_size=1, max_size=20))
)
number = itertools.count()
one_client = functools.cache(Client)


@bounded(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(address=ADDRESSES, name=st.none() | ANY_TEXT)
def test_any_email_address_and_name_are_stored_unchanged_or_rejected(service, address, name):
    anonymous, password = one_client(service.url), new_password()
    address = f"{secrets.token_hex(4)}{next(number)}{address}"
    answer = anonymous.post("/auth/signup", content=json.dumps({"email": address, "username": name, "password": password}), headers=JSON)  # fmt: skip
    if answer.status_code != 201:
        assert refusal(answer) == (422, "validation_error")
        assert {e["field"] for e in answer.json()["errors"]} <= {"email", "username"}
        return
    assert answer.json()["email"] == address.strip()
    assert name is None or answer.json()["username"] == name.strip()
    for spelling in (address, address.strip().upper() if address.isascii() else address):
        assert anonymous.post("/auth/login", {"email": spelling, "password": password}).status_code == 200


SECRETS = st.text(max_size=300) | st.binary(max_size=60).map(lambda b: b.decode("latin-1"))


@bounded(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(first=SECRETS, second=SECRETS)
def test_any_password_token_or_code_is_invalid(service, first, second):
    calls = {
        "/auth/login": {"email": f"{secrets.token_hex(6)}@example.com", "password": first},
        "/auth/refresh": {"refresh_token": first},
        "/auth/verify-email": {"token": first},
        "/auth/disown": {"token": f"{first}.{second}"},
        "/auth/reset-password/confirm": {"token": second, "new_password": first},
        "/internal/introspect": {"token": first},
    }
    for path, body in calls.items():
        answer = one_client(service.url).post(path, content=json.dumps(body), headers=JSON)
        assert answer.status_code in (400, 401, 422), f"{path}: {answer.text}"
    email = f"{secrets.token_hex(6)}@example.com"
    answer = one_client(service.url).post(
        "/auth/verify-email", content=json.dumps({"email": email, "code": first}), headers=JSON
    )
    assert answer.status_code in (400, 422)


def test_pipelined_logins_of_a_client_that_is_gone_leave_no_traceback(service, caplog):
    body = json.dumps({"email": new_email(), "password": "wrong"}).encode()
    head = (
        f"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(5):
        connection = socket.create_connection(("127.0.0.1", service.port), timeout=10)
        connection.sendall(2 * (head.encode() + body))
        time.sleep(0.001)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
        connection.close()
    time.sleep(0.5)
    logged = {each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR}
    assert logged <= {"ASGI callable returned without completing response."}  # one line, by uvicorn
