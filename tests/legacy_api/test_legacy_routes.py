"""The table of legacy routes: each row has a target, none shadows another route, and a misspelt one stops startup."""

import re

import pytest

import main
from databases import SQLITE_ONLY
from legacy_api import legacy_routes
from legacy_api.legacy_routes import LEGACY_ROUTES, LegacyRoute
from people import Person, refusal
from settings.loading import read
from settings.sources import InvalidSettings
from telemetry import logs

ROWS = legacy_routes.resolved(main.ROUTERS)
CANONICAL = [(method, path) for path, methods in main.app.openapi()["paths"].items() for method in methods]
READS, CHANGES = {"GET"}, {"POST", "PUT", "PATCH", "DELETE"}


def test_each_row_has_a_target():
    for row in ROWS:
        assert (row.method.lower(), row.path) in CANONICAL, row.alias.path
        reads = row.alias.method in READS and not row.alias.changes_state
        assert row.method in (READS if reads else CHANGES), row.alias.path
        assert bool(row.alias.query) == bool(row.alias.build_body), row.alias.path


def test_no_row_shadows_another_route():
    for method, path in CANONICAL:
        asked = re.sub(r"\{\w+\}", "x", path)
        assert not [row for row in ROWS if row.alias.method.lower() == method and row.pattern.match(asked)], path


def test_paths_are_unique():
    assert len({(alias.method, alias.path) for alias in LEGACY_ROUTES}) == len(LEGACY_ROUTES)


def test_unknown_target_stops_startup(monkeypatch):
    unknown = LegacyRoute("authentication", "POST", "/auth/register", "auth.sing_up")
    with pytest.raises(KeyError, match=r"auth\.sing_up"):
        legacy_routes.resolved(main.ROUTERS, [unknown])
    monkeypatch.setattr(logs, "set_up", lambda: None)
    LEGACY_ROUTES.append(unknown)
    try:
        with pytest.raises(KeyError, match=r"auth\.sing_up"):
            main.create_app().build_middleware_stack()
    finally:
        LEGACY_ROUTES.remove(unknown)


@SQLITE_ONLY
def test_other_method_is_reported(anonymous, configure):
    for path, methods in (
        ("/auth/register", "POST"),
        ("/email/confirm-email", "GET"),
        ("/api/v1/email/confirm-email", "GET"),
        ("/users/get-all-users", "GET"),
    ):
        answer = anonymous._request("PUT", path)
        assert refusal(answer) == (405, "method_not_allowed"), path
        assert answer.headers["Allow"] == methods
    configure(legacy_get_actions=False)
    assert refusal(anonymous._request("PUT", "/email/confirm-email")) == (404, "not_found")


def test_openapi_document_contains_them_only_if_configured(configure, monkeypatch):
    assert not {alias.path for alias in LEGACY_ROUTES} & main.app.openapi()["paths"].keys()
    configure(show_aliases=True)
    monkeypatch.setattr(main.app, "openapi_schema", None)
    shown = main.app.openapi()["paths"]
    monkeypatch.undo()
    for alias in LEGACY_ROUTES:
        operation = shown[alias.path][alias.method.lower()]
        assert operation["deprecated"]
        assert operation["description"].startswith("Use `")
        if alias.build_body:
            assert [parameter["name"] for parameter in operation["parameters"]] == list(alias.query)
            assert "requestBody" not in operation
    ids = [operation["operationId"] for methods in shown.values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/auth/registers", "/xauth/register", "/auth/register/x", "/change/", "/balance_hub", "/balance_hub/users/me", "/api/v1/api/v1/health"])  # fmt: skip
def test_unknown_path_is_not_found(anonymous, path):
    assert refusal(anonymous.get(path)) == (404, "not_found")


# ----------------------------------------------------------------------------------------------------------- .env files

STORYAPP = """
DATABASE_URL=postgresql://postgres:password@localhost:5432/credential_db
JWT_SECRET=your_random_secret_key
SMTP_HOST=smtp.sendgrid.net
SMTP_PORT=587
SMTP_USER=apikey
SMTP_PASSWORD=your_sendgrid_api_key
MAIL_FROM=noreply@yourdomain.com
GOOGLE_CLIENT_ID=your_google_client_id
GOOGLE_CLIENT_SECRET=your_google_client_secret
FACEBOOK_CLIENT_ID=your_facebook_app_id
FACEBOOK_CLIENT_SECRET=your_facebook_app_secret
"""
CREDENTIAL_SERVICE = """
POSTGRES_USER=postgres
POSTGRES_PASSWORD=your_secure_password
POSTGRES_DB=credentialdb
DATABASE_URL=postgresql://postgres:password@localhost:5432/credentialdb
SECRET_KEY=your_super_secret_jwt_key_here
ALGORITHM=HS256
JWT_SECRET=your_super_secret_jwt_key_here
EMAIL_VERIFICATION_TTL_HOURS=24
FRONTEND_BASE_URL=http://localhost:3000
INTERNAL_SERVICE_TOKEN=your_internal_service_token
GOOGLE_CLIENT_ID=your_google_client_id
GOOGLE_CLIENT_SECRET=your_google_client_secret
FACEBOOK_CLIENT_ID=your_facebook_client_id
FACEBOOK_CLIENT_SECRET=your_facebook_client_secret
"""
DEVICE_SESSIONS = """
SECRET_KEY=your-super-secret-jwt-key
MAIL_USERNAME=your-email@gmail.com
MAIL_PASSWORD=your-app-password
MAIL_FROM=your-email@gmail.com
"""
BALANCE_HUB = """
DB_USER=postgres
DB_PASS=your_password
DB_HOST=localhost
DB_PORT=5432
DB_NAME=auth_system_db
SECRET_KEY=your_super_secret_jwt_key_32_characters_minimum
ALGORITHM=HS256
ACCESS_TOKEN_EXPIRE_MINUTES=30
APP_NAME=Auth System
DEBUG=False
FRONTEND_URL=http://localhost:3000
MAIL_FROM=your-verified-email@domain.com
MAIL_FROM_NAME=Auth System
SENDGRID_API_KEY=your_sendgrid_api_key
REDIS_HOST=localhost
REDIS_PORT=6379
REDIS_URL=redis://localhost:6379/0
SENTRY_DSN=your_sentry_dsn_url
EMAIL_VERIFICATION_CODE_EXPIRY_MINUTES=15
"""
ENTERPRISE = """
DATABASE_URL=postgresql://user:password@localhost:5432/auth_db
ACCESS_TOKEN_SECRET_KEY=your_access_token_secret
REFRESH_TOKEN_SECRET_KEY=your_refresh_token_secret
JWT_ALGORITHM=HS256
JWT_ACCESS_TOKEN_EXPIRE_MINUTES=30
JWT_REFRESH_TOKEN_EXPIRE_DAYS=7
"""
FILES = {
    "Storyapp": STORYAPP,
    "Credential Management Service": CREDENTIAL_SERVICE,
    "Authentication Service": DEVICE_SESSIONS,
    "FastAPI Authentication System": BALANCE_HUB,
    "Enterprise": ENTERPRISE,
}
OURS_ALONE = {"APP_NAME"}  # a name used only in a heading


def variables(text):
    return dict(line.split("=", 1) for line in text.strip().splitlines())


@pytest.mark.parametrize("name", FILES)
def test_legacy_settings_are_read_with_a_warning_for_each_placeholder(name):
    given = variables(FILES[name])
    found = read(given)
    warned = {line.partition(":")[0] for line in found.warnings}
    placeholders = {key for key, value in given.items() if "your" in value} - OURS_ALONE
    same_secret_twice = {"SECRET_KEY"} if "JWT_SECRET" in given else set()
    renamed = {"JWT_SECRET"} if placeholders & {"SECRET_KEY", "ACCESS_TOKEN_SECRET_KEY"} else set()
    assert placeholders - {"ACCESS_TOKEN_SECRET_KEY", "SECRET_KEY"} <= warned
    assert warned <= placeholders | renamed | same_secret_twice


def test_service_starts_with_an_unchanged_legacy_env_file(start, tmp_path):
    """Only the longest of the files is used, since each start takes seconds. The environment overrides its database."""
    (tmp_path / "theirs.env").write_text(BALANCE_HUB)
    running = start(ENV_FILE=str(tmp_path / "theirs.env"), LOG_LEVEL="INFO")
    ann = Person(running, "ann")
    assert ann.sign_up().status_code == 201
    ann.client.post("/balance_hub/auth/password/forget", {"email": ann.email})
    running.stop()
    assert "/auth/reset-password/request" in running.log.read_text(), "requests are logged with the canonical route"
    assert "balance_hub" not in running.log.read_text()


@pytest.mark.parametrize("name", FILES)
def test_legacy_settings_are_rejected_in_production(name):
    with pytest.raises(InvalidSettings) as refused:
        read(
            variables(FILES[name])
            | {
                "ENVIRONMENT": "production",
                "FRONTEND_BASE_URL": "https://app.example.com",
                "PUBLIC_BASE_URL": "https://id.example.com",
                "EMAIL_VERIFICATION": "required",
            }
        )
    assert any(line.startswith("JWT_SECRET: is an example") for line in refused.value.lines)


def test_legacy_values_are_applied():
    hub, enterprise = read(variables(BALANCE_HUB)), read(variables(ENTERPRISE))
    assert hub.database_url == "postgresql+psycopg2://postgres:your_password@localhost:5432/auth_system_db"
    assert (hub.access_token_expire_minutes, hub.smtp_host, hub.smtp_user) == (30, "smtp.sendgrid.net", "apikey")
    assert (hub.frontend_base_url, hub.mail_from_name) == ("http://localhost:3000", "Auth System")
    assert (enterprise.access_token_expire_minutes, enterprise.refresh_token_expire_days) == (30, 7)
    assert enterprise.refresh_token_secret_key != enterprise.jwt_secret
    device = read(variables(DEVICE_SESSIONS))
    assert (device.smtp_host, device.smtp_user) == ("smtp.gmail.com", "your-email@gmail.com")
