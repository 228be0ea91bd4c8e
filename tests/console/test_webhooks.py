"""The console's pages of webhooks: create, change, test, retry, replay and delete one."""

import re
import time

import pytest

from databases import SQLITE_ONLY
from webhook_receiver import Receiver
from webhooks import service

pytestmark = SQLITE_ONLY
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def receiver(configure):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    server = Receiver()
    yield server
    server.close()


def test_webhook_from_its_creation_to_its_end(admin, alice, receiver):
    page = admin.post("/new-webhook", url=receiver.url, events="user.* nothing.*", description="CRM")
    assert (page.status_code, SECRET.search(page.text)) == (422, None)
    assert 'aria-invalid="true"' in page.text
    assert receiver.url in page.text
    page = admin.post("/new-webhook", url=receiver.url, events="user.*, password.changed", description="CRM")
    secret = SECRET.search(page.text)[0].replace("&#43;", "+").replace("&#61;", "=")
    assert page.headers["cache-control"] == "no-store"
    hook = service.list_all().items[-1]
    assert (hook.url, hook.events, hook.description) == (receiver.url, ["user.*", "password.changed"], "CRM")
    path = f"/webhooks/{hook.id}"
    alice.client.patch("/users/me", {"username": "Renamed"})
    request = receiver.wait(alice.user_id, "user.renamed")[0]
    assert request.is_signed_with(secret)
    until = time.monotonic() + 15
    while "delivered" not in (page := admin.console(path)).text.partition('id="deliveries"')[2].partition("<tbody>")[2]:
        assert time.monotonic() < until
    assert secret not in page.text
    (delivery,) = [
        each for each in service.deliveries(hook.id, service.DeliveryFilters()).items if each.type == "user.renamed"
    ]
    assert "The event will be sent again." in admin.post(f"{path}/deliveries/{delivery.id}/retry").text
    receiver.wait(alice.user_id, "user.renamed", 2)
    page = admin.post(f"{path}/replay", since=delivery.created_at.isoformat(), until="")
    assert "The events will be sent again." in page.text
    receiver.wait(alice.user_id, "user.renamed", 3)
    assert admin.post(f"{path}/replay", since="yesterday").status_code == 422
    assert "A test event is being sent." in admin.post(f"{path}/test").text
    assert SECRET.search(admin.post(f"{path}/rotate-secret").text)[0] != secret
    page = admin.post(path, url=receiver.url, events="*", description="Old")
    assert "The webhook has been changed." in page.text
    assert service.one(hook.id).is_active is False
    assert "/test" not in page.text
    page = admin.post(f"{path}/delete")
    assert (page.url.path, receiver.url in page.text) == ("/admin/console/webhooks", False)


def test_reader_sees_webhooks_without_forms(helper, admin, receiver):
    admin.post("/new-webhook", url=receiver.url, events="user.*")
    hook = service.list_all().items[-1]
    reader = helper("webhooks:read")
    assert f"/webhooks/{hook.id}" in reader.console("/webhooks").text
    page = reader.console(f"/webhooks/{hook.id}")
    assert (page.status_code, 'method="post" action="/admin/console/webhooks' in page.text) == (200, False)
    assert reader.post(f"/webhooks/{hook.id}/test").status_code == 403
    admin.post(f"/webhooks/{hook.id}/delete")
