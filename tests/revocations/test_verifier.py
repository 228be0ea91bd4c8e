"""The verifier of the Python client learns of a logout without a request for each token."""

import sys
import time

import jwt
import pytest

from people import Client, Person, at_once
from servers import PROJECT, Process, free_port

sys.path.insert(0, str(PROJECT / "clients" / "python"))
from credential_client import revocations
from credential_client import verifier as verifier_module
from credential_client.verifier import InvalidToken, KeysUnavailable, RevocationsUnavailable, Verifier

INTERVAL = 1


@pytest.fixture(scope="module")
def accounts(tmp_path_factory):
    port = free_port()
    service = Process(
        tmp_path_factory.mktemp("accounts"),
        port=port,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{port}",
        ALGORITHM="ES256",
        REVOCATION_FEED_SECONDS=str(INTERVAL),
    )
    yield service
    service.kill()


@pytest.fixture
def alice(accounts):
    alice = Person(accounts, "alice")
    assert alice.sign_up().status_code == 201
    return alice


@pytest.fixture
def verifier(accounts):
    verifier = Verifier(accounts.url)
    yield verifier
    verifier.revocations.close()


def is_valid(verifier, person):
    try:
        return verifier.claims(person.tokens["access_token"])["sub"] == person.user_id
    except InvalidToken:
        return False


def is_invalid(verifier, token):
    try:
        return not verifier.claims(token)
    except InvalidToken:
        return True


def seconds_until(condition, limit=10.0):
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < limit
        time.sleep(0.01)
    return time.monotonic() - started


@pytest.fixture
def fetches(monkeypatch):
    """One entry for each request for the keys."""
    made, fetch = [], jwt.PyJWKClient.fetch_data
    monkeypatch.setattr(jwt.PyJWKClient, "fetch_data", lambda self: made.append(1) or fetch(self))
    return made


def with_unknown_key(number):
    return jwt.encode({"sub": "mallory"}, "x" * 32, "HS256", {"kid": f"unknown-{number}"})


def test_tokens_with_unknown_keys_cause_few_requests(verifier, alice, fetches):
    assert is_valid(verifier, alice)
    assert [is_invalid(verifier, with_unknown_key(number)) for number in range(20)] == [True] * 20
    assert len(fetches) <= 2


def test_tokens_cause_one_request_while_the_keys_are_out_of_reach(accounts, alice, fetches, monkeypatch):
    away = Verifier(f"http://127.0.0.1:{free_port()}", follow_revocations=False)
    for number in range(20):
        with pytest.raises(KeysUnavailable):
            away.claims(with_unknown_key(number))
    assert len(fetches) == 1
    away._keys.uri, away._url = f"{accounts.url}/.well-known/jwks.json", accounts.url  # it is back
    monkeypatch.setattr(verifier_module, "SECONDS_AFTER_A_FAILURE", 0)
    assert is_valid(away, alice)


def test_token_stops_working_soon_after_the_logout(verifier, alice, monkeypatch):
    updates = []
    update = revocations.Revocations._update
    monkeypatch.setattr(revocations.Revocations, "_update", lambda self, http: updates.append(1) or update(self, http))
    phone = alice.other_device()
    assert verifier.revocations.age is None
    assert at_once(*[lambda: is_valid(verifier, phone)] * 8) == [True] * 8
    assert verifier.revocations.age < INTERVAL + 0.5
    assert phone.client.post("/auth/logout").status_code == 204
    assert seconds_until(lambda: not is_valid(verifier, phone)) < INTERVAL + 0.5
    assert is_valid(verifier, alice)
    assert alice.client.post("/auth/logout-all").status_code == 204
    assert alice.log_in().status_code == 200
    assert is_valid(verifier, alice)
    assert 1 < len(updates) < 10


def test_a_list_that_is_too_old_is_not_used(accounts, alice):
    verifier = Verifier(accounts.url, max_age=2)
    trusting = Verifier(accounts.url, max_age=None)
    assert is_valid(verifier, alice) and is_valid(trusting, alice)
    accounts.stop()

    def is_refused():
        try:
            verifier.claims(alice.tokens["access_token"])
        except RevocationsUnavailable:
            return True
        return False

    assert seconds_until(is_refused) > 1
    assert verifier.revocations.age > 2
    assert is_valid(trusting, alice) and trusting.revocations.age > 1
    accounts.start()
    assert seconds_until(lambda: not is_refused(), 30) >= 0
    assert is_valid(verifier, alice)
    verifier.revocations.close()
    trusting.revocations.close()


def test_only_a_list_that_the_service_has_signed_is_used(accounts, verifier, alice, monkeypatch):
    phone = alice.other_device()
    phone.client.post("/auth/logout")
    time.sleep(0.3)

    def fresh():
        content = Client(accounts.url).get(revocations.PATH).json()
        assert content["sessions"]
        return content

    for change in (
        lambda content: content["sessions"].pop(),
        lambda content: content.update(version=content["version"] + 1),
        lambda content: content.update(jws=alice.tokens["access_token"]),
        lambda content: content.update(jws="..".join(alice.tokens["access_token"].split(".")[::2])),
        lambda content: content.update(more=1),
    ):
        content = fresh()
        change(content)
        with pytest.raises((jwt.PyJWTError, revocations.ListRejected)):
            verifier.revocations._take(content, None)
        assert verifier.revocations._version is None
    verifier.revocations._take(fresh(), None)
    monkeypatch.setattr(revocations, "SECONDS_SIGNATURE_IS_FRESH", -60)
    with pytest.raises(RevocationsUnavailable):
        monkeypatch.setattr(revocations, "SECONDS_TO_WAIT", 0.5)
        verifier.claims(alice.tokens["access_token"])


def test_a_part_of_the_list_is_not_used_in_place_of_the_whole(accounts, verifier, alice):
    """Mallory, between the two, answers the request for the whole list with a part that the service has signed."""
    alice.other_device().client.post("/auth/logout")
    time.sleep(0.3)
    taken, client = verifier.revocations, Client(accounts.url)
    whole = client.get(revocations.PATH).json()
    part = client.get(revocations.PATH, params={"since": whole["version"]}).json()
    assert whole["sessions"] and part["sessions"] == []
    for asked in (None, whole["version"] - 1):
        with pytest.raises(revocations.ListRejected):
            taken._take({**part}, asked)
    taken._take({**whole}, None)
    taken._take({**part}, whole["version"])
    assert taken._sessions == set(whole["sessions"])


def test_nothing_is_forgotten_because_of_an_older_list(accounts, verifier, alice):
    """Another process of the service may not have read the newest entries yet."""
    client = Client(accounts.url)
    older = client.get(revocations.PATH).json()
    phone = alice.other_device()
    phone.client.post("/auth/logout")
    time.sleep(0.3)
    newer = client.get(revocations.PATH).json()
    verifier.revocations._take({**newer}, None)
    verifier.revocations._take(older, None)
    assert verifier.revocations._version == newer["version"]
    assert not is_valid(verifier, phone)
    assert set(newer["sessions"]) <= verifier.revocations._sessions


def test_the_list_is_optional(accounts, alice):
    verifier = Verifier(accounts.url, follow_revocations=False)
    alice.client.post("/auth/logout")
    assert is_valid(verifier, alice) and verifier.revocations is None
