"""The internal API: token introspection and user look-ups, for other services only."""

import jwt
import pytest

import main
import tables
from databases import SQLITE_ONLY
from people import Client, new_password, refusal
from settings.loading import settings
from web import middleware

pytestmark = SQLITE_ONLY

CLAIMS = {
    "active",
    "sub",
    "username",
    "email",
    "email_verified",
    "roles",
    "sid",
    "jti",
    "iss",
    "aud",
    "iat",
    "exp",
    "auth_time",
    "acr",
    "amr",
    "token_type",
}
OUT = (401, "not_authenticated")


@pytest.fixture(params=["bearer", "own header"])
def other(another_service, request):
    """Another service, which sends its token in either of the two forms."""
    if request.param == "bearer":
        return another_service
    return Client(another_service.url, headers={"X-Service-Token": another_service.token})


def asked(client, token):
    answer = client.post("/internal/introspect", {"token": token})
    assert answer.status_code == 200
    return answer.json()


def test_valid_token_is_active_and_names_its_user(other, alice):
    alice.log_in()
    answer = asked(other, alice.client.token)
    assert (answer.keys(), answer["active"], answer["token_type"]) == (CLAIMS, True, "Bearer")
    claims = jwt.decode(alice.client.token, settings.jwt_secret, ["HS256"], audience=settings.jwt_audience)
    assert {name: answer[name] for name in claims} == claims
    assert answer["username"] == "Alice"


def test_it_returns_the_current_account(another_service, bob):
    token = bob.client.token
    bob.client.patch("/users/me", {"username": "Robert"})
    assert asked(another_service, token)["username"] == "Robert"


ENDS = {
    "a logout": lambda p: p.client.post("/auth/logout"),
    "a logout everywhere": lambda p: p.other_device().client.post("/auth/logout-all"),
    "a new password by mail": lambda p: p.set_new_password(p.request_reset(), new_password()),
    "deletion": lambda p: p.client.delete("/users/me", {"password": p.password}),
    "disabling": tables.disable,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_token_is_inactive_immediately_after(another_service, alice, end):
    assert asked(another_service, alice.client.token)["active"] is True
    end(alice)
    assert asked(another_service, alice.client.token) == {"active": False}


def test_expired_token_is_inactive(another_service, alice, clock):
    clock.shift(16 * 60)
    assert asked(another_service, alice.client.token) == {"active": False}


@pytest.mark.parametrize(
    "forge", [lambda t: "", lambda t: "x", lambda t: t[:-4], lambda t: t + "é", lambda t: "\0", lambda t: f" {t}"]
)
def test_other_values_are_inactive(another_service, alice, forge):
    assert asked(another_service, forge(alice.client.token)) == {"active": False}


def test_other_token_types_are_inactive(another_service, alice):
    for token in (alice.tokens["refresh_token"], alice.request_reset(), another_service.token):
        assert asked(another_service, token) == {"active": False}


@pytest.mark.parametrize(
    "body",
    [{}, {"token": None}, {"token": 1}, {"token": ["x"]}, {"token": "x" * 5000}, {"tokens": []}, {"tokens": "x"},
     {"tokens": ["x"] * 101}, {"tokens": ["x", 1]}, {"token": "x", "tokens": ["x"]}],
    ids=lambda b: str(b)[:15],
)  # fmt: skip
def test_malformed_request_is_rejected(another_service, body):
    assert refusal(another_service.post("/internal/introspect", body)) == (422, "validation_error")


def test_a_gateway_asks_about_a_hundred_tokens_at_once(another_service, alice, bob):
    bob.client.post("/auth/logout")
    tokens = [alice.client.token, "x", bob.client.token, alice.tokens["refresh_token"]] * 25
    answer = another_service.post("/internal/introspect", {"tokens": tokens})
    assert answer.status_code == 200
    expected = [asked(another_service, token) for token in tokens[:4]]
    assert [state["active"] for state in expected] == [True, False, False, False]
    assert answer.json() == {"items": expected * 25}


def test_a_hundred_of_the_longest_tokens_are_read(another_service, anonymous):
    body = {"tokens": ["x" * 4096] * 100}
    assert another_service.post("/internal/introspect", body).json() == {"items": [{"active": False}] * 100}
    longer = {"tokens": ["x" * 4096] * 112}
    for client, path, sent, size in (
        (anonymous, "/internal/introspect", body, "64 KiB"),
        (another_service, "/auth/login", body, "64 KiB"),
        (another_service, "/internal/introspect", longer, "448 KiB"),
    ):
        answer = client.post(path, sent)
        assert refusal(answer) == (413, "body_too_large")
        assert answer.json()["detail"] == f"The body is larger than {size}."
    documented = main.app.openapi()["paths"]["/internal/introspect"]["post"]["responses"]["413"]["description"]
    assert documented == f"`body_too_large`: The body is larger than {middleware.MAX_BATCH_BYTES >> 10} KiB."


def test_account_is_found_by_user_id(other, alice):
    assert other.get(f"/internal/users/{alice.user_id}").json() == alice.managed()


@pytest.mark.parametrize("unknown", ["nobody", "00000000-0000-7000-8000-000000000000", "1", "%27%20OR%201=1"])
def test_unknown_user_id_is_not_found(another_service, unknown):
    assert refusal(another_service.get(f"/internal/users/{unknown}")) in ((404, "not_found"), (422, "validation_error"))


def test_primary_key_is_not_a_user_id(another_service, alice):
    assert refusal(another_service.get(f"/internal/users/{alice.me()['id']}")) == (404, "not_found")


def _headers(*tokens):
    return [{"Authorization": f"Bearer {token}"} for token in tokens] + [{"X-Service-Token": token} for token in tokens]


def test_other_callers_are_rejected(alice, anonymous):
    own = settings.internal_service_token[0]
    wrong = [
        "x",
        own[:-1],
        f"{own}x",
        own.swapcase(),
        alice.client.token,
        alice.tokens["refresh_token"],
        settings.jwt_secret,
    ]
    for headers in (
        {},
        {"Authorization": own},
        {"Authorization": f"Basic {own}"},
        {"X-Service-Token": f"Bearer {own}"},
        *_headers(*wrong),
    ):
        assert refusal(anonymous.get(f"/internal/users/{alice.user_id}", headers=headers)) == OUT
        answer = anonymous.post("/internal/introspect", {"token": alice.client.token}, headers=headers)
        assert refusal(answer) == OUT
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_without_a_configured_token_every_caller_is_rejected(another_service, alice, configure):
    configure(internal_service_token=())
    assert refusal(another_service.get(f"/internal/users/{alice.user_id}")) == OUT
    assert refusal(Client(another_service.url, headers={"X-Service-Token": ""}).get("/internal/users/x")) == OUT


def test_both_tokens_work_during_a_rotation(another_service, alice, configure):
    configure(internal_service_token=("the-new-one-" + "x" * 32, another_service.token))
    for token in settings.internal_service_token:
        assert Client(another_service.url, token).get(f"/internal/users/{alice.user_id}").status_code == 200


def test_service_token_is_not_a_user_session(other):
    assert refusal(other.get("/users/me")) == OUT
    assert refusal(other.get("/users/me/sessions")) == OUT
    assert refusal(other.delete("/users/me")) == OUT
