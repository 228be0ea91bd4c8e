"""The data export contains everything stored about a user."""

import json
import secrets
from types import SimpleNamespace

import httpx2
import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

import database
import tables
from accounts import privacy
from people import new_email, refusal


def test_export_contains_everything_stored_about_the_user(alice, amy):
    phone = alice.other_device(**{"X-Forwarded-For": "203.0.113.77"})
    link = alice.request_reset()
    alice.request_email_change(new_email("alice-new"))
    amy.client.patch(f"/admin/users/{alice.user_id}", {"username": "Alicia"})
    answer = phone.client.get("/users/me/export")
    assert answer.status_code == 200
    found = answer.json()
    (account,) = found["account"]
    assert (account["user_id"], account["email"], account["username"]) == (alice.user_id, alice.email, "Alicia")
    assert found["roles"] == [{"role": "user"}]
    assert {session["user_agent"] for session in found["sessions"]} == {"Alice's browser", "Alice's phone"}
    assert "203.0.113.0/24" in [known["network"] for known in found["known_networks"]]
    assert {(one["purpose"], one["sent_to"]) for one in found["open_links"]} == {("reset_password", alice.email)}
    assert {"reset_password", "new_network"} <= {mail["template"] for mail in found["mails"]}
    assert [event["action"] for event in found["activity"]][-1] == "user.renamed"
    hidden = [link, alice.client.token, phone.client.token, alice.tokens["refresh_token"], tables.hash_of(alice)]
    text = json.dumps(found, ensure_ascii=False)
    assert not [secret for secret in [*hidden, "Amy's browser", "hashed_password"] if secret in text]


def test_first_verification_is_exported_also_after_later_changes(alice, bob, amy, clock):
    def exported(person):
        (account,) = person.client.get("/users/me/export").json()["account"]
        return account["first_verified_at"], account["email_proven_at"]

    assert exported(bob) == (None, None)
    first, proven = exported(alice)
    assert first == proven is not None
    clock.shift(120)
    assert alice.verify_email(alice.request_email_change(new_email("alice-new"))).status_code == 200
    kept, proven = exported(alice)
    assert kept == first < proven
    amy.log_in()
    assert amy.client.patch(f"/admin/users/{alice.user_id}", {"is_verified": False}).status_code == 200
    assert exported(alice) == (first, None)


def test_export_contains_no_data_of_others(alice, bob):
    text = alice.client.get("/users/me/export").text
    assert not [word for word in (bob.email, bob.user_id, "Bob") if word in text]


def test_export_contains_the_actions_of_the_user_on_others(root, amy, bob):
    phone = amy.other_device(**{"X-Forwarded-For": "203.0.113.77"})
    phone.client.patch(f"/admin/users/{bob.user_id}", {"is_active": False})
    phone.client.put(f"/admin/users/{bob.user_id}/roles", {"roles": []})
    found = phone.client.get("/users/me/export").json()
    told = {
        (e["action"], e["actor_id"], e["user_id"], e["ip"], e["user_agent"], str(e["detail"])) for e in found["acts"]
    }
    assert told == {
        (action, amy.user_id, bob.user_id, "203.0.113.77", "Amy's phone", "{}")
        for action in ("user.disabled", "user.roles_changed")
    }
    assert {event["user_id"] for event in found["activity"]} == {amy.user_id}
    text = json.dumps(found, ensure_ascii=False)
    assert not [word for word in (bob.email, "Bob's browser") if word in text]
    root.client.post("/admin/roles", {"name": (name := f"r{secrets.token_hex(5)}")})
    assert root.client.get("/users/me/export").json()["acts"][-1]["detail"]["name"] == name
    assert {e["user_id"] for e in amy.client.get("/users/me/activity").json()["items"]} == {amy.user_id}


SECTIONS = {section.table: section for section in privacy.sections() if section.table not in ("audit_events", "events")}
LEFT_OUT = {
    "users": {
        "id",
        "hashed_password",
        "folded_username",
        "password_changed_at",
        "email_set_at",
        "has_factors",
        "has_only_sms",
        "has_only_recovery_codes",
        "password_checked_at",
    },  # our number, a secret, the name again
    "user_roles": {"account_id"},
    "sessions": {
        "account_id",
        "refresh_counter",
        "rotated_at",
        "authenticated_at",
        "amr",
        "aal2_at",
        "salted_from",
        "impersonator_id",
    },
    "oauth_grants": {"account_id", "client_pk"},  # exported as the `client_id` and name of the client
    "oauth_codes": {"id", "account_id", "client_pk", "session_id", "detail"},
    "oauth_devices": {
        "id",
        "account_id",
        "client_pk",
        "session_id",
        "code_hash",
        "authentication",
        "interval",
        "polled_at",
    },
    "oauth_sessions": {
        "account_id",
        "client_pk",
        "session_id",
        "jkt",
        "refresh_counter",
        "rotated_at",
        "authenticated_at",
        "amr",
        "aal2_at",
    },
    "factors": {
        "account_id",
        "unconfirmed_until",
        "sealed_secret",
        "last_step",
        "credential_id",
        "public_key",
        "sign_count",
        "aaguid",
        "transports",
        "verifies_user",
        "backed_up",
        "code_id",
        "code_for",
        "code_sent_at",
        "wrong_codes",
    },
    "recovery_codes": {"account_id", "code_hash"},
    "api_keys": {"account_id", "key_hash", "previous_hash", "previous_until"},
    "trusted_devices": {"account_id", "counter", "rotated_at"},
    "factor_profiles": {"account_id", "user_handle", "sealed_key"},
    "pending_logins": {"id", "account_id", "amr", "detail", "recent", "passkey", "wrong_answers"},
    "known_networks": {"account_id"},
    "oauth_users": {"account_id", "issuer", "email_verified"},
    "pending_sign_ups": {"account_id", "hashed_password"},
    "one_time_tokens": {"id", "account_id", "wrong_codes", "detail"},
    "text_messages": {
        "id",
        "account_id",
        "code_id",
        "priority",
        "queued_at",
        "due_at",
        "attempts",
        "last_error",
    },
    "outbox": {"id", "account_id", "token_id", "priority", "queued_at", "due_at", "last_error"},
}


WITHOUT_SECTION = {"revocations"}  # ids of ended sessions, deleted after an hour


def test_each_table_of_an_account_has_a_section():
    """A table that is added later and forgotten here fails."""
    belonging = {
        table.name
        for table in database.Base.metadata.tables.values()
        if table.name == "users" or any(key.column.table.name == "users" for key in table.foreign_keys)
    }
    named = {table.name for table in database.Base.metadata.tables.values() if "account_id" in table.columns}
    assert SECTIONS.keys() == (belonging | named) - WITHOUT_SECTION


# The application is shown instead of its internal id.
OF_OTHER_TABLES = {
    "oauth_grants": {"client_id", "name"},
    "oauth_sessions": {"client_id"},
    "oauth_codes": {"client_id"},
    "oauth_devices": {"client_id"},
}


@pytest.mark.parametrize("table", SECTIONS)
def test_each_column_is_exported_or_listed_as_left_out(table):
    exported = [column.key for column in SECTIONS[table].rows(SimpleNamespace(id=1)).selected_columns]
    own = set(exported) - OF_OTHER_TABLES.get(table, set())
    assert own == set(database.Base.metadata.tables[table].columns.keys()) - LEFT_OUT[table]
    assert list(SECTIONS[table].schema.model_fields) == exported


def test_export_is_streamed_in_batches_and_not_concurrently(alice, monkeypatch):
    monkeypatch.setattr(privacy, "BATCH", 3)
    for number in range(8):
        alice.client.patch("/users/me", {"username": f"Alice {number}"})
    found = alice.client.get("/users/me/export").json()
    renamed = [event["id"] for event in found["activity"] if event["action"] == "user.renamed"]
    assert len(renamed) == 8
    assert renamed == sorted(renamed)
    user = SimpleNamespace(id=alice.me()["id"], user_id=alice.user_id)
    unread = privacy.export(user)
    assert refusal(alice.client.get("/users/me/export")) == (429, "rate_limited")
    batches = len(list(unread)) - len(privacy.sections()) - 1  # a piece costs a thread hop: one for each batch
    assert 6 < batches < 12
    assert alice.client.get("/users/me/export").status_code == 200


def test_loss_of_the_database_cuts_an_export_off_and_is_no_bug(alice, monkeypatch, caplog):
    def lost(_section, _user):
        yield b"{}"
        raise OperationalError("", {}, psycopg2.OperationalError("server closed the connection unexpectedly"))

    monkeypatch.setattr(privacy, "_rows", lost)
    with pytest.raises(httpx2.RemoteProtocolError):
        alice.client.get("/users/me/export")
    assert "the database is unavailable" in caplog.text and "unhandled exception" not in caplog.text


def test_exports_are_limited_by_account(alice, bob, configure):
    configure(rate_limit_enabled=True, rate_limit_export="2/hour")
    for _ in range(2):
        answer = alice.client.get("/users/me/export")
        assert answer.status_code == 200
    assert '"export";r=0;' in answer.headers["ratelimit"] and '"default";' in answer.headers["ratelimit"]
    elsewhere = {"X-Forwarded-For": "198.51.100.44"}
    refused = alice.client.get("/users/me/export", headers=elsewhere)
    assert refusal(refused) == (429, "rate_limited")
    assert '"export";q=2;w=3600' in refused.headers["ratelimit-policy"]
    assert bob.client.get("/users/me/export").status_code == 200
