"""Concurrent users of one account and of several: no request stalls or gets a 5xx, and others are served meanwhile."""

import socket
import threading
import time

import pytest
import sqlalchemy
from sqlalchemy.orm import Session

import tables
from people import Client, Person, at_once, new_email, statuses
from settings.loading import settings

CROWD = 3 * settings.database_pool_size  # more than there are threads and connections


def crowd(service, token=None):
    return [Client(service.url, token) for _ in range(CROWD)]


@pytest.fixture
def committing():
    """The names of the threads that commit transactions during a test."""
    names = []
    note = lambda _db: names.append(threading.current_thread().name)  # noqa: E731
    sqlalchemy.event.listen(Session, "after_commit", note)
    yield names
    sqlalchemy.event.remove(Session, "after_commit", note)


def test_thread_of_a_route_commits_also_after_an_error_that_keeps_its_work(alice, committing):
    assert alice.client.patch("/users/me", {"username": "Alicia"}).status_code == 200
    assert any(name.startswith("requests_") for name in committing)
    assert alice.client.post("/auth/login", {"email": alice.email, "password": "wrong"}).status_code == 401
    assert any(name.startswith("hashing requests_") for name in committing)
    assert not any(name.startswith("endings_") for name in committing)


@pytest.mark.parametrize("path", ["/auth/reset-password/request", "/auth/resend-verification"])
def test_concurrent_email_requests_stall_no_request(service, alice, bob, path):
    calls = [lambda c=c: c.post(path, {"email": bob.email}) for c in crowd(service)]
    answers = at_once(*calls, *(alice.me for _ in range(3)))
    assert statuses(answers[:CROWD]) == [202] * CROWD


def test_concurrent_renames_of_one_account(service, alice):
    calls = [lambda c=c: c.patch("/users/me", {"username": "Alicia"}) for c in crowd(service, alice.client.token)]
    assert statuses(at_once(*calls)) == [200] * CROWD


def test_concurrent_changes_to_the_email_address_of_an_account_being_deleted(service, alice, configure):
    configure(email_verification="required")
    people = [alice.other_device() for _ in range(4)]
    for _ in range(5):
        owner = Person(service, "olivia")
        configure(email_verification="off")
        assert owner.sign_up().status_code == 201
        tables.mark_verified(owner)
        configure(email_verification="required")
        wanted = {"new_email": owner.email}
        calls = [lambda p=p, body=wanted: p.client.post("/users/me/email", body) for p in people]
        answers = at_once(lambda leaver=owner: leaver.client.delete("/users/me"), *calls)
        assert statuses(answers) == [202] * 4 + [204]


def test_concurrent_changes_of_two_accounts_do_not_deadlock(service, configure):
    people = [Person(service, "dora") for _ in range(6)]
    for person in people:
        assert person.sign_up().status_code == 201
    calls = []
    for person, other in zip(people, [*people[1:], people[0]], strict=True):
        calls += [
            lambda p=person, o=other: p.client.post("/users/me/email", {"new_email": o.email}),
            lambda p=person: p.client.post("/auth/reset-password/request", {"email": p.email}),
            lambda p=person: p.client.patch("/users/me", {"username": "Dora"}),
            lambda p=person: p.client.post("/users/me/email", {"new_email": new_email()}),
            lambda p=person: p.client.post("/auth/login", {"email": p.email, "password": p.password}),
        ]
    assert set(statuses(at_once(*calls))) == {200, 202}


@pytest.mark.parametrize(
    "request_line", [b"DELETE /users/me", b"PATCH /users/me", b"POST /auth/logout-all"], ids=lambda line: line.decode()
)
@pytest.mark.parametrize("body", [b"", b'{"username": "Half"}'], ids=["nothing", "half"])
def test_aborted_request_has_no_effect(service, alice, request_line, body):
    head = (
        request_line + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 600\r\n"
        b"Authorization: Bearer " + alice.client.token.encode() + b"\r\n\r\n"
    )
    before = tables.events(user_id=alice.user_id)
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head + body)
    time.sleep(0.2)  # nothing shows from outside that the request was aborted
    assert alice.me()["username"] == "Alice"
    assert tables.events(user_id=alice.user_id) == before
