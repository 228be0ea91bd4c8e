"""Sessions: the list of devices, refresh, logout, and the validation of access tokens."""

import time
import uuid
from datetime import datetime, timedelta

import jwt
import pytest

import tables
from databases import SQLITE_ONLY
from people import Client, Person, at_once, refusal, statuses, text_of, token_in
from settings.loading import settings

MINUTE, DAY = 60, 24 * 3600
DEVICE = {
    "id",
    "user_agent",
    "device",
    "ip",
    "created_at",
    "last_used_at",
    "expires_at",
    "current",
    "auth_time",
    "acr",
    "amr",
}
TOKENS = {"access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in"}
ACCOUNT = {"user_id", "email", "username", "is_active", "is_verified"}
BAD_REFRESH, NOT_IN = (401, "invalid_refresh_token"), (401, "not_authenticated")


def devices(person):
    answer = person.client.get("/users/me/sessions")
    assert answer.status_code == 200
    return answer.json()


class TestList:
    @SQLITE_ONLY
    def test_it_contains_each_device_and_marks_the_current_one(self, service):
        alice = Person(service, "alice", **{"X-Forwarded-For": "198.51.100.7"})
        alice.sign_up()
        alice.other_device(**{"User-Agent": "A phone", "X-Forwarded-For": "2001:db8::7"})
        phone, laptop = devices(alice)
        assert phone.keys() == laptop.keys() == DEVICE
        assert (phone["user_agent"], phone["ip"], phone["current"]) == ("A phone", "2001:db8::7", False)
        assert (laptop["user_agent"], laptop["ip"], laptop["current"]) == ("Alice's browser", "198.51.100.7", True)
        assert laptop["device"]

    @SQLITE_ONLY
    def test_its_times_are_in_utc_and_a_week_ahead(self, alice):
        times = {name: datetime.fromisoformat(devices(alice)[0][name]) for name in ("created_at", "expires_at")}
        assert {moment.utcoffset().total_seconds() for moment in times.values()} == {0}
        assert (times["expires_at"] - times["created_at"]).days == 7

    @SQLITE_ONLY
    def test_use_is_recorded(self, alice, clock):
        before = devices(alice)[0]["last_used_at"]
        clock.shift(2 * MINUTE)
        alice.me()
        assert devices(alice)[0]["last_used_at"] > before

    @SQLITE_ONLY
    def test_it_contains_only_the_users_own_sessions(self, alice, bob, anonymous):
        assert refusal(anonymous.get("/users/me/sessions")) == NOT_IN
        assert {device["id"] for device in devices(alice)}.isdisjoint(device["id"] for device in devices(bob))

    @SQLITE_ONLY
    def test_another_device_can_be_logged_out(self, alice):
        phone = alice.other_device()
        there = next(device["id"] for device in devices(alice) if not device["current"])
        assert alice.client.delete(f"/users/me/sessions/{there}").status_code == 204
        assert not phone.is_logged_in()
        assert alice.is_logged_in()
        assert len(devices(alice)) == 1

    @SQLITE_ONLY
    def test_session_of_another_user_cannot_be_ended(self, alice, bob):
        theirs = devices(bob)[0]["id"]
        for session in (theirs, str(uuid.uuid4()), "1", "0" * 36):
            assert refusal(alice.client.delete(f"/users/me/sessions/{session}")) == (404, "not_found")
        assert bob.is_logged_in()
        assert alice.is_logged_in()


class TestRefresh:
    @SQLITE_ONLY
    def test_it_returns_new_tokens_for_the_same_session(self, alice):
        answer = alice.refresh()
        assert (answer.status_code, answer.json().keys()) == (200, TOKENS | ACCOUNT)
        assert answer.json()["refresh_token"] != alice.tokens["refresh_token"]
        assert answer.json()["access_token"] != alice.tokens["access_token"]
        alice.client.token = answer.json()["access_token"]
        assert [device["current"] for device in devices(alice)] == [True]

    @SQLITE_ONLY
    def test_it_returns_the_current_account(self, alice):
        alice.client.patch("/users/me", {"username": "Alice Liddell"})
        assert alice.refresh().json()["username"] == "Alice Liddell"

    def test_twenty_concurrent_refreshes_get_the_same_tokens(self, alice):
        answers = at_once(*[alice.refresh] * 20)
        assert statuses(answers) == [200] * 20
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1
        assert alice.refresh(answers[0].json()["refresh_token"]).status_code == 200

    @SQLITE_ONLY
    def test_refresh_can_be_repeated_after_a_lost_response(self, alice, clock):
        lost = alice.refresh().json()["refresh_token"]
        clock.shift(settings.refresh_reuse_grace_seconds - 2)
        assert alice.refresh().json()["refresh_token"] == lost
        assert alice.refresh(lost).status_code == 200

    def test_reuse_after_the_grace_period_ends_the_session(self, alice, clock):
        newer = alice.refresh().json()["refresh_token"]
        clock.shift(settings.refresh_reuse_grace_seconds + 2)
        assert refusal(alice.refresh()) == BAD_REFRESH
        assert refusal(alice.refresh(newer)) == BAD_REFRESH
        assert refusal(alice.client.get("/users/me")) == NOT_IN

    def test_reuse_of_an_older_token_ends_only_its_session_and_notifies_the_owner(self, alice, mailbox):
        laptop, phone = alice, alice.other_device()
        newest = phone.refresh(phone.refresh().json()["refresh_token"]).json()["refresh_token"]
        assert refusal(phone.refresh()) == BAD_REFRESH
        assert refusal(phone.refresh(newest)) == BAD_REFRESH
        assert not phone.is_logged_in()
        assert laptop.is_logged_in()
        assert "copied" in text_of(mailbox.wait_for(alice.email, containing="old refresh token"))
        assert tables.events(user_id=alice.user_id)[-1].action == "session.refresh_token_reused"

    def test_twenty_concurrent_reuses_are_reported_once(self, alice):
        alice.refresh(alice.refresh().json()["refresh_token"])
        assert {refusal(answer) for answer in at_once(*[alice.refresh] * 20)} == {BAD_REFRESH}
        actions = [event.action for event in tables.events(user_id=alice.user_id)]
        assert actions.count("session.refresh_token_reused") == 1

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        "forge",
        [lambda t: "", str.upper, lambda t: t[:-1], lambda t: t + "0", lambda t: " " + t, lambda t: t + "é", lambda t: t * 20,
         lambda t: t.replace(".0.", ".1."), lambda t: t.replace(".0.", ".-1."), lambda t: t.replace(".0.", "."),
         lambda t: f"{uuid.uuid4()}{t[36:]}", lambda t: t.rpartition(".")[0]],
    )  # fmt: skip
    def test_forged_token_is_rejected_without_effect(self, alice, forge):
        assert refusal(alice.refresh(forge(alice.tokens["refresh_token"]) or "x")) == BAD_REFRESH
        assert alice.is_logged_in()

    @SQLITE_ONLY
    @pytest.mark.parametrize("value", [1, True, [], {}, "x" * 5000], ids=lambda value: str(value)[:9])
    def test_malformed_token_is_named(self, anonymous, value):
        answer = anonymous.post("/auth/refresh", {"refresh_token": value})
        assert refusal(answer) == (422, "validation_error")
        assert answer.json()["errors"][0]["field"] == "refresh_token"


class TestTime:
    @SQLITE_ONLY
    def test_access_token_is_valid_for_fifteen_minutes(self, alice, clock):
        clock.shift(14 * MINUTE)
        assert alice.client.get("/users/me").status_code == 200
        clock.shift(2 * MINUTE)
        assert refusal(alice.client.get("/users/me")) == NOT_IN
        assert alice.refresh().status_code == 200

    @SQLITE_ONLY
    def test_session_ends_after_a_week_without_use(self, alice, clock):
        clock.shift(7 * DAY - MINUTE)
        newer = alice.refresh()
        assert newer.json()["refresh_expires_in"] == pytest.approx(7 * DAY, abs=2)
        clock.shift(7 * DAY + MINUTE)
        assert refusal(alice.refresh(newer.json()["refresh_token"])) == BAD_REFRESH

    @SQLITE_ONLY
    def test_session_ends_after_ninety_days_of_use(self, alice, clock):
        token = alice.tokens["refresh_token"]
        for _ in range(14):
            clock.shift(6.4 * DAY)
            answer = alice.refresh(token)
            assert answer.status_code == 200
            token = answer.json()["refresh_token"]
        assert answer.json()["refresh_expires_in"] == pytest.approx(0.4 * DAY, abs=5)
        clock.shift(0.5 * DAY)
        assert refusal(alice.refresh(token)) == BAD_REFRESH

    def test_expired_sessions_are_not_listed(self, alice, clock):
        clock.shift(8 * DAY)
        assert alice.log_in().status_code == 200
        assert [device["current"] for device in devices(alice)] == [True]


class TestLogout:
    def test_it_ends_this_session_at_once(self, alice):
        phone = alice.other_device()
        assert alice.client.post("/auth/logout").status_code == 204
        assert not alice.is_logged_in()
        assert phone.is_logged_in()

    def test_refresh_token_logs_out_when_the_access_token_has_expired(self, alice, clock):
        phone = alice.other_device()
        clock.shift(16 * MINUTE)
        answer = alice.client.post("/auth/logout", {"refresh_token": alice.tokens["refresh_token"]})
        assert answer.status_code == 204
        assert refusal(alice.refresh()) == BAD_REFRESH
        assert phone.refresh().status_code == 200

    @SQLITE_ONLY
    @pytest.mark.parametrize("shown", ["access", "refresh"])
    def test_logout_everywhere_ends_every_session(self, alice, bob, anonymous, shown):
        phone, token = alice.other_device(), {"refresh_token": alice.tokens["refresh_token"]}
        if shown == "access":
            assert alice.client.post("/auth/logout-all").status_code == 204
        else:
            assert anonymous.post("/auth/logout-all", token).status_code == 204
        assert not alice.is_logged_in()
        assert not phone.is_logged_in()
        assert bob.is_logged_in()

    @SQLITE_ONLY
    @pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
    def test_invalid_tokens_end_no_session(self, alice, anonymous, path):
        assert refusal(anonymous.post(path)) == NOT_IN
        assert refusal(anonymous.post(path, {"refresh_token": None})) == NOT_IN
        assert refusal(anonymous.post(path, {"refresh_token": alice.tokens["refresh_token"] + "0"})) == BAD_REFRESH
        assert refusal(anonymous.post(path, {"refresh_token": 1})) == (422, "validation_error")
        assert alice.is_logged_in()

    @SQLITE_ONLY
    def test_second_logout_is_rejected(self, alice):
        assert alice.client.post("/auth/logout").status_code == 204
        assert refusal(alice.client.post("/auth/logout")) == NOT_IN
        again = {"refresh_token": alice.tokens["refresh_token"]}
        assert refusal(alice.client.post("/auth/logout", again)) == BAD_REFRESH

    def test_concurrent_refresh_does_not_restore_the_session(self, alice):
        answers = at_once(lambda: alice.client.post("/auth/logout"), *[alice.refresh] * 10)
        assert answers[0].status_code == 204
        assert {answer.status_code for answer in answers[1:]} <= {200, 401}
        for answer in answers[1:]:
            if answer.status_code == 200:
                assert refusal(alice.refresh(answer.json()["refresh_token"])) == BAD_REFRESH
                assert Client(alice.service.url, answer.json()["access_token"]).get("/users/me").status_code == 401


# ------------------------------------------------------------------------------------------------------- access tokens

CLAIMS = [
    "iss",
    "aud",
    "sub",
    "sid",
    "jti",
    "iat",
    "exp",
    "auth_time",
    "acr",
    "amr",
    "email",
    "email_verified",
    "roles",
]


def claims_of(person):
    return jwt.decode(person.tokens["access_token"], settings.jwt_secret, ["HS256"], audience=settings.jwt_audience)


def made(claims, key=None, algorithm="HS256", typ="at+jwt"):
    return jwt.encode(
        claims, settings.jwt_secret if key is None else key, algorithm, {"typ": typ} if typ else {"typ": None}
    )


@SQLITE_ONLY
def test_access_token_contains_the_documented_claims(alice):
    alice.log_in()
    claims, header = claims_of(alice), jwt.get_unverified_header(alice.tokens["access_token"])
    assert header == {"typ": "at+jwt", "alg": "HS256"}
    assert claims.keys() == set(CLAIMS)
    assert (claims["iss"], claims["aud"]) == (settings.jwt_issuer, settings.jwt_audience)
    assert (claims["sub"], claims["email"], claims["email_verified"]) == (alice.user_id, alice.email, True)
    assert (claims["roles"], claims["exp"] - claims["iat"]) == (["user"], 15 * MINUTE)


@SQLITE_ONLY
def test_auth_time_is_the_login_and_is_not_renewed_by_a_refresh(alice, clock):
    alice.log_in()
    begun = claims_of(alice)["auth_time"]
    assert begun == pytest.approx(time.time(), abs=2)
    clock.shift(10 * MINUTE)
    answers = [alice.refresh().json(), alice.refresh().json()]  # rotated, then the same response again
    for tokens in answers:
        alice.tokens = tokens
        assert claims_of(alice)["auth_time"] == begun
        assert claims_of(alice)["iat"] > begun + 9 * MINUTE


@SQLITE_ONLY
def test_token_without_auth_time_is_accepted(alice):
    claims = claims_of(alice)
    del claims["auth_time"]
    assert Client(alice.client.url, made(claims)).get("/users/me").status_code == 200


def spellings(token):
    """Return other spellings of a token that decode to the same bytes or claims."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    header, payload, mac = token.split(".")
    yield f"{token}="
    yield f"{header}.{payload}=.{mac}"
    yield f"{header}.{payload}.{mac[:9]}!{mac[9:]}"
    yield f"{header}.{payload}.{mac[:9]} {mac[9:]}"
    yield f"{header}.{payload}.{mac}."
    yield f"{header}.{payload}.{mac[:-1]}{alphabet[alphabet.index(mac[-1]) ^ 1]}"  # a bit that decoding ignores
    yield f"{header}.{payload}.{mac[:-1]}{alphabet[alphabet.index(mac[-1]) ^ 2]}"


def test_token_has_one_valid_spelling(alice, another_service):
    alice.log_in()
    token = alice.tokens["access_token"]
    for other in spellings(token):
        answer = Client(alice.client.url).get("/users/me", headers={"Authorization": f"Bearer {other}"})
        assert refusal(answer) == NOT_IN, other
        told = another_service.post("/internal/introspect", {"token": other}).json()
        assert told == {"active": False}, other


@SQLITE_ONLY
def test_token_signed_with_the_secret_is_accepted(alice, anonymous):
    """The forgeries below are rejected only for what is wrong with them."""
    assert Client(anonymous.url, made(claims_of(alice))).get("/users/me").json()["user_id"] == alice.user_id


FORGERIES = {
    "not signed": lambda c: made(c, key="", algorithm="none"),
    "another algorithm": lambda c: made(c, algorithm="HS512"),
    "another key": lambda c: made(c, key="k" * 64),
    "of another type": lambda c: made(c, typ="JWT"),
    "of no type": lambda c: made(c, typ=None),
    "another issuer": lambda c: made(c | {"iss": "https://evil.example"}),
    "another audience": lambda c: made(c | {"aud": "another-service"}),
    "expired": lambda c: made(c | {"iat": int(time.time()) - 1000, "exp": int(time.time()) - 60}),
    "a login at no time": lambda c: made(c | {"auth_time": "yesterday"}),
    "an expiry that is no number": lambda c: made(c | {"exp": "never"}),
    "an unknown session": lambda c: made(c | {"sid": str(uuid.uuid4())}),
    "a session that is no text": lambda c: made(c | {"sid": 1}),
    "an unknown person": lambda c: made(c | {"sub": str(uuid.uuid4())}),
    "nothing": lambda c: "",
    "no JWT": lambda c: "a.b.c",
    "cut": lambda c: made(c)[:-4],
    "without a signature": lambda c: made(c).rpartition(".")[0] + ".",
    "of enormous length": lambda c: made(c | {"email": "x" * 5000}),
} | {f"without {claim}": lambda c, claim=claim: made({n: v for n, v in c.items() if n != claim}) for claim in CLAIMS if claim not in ("auth_time", "acr", "amr")}  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_forged_token_is_rejected(bob, anonymous, forge):
    mallory = Client(anonymous.url, forge(claims_of(bob)))
    assert refusal(mallory.get("/users/me")) == NOT_IN
    assert refusal(mallory.patch("/users/me", {"username": "Mallory"})) == NOT_IN
    assert refusal(mallory.delete("/users/me")) == NOT_IN
    assert bob.me()["username"] == "Bob"


@SQLITE_ONLY
def test_user_id_with_the_session_of_another_user_is_rejected(alice, bob, anonymous):
    for claims in (
        claims_of(alice) | {"sid": claims_of(bob)["sid"]},
        claims_of(bob) | {"sid": claims_of(alice)["sid"]},
    ):
        assert refusal(Client(anonymous.url, made(claims)).get("/users/me")) == NOT_IN


@SQLITE_ONLY
def test_roles_in_a_token_are_ignored(alice, anonymous):
    made_up = made(claims_of(alice) | {"roles": ["superuser"], "email_verified": True, "email": "root@example.com"})
    assert Client(anonymous.url, made_up).get("/users/me").json() == alice.me()


@SQLITE_ONLY
@pytest.mark.parametrize("scheme", ["Basic", "Token", "bearer x", "Digest"])
def test_token_requires_its_scheme(alice, anonymous, scheme):
    answer = anonymous.get("/users/me", headers={"Authorization": f"{scheme} {alice.client.token}"})
    assert refusal(answer) == NOT_IN
    assert answer.headers["www-authenticate"].startswith("Bearer")


# -------------------------------------------------------------------------------------------------------- new networks


def _from(address):
    return {"X-Forwarded-For": address}


@SQLITE_ONLY
@pytest.mark.parametrize(
    "addresses",
    [("198.51.100.7", "198.51.100.200", "203.0.113.9"), ("2001:db8:1::7", "2001:db8:1:9::1", "2001:db8:2::7")],
    ids=["IPv4", "IPv6"],
)
def test_owner_is_notified_once_of_a_login_from_a_new_network(service, mailbox, addresses):
    home, near, away = addresses
    alice = Person(service, "alice", **_from(home))
    alice.sign_up()
    tables.mark_email_verified(alice)
    for address in (home, near, away, away):
        alice.other_device(**_from(address))
    tables.wait_for_outbox()
    mails = mailbox.all_to(alice.email, containing="from a new network")
    assert [f"IP address: {away}" in text_of(mail) for mail in mails] == [True]


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("forwarded", "counts"),
    [("203.0.113.9, 198.51.100.7", "198.51.100.7"), ("203.0.113.9, 127.0.0.1", "203.0.113.9"), ("203.0.113.9, rubbish", "127.0.0.1"),
     ("", "127.0.0.1"), ("203.0.113.9:443", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("<script>", "127.0.0.1")],
)  # fmt: skip
def test_ip_address_comes_from_the_trusted_proxy(service, forwarded, counts):
    alice = Person(service, "alice", **_from(forwarded))
    alice.sign_up()
    assert devices(alice)[0]["ip"] == counts


@SQLITE_ONLY
def test_header_is_ignored_without_a_trusted_proxy(service, configure):
    configure(trusted_proxies=())
    alice = Person(service, "alice", **_from("203.0.113.9"))
    alice.sign_up()
    assert devices(alice)[0]["ip"] == "127.0.0.1"


@SQLITE_ONLY
def test_network_of_a_sign_up_is_known_also_when_verification_is_required(service, mailbox, configure):
    configure(email_verification="required")
    alice = Person(service, "alice", **{"X-Forwarded-For": "198.51.100.7"})
    assert alice.sign_up().status_code == 202
    assert alice.verify_email(token_in(alice.verification_mail())).status_code == 200
    mark = mailbox.mark()
    assert alice.log_in().status_code == 200
    alice.client.headers["X-Forwarded-For"] = "203.0.113.9"
    assert alice.log_in().status_code == 200
    assert "203.0.113.9" in text_of(mailbox.wait_for(alice.email, since=mark))


DEVICES = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0": "Firefox on Linux",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1": "Mobile Safari on iPhone",
    "curl/8.1": "curl",
    "<script>": "Unknown device",
}


@SQLITE_ONLY
@pytest.mark.parametrize(("user_agent", "name"), DEVICES.items())
def test_device_has_a_readable_name(alice, user_agent, name):
    phone = alice.other_device(**{"User-Agent": user_agent})
    assert next(d["device"] for d in devices(phone) if d["current"]) == name


@SQLITE_ONLY
def test_last_use_is_written_at_most_once_a_minute(alice, clock):
    def last_use():
        return next(d["last_used_at"] for d in devices(alice) if d["current"])

    first = last_use()
    clock.shift(30)
    assert last_use() == first
    clock.shift(40)
    last_use()
    assert last_use() > first


@SQLITE_ONLY
def test_access_token_ends_with_its_session(alice, clock, configure):
    configure(session_max_days=2, refresh_token_expire_days=1, access_token_expire_minutes=1440)
    alice.log_in()
    for _ in range(2):
        clock.shift(timedelta(hours=20))
        alice.tokens = alice.refresh().json()
    alice.client.token = alice.tokens["access_token"]
    renewed = alice.client.post("/auth/reauthenticate", {"password": alice.password}).json()
    for made in (alice.tokens, renewed):
        claims = jwt.decode(made["access_token"], options={"verify_signature": False})
        assert claims["exp"] - claims["iat"] == made["expires_in"]
        assert 7 * 3600 < made["expires_in"] <= 8 * 3600
