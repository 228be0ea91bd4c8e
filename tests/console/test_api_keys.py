"""API keys in the console: the list, one key, its rate limit and its end."""

import re

from databases import SQLITE_ONLY
from people import Client
from reader import heading, notice

pytestmark = SQLITE_ONLY


def create(person):
    answer = person.client.post("/users/me/api-keys", {"name": "Nightly report", "scopes": ["profile"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_key_is_found_limited_and_deleted(admin, alice, bob):
    key, other = create(alice), create(bob)
    user = admin.console(f"/users/{alice.user_id}")
    (link,) = re.findall(r"/admin/console(/api-keys\?user_id=[\w-]+)", user.text)
    page = admin.console(link)
    assert f"/api-keys/{key['id']}" in page.text and other["id"] not in page.text and key["key"] not in page.text
    assert heading(admin.console(f"/api-keys/{key['id']}")) == "<bdi>Nightly report</bdi>"
    page = admin.post(f"/api-keys/{key['id']}", rate_limit="a lot")
    assert (page.status_code, 'value="a lot"' in page.text) == (422, True)
    assert notice(admin.post(f"/api-keys/{key['id']}", rate_limit="5/hour")).startswith("The rate limit")
    assert "5/hour" in admin.page.text
    admin.post(f"/api-keys/{key['id']}", rate_limit="")
    assert "5/hour" not in admin.page.text
    assert notice(admin.post(f"/api-keys/{key['id']}/delete")) == "The API key has been deleted."
    assert Client(alice.service.url, key["key"]).get("/users/me").status_code == 401
    assert Client(alice.service.url, other["key"]).get("/users/me").status_code == 200
    assert admin.console(f"/api-keys/{key['id']}").status_code == 404


def test_no_form_without_the_permission_or_for_an_administrator_with_more(helper, root, alice):
    key, of_root = create(alice), create(root)
    reader, writer = helper("users:read"), helper("users:read", "users:write")
    assert '<form method="post" action="/admin/console/api-keys' not in reader.console(f"/api-keys/{key['id']}").text
    assert reader.post(f"/api-keys/{key['id']}/delete").status_code == 403
    assert f"/api-keys/{key['id']}/delete" in writer.console(f"/api-keys/{key['id']}").text
    page = writer.console(f"/api-keys/{of_root['id']}")
    assert "/delete" not in page.text and "You cannot change this account" in page.text
    assert writer.post(f"/api-keys/{of_root['id']}/delete").status_code == 403
    assert writer.post(f"/api-keys/{of_root['id']}", rate_limit="1/hour").status_code == 403
