"""Startup: without settings, two starts at once, rejected unsafe settings, and shutdown."""

import json
import re
import secrets
import signal
import socket
import subprocess
import sys

import pytest
import sqlalchemy

from databases import SQLITE_ONLY
from operations import startup
from people import Client, Person, new_email, new_password, refusal
from servers import environment_of, production
from settings import sources
from settings.loading import STARTUP_FAILURE, read, settings
from settings.sources import InvalidSettings

GOOD_SECRET = secrets.token_urlsafe(48)


def read_settings(folder, **environment):
    """Read settings as startup does; return the exit status and the output."""
    done = subprocess.run(
        [sys.executable, "-c", "import settings.loading"],
        cwd=folder,
        env=environment_of(folder, **environment),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def ends_cleanly(running) -> bool:
    """Return whether SIGTERM stops the process cleanly. uvicorn then ends by the same signal, as a shell expects."""
    return running.stop() in (0, -signal.SIGTERM) and "Application shutdown complete" in running.log.read_text()


# ----------------------------------------------------------------------------------------------------------- startup


def test_it_starts_without_settings(start, tmp_path):
    running = start(DATABASE_URL=None, BCRYPT_ROUNDS=None, ENV_FILE=None)
    alice = Person(running, "alice", **{"X-Forwarded-For": "203.0.113.66"})
    assert alice.sign_up().status_code == 201
    (session,) = alice.client.get("/users/me/sessions").json()
    assert session["ip"] == "127.0.0.1", "the header of a proxy that is not configured is used"
    files = list(tmp_path.glob("credentials.db*"))
    assert len(files) >= 1
    assert {path.stat().st_mode & 0o777 for path in [*files, tmp_path / ".jwt-secret"]} == {0o600}
    running.stop()
    running.start()
    assert alice.is_logged_in()  # the secret was kept


def test_taken_port_is_named_and_no_url_is_shown(start):
    running = start()
    running.wait_until_logged("is running on")
    second = start(wait=False, port=running.port, LOG_FORMAT="text")
    assert second.ends() == STARTUP_FAILURE
    said = second.log.read_text().partition("is running on")[2]  # both write to this file
    assert "address already in use" in said
    assert "choose another one: PORT=8001" in said
    assert "is running on" not in said
    running.stop()
    assert "the server ended at once" not in running.log.read_text().partition("PORT=8001")[2]


def test_two_concurrent_first_starts_share_secret_and_database(start, tmp_path):
    same_issuer = {"PUBLIC_BASE_URL": "http://localhost:8000"}  # by default it contains the port
    one, two = start(wait=False, **same_issuer), start(wait=False, **same_issuer)
    one.wait_until(200)
    two.wait_until(200)
    alice = Person(one, "alice")
    assert alice.sign_up().status_code == 201
    alice.client.url, alice.service = two.url, two
    assert Person(two, "alice").client.get("/users/me", headers={"Authorization": f"Bearer {alice.client.token}"}).status_code == 200  # fmt: skip
    assert alice.refresh().status_code == 200
    assert [p.name for p in tmp_path.glob(".jwt-secret*")] == [".jwt-secret"]


def test_two_concurrent_starts_on_an_empty_postgresql(start, postgres):
    url = postgres.new_database()
    one, two = start(DATABASE_URL=url, wait=False), start(DATABASE_URL=url, wait=False)
    one.wait_until(200)
    two.wait_until(200)
    alice = Person(one, "alice")
    assert alice.sign_up().status_code == 201
    alice.service = two
    assert alice.can_log_in_with(alice.password)
    assert not re.search("Traceback|was deleted", one.log.read_text() + two.log.read_text())


# Eight processes wait for each other, then read the settings of a first start. The import is done once, before.
AT_THE_SAME_MOMENT = """
import multiprocessing
from settings import loading

context = multiprocessing.get_context("fork")
barrier, secrets = context.Barrier(8), context.SimpleQueue()

def read():
    barrier.wait(60)
    secrets.put(loading.read({}).jwt_secret)

processes = [context.Process(target=read) for _ in range(8)]
for process in processes:
    process.start()
for process in processes:
    print(secrets.get())
"""


def test_eight_concurrent_first_starts_create_one_secret(tmp_path):
    command = [sys.executable, "-c", AT_THE_SAME_MOMENT]
    environment = environment_of(tmp_path, JWT_SECRET=GOOD_SECRET)
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    secrets_seen = done.stdout.split()
    assert len(secrets_seen) == 8
    assert len(set(secrets_seen)) == 1
    assert len(secrets_seen[0]) >= 43
    assert [p.name for p in tmp_path.iterdir()] == [".jwt-secret"]


def test_it_stops_cleanly_and_finishes_the_current_request(start):
    running = start()
    email, password = new_email("alice"), new_password()
    body = json.dumps({"email": email, "password": password}).encode()
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
        head = f"POST /auth/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 "), "the request is at hand now"
        running.process.terminate()
        running.wait_until_logged("Shutting down")
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
    assert ends_cleanly(running)
    assert "Traceback" not in running.log.read_text()


def test_it_stops_cleanly_while_the_database_is_away(start):
    running = start(DATABASE_URL="postgresql://postgres@127.0.0.1:1/none", wait=False)
    running.wait_until(200, "/health")
    assert ends_cleanly(running)


# ------------------------------------------------------------------------------------------------ rejected requests

UNSAFE = {
    "no secret": ("JWT_SECRET", {"JWT_SECRET": None}),
    "blank secret": ("JWT_SECRET", {"JWT_SECRET": "   "}),
    "short secret": ("JWT_SECRET", {"JWT_SECRET": "x7Rk2pQ9vL4mN8sT1wY6zB3cD5fG0h"}),
    "one letter": ("JWT_SECRET", {"JWT_SECRET": "a" * 64}),
    "example 1": ("JWT_SECRET", {"JWT_SECRET": "your-secret-key-change-this-in-production-please"}),
    "example 2": ("JWT_SECRET", {"JWT_SECRET": "CHANGE_ME_to_something_long_and_random_1234567890"}),
    "example 3": ("JWT_SECRET", {"JWT_SECRET": "supersecretpasswordsupersecretpassword1234"}),
    "example under another name": ("JWT_SECRET", {"JWT_SECRET": None, "SECRET_KEY": "your_secret_key_here_1234567890_abcdef"}),
    "short refresh secret": ("REFRESH_TOKEN_SECRET_KEY", {"REFRESH_TOKEN_SECRET_KEY": "administrator1"}),
    "short service token": ("INTERNAL_SERVICE_TOKEN", {"INTERNAL_SERVICE_TOKEN": f"{GOOD_SECRET},kJ8sH2lQ0z"}),
    "debug": ("DEBUG", {"DEBUG": "true"}),
    "http frontend": ("FRONTEND_BASE_URL", {"FRONTEND_BASE_URL": "http://app.elsewhere.example"}),
    "no frontend": ("FRONTEND_BASE_URL", {"FRONTEND_BASE_URL": None}),
    "no address": ("PUBLIC_BASE_URL", {"PUBLIC_BASE_URL": None}),
    "http address": ("PUBLIC_BASE_URL", {"PUBLIC_BASE_URL": "http://accounts.service.example"}),
    "http origin": ("CORS_ORIGINS", {"CORS_ORIGINS": "https://app.service.example,http://app.elsewhere.example"}),
    "http provider": ("GOOGLE_ISSUER", {"GOOGLE_ISSUER": "http://accounts.google.example"}),
    "http analytics": ("GA4_BASE_URL", {"GA4_BASE_URL": "http://analytics.example"}),
    "http company server": ("OIDC_X_ISSUER", {"OIDC_PROVIDERS": "x", "OIDC_X_ISSUER": "http://id.example", "OIDC_X_CLIENT_ID": "x", "OIDC_X_CLIENT_SECRET": "x"}),
    "no choice of verification": ("EMAIL_VERIFICATION", {"EMAIL_VERIFICATION": None}),
    "every proxy": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "0.0.0.0/0"}),
    "every proxy of IPv6": ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "10.0.0.1,2000::/3"}),
    "cheap hashes": ("BCRYPT_ROUNDS", {"BCRYPT_ROUNDS": "9"}),
    "short metrics token": ("METRICS_TOKEN", {"METRICS_TOKEN": "a"}),
    "http redirect": ("OAUTH_REDIRECT_URIS", {"OAUTH_REDIRECT_URIS": "http://app.elsewhere.example"}),
    "example of a provider": ("GOOGLE_CLIENT_SECRET", {"GOOGLE_CLIENT_ID": "x", "GOOGLE_CLIENT_SECRET": "your_google_secret"}),
    "example of a mail server": ("SMTP_PASSWORD", {"SMTP_HOST": "mail.example", "SMTP_PASSWORD": "changeme"}),
    "example of a mail service": ("SENDGRID_API_KEY", {"SENDGRID_API_KEY": "your-sendgrid-api-key"}),
    "example under an old name": ("MAIL_PASSWORD", {"SMTP_HOST": "mail.example", "MAIL_PASSWORD": "your-password"}),
    "example of a gateway": ("TWILIO_AUTH_TOKEN", {"TWILIO_AUTH_TOKEN": "<token>"}),
    "example of a company server": ("OIDC_X_CLIENT_SECRET", {"OIDC_PROVIDERS": "x", "OIDC_X_ISSUER": "https://id.example", "OIDC_X_CLIENT_ID": "x", "OIDC_X_CLIENT_SECRET": "your-client-secret"}),
    "example in the database": ("DATABASE_URL", {"DATABASE_URL": "postgresql://app:changeme@localhost/app"}),
    "example in Redis": ("REDIS_URL", {"REDIS_URL": "redis://:change-me@localhost"}),
    "example in a part": ("POSTGRES_PASSWORD", {"DATABASE_URL": None, "POSTGRES_USER": "app", "POSTGRES_PASSWORD": "changeme"}),
    "discovery by http": ("OIDC_X_DISCOVERY_URL", {"OIDC_PROVIDERS": "x", "OIDC_X_ISSUER": "https://id.example", "OIDC_X_DISCOVERY_URL": "http://id.example/x", "OIDC_X_CLIENT_ID": "x", "OIDC_X_CLIENT_SECRET": "x"}),
    "HTTP in capitals": ("GOOGLE_ISSUER", {"GOOGLE_ISSUER": "HTTP://accounts.google.example"}),
    "redirect to HTTP in capitals": ("OAUTH_REDIRECT_URIS", {"OAUTH_REDIRECT_URIS": "HTTP://app.elsewhere.example/in"}),
    "passkeys by http": ("WEBAUTHN_ORIGINS", {"WEBAUTHN_ORIGINS": "http://app.service.example"}),
    "exposed token": ("EXPOSE_VERIFICATION_TOKEN", {"EXPOSE_VERIFICATION_TOKEN": "true"}),
    "weak superuser": ("SUPERUSER_PASSWORD", {"SUPERUSER_PASSWORD": "administrator1"}),
    "SQLite with two workers": ("DATABASE_URL", {"WEB_CONCURRENCY": "2"}),
}  # fmt: skip


def lines_of_refused(environment) -> tuple[str, ...]:
    """Return the lines that a start with these variables prints before it ends, one for each setting."""
    with pytest.raises(InvalidSettings) as refused:
        read(environment)
    return refused.value.lines


@pytest.mark.parametrize("case", UNSAFE)
def test_production_rejects_unsafe_settings(tmp_path, monkeypatch, case):
    named, changes = UNSAFE[case]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEB_CONCURRENCY", changes.get("WEB_CONCURRENCY", "1"))
    (line,) = lines_of_refused(environment_of(tmp_path, **production(**changes)))
    assert line.startswith(f"{named}: ")
    assert "\n" not in line
    for value in changes.values():
        assert len(value or "") < 8 or value.strip() == "" or value not in line
        assert "administrator1" not in line
    assert not (tmp_path / ".jwt-secret").exists()


def test_line_names_the_variable_that_was_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (line,) = lines_of_refused(environment_of(tmp_path, **production(JWT_SECRET=None, SECRET_KEY="short")))
    assert line.startswith("JWT_SECRET: ")
    assert line.endswith(" (set as SECRET_KEY)")
    (line,) = lines_of_refused(environment_of(tmp_path, JWT_ACCESS_TOKEN_EXPIRE_MINUTES="soon"))
    assert line.endswith(" (set as JWT_ACCESS_TOKEN_EXPIRE_MINUTES)")
    (tmp_path / "secret").write_text("short")
    both = production(JWT_SECRET=None, JWT_SECRET_FILE=f"{tmp_path}/secret", SECRET_KEY=GOOD_SECRET)
    (line,) = lines_of_refused(environment_of(tmp_path, **both))
    assert "(set as" not in line, "the primary name is used"


def test_secret_that_is_not_used_may_be_an_example(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    unused = {"POSTGRES_PASSWORD": "changeme", "REDIS_PASSWORD": "changeme"}
    assert read(environment_of(tmp_path, **production(**unused)))


# The whole table of malformed values is in test_settings.py.
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BCRYPT_ROUNDS", "twelve rounds"),
        ("DATABASE_URL", "mysql://u:hunter22hunter22@h/d"),
        ("FRONTEND_BASE_URL", "app.example.org:443"),
        ("SUPERUSER_EMAIL", "not-an-address"),
    ],
)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_malformed_setting_stops_every_start(tmp_path, name, value, environment):
    given = environment_of(
        tmp_path, **(production() if environment == "production" else {"JWT_SECRET": GOOD_SECRET}) | {name: value}
    )
    (line,) = lines_of_refused(given)
    assert line.startswith(f"{name}: ")
    assert value not in line


def test_all_errors_are_reported_at_once(tmp_path):
    status, said = read_settings(tmp_path, BCRYPT_ROUNDS="x", SMTP_PORT="y", CORS_ORIGINS="*")
    assert status == STARTUP_FAILURE
    assert sorted(line.partition(":")[0] for line in said.splitlines()) == [
        "BCRYPT_ROUNDS",
        "CORS_ORIGINS",
        "SMTP_PORT",
    ]


def test_the_service_ends_with_that_line_and_status(start):
    refused = start(wait=False, **production(JWT_SECRET="administrator1"))
    assert refused.ends() == STARTUP_FAILURE
    assert refused.log.read_text().startswith("JWT_SECRET: ")
    assert "Traceback" not in refused.log.read_text()
    assert "administrator1" not in refused.log.read_text()


def test_sqlite_with_two_workers_ends_in_production(start):
    refused = start(wait=False, workers=2, **production())
    assert refused.ends() == STARTUP_FAILURE  # instead of restarting workers forever
    assert "DATABASE_URL: SQLite serves one worker only" in refused.log.read_text()
    assert "Traceback" not in refused.log.read_text()


def test_valid_production_logs_warnings_and_creates_no_superuser(start):
    running = start(**production())
    warned = [
        json.loads(line)["event"].partition(":")[0]
        for line in running.log.read_text().splitlines()
        if '"warning"' in line
    ]
    assert warned == ["MFA_REQUIRED", "SMTP_HOST", "SUPERUSER_EMAIL", "RATE_LIMIT_ENABLED"]
    assert Person(running, "alice").sign_up().status_code == 201


def test_two_workers_share_one_postgresql_in_production(start, postgres):
    running = start(workers=2, **production(DATABASE_URL=postgres.new_database()))
    alice = Person(running, "alice")
    assert alice.sign_up().status_code == 201
    assert [alice.other_device().me()["user_id"] for _ in range(6)] == [alice.user_id] * 6
    assert ends_cleanly(running)


# ---------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["JWT_SECRET", "SECRET_KEY", "ACCESS_TOKEN_SECRET_KEY"])
def test_each_name_of_the_secret_is_accepted(name):
    assert read(production(JWT_SECRET="") | {name: GOOD_SECRET}).jwt_secret == GOOD_SECRET


def test_first_name_takes_precedence_with_a_warning():
    other = secrets.token_urlsafe(48)
    found = read(production(JWT_SECRET=GOOD_SECRET, SECRET_KEY=other))
    assert found.jwt_secret == GOOD_SECRET
    assert "JWT_SECRET and SECRET_KEY differ: JWT_SECRET is used" in found.warnings
    assert not [line for line in found.warnings if other in line or GOOD_SECRET in line]


def parts(prefix: str, url: str) -> dict[str, str]:
    host, port, name = "127.0.0.1", url.rpartition(":")[2].partition("/")[0], url.rpartition("/")[2]
    if prefix == "POSTGRES":
        return {"POSTGRES_USER": "postgres", "POSTGRES_PASSWORD": "p@ss/wo:rd?", "POSTGRES_DB": name, "POSTGRES_HOST": host, "POSTGRES_PORT": port}  # fmt: skip
    return {"DB_USER": "postgres", "DB_PASS": "p@ss/wo:rd?", "DB_NAME": name, "DB_HOST": host, "DB_PORT": port}


@pytest.mark.parametrize("way", ["POSTGRES", "DB", "postgres://", "postgresql://", "postgresql+psycopg://"])
def test_each_form_of_a_postgresql_url_is_accepted(postgres, way):
    url = postgres.new_database()
    found = read({"DATABASE_URL": url.replace("postgresql://", way)} if "://" in way else parts(way, url))
    engine = sqlalchemy.create_engine(found.database_url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT current_database()")) == url.rpartition("/")[2]
    engine.dispose()
    assert engine.url.password in (None, "p@ss/wo:rd?")


def test_url_takes_precedence_over_parts_and_the_first_kind_of_parts_over_the_second():
    given = {"DATABASE_URL": "sqlite:///mine.db", "POSTGRES_HOST": "first.example", "DB_HOST": "second.example"}
    assert read(given).database_url == "sqlite:///mine.db"
    del given["DATABASE_URL"]
    assert "@first.example:" in read(given).database_url


def test_env_file_is_read_and_the_environment_takes_precedence(tmp_path):
    (tmp_path / ".env").write_text(
        f"JWT_SECRET={GOOD_SECRET}\nPUBLIC_BASE_URL=http://file.example\nJWT_AUDIENCE=file\n"
    )
    shown = "from settings.loading import settings as s; print(s.jwt_secret, s.public_base_url, s.jwt_audience)"
    environment = environment_of(tmp_path, ENV_FILE=None, JWT_AUDIENCE="environment")
    done = subprocess.run(
        [sys.executable, "-c", shown], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [GOOD_SECRET, "http://file.example", "environment"]


# -------------------------------------------------------------------------------------------------------- the superuser


@pytest.fixture
def start_with(service, empty, configure):
    """start_with(superuser_email=…): apply what a start with these settings does to an initially empty database.

    The running service uses that database until the end of the test.
    """

    def prepare(**changes):
        configure(**changes)
        startup.prepare()

    return prepare


def account_of_settings(service) -> Person:
    root = Person(service, "root")
    root.email, root.password = settings.superuser_email, settings.superuser_password or root.password
    return root


on_a_sqlite_file = pytest.mark.parametrize("empty", ["sqlite"], indirect=True)


def test_links_have_the_port_of_the_server_in_development(start):
    running = start(JWT_SECRET=GOOD_SECRET)
    client = Client(running.url)
    assert client.get("/").json()["docs"] == f"http://localhost:{running.port}/docs"
    origin = {"Origin": f"http://localhost:{running.port}"}
    answer = client.post("/auth/login?use_cookies=true", {"email": new_email(), "password": "x"}, headers=origin)
    assert refusal(answer) == (401, "invalid_credentials")


@pytest.mark.parametrize(
    ("arguments", "environment", "found"),
    [
        (["/x/uvicorn/__main__.py", "main:app", "--port", "9000"], {}, {"port": 9000}),
        (["/x/bin/uvicorn", "main:app", "--port=9000"], {"UVICORN_PORT": "9001"}, {"port": 9000}),
        (["/x/bin/uvicorn", "--port", "1", "main:app", "--port", "2"], {}, {"port": 2}),
        (["/x/bin/uvicorn", "main:app"], {"UVICORN_PORT": "9001"}, {"port": 9001}),
        (["/x/bin/fastapi", "run", "--port", "9000"], {}, {"port": 9000}),
        (["/x/bin/uvicorn", "main:app", "--port"], {}, {}),
        (["/x/bin/uvicorn", "main:app", "--port", "0"], {}, {}),
        (["/x/bin/uvicorn", "main:app", "--port", "http"], {}, {}),
        (["manage.py", "check", "--port", "9000"], {}, {}),
        ([""], {"UVICORN_PORT": "9001"}, {}),
        ([], {}, {}),
    ],
)
def test_port_is_that_of_the_command_line(arguments, environment, found):
    assert sources.bound_port(arguments, environment) == found


@SQLITE_ONLY
@on_a_sqlite_file
def test_the_superuser_is_created_once_and_can_log_in(service, start_with, caplog, clock):
    start_with(superuser_password="first " + GOOD_SECRET)
    root = account_of_settings(service)
    assert root.email == "suvodutta.isme@gmail.com"
    assert root.log_in().json()["user_id"] == "suvodutta"
    assert root.me()["roles"] == ["superuser", "user"]
    start_with(superuser_password="second " + GOOD_SECRET)
    assert "SUPERUSER_PASSWORD" not in caplog.text, "as if by another worker"
    clock.shift(61)
    start_with(superuser_password="second " + GOOD_SECRET)
    assert "SUPERUSER_PASSWORD has no effect, because the superuser already exists" in caplog.text
    assert root.can_log_in_with("first " + GOOD_SECRET)
    assert not root.can_log_in_with("second " + GOOD_SECRET)


@SQLITE_ONLY
@on_a_sqlite_file
def test_a_superuser_without_a_password_can_only_log_in_after_a_reset(service, start_with):
    start_with(superuser_email="root@example.com", superuser_user_id="root", superuser_password="")
    root = account_of_settings(service)
    for guess in ("suvodutta", "None", " ", root.password):
        assert not root.can_log_in_with(guess)
    body = {"token": root.request_reset(), "new_password": root.password}
    assert root.client.post("/auth/reset-password/confirm", body).status_code == 200
    assert root.log_in().json()["user_id"] == "root"
    assert "superuser" in root.me()["roles"]


@SQLITE_ONLY
@on_a_sqlite_file
def test_existing_account_with_the_superuser_email_address_does_not_become_one(service, start_with, caplog):
    start_with(superuser_email="first@example.com", superuser_user_id="first")
    mallory = Person(service, "mallory")
    mallory.email = "root@example.com"
    mallory.sign_up()
    start_with(superuser_email="root@example.com", superuser_user_id="root")
    assert mallory.me()["roles"] == ["user"]
    assert "no superuser was created" in caplog.text


@SQLITE_ONLY
@on_a_sqlite_file
def test_a_deleted_superuser_is_not_created_again_even_after_the_audit_log_is_cleared(service, start_with, empty):
    start_with(superuser_password="a horse, a battery, a staple")
    root, bob = account_of_settings(service), Person(service, "bob")
    root.log_in()
    bob.sign_up()
    path = f"/admin/users/{bob.user_id}/roles"
    assert root.client.put(path, {"roles": ["superuser"]}).status_code == 200
    assert root.client.delete("/users/me", {"password": root.password}).status_code == 204
    with empty.begin() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'"
        for (name,) in connection.exec_driver_sql(triggers).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DELETE FROM audit_events")
    startup.prepare()
    assert root.log_in().status_code == 401
