"""The proof of work: its form, and each way in which a token is rejected."""

import base64
import hashlib
import json
import re

import pytest
from sqlalchemy import func, select

import database
from captcha import altcha
from captcha.schemas import MAX_NUMBER
from captchas import challenge, new_token, solved, token_of
from core import signing
from databases import SQLITE_ONLY
from factors.models import UsedCeremony
from operations import cleanup
from people import Client, Person, at_once, new_email, new_password, refusal

REJECTED = (403, "captcha_required")


@pytest.fixture(autouse=True)
def on(configure):
    """The proof of work is on."""
    configure(captcha_provider="altcha", captcha_on=("signup", "reset", "magic-link"))


def sign_up(service, **body):
    return Client(service.url).post("/auth/signup", {"email": new_email(), "password": new_password(), **body})


def marks():
    return database.read(select(func.count()).select_from(UsedCeremony).where(UsedCeremony.id.like("captcha:%")))[0]


def test_alice_signs_up_with_a_solved_challenge(service):
    missing = sign_up(service)
    assert refusal(missing) == REJECTED
    assert (missing.json()["provider"], missing.json()["site_key"]) == ("altcha", None)
    assert sign_up(service, captcha_token=new_token(service.url)).status_code == 201


@SQLITE_ONLY
def test_challenge_has_the_form_of_altcha(service, configure):
    asked = challenge(service.url)
    assert asked.keys() == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert asked["algorithm"] == "SHA-256"
    assert re.fullmatch(r"[0-9a-f]{64}", asked["challenge"])
    assert re.fullmatch(r"[0-9a-f]+\?expires=\d+&", asked["salt"])
    assert 0 <= solved(asked)["number"] <= asked["maxnumber"] == MAX_NUMBER
    assert challenge(service.url)["challenge"] != asked["challenge"]
    for provider in ("off", "turnstile"):
        configure(captcha_provider=provider)
        assert refusal(Client(service.url).get("/auth/captcha")) == (404, "not_found")


def test_of_20_parallel_requests_with_one_token_one_succeeds(service):
    token = new_token(service.url)
    answers = at_once(*[lambda: sign_up(service, captcha_token=token)] * 20)
    assert sorted(answer.status_code for answer in answers) == [201] + [403] * 19
    assert refusal(Client(service.url).post("/auth/reset-password/request", {"email": new_email(), "captcha_token": token})) == REJECTED  # fmt: skip


@SQLITE_ONLY
def test_token_is_used_up_by_a_request_that_fails(service):
    token = new_token(service.url)
    assert refusal(sign_up(service, captcha_token=token, password="weak")) == (422, "weak_password")
    assert refusal(sign_up(service, captcha_token=token)) == REJECTED


@SQLITE_ONLY
def test_expired_token_is_rejected_and_used_ones_are_deleted(service, clock):
    late, used = new_token(service.url), new_token(service.url)
    assert sign_up(service, captcha_token=used).status_code == 201
    before = marks()
    clock.shift(5 * 60 + 1)
    assert refusal(sign_up(service, captcha_token=late)) == REJECTED
    assert marks() == before  # nothing is stored for a token that is rejected
    clock.shift(120)
    cleanup.run()
    assert marks() == 0


def changed(proof):
    """Yield tokens that are made of a valid proof."""
    number, salt = proof["number"], proof["salt"]
    later = salt.replace("expires=1", "expires=2")
    yield "another number", token_of(proof | {"number": (number + 1) % MAX_NUMBER})
    yield "a later expiry", token_of(proof | {"salt": later})
    # The hash of the salt and the number stays the same.
    yield "a moved digit", token_of(proof | {"salt": f"{salt}{str(number)[:1]}", "number": int(str(number)[1:] or 0)})
    yield "no separator", token_of(proof | {"salt": salt.removesuffix("&")})
    forged = f"{'0' * 24}?expires=9999999999&"
    hashed = hashlib.sha256(f"{forged}7".encode()).hexdigest()
    yield "a salt of one's own", token_of(proof | {"salt": forged, "number": 7, "challenge": hashed})
    yield "another algorithm", token_of(proof | {"algorithm": "SHA-1"})
    yield "a signature of another use", token_of(proof | {"signature": signing.sign("oauth_state", proof["challenge"]).rpartition(".")[2]})  # fmt: skip
    yield "upper case", token_of(proof | {"challenge": proof["challenge"].upper()})
    for name in proof:
        yield f"no {name}", token_of({key: value for key, value in proof.items() if key != name})
    yield "a text for the number", token_of(proof | {"number": str(number)})
    yield "a negative number", token_of(proof | {"number": -1})
    yield "a list", token_of([proof])
    yield "not JSON", base64.b64encode(b"{").decode()
    yield "deep", base64.b64encode(b"[" * 9000).decode()
    yield "not Base64", json.dumps(proof)
    yield "not ASCII", "é" * 40
    yield "empty", ""


@SQLITE_ONLY
def test_tampered_token_is_rejected_and_the_proof_stays_valid(service):
    proof = solved(challenge(service.url))
    for name, token in changed(proof):
        assert refusal(sign_up(service, captcha_token=token)) == REJECTED, name
    assert sign_up(service, captcha_token=token_of(proof | {"took": 17})).status_code == 201  # as the widget sends it


@SQLITE_ONLY
def test_challenge_survives_a_rotation_of_the_secret(service, configure):
    from settings.loading import settings

    token = new_token(service.url)
    old = settings.jwt_secret
    configure(jwt_secret="another secret of this installation, for a moment", jwt_secret_previous=old)
    assert altcha.verify(token)
    configure(jwt_secret_previous="")
    with pytest.raises(altcha.Invalid):
        altcha.verify(token)


def test_response_is_the_same_with_and_without_an_account(service):
    alice = Person(service, "alice")
    assert alice.sign_up(captcha_token=new_token(service.url)).status_code == 201
    for path in ("/auth/reset-password/request", "/auth/magic-link", "/auth/signup"):
        known, unknown = (
            Client(service.url).post(path, {"email": email, "password": new_password(), "captcha_token": "wrong"})
            for email in (alice.email, new_email())
        )
        assert refusal(known) == refusal(unknown) == REJECTED
        assert known.json() | {"request_id": 0} == unknown.json() | {"request_id": 0}
        for email in (alice.email, new_email()):
            body = {"email": email, "captcha_token": new_token(service.url)}
            assert path == "/auth/signup" or Client(service.url).post(path, body).status_code == 202


@SQLITE_ONLY
def test_requests_outside_captcha_on_need_no_token(service, configure):
    configure(captcha_on=("reset",))
    assert Person(service, "carol").sign_up().status_code == 201
    assert Client(service.url).post("/auth/magic-link", {"email": new_email()}).status_code == 202
    configure(captcha_on=("signup",), signup_by_magic_link=True)  # then a login link is a sign-up
    assert refusal(Client(service.url).post("/auth/magic-link", {"email": new_email()})) == REJECTED
