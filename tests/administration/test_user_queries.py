"""User queries: search by prefix of email address, name or id, stable pages, and look-ups by other services."""

import json
import secrets

import pytest

import database
import errors
import tables
from people import Person, new_email, refusal
from settings.loading import settings
from user_import import runs

INVALID = (422, "validation_error")


@pytest.fixture
def crowd(service):
    """Seven users whose email addresses and names have the same prefix."""
    tag = f"find{secrets.token_hex(5)}"
    people = [Person(service, "someone") for _ in range(7)]
    for number, person in enumerate(people):
        assert person.sign_up(email=f"{tag}{number}@example.com", username=f"{tag} the {number}th").status_code == 201
    return tag, people


def page(client, **filters):
    answer = client.get("/admin/users", params=filters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(client, **filters):
    return [user["user_id"] for user in page(client, **filters)["items"]]


def test_search_returns_the_newest_users_first_with_a_total(amy, crowd):
    tag, people = crowd
    answer = page(amy.client, query=tag)
    assert [user["user_id"] for user in answer["items"]] == [person.user_id for person in reversed(people)]
    assert (answer["total"], answer["next_cursor"]) == (7, None)
    assert answer["items"][-1] == people[0].managed()


def test_search_matches_email_address_name_and_id_in_any_case(amy, crowd):
    tag, people = crowd
    one = people[3].user_id
    for query in (
        f"{tag}3@example.com",
        f"{tag}3",
        f"{tag} the 3th",
        f"{tag.upper()} THE 3",
        f"  {tag}3 ",
        one,
        one.upper(),
    ):
        assert found(amy.client, query=query) == [one], query
    assert len(found(amy.client, query=one[:8])) >= 1


@pytest.mark.parametrize(
    ("username", "queries"),
    [("Éric {}", ["éric {}", "ÉRIC {}", "E\u0301ric {}"]), ("Zoe\u0308 {}", ["zoë {}", "ZOË {}"]),
     ("Straße {}", ["straße {}", "STRASSE {}"]), ("Σίσυφος {}", ["σίσυφος {}", "ΣΊΣΥΦΟΣ {}"]), ("İlker {}", ["İLKER {}", "i\u0307lker {}"])],
    ids=lambda value: value[:4] if isinstance(value, str) else "",
)  # fmt: skip
def test_search_matches_every_unicode_form_of_a_name(service, amy, username, queries):
    tag = secrets.token_hex(5)
    person = Person(service, "someone")
    assert person.sign_up(username="Before").status_code == 201
    assert person.client.patch("/users/me", {"username": username.format(tag)}).json()["username"] == username.format(
        tag
    )
    for query in queries:
        assert found(amy.client, query=query.format(tag)) == [person.user_id], query
    assert person.user_id not in found(amy.client, query="Before", limit=200)


def test_search_matches_every_spelling_of_an_imported_name(amy, tmp_path):
    name, file = f"ÉLODIE {secrets.token_hex(5)}", tmp_path / "people.jsonl"
    file.write_text(json.dumps({"email": new_email(), "username": name}), encoding="utf-8")
    runs.Import({}.__setitem__, lambda _: None).run(file)
    assert [user["username"] for user in page(amy.client, query=name.lower())["items"]] == [name]


def test_search_matches_an_email_address_as_displayed(service, amy):
    person = Person(service, "someone")
    address = f"x{secrets.token_hex(5)}@münchen.example"
    assert person.sign_up(email=address).status_code == 201
    for query in (address, address.upper(), address.replace("ü", "u\u0308"), address.partition("@")[0]):
        assert found(amy.client, query=query) == [person.user_id], query
    assert found(amy.client, query=address.replace("münchen", "xn--mnchen-3ya")) == [person.user_id]


def test_search_has_no_wildcards(amy, crowd):
    for sign in ["%", "_", "\\", "/", "*", "' OR 1=1--", "ſ"]:
        assert page(amy.client, query=crowd[0] + sign)["total"] == 0, sign


def test_filters_by_role_and_state_can_be_combined(root, crowd):
    tag, people = crowd
    root.client.patch(f"/admin/users/{people[1].user_id}", {"is_active": False})
    root.client.put(f"/admin/users/{people[2].user_id}/roles", {"roles": ["user", "admin"]})
    assert found(root.client, query=tag, is_active=False) == [people[1].user_id]
    assert len(found(root.client, query=tag, is_active=True)) == 6
    assert found(root.client, query=tag, role="admin") == [people[2].user_id]
    assert page(root.client, query=tag, role="admin", is_active=False)["total"] == 0
    assert page(root.client, role="no-such-role")["total"] == 0


def test_total_is_correct_for_each_state(root, alice):
    root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": False})
    for filters in ({}, {"is_active": True}, {"is_active": False}):
        seen, cursor = 0, {}
        while True:
            answer = page(root.client, limit=200, **filters, **cursor)
            seen += len(answer["items"])
            if not answer["next_cursor"]:
                break
            cursor = {"cursor": answer["next_cursor"]}
        assert answer["total"] == seen


def test_pages_are_stable_while_users_sign_up_and_are_deleted(service, amy, crowd):
    tag, people = crowd
    seen, cursor = [], {}
    while True:
        answer = page(amy.client, query=tag, limit=2, **cursor)
        assert len(answer["items"]) <= 2
        seen += [user["user_id"] for user in answer["items"]]
        if not answer["next_cursor"]:
            break
        cursor = {"cursor": answer["next_cursor"]}
        Person(service, "late").sign_up(email=f"{tag}-late-{new_email()}")
        amy.client.delete(f"/admin/users/{seen[0]}")
    assert seen == [person.user_id for person in reversed(people)]


ODD = [{"limit": 0}, {"limit": 201}, {"limit": -1}, {"limit": "a"}, {"limit": 1.5}, {"limit": 2**63}, {"limit": "1" * 40},
            {"cursor": "rubbish"}, {"cursor": "é🦊"}, {"cursor": "x" * 5000}, {"cursor": "bnVsbA=="}, {"cursor": "-1"},
            {"is_active": "maybe"}, {"query": "\0"}, {"query": "a" * 5000}, {"role": "\0"}]  # fmt: skip


def test_invalid_query_is_rejected(amy):
    for odd in ODD:
        assert refusal(amy.client.get("/admin/users", params=odd)) == INVALID, str(odd)[:30]


@pytest.mark.parametrize(
    "more", [{"sort": "hashed_password"}, {"hashed_password__startswith": "$2b"}, {"order_by": "1;"}]
)
def test_hidden_columns_cannot_be_used_as_filters(amy, more):
    assert page(amy.client, **more) == page(amy.client)
    assert "$2b$" not in str(page(amy.client, limit=200))


# ------------------------------------------------------------------------------------------------------ other services


def lookup(service, **body):
    answer = service.post("/internal/users/lookup", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_another_service_can_look_up_several_users(another_service, alice, bob):
    both = [alice.managed(), bob.managed()]
    assert lookup(another_service, user_ids=[bob.user_id, alice.user_id, "no-such-user", bob.user_id]) == both
    assert lookup(another_service, emails=[alice.email.upper(), new_email()]) == both[:1]
    assert lookup(another_service, user_ids=[bob.user_id], emails=[alice.email, bob.email]) == both
    assert lookup(another_service, user_ids=[]) == lookup(another_service, user_ids=["1"]) == []
    assert lookup(another_service, user_ids=[f"no-{i}" for i in range(499)] + [alice.user_id]) == both[:1]


NO_LOOKUPS = [{}, {"user_ids": "x"}, {"user_ids": [1]}, {"user_ids": [None]}, {"user_ids": ["a\0"]}, {"emails": [["a"]]},
             {"emails": {"$ne": 1}}, {"emails": ["x"]}, {"user_ids": ["x"] * 501}, {"emails": ["a@example.com"] * 501},
             {"user_ids": ["x"] * 251, "emails": ["a@example.com"] * 250}]  # fmt: skip


def test_lookup_of_no_or_too_many_users_is_rejected(another_service):
    for body in NO_LOOKUPS:
        assert refusal(another_service.post("/internal/users/lookup", body)) == INVALID, str(body)[:30]


def test_lookup_requires_a_service_token(root, anonymous):
    for client in (root.client, anonymous):
        answer = client.post("/internal/users/lookup", {"user_ids": [settings.superuser_user_id]})
        assert refusal(answer) == (401, "not_authenticated")


# ------------------------------------------------------------------------------------------------- by either of two ids


def test_numeric_user_id_takes_precedence_over_an_id(root, alice, bob):
    number = alice.me()["id"]
    assert alice.client.get(f"/users/{number}").json() == root.client.get(f"/users/{number}").json() == alice.me()
    tables.set_user_id(bob, str(number))
    assert root.client.get(f"/users/{number}").json()["email"] == bob.email
    assert refusal(alice.client.get(f"/users/{number}")) == (403, "forbidden")
    assert alice.client.get(f"/users/{alice.user_id}").json() == alice.me()


def test_list_returns_an_error_if_the_first_batch_fails(root, monkeypatch):
    def away(*_):
        raise errors.Unavailable()

    root.client.allowed = (503,)
    monkeypatch.setattr(database, "read_all", away)
    assert refusal(root.client.get("/users")) == (503, "unavailable")
