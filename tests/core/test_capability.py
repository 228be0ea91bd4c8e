"""Capability records declare everything that the service has. Routes of a disabled capability are not loaded."""

import re
import subprocess
import sys
from collections import Counter

import httpx2
import pytest

import database
import errors
import main
from core import capability
from databases import SQLITE_ONLY
from legacy_api import legacy_routes
from people import Client, new_password, refusal
from servers import PROJECT, Process, environment_of
from settings.fields import OPTIONS, Settings

RECORDS = capability.installed()


def test_each_package_with_a_record_is_installed():
    assert {path.parent.name for path in PROJECT.glob("*/capability.py")} - {"core"} == set(capability.INSTALLED)
    assert [record.name for record in RECORDS] == list(capability.INSTALLED)


def test_each_table_belongs_to_one_capability():
    declared = Counter(table for record in RECORDS for table in record.tables)
    assert declared == Counter(database.Base.metadata.tables.keys())


def test_each_setting_belongs_to_one_capability():
    declared = Counter(name for record in RECORDS for group in record.settings for name in group.model_fields)
    assert declared == Counter(OPTIONS.keys())
    assert {group for record in RECORDS for group in record.settings} == set(Settings.__bases__)


@pytest.mark.parametrize("kind", ["permissions", "audit_events", "emails", "token_purposes", "access"])
def test_nothing_is_declared_twice(kind):
    declared = Counter(name for record in RECORDS for name in getattr(record, kind))
    assert [name for name, times in declared.items() if times > 1] == []


LOADED = """
import sys, main
print(*sorted(name for name in sys.modules if name.split(".")[0] in ("captcha", "console", "hosted_pages", "legacy_api")), sep=",")
libraries = ("authlib", "httpx2", "oauth_login.provider_client", "jinja2", "sentry_sdk", "opentelemetry.sdk.trace", "opentelemetry.exporter")
print(*sorted(name for name in sys.modules if name.startswith(libraries)))
print(*[route.path for route in main.ROUTES])
"""


def loaded(folder, **settings):
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=PROJECT, env=environment_of(folder, **settings), capture_output=True, text=True, check=True
    )  # fmt: skip
    modules, libraries, routes = done.stdout.splitlines()
    return modules.split(","), libraries.split(), routes.split()


def test_only_the_record_of_a_disabled_capability_is_imported(tmp_path):
    modules, libraries, routes = loaded(
        tmp_path, HOSTED_PAGES="false", DIALECTS="none", FASTAPI_OTEL_AUTO_CONFIGURE="true"
    )
    assert modules == [
        "captcha",
        "captcha.capability",
        "console",
        "console.capability",
        "console.models",
        "hosted_pages",
        "hosted_pages.capability",
        "legacy_api",
        "legacy_api.capability",
    ]
    assert libraries == []
    assert not {"/login", "/auth/captcha", "/admin/console"} & set(routes)


def test_modules_and_models_of_libraries_that_nothing_uses_are_not_loaded(tmp_path):
    script = (
        "import sys, types, main; from core.library_imports import CALLED_LATE, UNUSED\n"
        "print(*[name for names in CALLED_LATE.values() for name in names if name in sys.modules])\n"
        "from fastapi.testclient import TestClient\n"
        "with TestClient(main.app) as client: client.get('/health/ready').raise_for_status()\n"
        "print(*[name for name in UNUSED if type(sys.modules.get(name)) in (types.ModuleType, type(None))])\n"
        "print(*[name for name, module in sys.modules.items() if name.startswith('pydantic.v1') and module])\n"
        "from fastapi.openapi import models; print('PathItem' if models.PathItem.__pydantic_complete__ else '')"
    )
    environment = environment_of(tmp_path)
    assert not subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, env=environment).split()


def test_a_module_that_was_left_out_is_loaded_by_the_first_call(tmp_path):
    script = (
        "import sys, main, limits.util, jwt; from packaging.version import Version\n"
        "assert limits.util.Version('3.1') > Version('3.0')\n"
        "jwt.encode({}, 'secret' * 8, 'HS256')\n"
        "print('cryptography.x509' in sys.modules)"
    )
    environment = environment_of(tmp_path)
    assert subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, env=environment).split() == [b"True"]


@pytest.mark.parametrize(
    ("url", "other"),
    [("postgresql://service@db.example.com/service", "sqlite"), ("sqlite:///service.db", "postgresql")],
)
def test_only_the_dialect_of_the_database_is_loaded(tmp_path, url, other):
    script = f"import sys, main; print('sqlalchemy.dialects.{other}' in sys.modules)"
    environment = environment_of(tmp_path, DATABASE_URL=url)
    assert subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, env=environment).split() == [b"False"]


def test_migrations_are_written_for_both_databases(tmp_path):
    """Also by a developer who uses only one of them."""
    script = (
        "import alembic.config, models; users = models.User.__table__\n"
        "index = next(each for each in users.indexes if each.name == 'ix_users_inactive')\n"
        "prefix = next(each for each in users.indexes if each.name == 'ix_users_canonical_email_prefix')\n"
        "print(index.kwargs['sqlite_where'], '-', index.kwargs['postgresql_where'])\n"
        "print(users.kwargs['sqlite_autoincrement'], prefix.kwargs['postgresql_ops'])"
    )
    environment = environment_of(tmp_path)
    lines = subprocess.check_output([sys.executable, "-c", script], cwd=PROJECT, env=environment, text=True).split("\n")
    assert lines[:2] == ["is_active = false - is_active = false", "True {'canonical_email': 'text_pattern_ops'}"]


def test_enabled_capability_is_imported_with_its_routes(tmp_path):
    modules, libraries, routes = loaded(
        tmp_path, HOSTED_PAGES="true", DIALECTS="balance_hub", CAPTCHA_PROVIDER="altcha"
    )
    assert {"hosted_pages.rendering", "legacy_api.middleware", "captcha.service"} <= set(modules)
    assert "httpx2" not in libraries  # the proof of work sends no request
    assert {"/login", "/auth/captcha", "/admin/console"} <= set(routes)


@pytest.fixture(scope="module")
def reduced(tmp_path_factory):
    """A client of a service with one legacy API, without hosted pages, and by default without login by email."""
    running = Process(
        tmp_path_factory.mktemp("reduced"),
        DIALECTS="balance_hub",
        HOSTED_PAGES="false",
        BRAND_COLOR="#800000",
        EMAIL_VERIFICATION="off",
        MAGIC_LINK="",
    )
    yield Client(running.url)
    running.kill()


def test_legacy_route_of_a_disabled_system_does_not_exist(reduced):
    for legacy in legacy_routes.LEGACY_ROUTES:
        if legacy.dialect != "balance_hub":
            answer = reduced._request(legacy.method, re.sub(r"\{\w+\}", "x", legacy.path))
            assert refusal(answer) == (404, "not_found"), legacy.path
    assert reduced.post("/balance_hub/auth/register", {}).status_code == 422
    assert reduced.get("/api/v1/health").status_code == 200


def test_login_by_email_is_off_by_default_without_verification(reduced):
    for path in ("/auth/magic-link", "/auth/magic-link/confirm", "/auth/passkeys/signup"):
        assert refusal(reduced.post(path, {})) == (404, "not_found")
    assert reduced.get("/openapi.json").json()["paths"].keys() & {"/auth/magic-link"} == set()


def test_no_route_of_a_disabled_capability_is_found(reduced):
    served = reduced.get("/openapi.json").json()["paths"]
    missing = {path: methods for path, methods in main.app.openapi()["paths"].items() if path not in served}
    assert {"/users/me/factors/sms", "/oauth2/token"} <= missing.keys()
    for path, methods in missing.items():
        for method in methods:
            answer = reduced._request(method.upper(), re.sub(r"\{\w+\}", "x", path))
            assert answer.status_code == 404, (method, path)


def test_errors_are_pages_also_without_hosted_pages(reduced):
    def page(path):
        return httpx2.get(reduced.url + path, headers={"Accept": "text/html"}, trust_env=False)

    answer = page("/login")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="/login"' not in page("/").text
    assert 'href="/brand.css"' in answer.text
    assert "--brand: #800000" in page("/brand.css").text


class SecondStep(errors.Forbidden):
    code, detail = "second_step", "One more step is needed."
    keeps_work = True


def _challenge(_db, _caller, user, _login):
    if user.username == "Guarded":
        raise SecondStep()


@pytest.fixture
def toy(monkeypatch):
    """A capability installed for one test, which requires a second login step and is notified of every revocation."""
    heard = []
    record = capability.Capability(
        name="toy",
        challenge=_challenge,
        on_credentials_changed=lambda _db, user, change: heard.append((user.user_id, change.keep_session)),
        login_methods=lambda _db, _user: 1,
    )
    monkeypatch.setattr(capability, "installed", lambda: (*RECORDS, record))
    return heard


@SQLITE_ONLY
def test_capability_can_require_a_further_login_step(alice, toy):
    alice.client.patch("/users/me", {"username": "Guarded"})
    sessions = len(alice.client.get("/users/me/sessions").json())
    assert refusal(alice.client.post("/auth/login", {"email": alice.email, "password": alice.password})) == (403, "second_step")  # fmt: skip
    form = {"grant_type": "password", "username": alice.email, "password": alice.password}
    assert alice.client.post("/auth/token", data=form).status_code == 400
    assert len(alice.client.get("/users/me/sessions").json()) == sessions


@SQLITE_ONLY
def test_capability_is_notified_of_every_credential_change(alice, toy):
    session = next(s["id"] for s in alice.client.get("/users/me/sessions").json() if s["current"])
    assert alice.change_password(new_password()).status_code == 200
    assert toy == [(alice.user_id, session)]
