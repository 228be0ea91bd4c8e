"""Collect the statements that the service sends to PostgreSQL, with their values."""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import sqlalchemy

import database
import prepared
from people import Person, code_in, new_email, new_password

Statements = dict[str, tuple[str | None, str, Any]]  # by its text: what prepares it, what runs it, and the values


@contextlib.contextmanager
def recorded() -> Iterator[Statements]:
    """Record every statement that is sent from here on."""
    seen: Statements = {}
    ask = prepared._Compiled.first

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        seen[statement] = (None, statement, values)

    def note_prepared(made: Any, connection: Any, values: dict[str, Any]) -> Any:
        seen[made._prepare] = (made._prepare, made._execute, made._written(values))
        return ask(made, connection, values)

    sqlalchemy.event.listen(database.engine, "before_cursor_execute", note)
    try:
        with mock.patch.object(prepared._Compiled, "first", note_prepared):
            yield seen
    finally:
        sqlalchemy.event.remove(database.engine, "before_cursor_execute", note)


def life_of(person: Person) -> None:
    """Run a whole account lifecycle."""
    assert person.sign_up().status_code == 201
    person.client.post("/auth/resend-verification", {"email": person.email})
    person.enter_code(code_in(person.verification_mail()))
    person.client.post("/auth/login", {"email": person.email, "password": "wrong"})
    assert person.log_in().status_code == 200
    other = person.other_device()
    for path in ("", "/sessions", "/identities", "/activity", "/export"):
        assert person.client.get(f"/users/me{path}").status_code == 200
    assert person.refresh().status_code == 200
    person.client.patch("/users/me", {"username": "Another name"})
    moved = new_email()
    assert person.verify_email(person.request_email_change(moved)).status_code == 200
    person.email = moved
    assert person.log_in().status_code == 200
    changed, reset = new_password(), new_password()
    assert person.change_password(changed).status_code == 200
    assert person.set_new_password(person.request_reset(), reset).status_code == 200
    assert person.log_in(reset).status_code == 200
    other.client.post("/auth/logout")
    person.client.post("/auth/logout-all")
    assert person.log_in(reset).status_code == 200
    assert person.client.delete("/users/me", {"password": reset}).status_code == 204
