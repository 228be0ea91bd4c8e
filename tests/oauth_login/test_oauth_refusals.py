"""Rejected OAuth logins: a state of another browser, an ID token for another client, and invalid responses.

Each test checks what the browser gets, and that the only row written is one audit event.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx2
import pytest

import tables
from browser import FRONTEND, Visitor, query_of
from core import signing
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import at_once, new_email, refusal, statuses
from settings.loading import settings

RETURN = f"{FRONTEND}/signed-in"
REFUSED = (400, "oauth_error")


@pytest.fixture
def victim(service: Any) -> Iterator[Visitor]:
    """Alice's browser, in addition to the visitor's."""
    with closing(Visitor(service)) as browser:
        yield browser


def way_back(browser: Visitor, name: str = "google", **query: str) -> str:
    """Log in at the provider, and return the callback URL to which it redirects, before the browser requests it."""
    callback = f"{browser.service.url}/oauth/{name}/callback"
    url = httpx2.URL(f"{browser.service.url}/oauth/{name}", params=query)
    answer = browser.follow(str(url), clicked_on=FRONTEND, until=lambda a: callback in a.headers.get("location", ""))
    return answer.headers["location"].partition("#")[0]


def with_other(url: str, **values: str | None) -> str:
    """Return the URL with these values in its query; None removes one."""
    changed = httpx2.URL(url)
    for name, value in values.items():
        changed = changed.copy_remove_param(name) if value is None else changed.copy_set_param(name, value)
    return str(changed)


@contextmanager
def nothing_but_a_record(*, ways_used: int = 1, provider: str = "google", refusals: int = 1) -> Iterator[None]:
    """Check that only audit events for rejected flows, the ended flows and no other rows are written in this block."""
    mark = tables.newest_event()
    before = tables.rows(mark)
    yield
    after = tables.rows(mark)
    written = sorted(line.partition(" ")[0] for line in after - before)
    assert written == ["audit_events"] * refusals + ["oauth_used_states"] * ways_used
    assert not before - after
    told = [(event.action, event.user_id, event.actor_id, event.detail) for event in tables.events(mark)]
    assert told == [("user.login_failed", None, None, {"provider": provider, "reason": "oauth_error"})] * refusals


def is_refused(answer: httpx2.Response) -> bool:
    """The response is a problem, and sets nothing in the browser."""
    assert refusal(answer) == REFUSED, answer.text
    assert "set-cookie" not in answer.headers
    return True


def is_led_back(answer: httpx2.Response) -> bool:
    """The browser is redirected to the requested URL, with only the error code."""
    assert (answer.status_code, answer.headers["location"]) == (302, f"{RETURN}?error=oauth_error")
    assert "set-cookie" not in answer.headers
    return True


# ------------------------------------------------------------------------------------------------------------- the state


STATES = {
    "none": lambda state: None,
    "empty": lambda state: "",
    "altered": lambda state: f"{state[:60]}{'A' if state[60] != 'A' else 'B'}{state[61:]}",
    "cut off": lambda state: state[:-8],
    "sealed for something else": lambda state: signing.seal("signing_keys", signing.unseal("oauth_state", state)),
    "sealed rubbish": lambda state: signing.seal("oauth_state", b"[]"),
    "not sealed": lambda state: signing.unseal("oauth_state", state).decode(),
    "NUL": lambda state: "\0",
    "6 kB": lambda state: "gAAAAAB" * 1000,
}


@SQLITE_ONLY
@pytest.mark.parametrize("kind", STATES)
def test_invalid_state_logs_no_user_in(google, visitor, kind):
    back = way_back(visitor, redirect_to=RETURN)
    wrong = with_other(back, state=STATES[kind](httpx2.URL(back).params["state"]))
    with nothing_but_a_record(ways_used=0, refusals=0):
        assert is_refused(visitor.get(wrong))
    assert "code" in query_of(visitor.get(back)), "the browser's own flow is still valid"


@SQLITE_ONLY
def test_state_belongs_to_the_browser_that_started_the_flow(google, visitor, victim):
    """Mallory sends Alice his callback URL, to log her in to his account; or he obtains her callback URL."""
    way_back(victim)  # her browser has its own flow secret
    his, hers = way_back(visitor, redirect_to=RETURN), way_back(victim, redirect_to=RETURN)
    other = Visitor(visitor.service)
    with nothing_but_a_record(ways_used=0, refusals=0):
        assert is_refused(victim.get(his))
        assert is_refused(visitor.get(hers))
        assert is_refused(other.get(hers))
    assert not victim.cookie("access_token")
    assert "code" in query_of(victim.get(hers))


@SQLITE_ONLY
def test_code_of_another_flow_is_rejected(google, visitor, victim):
    his, hers = way_back(visitor), way_back(victim)
    with nothing_but_a_record():
        assert is_refused(victim.get(with_other(hers, code=httpx2.URL(his).params["code"])))


@SQLITE_ONLY
@pytest.mark.parametrize("began, ended", [("google", "github"), ("github", "google")])
def test_state_belongs_to_its_provider(sign_in_with, visitor, began, ended):
    for name in ("google", "github"):
        sign_in_with(name)
    way_back(visitor, ended)
    back = way_back(visitor, began)
    secret = visitor.cookie(f"oauth_state_{began}").value
    elsewhere = back.replace(f"/oauth/{began}/", f"/oauth/{ended}/")
    with nothing_but_a_record(ways_used=0, refusals=0):
        assert is_refused(visitor.get(elsewhere))
        visitor.cookies = []
        assert is_refused(visitor._http.get(elsewhere, headers={"Cookie": f"oauth_state_{ended}={secret}"}))


@SQLITE_ONLY
def test_flow_can_be_completed_once(google, visitor):
    back = way_back(visitor)
    assert visitor.get(back).status_code == 200
    with nothing_but_a_record(ways_used=0, refusals=1):
        assert is_refused(visitor.get(back))
    asked = google.hits["/token"]
    back = way_back(visitor, redirect_to=RETURN)
    google.says_no = "access_denied"
    assert is_led_back(visitor.get(with_other(back, code=None, error="access_denied")))
    with nothing_but_a_record(ways_used=0, refusals=1):
        assert is_led_back(visitor.get(back)), "also where it did not lead anywhere the first time"
    assert google.hits["/token"] == asked, "no request is sent to the provider"


def test_flow_expires_after_ten_minutes(google, visitor, clock):
    in_time, late = way_back(visitor), way_back(visitor)
    clock.shift(598)
    assert visitor.get(in_time).status_code == 200
    cookie = f"oauth_state_google={visitor.cookies[0].value}"  # the browser has deleted the cookie by then
    clock.shift(4)
    with nothing_but_a_record(ways_used=0, refusals=0):
        assert is_refused(visitor._http.get(late, headers={"Cookie": cookie}))


def test_flow_survives_a_rotation_of_the_root_secret(google, visitor, configure):
    known, forgotten = way_back(visitor), way_back(visitor)
    old, new = settings.jwt_secret, "another root secret, which is long enough"
    configure(jwt_secret=new, jwt_secret_previous=old)
    assert visitor.get(known).status_code == 200
    configure(jwt_secret_previous="")
    assert is_refused(visitor.get(forgotten))
    configure(jwt_secret=old)


def test_of_twenty_concurrent_callbacks_of_one_flow_one_succeeds(google, service, visitor):
    google.new_person()
    back = way_back(visitor, redirect_to=RETURN)
    cookie = f"oauth_state_google={visitor.cookie('oauth_state_google').value}"
    browsers = [httpx2.Client(trust_env=False, verify=False, timeout=30) for _ in range(20)]
    answers = at_once(*(lambda b=b: b.get(back, headers={"Cookie": cookie}) for b in browsers))
    assert sorted("code" in query_of(answer) for answer in answers) == [False] * 19 + [True]
    assert google.hits["/token"] == 1
    back = way_back(visitor)
    mark = tables.newest_event()
    answers = at_once(*(lambda b=b: b.get(back, headers={"Cookie": cookie}) for b in browsers))
    assert statuses(answers) == [200] + [400] * 19
    assert sorted(event.action for event in tables.events(mark)) == ["user.logged_in"] + ["user.login_failed"] * 19
    (came,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(httpx2.get(f"{service.url}/users/me/sessions", headers={"Authorization": f"Bearer {came['access_token']}"}, trust_env=False).json()) == 1  # fmt: skip


# ----------------------------------------------------------------------------------------------- the provider's answers


def _id_token(**claims: Any) -> dict[str, Any]:
    return {"changes": claims}


# How the stand-in provider misbehaves, with an ID token that is otherwise valid.
LIES: dict[str, dict[str, Any]] = {
    "another issuer": _id_token(iss="https://accounts.google.example"),
    "an issuer with a slash more": {"changes_of": lambda google: {"iss": f"{google.issuer}/"}},
    "another audience": _id_token(aud="another-client"),
    "no audience": _id_token(aud=[]),
    "two audiences and no azp": {"changes_of": lambda google: {"aud": [google.client_id, "another-client"]}},
    "two audiences and a foreign azp": {
        "changes_of": lambda google: {"aud": [google.client_id, "another-client"], "azp": "another-client"}
    },
    "a foreign azp": _id_token(azp="another-client"),
    "another nonce": _id_token(nonce="n" * 43),
    "no nonce": _id_token(nonce=None),
    "a number for a nonce": _id_token(nonce=1),
    "expired by a second": {"changes_of": lambda google: {"exp": int(time.time()) - 1}},
    "expired long ago": _id_token(exp=1),
    "an end that is no time": _id_token(exp="tomorrow"),
    "an endless end": _id_token(exp=float("inf")),
    "issued tomorrow": {"changes_of": lambda google: {"iat": int(time.time()) + 86400}},
    "good from tomorrow": {"changes_of": lambda google: {"nbf": int(time.time()) + 86400}},
    **{f"no {name}": _id_token(**{name: None}) for name in ("iss", "aud", "exp", "iat", "sub")},
    "an empty subject": _id_token(sub=""),
    "a long subject": _id_token(sub="9" * 256),
    "a subject with NUL": _id_token(sub="1\0"),
    "a subject that is a number": _id_token(sub=7),
    "a subject that is a list": _id_token(sub=["7"]),
    "signed by nobody": {"signs_with": "none"},
    "signed with our own secret": {"signs_with": "HS256-with-secret"},
    "signed with the public key": {"signs_with": "HS256-with-public-key"},
    "signed with another key": {"signs_with": "another-key"},
    "signed with a key that is not published": {"kid": "key-of-mallory"},
    "signed with a key of another kind": {"kid": "ec"},
    "signed with one of two, unnamed": {"kid": None},
    "the callback of another issuer": {"changes_at": {"/authorize": {"iss": "https://mallory.example"}}},
    "a callback of no issuer": {"changes_at": {"/authorize": {"iss": None}}},
    "another user's userinfo": {"changes": {"email": None}, "changes_at": {"/userinfo": {"sub": "1"}}},
    "nobody's userinfo": {"changes": {"email": None}, "changes_at": {"/userinfo": {"sub": None}}},
    "no id_token": {"changes_at": {"/token": {"id_token": None}}},
    "an id_token in pieces": {"changes_at": {"/token": {"id_token": "e30.e30"}}},
    "no access token": {"changes_at": {"/token": {"access_token": None}}},
    "a code that is no good": {"changes_at": {"/authorize": {"code": "of-another-user"}}},
    "no code": {"changes_at": {"/authorize": {"code": None}}},
    "an error beside a code": {"changes_at": {"/authorize": {"error": "access_denied"}}},
    "no from the person": {"says_no": "access_denied"},
    "no in a strange way": {"says_no": "<script>\r\nSet-Cookie: a=b"},
}


@SQLITE_ONLY
@pytest.mark.parametrize("lie", LIES)
def test_invalid_response_logs_no_user_in(google, visitor, lie):
    told = dict(LIES[lie])
    if made := told.pop("changes_of", None):
        told["changes"] = made(google)
    vars(google).update(told)
    with nothing_but_a_record(ways_used=2, refusals=2):
        assert is_refused(visitor.log_in_with("google"))
        assert is_led_back(visitor.log_in_with("google", redirect_to=RETURN))


@SQLITE_ONLY
def test_invalid_response_is_not_cached(google, visitor):
    google.changes = {"nonce": "n" * 43}
    assert is_refused(visitor.log_in_with("google"))
    google.behaves()
    assert visitor.log_in_with("google").status_code == 200


@SQLITE_ONLY
def test_token_with_two_audiences_is_accepted_if_issued_to_this_client(google, visitor):
    google.changes = {"aud": [google.client_id, "another-client"], "azp": google.client_id}
    assert visitor.log_in_with("google").status_code == 200


@SQLITE_ONLY
def test_code_requires_the_verifier_of_its_flow(google, visitor):
    """Mallory has stolen Alice's code, and injects it into a flow that he started (RFC 9700, 4.5)."""
    stolen = httpx2.URL(way_back(visitor)).params["code"]
    with nothing_but_a_record():
        assert is_refused(visitor.get(with_other(way_back(visitor), code=stolen)))
    assert google.seen["/token"].form["code"] == stolen


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["facebook", "github", "linkedin", "apple"])
def test_oauth_2_providers_get_the_same_checks(sign_in_with, visitor, name):
    provider = sign_in_with(name)
    provider.changes_at = {path: {"access_token": None} for path in provider.endpoints if path.endswith("token")}
    with nothing_but_a_record(ways_used=2, refusals=2, provider=name):
        assert is_refused(visitor.log_in_with(name))
        provider.behaves()
        provider.says_no = "access_denied"
        assert is_led_back(visitor.log_in_with(name, redirect_to=RETURN))


ADDRESSES = [None, "", " ", "no address", "a" * 400 + "@example.com", "a@x, b@y", "a@example.com, b@example.com", "Alice <a@example.com>", "a@example.com\r\nBcc: b@example.com", "\ud800@example.com", "a@\ud800.example", "a\0@example.com", "a@example.com\0", "ａlice@example.com", 7, ["a@example.com"], {"a": "b"}, True]  # fmt: skip


@POSTGRESQL_ONLY
def test_missing_or_invalid_email_address_is_reported(google, visitor):
    with nothing_but_a_record(ways_used=len(ADDRESSES), refusals=len(ADDRESSES)):
        for email in ADDRESSES:
            google.new_person(email=email)
            answer = visitor.log_in_with("google")
            assert is_refused(answer), ascii(email)
            assert "did not share a usable email address" in answer.json()["detail"]
    assert is_led_back(visitor.log_in_with("google", redirect_to=RETURN))


@SQLITE_ONLY
def test_verified_claim_applies_only_to_its_email_address(alice, google, visitor):
    """The ID token says that an email address is verified; UserInfo has another one that is not."""
    google.changes = {"email": None, "email_verified": True}
    google.changes_at = {"/userinfo": {"email": alice.email, "email_verified": False}}
    assert refusal(visitor.log_in_with("google")) == (409, "link_required")


@SQLITE_ONLY
@pytest.mark.parametrize("word", ["false", "no", "1", "True", None, ["true"], {}])
def test_only_true_counts_as_verified(alice, google, visitor, word):
    google.new_person(email=alice.email, email_verified=word)
    assert refusal(visitor.log_in_with("google")) == (409, "link_required")


# ------------------------------------------------------------------------------------ before the provider's user arrives


@SQLITE_ONLY
def test_email_address_of_a_pending_change_still_belongs_to_its_owner(google, visitor, mallory, configure):
    """Mallory asks to change to Alice's email address. She logs in with a provider, and his link is then rejected."""
    configure(email_verification="optional")
    mallory.sign_up()
    hers = new_email("alice")
    token = mallory.request_email_change(hers)
    google.new_person(email=hers)
    came = visitor.log_in_with("google").json()
    assert came["user_id"] != mallory.user_id
    assert refusal(mallory.verify_email(token))[0] in (400, 409)
    assert visitor.log_in_with("google").json()["user_id"] == came["user_id"]


@SQLITE_ONLY
def test_linking_while_the_account_is_disabled_has_no_effect(service, alice, google):
    """In either order, a disabled account is not linked, or its new link logs no user in."""
    for _ in range(3):
        person = alice.other_device()
        browser = Visitor(service, person.tokens["access_token"])
        google.new_person(email=new_email())
        at_once(lambda b=browser: b.link_provider("google"), lambda: tables.disable(alice))
        answer = Visitor(service).log_in_with("google")
        assert answer.status_code == 403 or answer.json()["user_id"] != alice.user_id
        tables.set_active(alice.user_id, True)


@SQLITE_ONLY
def test_linking_flow_is_not_a_login(service, alice, google):
    """Alice started linking; the result is a link, with no session and no token."""
    google.new_person(email=new_email())
    browser = Visitor(service, alice.tokens["access_token"])
    sessions = len(alice.client.get("/users/me/sessions").json())
    answer = browser.link_provider("google")
    assert answer.json() == {"linked": "google"}
    assert len(alice.client.get("/users/me/sessions").json()) == sessions


@SQLITE_ONLY
def test_failed_linking_has_its_own_audit_event(service, alice, google):
    google.says_no = "access_denied"
    mark = tables.newest_event()
    assert is_led_back(Visitor(service, alice.tokens["access_token"]).link_provider("google", redirect_to=RETURN))
    (event,) = tables.events(mark)
    assert (event.action, event.detail) == ("identity.link_failed", {"provider": "google", "reason": "oauth_error"})
