"""The list of revocations: what is on it, for how long, how it is signed, and what a request costs."""

import base64
import json
import threading
import time

import jwt
import pytest
import sqlalchemy

import database
import errors
import models
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from models import Session
from operations import cleanup, startup
from people import Client, refusal
from revocations import feed
from revocations.models import Revocation, TokenLifetime
from revocations.service import SECONDS_OF_CLOCK_SKEW, number_waiting, window
from sessions import impersonation, signing_keys
from settings.loading import settings

DAY = 86400
PATH = "/.well-known/revocations"
SERVICE = ("another-service", settings.internal_service_token[0])
pytestmark = pytest.mark.usefixtures("es256")


@pytest.fixture
def es256(service, configure, monkeypatch):
    configure(algorithm="ES256")
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    signing_keys._loaded = None
    monkeypatch.setattr(feed, "_known", feed._Known())
    monkeypatch.setattr(feed, "SHARE_OF_INTERVAL", 0)  # read at each request
    yield
    signing_keys._loaded = None


def listed(service, since=None, **more):
    answer = Client(service.url).get(PATH, params={} if since is None else {"since": since}, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def claims_of(person):
    return jwt.decode(person.tokens["access_token"], options={"verify_signature": False})


def sid_of(person):
    return claims_of(person)["sid"]


def log_out(alice, root, phone):
    assert phone.client.post("/auth/logout").status_code == 204


def log_out_everywhere(alice, root, phone):
    assert alice.client.post("/auth/logout-all").status_code == 204


def end_from_another_device(alice, root, phone):
    assert alice.client.delete(f"/users/me/sessions/{sid_of(phone)}").status_code == 204


def change_the_password(alice, root, phone):
    assert alice.change_password("correct horse 99 battery").status_code == 200


def reset_the_password(alice, root, phone):
    assert alice.set_new_password(alice.request_reset(), "correct horse 99 battery").status_code == 200


def disable(alice, root, phone):
    assert root.client.patch(f"/admin/users/{alice.user_id}", {"is_active": False}).status_code == 200


def administrator_logs_out(alice, root, phone):
    assert root.client.post(f"/admin/users/{alice.user_id}/logout").status_code == 204


def administrator_deletes(alice, root, phone):
    assert root.client.delete(f"/admin/users/{alice.user_id}").status_code == 204


def delete_the_account(alice, root, phone):
    assert alice.client.delete("/users/me", json={"password": alice.password}).status_code == 204


def use_a_stolen_refresh_token(alice, root, phone):
    old = phone.tokens["refresh_token"]
    newer = phone.refresh(phone.refresh(old).json()["refresh_token"])
    assert newer.status_code == 200
    assert phone.refresh(old).status_code == 401


def another_service_revokes(alice, root, phone):
    token = {"token": phone.tokens["access_token"]}
    assert Client(alice.service.url).post("/oauth2/revoke", data=token, auth=SERVICE).status_code == 200


OF_ALL = {
    log_out_everywhere,
    reset_the_password,
    disable,
    administrator_logs_out,
    administrator_deletes,
    delete_the_account,
}
WAYS = [
    log_out,
    end_from_another_device,
    change_the_password,
    use_a_stolen_refresh_token,
    another_service_revokes,
    *sorted(OF_ALL, key=lambda way: way.__name__),
]


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
def test_every_way_in_which_a_session_ends_is_listed(service, root, alice, bob, end):
    phone = alice.other_device()
    before, started = listed(service), int(time.time())
    assert sid_of(phone) not in before["sessions"]
    end(alice, root, phone)
    for after in (listed(service), listed(service, since=before["version"])):
        assert sid_of(phone) in after["sessions"]
        assert (sid_of(alice) in after["sessions"]) is (end in OF_ALL)
        assert sid_of(bob) not in after["sessions"]
        assert any(u["sub"] == alice.user_id and u["not_before"] >= started for u in after["users"]) is (end in OF_ALL)
    assert listed(service, since=after["version"])["sessions"] == []


def test_a_login_with_the_password_after_a_reset_is_not_revoked(service, alice):
    reset_the_password(alice, None, None)
    alice.password = "correct horse 99 battery"
    assert alice.log_in().status_code == 200
    answer = listed(service)
    (user,) = [user for user in answer["users"] if user["sub"] == alice.user_id]
    assert claims_of(alice)["iat"] >= user["not_before"] and sid_of(alice) not in answer["sessions"]


def test_impersonation_ends_with_a_change_of_roles(service, root, alice):
    reason = {"reason": "Ticket 17", "password": root.password}
    token = root.client.post(f"/admin/users/{alice.user_id}/impersonate", reason).json()["access_token"]
    roles = root.client.put(f"/admin/users/{alice.user_id}/roles", {"roles": ["user", "admin"]})
    assert roles.status_code == 200, roles.text
    assert jwt.decode(token, options={"verify_signature": False})["sid"] in listed(service)["sessions"]


def test_a_session_that_expired_is_not_listed(service, alice):
    with database.transaction() as db:
        db.execute(
            sqlalchemy.update(Session).where(Session.id == sid_of(alice)).values(expires_at=sqlalchemy.func.now())
        )
    time.sleep(1.1)
    cleanup.run()
    assert sid_of(alice) not in listed(service)["sessions"]


def test_an_entry_stays_as_long_as_a_token_could_be_valid(service, alice, clock):
    log_out(None, None, alice)
    assert sid_of(alice) in listed(service)["sessions"]
    clock.shift(max(settings.access_token_expire_minutes, impersonation.MINUTES) * 60)
    assert sid_of(alice) in listed(service)["sessions"]
    clock.shift(2 * SECONDS_OF_CLOCK_SKEW)
    version = listed(service)["version"]
    assert sid_of(alice) not in listed(service)["sessions"]
    clock.shift(3600)
    cleanup.run()
    assert database.read_all(sqlalchemy.select(Revocation.id).where(Revocation.session_id == sid_of(alice))) == []
    assert listed(service)["version"] >= version


def test_an_entry_stays_after_a_restart_with_shorter_tokens(service, alice, configure, clock, monkeypatch):
    """Alice logs out. Her access token is valid for a day, also after a restart with tokens of 15 minutes."""
    configure(access_token_expire_minutes=24 * 60, housekeeping_interval_minutes=15)
    startup.prepare()
    clock.shift(600)  # the last cleanup was ten minutes ago
    alice.log_in()
    mine = sid_of(alice)
    assert alice.client.post("/auth/logout").status_code == 204
    configure(access_token_expire_minutes=15)
    startup.prepare()
    for hours, is_listed in ((23, True), (3, False)):
        clock.shift(hours * 3600)
        cleanup.run()
        monkeypatch.setattr(feed, "_known", feed._Known())  # another process
        assert (mine in listed(service)["sessions"]) is is_listed
    assert database.read(sqlalchemy.select(TokenLifetime.seconds).where(TokenLifetime.seconds == DAY)) is None


@POSTGRESQL_ONLY
def test_a_revocation_that_commits_late_is_not_missed(service, alice, bob):
    """Rows become visible in another order than that of their ids."""
    with database.transaction() as db:
        db.execute(sqlalchemy.delete(Session).where(Session.id == sid_of(alice)))  # the lower id
        log_out(None, None, bob)
        seen = listed(service)
        assert sid_of(bob) in seen["sessions"] and sid_of(alice) not in seen["sessions"]
    assert listed(service, since=seen["version"])["sessions"] == [sid_of(alice)]


@POSTGRESQL_ONLY
def test_readers_at_once_miss_nothing(service, alice):
    """Many processes number and read at the same time, while sessions end."""
    stop, found = threading.Event(), set()

    def follow():
        version = 0
        known = set()
        while True:
            done = stop.is_set()
            number_waiting()
            new = database.read_all(
                sqlalchemy.select(Revocation.position, Revocation.session_id).where(Revocation.position > version)
            )
            known |= {row.session_id for row in new}
            version = max([version, *(row.position for row in new)])
            if done:
                break
        found.add(frozenset(known))

    def end():
        for _ in range(15):
            with database.transaction() as db:
                db.execute(sqlalchemy.insert(Revocation).values(session_id=f"ended-{time.monotonic_ns()}"))
                time.sleep(0.003)

    readers = [threading.Thread(target=follow) for _ in range(3)]
    writers = [threading.Thread(target=end) for _ in range(3)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in readers:
        thread.join()
    everything = {row.session_id for row in database.read_all(sqlalchemy.select(Revocation.session_id))}
    assert found == {frozenset(everything)}


@SQLITE_ONLY
def test_the_list_is_signed_by_the_token_key(service, alice):
    log_out_everywhere(alice, None, None)
    answer = listed(service)
    header, payload, signature = answer.pop("jws").split(".")
    assert payload == ""
    canonical = json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    whole = f"{header}.{base64.urlsafe_b64encode(canonical).rstrip(b'=').decode()}.{signature}"
    (key,) = [
        key
        for key in Client(service.url).get("/.well-known/jwks.json").json()["keys"]
        if key["kid"] == jwt.get_unverified_header(whole)["kid"]
    ]
    signed = jwt.api_jws.decode_complete(whole, jwt.PyJWK(key), ["ES256"])
    assert signed["payload"] == canonical and signed["header"]["typ"] == "revocations+jwt"
    assert 0 <= time.time() - signed["header"]["iat"] < feed.SECONDS_SIGNED_AGAIN + 5
    assert signed["header"]["since"] is None
    part = jwt.get_unverified_header(listed(service, since=answer["version"])["jws"].replace("..", ".e30."))
    assert part["since"] == answer["version"]
    assert refusal(Client(service.url, whole).get("/users/me")) == (401, "not_authenticated")


@SQLITE_ONLY
def test_an_unchanged_list_is_not_sent_again(service, alice, clock):
    clock.shift(feed.SECONDS_SIGNED_AGAIN - time.time() % feed.SECONDS_SIGNED_AGAIN)  # not signed again meanwhile
    client = Client(service.url)
    first = client.get(PATH)
    assert first.headers["cache-control"] == "public, max-age=5" and first.headers["age"] == "0"
    for tag in (first.headers["etag"], f'"another", {first.headers["etag"]}', "*"):
        again = client.get(PATH, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"] and "max-age=5" in again.headers["cache-control"]
    log_out(None, None, alice)
    assert client.get(PATH, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    clock.shift(feed.SECONDS_SIGNED_AGAIN)
    signed_again = client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": signed_again.headers["etag"]}).status_code == 304


@SQLITE_ONLY
def test_requests_within_the_interval_cost_no_query(service, alice, monkeypatch):
    monkeypatch.setattr(feed, "SHARE_OF_INTERVAL", 0.2)
    known = listed(service)
    monkeypatch.setattr(feed, "_read", None)
    log_out(None, None, alice)
    for since in (None, 0, known["version"], 2**62):
        assert listed(service, since=since)["version"] == known["version"]
    assert len(feed._known.signed) <= 2


@SQLITE_ONLY
def test_a_client_that_cannot_be_followed_gets_the_whole_list(service, alice, monkeypatch):
    monkeypatch.setattr(feed, "MAX_CHANGES", 2)
    sids, versions = [], []
    for _ in range(4):
        phone = alice.other_device()
        log_out(None, None, phone)
        sids.append(sid_of(phone))
        versions.append(listed(service)["version"])
    assert versions == sorted(set(versions))
    whole = listed(service)["sessions"]
    assert whole[-4:] == sids
    assert listed(service, since=versions[1])["sessions"] == sids[2:]
    assert listed(service, since=versions[2])["sessions"] == sids[3:]
    assert listed(service, since=versions[3] + 1)["sessions"] == []  # another process knows more
    for since in (0, versions[0], versions[3] + 10 * feed.MS_AHEAD):
        assert listed(service, since=since)["sessions"] == whole


@SQLITE_ONLY
@pytest.mark.parametrize("since", ["x", "-1", "1.5", "", 2**63])
def test_a_version_is_a_number(service, since):
    assert refusal(Client(service.url).get(PATH, params={"since": since}))[0] == 422


@SQLITE_ONLY
def test_there_is_no_list_with_a_shared_secret(service, alice, configure):
    configure(algorithm="HS256")
    assert refusal(Client(service.url).get(PATH)) == (404, "not_found")


@SQLITE_ONLY
def test_no_old_list_is_served_while_the_database_is_away(service, monkeypatch):
    listed(service)

    def unavailable():
        raise errors.Unavailable()

    monkeypatch.setattr(feed.service, "number_waiting", unavailable)
    assert Client(service.url, allowed=(503,)).get(PATH).status_code == 503


def test_sessions_that_ended_long_before_a_reader_asks_are_not_listed(service, alice):
    log_out(None, None, alice)
    row = sqlalchemy.update(Revocation).where(Revocation.session_id == sid_of(alice))
    database.write_only(row.values(ended_at=models.now() - 2 * window()))
    assert sid_of(alice) not in listed(service)["sessions"]


def test_users_without_a_session_are_not_listed(service, root, alice, bob):
    """An import or a cleanup changes and deletes very many of them."""
    log_out(None, None, alice)
    log_out(None, None, bob)
    before = listed(service)
    administrator_logs_out(alice, root, None)
    assert root.client.delete(f"/admin/users/{bob.user_id}").status_code == 204
    after = listed(service, since=before["version"])
    assert (after["users"], after["sessions"]) == ([], [])
