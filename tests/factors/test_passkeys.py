"""Passkeys: what is accepted when one is added and used, and what shows that one was copied."""

import base64
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import tables
from authenticator import Passkey, add_app, add_passkey, b64, first_step, log_in_with, second_step
from databases import SQLITE_ONLY
from people import Client, refusal
from settings.loading import settings

YUBIKEY = bytes.fromhex("fa2b99dc9e3942578f924a30d23c4118")


def begin(person, **proof):
    return person.client.post("/users/me/factors/passkeys/options", proof).json()


def add(person, begun, credential, **more):
    body = {"ceremony": begun["ceremony"], "credential": credential, **more}
    return person.client.post("/users/me/factors/passkeys", body)


@SQLITE_ONLY
def test_passkey_replaces_the_password_and_the_second_factor(alice, another_service):
    tokens = log_in_with(alice, add_passkey(alice)).json()
    assert tokens["user_id"] == alice.user_id
    said = another_service.post("/oauth2/introspect", data={"token": tokens["access_token"]}).json()
    assert (said["acr"], said["amr"]) == ("aal2", ["pop", "user", "mfa"])


@SQLITE_ONLY
def test_options_name_no_account_and_differ_each_time(alice):
    add_passkey(alice)
    one, two = (Client(alice.service.url).post("/auth/passkeys/options").json() for _ in range(2))
    assert "allowCredentials" not in one["options"]
    assert one["options"]["challenge"] != two["options"]["challenge"]
    assert alice.user_id not in str(begin(alice)["options"])


@SQLITE_ONLY
def test_passkey_is_named_by_the_user_the_model_or_the_device(alice):
    for passkey, name in ((Passkey(aaguid=YUBIKEY), None), (Passkey(), "Key ring"), (Passkey(), None)):
        begun = begin(alice)
        added = add(alice, begun, passkey.create(begun["options"]), **({"name": name} if name else {}))
        assert added.status_code == 201
    names = [factor["name"] for factor in alice.client.get("/users/me/factors").json()["items"]]
    assert names[:2] == ["YubiKey 5 NFC", "Key ring"]
    assert names[2]


@SQLITE_ONLY
def test_long_name_of_a_device_is_shortened(alice):
    model = "M" * 300
    alice.client.headers["User-Agent"] = f"Mozilla/5.0 (Linux; Android 14; {model} Build/X) Chrome/130.0 Mobile"
    begun = begin(alice)
    added = add(alice, begun, Passkey().create(begun["options"]))
    assert added.status_code == 201
    assert len(added.json()["factor"]["name"]) == 64


LIES = {
    "another origin": {"origin": "https://evil.example"},
    "an origin below ours": {"origin": "http://localhost:3000.evil.example"},
    "another site": {"rp_id": "evil.example"},
    "another challenge": {"challenge": b64(secrets.token_bytes(32))},
    "the other type": {"type": "webauthn.create"},
    "no user present": {"present": False},
    "a frame of another site": {"cross_origin": True},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "another user": {"handle": b64(b"someone else")},
    "no user": {"handle": None},
    "an empty signature": {"response": {"signature": ""}},
    "no authenticator data": {"response": {"authenticatorData": ""}},
    "no client data": {"response": {"clientDataJSON": ""}},
    "client data that is no object": {"response": {"clientDataJSON": b64(b"[]")}},
    "no base64": {"response": {"clientDataJSON": "\N{SNOWMAN}"}},
    "rubbish in the authenticator data": {"response": {"authenticatorData": b64(bytes(40))}},
}


@SQLITE_ONLY
@pytest.mark.parametrize("lie", LIES)
def test_login_with_a_lie_is_rejected(alice, lie):
    passkey = add_passkey(alice)
    assert refusal(log_in_with(alice, passkey, **LIES[lie])) == (401, "invalid_credentials")
    assert log_in_with(alice, passkey).status_code == 200


NEW_LIES = {name: lie for name, lie in LIES.items() if not {"key", "handle", "response"} & lie.keys()}


@SQLITE_ONLY
@pytest.mark.parametrize("lie", NEW_LIES)
def test_passkey_with_a_lie_is_not_added(alice, lie):
    begun = begin(alice)
    lies = NEW_LIES[lie] if lie != "the other type" else {"type": "webauthn.get"}
    assert refusal(add(alice, begun, Passkey().create(begun["options"], **lies))) == (400, "invalid_credential")
    assert alice.client.get("/users/me/factors").json()["items"] == []
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("credential", [{}, {"id": "x", "response": {}}, {"id": "\0" * 9, "type": "public-key"}])
def test_incomplete_credential_is_rejected(alice, credential):
    begun = begin(alice)
    assert refusal(add(alice, begun, credential)) == (400, "invalid_credential")
    client = Client(alice.service.url)
    options = client.post("/auth/passkeys/options").json()
    body = {"ceremony": options["ceremony"], "credential": credential}
    assert refusal(client.post("/auth/passkeys", body)) == (401, "invalid_credentials")


def test_answer_is_accepted_once_even_if_it_comes_ten_times_at_once(alice):
    passkey, client = add_passkey(alice), Client(alice.service.url)
    begun = client.post("/auth/passkeys/options").json()
    body = {"ceremony": begun["ceremony"], "credential": passkey.get(begun["options"])}
    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda _: Client(alice.service.url).post("/auth/passkeys", body).status_code, range(10))
        )
    assert sorted(answers) == [200] + [401] * 9


@SQLITE_ONLY
def test_wrong_answer_uses_up_the_challenge_and_five_minutes_do_too(alice, clock):
    passkey, client = add_passkey(alice), Client(alice.service.url)
    begun = client.post("/auth/passkeys/options").json()
    wrong = {"ceremony": begun["ceremony"], "credential": passkey.get(begun["options"], origin="https://evil.example")}
    right = {"ceremony": begun["ceremony"], "credential": passkey.get(begun["options"])}
    assert [client.post("/auth/passkeys", body).status_code for body in (wrong, right)] == [401, 401]
    late = client.post("/auth/passkeys/options").json()
    clock.shift(301)
    body = {"ceremony": late["ceremony"], "credential": passkey.get(late["options"])}
    assert refusal(client.post("/auth/passkeys", body)) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_ceremony_belongs_to_its_purpose_and_session(alice, bob):
    passkey, client = add_passkey(alice), Client(alice.service.url)
    for begun in (
        alice.client.post("/auth/reauthenticate/options").json(),
        alice.client.post("/users/me/factors/passkeys/options", {}).json(),
    ):
        options = {"challenge": begun["options"]["challenge"], "rpId": "localhost"}
        body = {"ceremony": begun["ceremony"], "credential": passkey.get(options)}
        assert refusal(client.post("/auth/passkeys", body)) == (401, "invalid_credentials")
    begun = begin(bob)
    assert refusal(add(alice, begun, Passkey().create(begun["options"]))) == (400, "invalid_credential")


@SQLITE_ONLY
@pytest.mark.parametrize("counter", [1, 5], ids=["went back", "stands still"])
def test_counter_that_does_not_advance_removes_the_passkey(alice, counter):
    passkey = add_passkey(alice, Passkey(counter=4))
    add_app(alice)
    assert log_in_with(alice, passkey).status_code == 200  # the counter is 5 now
    mark = alice.service.mailbox.mark()
    assert refusal(log_in_with(alice, passkey, counter=counter)) == (401, "invalid_credentials")
    alice.service.mailbox.wait_for(alice.email, since=mark, containing="copied")
    assert [factor["type"] for factor in alice.client.get("/users/me/factors").json()["items"]] == ["totp"]
    assert "factor.copied" in [event.action for event in tables.events(user_id=alice.user_id)]


@SQLITE_ONLY
def test_forged_signature_with_an_old_counter_removes_nothing(alice):
    passkey = add_passkey(alice, Passkey(counter=4))
    forged = ec.generate_private_key(ec.SECP256R1())
    assert refusal(log_in_with(alice, passkey, counter=1, key=forged)) == (401, "invalid_credentials")
    assert log_in_with(alice, passkey).status_code == 200


@SQLITE_ONLY
def test_passkey_is_excluded_from_another_registration_and_cannot_be_added_twice(alice, bob):
    passkey = add_passkey(alice)
    begun = begin(alice)
    assert [each["id"] for each in begun["options"]["excludeCredentials"]] == [b64(passkey.id)]
    assert refusal(add(alice, begun, passkey.create(begun["options"]))) == (400, "invalid_credential")
    begun = begin(bob)
    assert refusal(add(bob, begun, passkey.create(begun["options"]))) == (400, "invalid_credential")


@SQLITE_ONLY
def test_found_security_key_alone_does_not_log_in(alice, clock):
    app = add_app(alice)
    key = add_passkey(alice, Passkey(verifies=False))
    clock.shift(60)
    begun = log_in_with(alice, key)
    assert refusal(begun) == (403, "mfa_required")
    assert begun.json()["factors"] == ["totp", "recovery_code"]
    assert second_step(alice, begun.json(), code=app.code()).status_code == 200


@SQLITE_ONLY
def test_key_cannot_claim_that_it_verified_the_user_after_signing(alice):
    key = add_passkey(alice, Passkey(verifies=False))
    client = Client(alice.service.url)
    begun = client.post("/auth/passkeys/options").json()
    credential = key.get(begun["options"])
    raw = bytearray(base64.urlsafe_b64decode(credential["response"]["authenticatorData"] + "=="))
    raw[32] |= 4
    credential["response"]["authenticatorData"] = b64(bytes(raw))
    body = {"ceremony": begun["ceremony"], "credential": credential}
    assert refusal(client.post("/auth/passkeys", body)) == (401, "invalid_credentials")


@SQLITE_ONLY
def test_disabled_account_cannot_log_in_with_a_passkey(alice, root):
    passkey = add_passkey(alice)
    assert root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": False}).status_code == 200
    assert refusal(log_in_with(alice, passkey)) == (401, "invalid_credentials")
    (event,) = root.client.get(f"/admin/audit?user_id={alice.user_id}&limit=1").json()["items"]
    assert event["detail"] == {"reason": "account_disabled", "method": "passkey"}


def test_last_passkey_of_an_account_without_a_password_stays(alice, google, visitor):
    passkey = add_passkey(alice)
    tables.store_hash(alice, None)
    answer = alice.client.delete(f"/users/me/factors/{passkey.factor['id']}")
    assert refusal(answer) == (409, "last_credential")
    add_passkey(alice)
    assert alice.client.delete(f"/users/me/factors/{passkey.factor['id']}").status_code == 204


@SQLITE_ONLY
def test_passkeys_are_off_without_a_host_name(alice, configure):
    configure(webauthn_rp_id="", webauthn_origins=())
    client = Client(alice.service.url)
    assert refusal(client.post("/auth/passkeys/options")) == (404, "not_found")
    assert refusal(alice.client.post("/users/me/factors/passkeys/options", {})) == (404, "not_found")


@SQLITE_ONLY
def test_login_offers_no_passkey_where_passkeys_are_off(alice, configure):
    add_passkey(alice)
    configure(webauthn_rp_id="", webauthn_origins=())
    assert first_step(alice)["factors"] == ["recovery_code"]


@SQLITE_ONLY
def test_well_known_documents(anonymous):
    assert anonymous.get("/.well-known/webauthn").json() == {"origins": list(settings.webauthn_origins)}
    assert set(anonymous.get("/.well-known/passkey-endpoints").json()) == {"enroll", "manage"}


@SQLITE_ONLY
def test_passkey_login_works_beside_the_password(alice):
    add_passkey(alice)
    assert set(first_step(alice)["factors"]) == {"passkey", "recovery_code"}
