"""Webhooks: what is sent to whom, signed how, and what happens if it fails."""

import json
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy
import standardwebhooks

import database
import missing
import models
import npm
from core import signing
from databases import SQLITE_ONLY
from delivery import retry_after
from name_servers import NameServers
from people import Client, at_once, refusal, statuses, text_of
from settings.loading import settings
from waiting import until
from webhook_receiver import Receiver
from webhooks import disabling, secrets, sending, service
from webhooks.models import WebhookDelivery, WebhookEndpoint
from webhooks.schemas import DeliveryFilters

VERIFIERS = Path(__file__).parents[1] / "support/webhook_verifiers"
RENAMED = "user.renamed"


@pytest.fixture
def receiver(configure):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def subscribe(root, receiver):
    made = []

    def create(*events, url=None):
        answer = root.client.post(
            "/admin/webhooks", {"url": url or receiver.url, "events": list(events or ("user.*",)), "description": "CRM"}
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return SimpleNamespace(**answer.json())

    yield create
    root.log_in()
    for webhook_id in made:
        root.client.delete(f"/admin/webhooks/{webhook_id}")


def rename(person, name="Renamed"):
    assert person.client.patch("/users/me", {"username": name}).status_code == 200


def listed(hook, **filters):
    page = service.deliveries(hook.id, DeliveryFilters(**filters))
    return [each.model_dump(mode="json") for each in page.items]


def settled(hook, status, kind=RENAMED):
    """Wait until the newest delivery of a type has a status, and return it."""
    until = time.monotonic() + 15
    while not (found := [each for each in listed(hook, status=status) if each["type"] == kind and each["attempts"]]):
        assert time.monotonic() < until, listed(hook)
        time.sleep(0.02)
    return found[0]


def health(hook, status):
    """Wait until a webhook has this status, which is recorded after its deliveries, and return its health."""
    until = time.monotonic() + 15
    while (found := service.one(hook.id).health.model_dump())["status"] != status:
        assert time.monotonic() < until, found
        time.sleep(0.02)
    return found


def column(hook, name):
    """Return a column of the row of a webhook."""
    return getattr(service._one(hook.id), name)


def later(hook, clock, seconds):
    """Move the clock, and end the pause between two looks at the queue."""
    clock.shift(seconds)
    sending.fan_out.queued.send()


def test_change_is_sent_with_the_account_and_a_signature_that_libraries_accept(root, alice, receiver, subscribe):
    hook = subscribe()
    rename(alice)
    request = receiver.wait(alice.user_id, RENAMED)[0]
    event = standardwebhooks.Webhook(hook.secret).verify(request.body.decode(), request.headers)
    assert event == request.event
    assert request.headers["webhook-id"] == event["id"]
    assert request.headers["content-type"] == "application/json"
    shown = root.client.get(f"/admin/users/{alice.user_id}").json()
    assert event["data"]["user"].items() <= shown.items()
    assert event["data"]["user"]["username"] == "Renamed"
    assert alice.password not in request.body.decode()
    delivery = settled(hook, "delivered")
    assert (delivery["event_id"], delivery["attempts"], delivery["next_attempt_at"]) == (event["id"], 1, None)
    assert (delivery["response_status"], delivery["error"]) == (200, None)
    assert delivery["response_ms"] >= 0
    assert health(hook, "ok")


@SQLITE_ONLY
def test_signature_is_accepted_by_the_npm_libraries(alice, receiver, subscribe):
    packages = missing.started(npm.installed, VERIFIERS, "npm's standardwebhooks and svix")
    hook = subscribe()
    rename(alice, "Zoë 日本")
    request = receiver.wait(alice.user_id, RENAMED)[0]
    sent = {"secret": hook.secret, "headers": request.headers, "body": request.body.decode()}
    assert verified_by_npm(packages, sent).stdout.split() == [request.event["id"]] * 2
    forged = sent | {"body": sent["body"].replace("Zoë", "Joe")}
    assert "No matching signature found" in verified_by_npm(packages, forged).stderr


def verified_by_npm(packages, request):
    script = (VERIFIERS / "verify.mjs").read_text()
    command = ["node", "--input-type=module", "--eval", script]
    return subprocess.run(command, cwd=packages, input=json.dumps(request), capture_output=True, text=True, check=False)


def test_webhook_gets_only_its_events_and_inactive_ones_get_none(root, alice, receiver, subscribe):
    hook, inactive = subscribe("user.renamed"), subscribe("*")
    assert root.client.patch(f"/admin/webhooks/{inactive.id}", {"is_active": False}).json()["is_active"] is False
    alice.client.patch("/users/me", {"locale": "de"})
    rename(alice)
    receiver.wait(alice.user_id, RENAMED)
    settled(hook, "delivered")
    assert {each.event["type"] for each in receiver.requests} == {RENAMED}
    assert listed(inactive) == []
    assert refusal(root.client.post(f"/admin/webhooks/{inactive.id}/test")) == (409, "conflict")


def test_failed_delivery_is_tried_again_on_schedule_with_the_same_content(root, alice, receiver, subscribe, clock):
    hook, receiver.status = subscribe(), 500
    rename(alice)
    for attempt, seconds in enumerate(sending.SCHEDULE, 1):
        receiver.wait(alice.user_id, RENAMED, attempt)
        until = time.monotonic() + 15
        while (delivery := settled(hook, "pending"))["attempts"] < attempt:
            assert time.monotonic() < until
        due = models.datetime.fromisoformat(delivery["next_attempt_at"]) - models.now()
        assert seconds - 5 < due.total_seconds() <= seconds * 1.1
        assert (delivery["response_status"], delivery["error"]) == (500, "Failed: status 500")
        later(hook, clock, seconds * 1.1)
    receiver.wait(alice.user_id, RENAMED, 10)
    assert settled(hook, "failed")["attempts"] == 10
    assert health(hook, "failing")
    requests = receiver.about(alice.user_id, RENAMED)
    assert len({(each.body, each.headers["webhook-id"]) for each in requests}) == 1
    assert all(each.is_signed_with(hook.secret) for each in requests)
    receiver.status = 204
    failed = settled(hook, "failed")
    root.log_in()
    assert root.client.post(f"/admin/webhooks/{hook.id}/deliveries/{failed['id']}/retry").status_code == 202
    receiver.wait(alice.user_id, RENAMED, 11)
    assert settled(hook, "delivered")["id"] == failed["id"]
    assert health(hook, "ok")


def test_delivery_that_is_retried_while_it_is_sent_is_sent_again(root, alice, receiver, subscribe):
    hook = subscribe()
    rename(alice)
    delivery = settled(hook, "delivered")
    retry = f"/admin/webhooks/{hook.id}/deliveries/{delivery['id']}/retry"
    root.log_in()
    receiver.seconds, begun = 1.0, receiver.begun
    assert root.client.post(retry).status_code == 202
    until(lambda: receiver.begun > begun)
    assert root.client.post(retry).status_code == 202
    receiver.wait(alice.user_id, RENAMED, 3)
    receiver.seconds = 0.0


def test_receiver_is_left_alone_for_as_long_as_it_asks(root, alice, receiver, subscribe, clock):
    hook, receiver.status, receiver.answer_headers = subscribe(), 503, {"Retry-After": "1800"}
    rename(alice)
    settled(hook, "pending")
    until(lambda: column(hook, "paused_until"))
    due = models.datetime.fromisoformat(settled(hook, "pending")["next_attempt_at"]) - models.now()
    assert 1700 < due.total_seconds() <= 1800
    rename(alice, "Another")
    later(hook, clock, 900)
    time.sleep(0.3)
    assert len(receiver.about(alice.user_id)) == 1
    receiver.status = 200
    later(hook, clock, 1000)
    receiver.wait(alice.user_id, RENAMED, 3)


def test_receiver_is_sent_everything_as_soon_as_it_asked_for(alice, receiver, subscribe):
    subscribe()
    receiver.status, receiver.answer_headers = 503, {"Retry-After": "2"}
    rename(alice)
    receiver.wait(alice.user_id, RENAMED)
    receiver.status = 200
    rename(alice, "Another")
    assert receiver.wait(alice.user_id, RENAMED, 3)


def test_retry_after_is_a_number_or_a_date_and_an_hour_at_most(clock):
    day = models.now() + timedelta(days=1)
    assert retry_after.parse("90000") == retry_after.parse(f"{day:%a, %d %b %Y %H:%M:%S GMT}") == timedelta(hours=1)
    assert [retry_after.parse(value) for value in ("-5", "soon", "", None, "0", "Sun, 06 Nov 99999 08:49:37 GMT")] == [
        None
    ] * 6
    assert retry_after.parse("5") == timedelta(seconds=5)


def test_receiver_that_is_gone_is_disabled_and_administrators_are_notified(
    root, amy, alice, receiver, subscribe, monkeypatch
):
    monkeypatch.setattr(disabling, "MAX_RECIPIENTS", 10_000)  # other tests have made administrators, too
    hook, receiver.status = subscribe(), 410
    rename(alice)
    settled(hook, "failed")
    found = health(hook, "disabled")
    assert found.pop("failing_since"), "events since then have to be replayed"
    assert found == {"status": "disabled", "last_delivered_at": None, "disabled_reason": "gone"}
    assert receiver.url in text_of(amy.service.mailbox.wait_for(amy.email, "410"))
    rename(alice, "Unheard")
    assert root.client.patch(f"/admin/webhooks/{hook.id}", {"is_active": True}).json()["health"]["status"] == "new"
    receiver.status = 200
    rename(alice, "Heard at once")
    assert receiver.wait(alice.user_id, RENAMED, 2)[-1].event["data"]["user"]["username"] == "Heard at once"


def test_receiver_that_fails_for_five_days_is_disabled(root, alice, receiver, subscribe, clock):
    hook, receiver.status = subscribe(), 500
    rename(alice)
    health(hook, "failing")
    clock.shift(timedelta(days=5, hours=1).total_seconds())
    with database.transaction() as db:
        db.execute(
            sqlalchemy.update(WebhookDelivery).where(WebhookDelivery.endpoint_id == hook.id).values(due_at=models.now())
        )
    sending.fan_out.queued.send()
    assert health(hook, "disabled")["disabled_reason"] == "failing"
    assert not service.one(hook.id).is_active


@SQLITE_ONLY
def test_both_secrets_sign_for_a_day_after_a_rotation(root, alice, receiver, subscribe, clock):
    hook = subscribe()
    new = root.client.post(f"/admin/webhooks/{hook.id}/rotate-secret").json()["secret"]
    rename(alice)
    request = receiver.wait(alice.user_id, RENAMED)[0]
    assert request.is_signed_with(hook.secret)
    assert request.is_signed_with(new)
    endpoint = database.read(sqlalchemy.select(*WebhookEndpoint.__table__.columns).where(WebhookEndpoint.id == hook.id))
    assert hook.secret not in str(endpoint)
    clock.shift(24 * 3600 + 1)
    assert secrets.of(endpoint) == [new]


@SQLITE_ONLY
def test_secrets_are_encrypted_again_when_the_root_secret_is_replaced(root, subscribe, configure):
    hook = subscribe()
    configure(jwt_secret="another secret " * 4, jwt_secret_previous=settings.jwt_secret)
    assert secrets.renew() >= 1
    configure(jwt_secret_previous="")
    endpoint = database.read(sqlalchemy.select(*WebhookEndpoint.__table__.columns).where(WebhookEndpoint.id == hook.id))
    assert secrets.of(endpoint) == [hook.secret]
    assert signing.is_sealed_with_current_secret(secrets.LABEL, endpoint.sealed_secret)


def test_replay_sends_the_events_of_a_period_again_with_their_ids_and_in_order(root, alice, receiver, subscribe):
    hook, since = subscribe(), models.now()
    for number in range(5):
        rename(alice, f"Name {number}")
    receiver.wait(alice.user_id, RENAMED, 5)
    settled(hook, "delivered")
    late = subscribe("*")
    until = models.now()
    rename(alice, "Too late")
    receiver.wait(alice.user_id, RENAMED, 7)
    receiver.requests.clear()
    for each in (hook, late):
        period = {"since": since.isoformat(), "until": until.isoformat(), "events": [RENAMED]}
        assert root.client.post(f"/admin/webhooks/{each.id}/replay", period).status_code == 202
    again = receiver.wait(alice.user_id, RENAMED, 10)
    names = [each.event["data"]["user"]["username"] for each in again if each.is_signed_with(hook.secret)]
    assert names == [f"Name {number}" for number in range(5)]
    assert len({each.event["id"] for each in again}) == 5
    for wrong in ({"since": "yesterday"}, {"since": since.isoformat(), "events": ["user.unknown"]}, {}):
        assert refusal(root.client.post(f"/admin/webhooks/{hook.id}/replay", wrong)) == (422, "validation_error")


def test_events_of_an_account_arrive_in_order(root, alice, bob, receiver, subscribe):
    subscribe()
    for number in range(20):
        rename(alice, f"Alice {number}")
        rename(bob, f"Bob {number}")
    for person, name in ((alice, "Alice"), (bob, "Bob")):
        names = [each.event["data"]["user"]["username"] for each in receiver.wait(person.user_id, RENAMED, 20)]
        assert names == [f"{name} {number}" for number in range(20)]


@pytest.fixture
def other(receiver):
    """Another receiver, with its own URL."""
    server = Receiver()
    yield server
    server.close()


def queue(hook, count):
    """Queue a backlog, and wait until its first requests have begun."""
    with database.transaction() as db:
        db.add_all(
            WebhookDelivery(endpoint_id=hook.id, event_id=models.new_id(), type=service.TEST) for _ in range(count)
        )
    sending.fan_out.queued.send()


def begins(receiver, count=1):
    until(lambda: receiver.begun >= count)


def released(hook):
    """Wait until the results of the deliveries are recorded."""
    until(lambda: column(hook, "lease_id") is None)


def test_changed_url_gets_the_rest_of_a_backlog(root, receiver, other, subscribe):
    hook, receiver.seconds = subscribe(), 1.0
    queue(hook, 30)
    begins(receiver, 5)
    assert root.client.patch(f"/admin/webhooks/{hook.id}", {"url": other.url}).status_code == 200
    begun = receiver.begun
    until(lambda: len(other.requests) + begun == 30)
    assert receiver.begun == begun, "a request began at the old URL after the change"


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_webhook_that_was_disabled_or_deleted_gets_no_further_request(root, receiver, subscribe, how):
    hook, receiver.seconds = subscribe(), 1.0
    queue(hook, 30)
    begins(receiver, 5)
    path = f"/admin/webhooks/{hook.id}"
    ended = root.client.patch(path, {"is_active": False}) if how == "disable" else root.client.delete(path)
    assert ended.status_code in (200, 204)
    begun = receiver.begun
    time.sleep(2.5)
    assert receiver.begun == begun
    receiver.seconds = 0.0
    if how == "disable":
        assert root.client.patch(path, {"is_active": True}).status_code == 200
        until(lambda: receiver.begun == 30)


def test_webhook_with_more_deliveries_than_a_batch_is_deleted(root, receiver, subscribe, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 3)
    hook, receiver.status = subscribe(), 500
    queue(hook, 10)
    path = f"/admin/webhooks/{hook.id}"
    steps, delete_some = [], service._delete_deliveries
    monkeypatch.setattr(service, "_delete_deliveries", lambda one: steps.append(delete_some(one)) or steps[-1])
    assert root.client.delete(path).status_code == 204
    assert steps == [3, 3, 3, 1]
    assert refusal(root.client.delete(path)) == (404, "not_found")
    left = sqlalchemy.select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == hook.id)
    assert database.read_all(left) == []


def test_new_secret_signs_the_rest_of_a_backlog(root, receiver, subscribe):
    hook, receiver.seconds = subscribe(), 1.0
    queue(hook, 10)
    begins(receiver, 5)
    secret = root.client.post(f"/admin/webhooks/{hook.id}/rotate-secret").json()["secret"]
    until(lambda: len(receiver.requests) == 10)
    assert [each.is_signed_with(secret) for each in receiver.requests] == [False] * 5 + [True] * 5


@pytest.mark.parametrize("status", [410, 503])
def test_late_response_of_the_old_url_says_nothing_about_the_new_one(
    root, alice, receiver, other, subscribe, clock, status
):
    hook, receiver.seconds, receiver.status = subscribe(), 1.0, status
    receiver.answer_headers = {"Retry-After": "3600"}
    rename(alice)
    begins(receiver)
    assert root.client.patch(f"/admin/webhooks/{hook.id}", {"url": other.url}).status_code == 200
    released(hook)
    assert (column(hook, "is_active"), column(hook, "paused_until"), column(hook, "failing_since")) == (
        True, None, None,
    )  # fmt: skip
    rename(alice, "Another")
    other.wait(alice.user_id, RENAMED)
    later(hook, clock, 6)
    other.wait(alice.user_id, RENAMED, 2)
    assert receiver.begun == 1


def test_failures_of_the_old_url_do_not_disable_the_new_one(root, alice, receiver, other, subscribe):
    hook, receiver.seconds, receiver.status = subscribe(), 1.0, 500
    with database.transaction() as db:
        failing = sqlalchemy.update(WebhookEndpoint).where(WebhookEndpoint.id == hook.id)
        db.execute(failing.values(failing_since=models.now() - timedelta(days=6)))
    rename(alice)
    begins(receiver)
    assert root.client.patch(f"/admin/webhooks/{hook.id}", {"url": other.url}).status_code == 200
    released(hook)
    assert service.one(hook.id).is_active
    assert health(hook, "new")["failing_since"] is None


def test_changed_url_ends_the_pause_and_the_failures(root, alice, receiver, other, subscribe, clock):
    hook, receiver.status, receiver.answer_headers = subscribe(), 503, {"Retry-After": "3600"}
    rename(alice)
    until(lambda: column(hook, "paused_until"))
    rename(alice, "Another")
    path = f"/admin/webhooks/{hook.id}"
    for unchanged in ({"url": receiver.url}, {"description": "CRM of Bob"}, {"is_active": True}):
        assert root.client.patch(path, unchanged).json()["health"]["status"] == "failing"
    assert column(hook, "paused_until")
    assert root.client.patch(path, {"url": other.url}).json()["health"]["status"] == "new"
    other.wait(alice.user_id, RENAMED)
    later(hook, clock, 6)
    other.wait(alice.user_id, RENAMED, 2)
    assert len(receiver.requests) == 1


def test_slow_receiver_delays_no_other(root, alice, receiver, subscribe):
    slow = Receiver()
    slow.seconds = 8.0
    hooks = [subscribe(url=slow.url) for _ in range(12)]
    subscribe()
    threads = len([each for each in threading.enumerate() if each.name.startswith(("webhooks", "requests"))])
    began = time.monotonic()
    for number in range(5):
        rename(alice, f"Name {number}")
    receiver.wait(alice.user_id, RENAMED, 5)
    assert time.monotonic() - began < 7.5
    now = len([each for each in threading.enumerate() if each.name.startswith(("webhooks", "requests"))])
    assert now - threads <= 12  # the request pool, at most
    for hook in hooks:
        root.client.delete(f"/admin/webhooks/{hook.id}")
    slow.close()


@SQLITE_ONLY
def test_names_that_are_not_resolved_delay_no_other_receiver(root, alice, receiver, subscribe, monkeypatch):
    name_servers = NameServers(monkeypatch)
    for number in range(12):
        subscribe(url=f"http://h{number}.hanging.example/hook")
    subscribe(url=receiver.url.replace("127.0.0.1", "localhost"))
    began = time.monotonic()
    for number in range(5):
        rename(alice, f"Name {number}")
    receiver.wait(alice.user_id, RENAMED, 5)
    assert time.monotonic() - began < 7.5
    until(lambda: len(name_servers.lookups) == 12)  # one for each name, although five requests are sent at once
    name_servers.respond()


@SQLITE_ONLY
def test_url_must_be_allowed_when_it_is_entered_and_when_it_is_requested(root, alice, receiver, subscribe, configure):
    hook = subscribe(url=receiver.url.replace("127.0.0.1", "localhost"))
    configure(webhook_allowed_networks=())
    rename(alice)
    assert settled(hook, "pending")["error"] == "Failed: must not point to a private IP address"
    assert receiver.about(alice.user_id) == []
    for url in (receiver.url, "http://169.254.169.254/latest", "ftp://example.com", "https://a:b@example.com/", None):
        body = {"url": url, "events": ["*"]}
        assert refusal(root.client.post("/admin/webhooks", body)) == (422, "validation_error")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "unknown", ["nope", "0", "-1", "999999", "9" * 30, "1.5", "\u0663", "%00", "0198c7f2-a1b3-7f5d"]
)
def test_unknown_id_is_not_found(root, subscribe, unknown):
    client, known = root.client, subscribe().id
    for method, path in (
        ("GET", unknown),
        ("DELETE", unknown),
        ("POST", f"{unknown}/test"),
        ("GET", f"{unknown}/deliveries"),
        ("POST", f"{known}/deliveries/{unknown}/retry"),
    ):
        assert refusal(client._request(method, f"/admin/webhooks/{path}")) == (404, "not_found"), path


@SQLITE_ONLY
def test_new_webhook_may_be_disabled(root, alice, receiver):
    body = {"url": receiver.url, "events": ["*"], "is_active": False}
    created = root.client.post("/admin/webhooks", body).json()
    assert created["is_active"] is False
    rename(alice)
    path = f"/admin/webhooks/{created['id']}"
    assert root.client.get(f"{path}/deliveries").json()["items"] == []
    assert root.client.delete(path).status_code == 204


@SQLITE_ONLY
def test_redirect_is_not_followed_and_a_large_response_is_not_read(root, alice, receiver, subscribe):
    hook, receiver.status, receiver.answer_headers = subscribe(), 302, {"Location": receiver.url + "/elsewhere"}
    rename(alice)
    assert settled(hook, "pending")["response_status"] == 302
    assert len(receiver.about(alice.user_id, RENAMED)) == 1
    receiver.status, receiver.answer_headers, receiver.answer = 200, {"Content-Encoding": "gzip"}, b"x" * 5_000_000
    rename(alice, "Again")
    assert settled(hook, "delivered")["response_status"] == 200


def test_deleted_account_is_reduced_to_its_id(root, alice, receiver, subscribe):
    hook = subscribe()
    rename(alice)
    receiver.wait(alice.user_id, RENAMED)
    assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
    deleted = receiver.wait(alice.user_id, "user.deleted")[0]
    assert deleted.event["data"] == {"user": {"user_id": alice.user_id}}
    delivery = settled(hook, "delivered")
    root.client.post(f"/admin/webhooks/{hook.id}/deliveries/{delivery['id']}/retry")
    again = receiver.wait(alice.user_id, RENAMED, 2)[1]
    assert again.event["data"] == {"user": {"user_id": alice.user_id}}


def test_worker_that_died_leaves_its_deliveries_to_the_next_in_order(root, alice, receiver, subscribe, clock):
    """The lease of the endpoint expires; nothing is lost, and the order stays."""
    hook = subscribe()
    leased = sending.QUEUE.lease_lane(hook.id)
    assert leased is not None
    assert sending.QUEUE.lease_lane(hook.id) is None
    for number in range(3):
        rename(alice, f"Name {number}")
    time.sleep(0.3)
    assert receiver.about(alice.user_id) == []
    later(hook, clock, 61)
    names = [each.event["data"]["user"]["username"] for each in receiver.wait(alice.user_id, RENAMED, 3)]
    assert names == ["Name 0", "Name 1", "Name 2"]
    assert sending.QUEUE.renew_lane(leased) is None


def test_fifty_at_once_and_no_more(root, receiver, subscribe):
    before = len(root.client.get("/admin/webhooks").json()["items"])
    body = {"url": receiver.url, "events": ["user.*"]}
    found = at_once(*[lambda: root.client.post("/admin/webhooks", body)] * (52 - before))
    assert sorted(statuses(found)).count(409) == 2
    for each in found:
        if each.status_code == 201:
            root.client.delete(f"/admin/webhooks/{each.json()['id']}")


@SQLITE_ONLY
def test_webhooks_need_their_permissions_also_as_scopes_of_api_keys(root, amy, alice, receiver, subscribe):
    hook = subscribe()
    assert refusal(alice.client.get("/admin/webhooks")) == (403, "forbidden")
    reader = amy.client.post("/users/me/api-keys", {"name": "Reader", "scopes": ["webhooks:read"]}).json()["key"]
    client = Client(amy.service.url, reader)
    listing = client.get("/admin/webhooks")
    assert hook.id in [each["id"] for each in listing.json()["items"]]
    assert "secret" not in listing.text
    assert client.get(f"/admin/webhooks/{hook.id}/deliveries").status_code == 200
    assert refusal(client.post(f"/admin/webhooks/{hook.id}/test")) == (403, "insufficient_scope")
    writer = amy.client.post("/users/me/api-keys", {"name": "Writer", "scopes": ["webhooks:write"]}).json()["key"]
    assert Client(amy.service.url, writer).post(f"/admin/webhooks/{hook.id}/test").status_code == 202
    until = time.monotonic() + 15
    while not [each for each in receiver.requests if each.event["type"] == "webhook.test"]:
        assert time.monotonic() < until
    recorded = root.client.get("/admin/audit", params={"action": "webhook.tested"}).json()["items"][0]
    assert (recorded["actor_id"], recorded["user_id"], recorded["detail"]["webhook_id"]) == (amy.user_id, None, hook.id)
