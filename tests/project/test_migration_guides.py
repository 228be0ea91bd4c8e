"""The migration guides: each export, script and query in them gives accounts that can be imported and can log in."""

import json
import re
import subprocess
import sys

import pytest

import database
from databases import SQLITE_ONLY
from operations import migrations
from people import Client
from servers import PROJECT
from user_import import runs

pytestmark = SQLITE_ONLY
PASSWORD = "a horse, a battery"
FILES = re.compile(r"^( *)```\w+ title=(\S+)\n(.*?)^ *```$", re.M | re.S)
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$ncMkoNZUYEwF1cQtnI/+pw$F1HNOohcUAOampaLpbgwvE5Py9D5Zj6lEmrNn5qSsTU"
BCRYPT = "$2a$10$BzNaZM03.n6dGsxwdd..jO5Tjjra2Cp1Y8Y0qIAHsG.er5VH/1ghS"
DJANGO = {
    "bob": "argon2$argon2id$v=19$m=102400,t=2,p=8$bTRNVU9UZEY5WVBBYWhwU3JMRmVhZw$CJsKUFEJqd34THmUPecTbeWTMmAGc63KhD0r6EScNWc",
    "charlie": "scrypt$16384$aS4NF9aR4pQeSqUda7i2ID$8$5$0ZFUPsM4LnGoh2/3GfuNorcUOEaWFlMMWH1dpbqNWC5PNO/ezMYcHLo2ZPS05OX5/VlD2UGvwAlTg2zY1Pj29Q==",
}
SUPABASE = f"""
    CREATE SCHEMA auth;
    CREATE TABLE auth.users (
        id uuid, email text, encrypted_password text, email_confirmed_at timestamptz, raw_user_meta_data jsonb,
        banned_until timestamptz, deleted_at timestamptz, created_at timestamptz
    );
    INSERT INTO auth.users VALUES
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e01', 'alice@example.com', '{BCRYPT}', now() - interval '1 day', '{{"full_name": "Alice, née Miller"}}', NULL, NULL, now() - interval '1 year'),
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e02', 'bob@example.com', '', now(), '{{}}', NULL, NULL, now()),
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e03', NULL, NULL, NULL, '{{}}', NULL, NULL, now()),
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e04', 'charlie@example.com', '{BCRYPT}', now(), '{{}}', now() + interval '1 year', NULL, now());
    CREATE TABLE auth.identities (user_id uuid, provider text, provider_id text);
    INSERT INTO auth.identities VALUES ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e02', 'google', '117'),
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e01', 'email', '5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e01');
"""
FASTAPI_USERS = f"""
    CREATE TABLE "user" (id uuid, email text, hashed_password text, is_active boolean, is_superuser boolean, is_verified boolean);
    INSERT INTO "user" VALUES
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e01', 'alice@example.com', '{ARGON2}', true, true, true),
        ('5f0b6a3c-0e3d-4a0f-9a51-2d9b7f4c1e02', 'bob@example.com', '{ARGON2}', true, false, false);
"""


@pytest.fixture
def guide(tmp_path):
    """guide("auth0"): write the named files of a guide to a folder."""

    def write(system):
        page = (PROJECT / "docs" / f"migrate-from-{system}.md").read_text("utf-8")
        for indent, name, text in FILES.findall(page):
            (tmp_path / name).write_text(re.sub(f"^{indent}", "", text, flags=re.M), "utf-8")
        return tmp_path

    return write


@pytest.fixture
def take_over(service, tmp_path):
    """take_over(path): import a file into an empty database; return the totals and the report."""
    served = database.engine.url.render_as_string(hide_password=False)
    database.connect(f"sqlite:///{tmp_path}/empty.db")
    migrations.migrate()
    reported = []

    def run(path, told=(), **options):
        run = runs.Import(lambda line, reason: reported.append((line, reason)), lambda _: None, runs.Options(**options))
        totals = run.run(path)
        assert [line for line, _ in reported] == list(told)
        return totals.imported + totals.updated

    yield run
    database.connect(served)
    migrations.migrate()


@pytest.fixture
def login(service):
    def run(name):
        return Client(service.url).post("/auth/login", {"email": f"{name}@example.com", "password": PASSWORD})

    return run


def converted(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "convert.py", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=30
    )
    (folder / "accounts.jsonl").write_text(done.stdout, "utf-8")
    return done.stderr


def exported(folder, postgres, tables):
    url, psql = postgres.new_database(), [postgres.bin / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    subprocess.run([*psql, url, "--command", tables], check=True, timeout=30)
    with (folder / "accounts.csv").open("wb") as file:
        subprocess.run([*psql, url, "--file", folder / "export.sql"], stdout=file, check=True, timeout=30)


def test_auth0(guide, take_over, login):
    folder = guide("auth0")
    assert take_over(folder / "users.ndjson", system="auth0") == 2
    assert login("alice").status_code == 401
    assert take_over(folder / "hashes.ndjson", told=[1], system="auth0", update=True) == 1
    assert login("alice").json()["user_id"] == "auth0|65f2c7a1b2c3d4e5f6a7b8c9"
    assert login("bob").status_code == 401, "Google holds the password"


def test_firebase(guide, take_over, login):
    page = (PROJECT / "docs" / "migrate-from-firebase.md").read_text("utf-8")
    hashes = dict(re.findall(r"--hash-option (\w+)=(\S+)", page))
    assert take_over(guide("firebase") / "users.json", told=[2], system="firebase", hashes=hashes) == 1
    assert login("alice").json()["user_id"] == "3kQ0sX1rYfUeB5mLz2TnVcWgJhD2"


def test_keycloak(guide, take_over, login):
    assert take_over(guide("keycloak") / "realm.json", system="keycloak") == 3
    assert login("alice").json()["username"] == "Alice Miller"
    assert login("bob").json()["username"] == "bob"
    assert login("charlie").json()["user_id"] == "c3b1de90-1d2e-4a77-9a1b-7f6e5d4c3b33"


def test_supabase(guide, take_over, login, postgres):
    folder = guide("supabase")
    exported(folder, postgres, SUPABASE)
    assert take_over(folder / "accounts.csv", system="supabase") == 3
    assert login("alice").json()["username"] == "Alice, née Miller"
    assert login("bob").status_code == 401
    assert login("charlie").json()["code"] == "account_disabled"


def test_fastapi_users(guide, take_over, login, postgres):
    folder = guide("fastapi-users")
    exported(folder, postgres, FASTAPI_USERS)
    assert take_over(folder / "accounts.csv") == 2
    assert login("alice").status_code == 200
    assert login("bob").json()["is_verified"] is False


def test_django(guide, take_over, login):
    """Django 5.2 made the hashes of Bob and Charlie, and the one in the guide."""
    folder = guide("django")
    with (folder / "accounts.jsonl").open("a") as file:
        for name, hashed in DJANGO.items():
            file.write(json.dumps({"email": f"{name}@example.com", "password": hashed}) + "\n")
    assert take_over(folder / "accounts.jsonl") == 3
    assert [login(name).status_code for name in ("alice", *DJANGO)] == [200, 200, 200]
