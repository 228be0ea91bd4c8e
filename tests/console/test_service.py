"""The other sections of the console: overview, roles, audit log, emails, signing keys, settings and imports."""

import csv
import io
import json
import re
import secrets
import time

from sqlalchemy import update

import database
import models
import tables
from administration import funnel
from console import exports, imports, overview, shown_settings
from databases import SQLITE_ONLY
from models import Mail
from operations import cleanup
from people import new_email
from reader import heading, notice
from sessions import signing_keys
from settings.fields import OPTIONS, names_of
from user_import import runs

CONSOLE = "/admin/console"


def test_overview_shows_charts_with_tables_and_the_checks(admin, alice):
    overview._charts.forget()
    overview._checks.forget()
    deadline = time.monotonic() + 30
    while "Reload the page" in admin.console().text:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    text = admin.page.text
    assert [text.count(f'<svg class="{name}"') for name in ("signups", "logins", "failures", "active")] == [1] * 4
    assert text.count("<tbody>") == 4
    assert '<h2 id="warnings">Checks</h2>' in text
    funnel.write()
    assert re.search(r"<h3>Logins</h3>\s*<dl><div><dt>started</dt><dd>[1-9]", admin.console().text)


def test_role_is_created_changed_and_deleted_by_its_typed_name(admin, root):
    name = f"role-{secrets.token_hex(4)}"
    admin.console("/new-role")
    page = admin.post("/new-role", name="Not A Name", permissions=["users:read"])
    assert (page.status_code, 'value="Not A Name"' in page.text) == (422, True)
    assert re.search(r'value="users:read" checked', page.text)
    page = admin.post("/new-role", name=name, description="Reads", permissions=["users:read", "audit:read"])
    assert notice(page) == "The role has been created."
    assert root.client.get(f"/admin/roles/{name}").json()["permissions"] == ["users:read", "audit:read"]
    page = admin.post(f"/roles/{name}", description="", permissions=["audit:read"])
    assert root.client.get(f"/admin/roles/{name}").json() == {
        "name": name, "description": "", "permissions": ["audit:read"], "inherits": [],
    }  # fmt: skip
    page = admin.post(f"/roles/{name}/delete", confirmation="another")
    assert (page.status_code, heading(page)) == (422, f"Delete the role {name}")
    assert notice(admin.post(f"/roles/{name}/delete", confirmation=name)) == "The role has been deleted."
    assert root.client.get(f"/admin/roles/{name}").status_code == 404
    assert "built in and cannot be changed" in admin.console("/roles/admin").text


def test_audit_log_is_exported_by_its_filters_and_without_formulas(admin, alice, mallory):
    mallory.client.headers["User-Agent"] = "=HYPERLINK(A1)"
    mallory.sign_up()
    text = admin.console(f"/audit/export?format=csv&user_id={mallory.user_id}").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["action"] for row in rows] == ["user.signed_up"]
    assert rows[0]["user_agent"] == "'=HYPERLINK(A1)"
    lines = admin.console(f"/audit/export?format=jsonl&user_id={mallory.user_id}").text.splitlines()
    assert [json.loads(line)["user_agent"] for line in lines] == ["=HYPERLINK(A1)"]
    page = admin.console(f"/audit?user_id={alice.user_id}&action=user.signed_up")
    assert page.text.count("<tr>") == 2
    assert f"format=csv&amp;user_id={alice.user_id}&amp;action=user.signed_up" in page.text


@SQLITE_ONLY
def test_export_contains_all_events_in_several_batches(admin, root, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    for _ in range(3):
        assert root.log_in().status_code == 200
    text = admin.console(f"/audit/export?format=csv&user_id={root.user_id}&action=user.logged_in").text
    ids = [int(row["id"]) for row in csv.DictReader(io.StringIO(text))]
    assert len(ids) == len(set(ids)) > 2
    assert ids == sorted(ids, reverse=True)


def test_no_cell_begins_like_a_formula():
    for start in ("=", "+", "-", "@", "\t=", "\r=", " =1", "\uff1d1", "|", "%"):
        assert exports.defused(f"{start}1+1").startswith("'")
    assert exports.defused("2026-03-14T09:26:53Z") == "2026-03-14T09:26:53Z"
    assert exports.defused(None) == ""


def test_failed_email_is_sent_again(admin, alice, service):
    tables.wait_for_outbox()
    mark = service.mailbox.mark()
    token = alice.request_reset()
    tables.wait_for_outbox()
    failed = update(Mail).where(Mail.recipient == alice.email).values(gave_up_at=models.now(), sent_at=None, last_error="Refused: 550 unknown")  # fmt: skip
    database.write_only(failed)
    page = admin.console("/emails")
    assert alice.email in page.text
    assert "Refused: 550 unknown" in page.text
    assert token not in page.text
    assert "could not be delivered" in admin.console(f"/users/{alice.user_id}").text
    email_id = database.read_all(models.Mail.__table__.select().where(Mail.recipient == alice.email))[-1].id
    before = tables.newest_event()
    page = admin.post("/emails", email_id=str(email_id))
    assert notice(page) == "The email will be sent again."
    assert service.mailbox.wait_for(alice.email, since=mark, containing="/reset-password")
    assert admin.post("/emails", email_id=str(email_id)).status_code == 404
    assert [e.detail for e in tables.events(before) if e.action == "email.requeued"] == [{"emails": 1}]


@SQLITE_ONLY
def test_failed_email_whose_link_was_replaced_is_not_sent_again(admin, alice, clock):
    alice.request_reset()
    tables.wait_for_outbox()
    newest = Mail.__table__.select().where(Mail.recipient == alice.email).order_by(Mail.id.desc())
    email = database.read_all(newest)[0]
    failed = update(Mail).where(Mail.id == email.id).values(gave_up_at=models.now(), sent_at=None, token_id="replaced")
    database.write_only(failed)
    page = admin.console("/emails").text
    assert "The link no longer works" in page
    assert f'value="{email.id}"' not in page
    refused = admin.post("/emails", email_id=str(email.id))
    assert refused.status_code == 409
    assert "no longer works" in refused.text


@SQLITE_ONLY
def test_audit_log_is_filtered_by_email_address(admin, helper, alice):
    assert alice.user_id in admin.console(f"/audit?user_id={alice.email.upper()}&action=user.signed_up").text
    assert "No event matches" in admin.console("/audit?user_id=unknown@example.com").text
    auditor = helper("audit:read")  # may not find out whose address it is
    assert "No event matches" in auditor.console(f"/audit?user_id={alice.email}").text


@SQLITE_ONLY
def test_keys_are_listed_and_rotated_once_the_next_one_is_known(logs_in, root, configure, monkeypatch):
    configure(algorithm="ES256")
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    monkeypatch.setattr(signing_keys, "_loaded", None)
    admin = logs_in(root)
    page = admin.post("/keys/rotate")
    assert (page.status_code, "published a moment ago" in page.text) == (409, True)
    monkeypatch.setattr(signing_keys, "SECONDS_PUBLISHED_BEFORE_USE", -(10**9))  # other tests create keys in the future
    before = tables.newest_event()
    admin.open(f"{CONSOLE}/keys/rotate")
    assert (
        notice(admin.send_form(to=f"{CONSOLE}/keys/rotate")) == "Access tokens are signed with a new key from now on."
    )
    made, rotated = tables.events(before)
    assert (made.action, rotated.action, rotated.actor_id) == ("keys.made", "keys.rotated", root.user_id)
    assert rotated.detail["kid"] in admin.console("/keys").text


@SQLITE_ONLY
def test_service_that_signs_with_its_secret_has_no_keys_to_rotate(admin):
    assert "no keys to rotate" in admin.console("/keys").text
    assert admin.console("/keys/rotate").status_code == 404
    assert admin.post("/keys/rotate").status_code == 404


def test_settings_that_hold_a_secret_are_masked():
    named = re.compile(r"password|secret|token(?!_expire)|_key$|dsn|private", re.ASCII)
    harmless = {
        "rate_limit_token",
        "rate_limit_api_key",
        "captcha_site_key",
        "breached_passwords",
        "breached_passwords_url",
    }
    texts = {name for name, field in OPTIONS.items() if field.annotation is str or name == "internal_service_token"}
    masked = {setting.name for group in shown_settings.all_groups() for setting in group.settings if setting.is_secret}
    assert {names_of(name)[0] for name in texts - harmless if named.search(name)} <= masked


@SQLITE_ONLY
def test_settings_show_their_source_and_no_secret(admin, configure, monkeypatch):
    from settings.loading import settings
    from settings.oauth_login import OpenIdServer

    secret = "-".join(["very", "secret", "indeed"])
    server = OpenIdServer(name="corp", issuer="https://corp.example.com", client_id="x", client_secret=f"it's {secret}")
    configure(
        smtp_password=secret,
        sentry_dsn=secret,
        database_url=f"postgresql://me:x@y/{secret}@db/x?sslpassword={secret}",
        sendgrid_api_key=secret,
        oidc_providers=(server,),
    )
    page = admin.console("/settings")
    assert page.status_code == 200
    assert secret not in page.text
    for value in (settings.jwt_secret, *settings.internal_service_token, settings.superuser_password):
        assert value not in page.text
    row = re.search(r"<code>BCRYPT_ROUNDS</code>.*?</tr>", page.text, re.S)[0]
    assert "<code>4</code>" in row
    assert "BCRYPT_ROUNDS</td>" in row
    assert not [name for name in OPTIONS if f"<code>{names_of(name)[0]}</code>" not in page.text]


# -------------------------------------------------------------------------------------------------------------- imports


def upload(admin, name, content):
    files = {"file": (name, content)}
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in admin.cookies)
    return admin._http.request(
        "POST", f"{admin.service.url}{CONSOLE}/import", files=files, headers={"Origin": admin.service.url, "Cookie": cookies}
    )  # fmt: skip


def report(admin, path):
    deadline = time.monotonic() + 30
    while "This is running" in (page := admin.open(path)).text:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return page


def test_file_is_checked_and_then_imported(admin, root, alice):
    emails = [new_email("imported") for _ in range(3)]
    lines = [{"email": email, "username": "Imported"} for email in emails]
    lines += [{"email": "nobody"}, {"email": alice.email}, {"email": new_email("boss"), "roles": ["no-such-role"]}]
    answer = upload(admin, "users.jsonl", "\n".join(map(json.dumps, lines)))
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    page = report(admin, path)
    assert "<strong>3</strong> would be imported" in page.text
    assert "names a role that does not exist" in page.text
    assert root.client.get("/admin/users", params={"query": emails[0]}).json()["total"] == 0
    page = admin.send_form(to=path)
    assert page.url.path != path
    page = report(admin, str(page.url))
    assert "<strong>3</strong> imported" in page.text
    assert root.client.get("/admin/users", params={"query": emails[0]}).json()["total"] == 1
    assert "users.jsonl" in admin.console("/import").text
    assert notice(admin.post(path.removeprefix(CONSOLE))) == "The file is no longer on this server. Upload it again."


def test_import_grants_no_permission_that_the_administrator_lacks(helper):
    admin = helper("system:write", "users:read")
    lines = [{"email": new_email("boss"), "roles": ["superuser"]}, {"email": new_email("user")}]
    page = report(admin, upload(admin, "users.jsonl", "\n".join(map(json.dumps, lines))).headers["location"])
    assert "roles grants a permission that you lack" in page.text
    assert "<strong>1</strong> would be imported" in page.text


def test_import_ends_when_its_administrator_loses_the_permission(helper, root, monkeypatch):
    """As if another administrator disabled the account between the first two batches."""
    admin, emails, batches = helper("system:write", "users:read"), [new_email(f"user{n}") for n in range(3)], []
    lines = [{"email": email} for email in emails]
    report(admin, path := upload(admin, "users.jsonl", "\n".join(map(json.dumps, lines))).headers["location"])
    rights = imports._rights

    def rights_of_batch(db, user_id, known):
        batches.append(user_id)
        if len(batches) == 2:
            db.execute(update(models.User).where(models.User.user_id == user_id).values(is_active=False))
        return rights(db, user_id, known)

    monkeypatch.setattr(runs, "BATCH", 1)
    monkeypatch.setattr(imports, "_rights", rights_of_batch)
    page = report(admin, str(admin.send_form(to=path).url))
    assert "may no longer import users" in page.text
    found = [root.client.get("/admin/users", params={"query": email}).json()["items"] for email in emails]
    assert list(map(len, found)) == [1, 0, 0]
    events = root.client.get("/admin/audit", params={"user_id": found[0][0]["user_id"]}).json()["items"]
    assert [(each["action"], each["actor_id"]) for each in events] == [("user.imported", batches[0])]


@SQLITE_ONLY
def test_upload_that_is_too_large_or_no_list_of_users_is_rejected(admin, service):
    assert upload(admin, "users.exe", b"x").status_code == 422
    answer = upload(admin, "users.csv", b"email\n" + b"x" * (17 * 1024 * 1024))
    assert answer.status_code == 413
    assert "The body is larger than 16 MiB." in answer.text
    page = report(admin, upload(admin, "users.csv", b'email\n"alice@example.com').headers["location"])
    assert "opens a quotation mark that does not close" in page.text
    assert "<script>" not in report(admin, upload(admin, "<script>.csv", b"email\n").headers["location"]).text


@SQLITE_ONLY
def test_file_that_is_not_imported_is_deleted_after_a_day(admin, clock, configure):
    path = upload(admin, "users.csv", f"email\n{new_email('someone')}\n".encode()).headers["location"]
    assert "Import 1 user" in report(admin, path).text
    assert cleanup.run()["import_files"] == 0
    clock.shift(24 * 3600 + 1)
    configure(hosted_pages=False)
    assert cleanup.run()["import_files"] == 1


@SQLITE_ONLY
def test_only_the_file_that_was_checked_last_is_kept(admin):
    first = upload(admin, "users.csv", f"email\n{new_email('someone')}\n".encode()).headers["location"]
    assert "Import 1 user" in report(admin, first).text
    report(admin, upload(admin, "others.csv", f"email\n{new_email('other')}\n".encode()).headers["location"])
    assert "Import 1 user" not in admin.open(first).text
    assert notice(admin.post(first.removeprefix(CONSOLE))) == "The file is no longer on this server. Upload it again."


@SQLITE_ONLY
def test_upload_without_permission_is_not_read(reader, here):
    answer = upload(reader, "users.csv", b"email\n")
    assert answer.status_code == 404
