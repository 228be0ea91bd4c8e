"""`manage.py check` reports what would fail at startup, and changes nothing."""

import datetime
from pathlib import Path

import pytest
import sqlalchemy
import time_machine

import database
import database_errors
from databases import POSTGRESQL_ONLY
from operations import checks, migrations, startup
from servers import Mailbox, free_port
from sessions import signing_keys
from sessions.models import SigningKey
from settings.loading import settings
from tests.test_manage import manage, own_database  # noqa: F401 - fixtures


def told(grade: str | None = None) -> dict[str, str]:
    return {f.what: f.said for f in checks.run() if grade in (None, f.grade)}


def test_healthy_configuration_fits_one_screen(service, manage, valkey, configure):  # noqa: F811
    configure(redis_url=valkey.url)
    lines = manage("check").splitlines()
    assert lines[-1] == "No problems found."
    assert len(lines) < 24
    assert max(map(len, lines)) < 140
    found = told("ok")
    assert found["tables"].startswith("up to date (")
    assert {"settings", "database", "redis", "mail server", "superusers"} <= found.keys()
    assert settings.jwt_secret not in "\n".join(lines)


def test_before_the_first_start_it_lists_the_migrations_and_runs_none(empty):
    if empty.dialect.name == "sqlite":
        assert told()["database"] == "the SQLite file does not exist yet; the service creates it at startup"
        assert not Path(empty.url.database).exists()
        empty.connect().close()
    assert told()["tables"].startswith("the service will migrate at startup: 0001, 0002")
    assert sqlalchemy.inspect(empty).get_table_names() == []


def test_folder_of_a_new_file_must_exist(monkeypatch, tmp_path):
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/missing/new.db")
    monkeypatch.setattr(database, "engine", engine)
    assert told("wrong")["database"] == f"DATABASE_URL: {tmp_path}/missing is not a directory; create it"
    with pytest.raises(sqlalchemy.exc.OperationalError) as error:
        engine.connect()
    assert "its folder must exist" in database_errors.advice(error.value)


def test_user_without_the_right_to_migrate_is_reported(empty):
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    name = f"reader_{empty.url.database}"
    with empty.begin() as owner:
        owner.execute(sqlalchemy.text(f"CREATE ROLE {name} LOGIN"))
    database.connect(empty.url.set(username=name).render_as_string(hide_password=False))
    assert "cannot migrate" in told("wrong")["rights"]
    database.disconnect()


def test_connections_of_superusers_are_not_counted(empty):
    if empty.dialect.name == "sqlite":
        pytest.skip("SQLite has no connections")
    with empty.connect() as connection:
        allowed = int(connection.scalar(sqlalchemy.text("SHOW max_connections")))
    assert told("ok")["connections"].startswith(f"PostgreSQL allows {allowed - 3}: ")


def test_unreachable_parts_are_reported(service, configure, manage):  # noqa: F811
    configure(redis_url=f"redis://127.0.0.1:{free_port()}", smtp_port=free_port())
    assert told("wrong").keys() == {"redis", "mail server"}
    assert "2 problems found." in manage("check", expected=1)


def test_unreachable_database_is_reported_without_its_password(service):
    served = database.engine.url.render_as_string(hide_password=False)
    database.connect(f"postgresql+psycopg2://postgres:canary-4711@127.0.0.1:{free_port()}/x")
    try:
        assert told("wrong")["database"].startswith("out of reach: ")
        assert "canary" not in str(told())
    finally:
        database.connect(served)
        migrations.migrate()


def test_login_that_the_mail_server_rejects_is_reported(service, configure):
    box = Mailbox(login=("user", "right"))
    configure(smtp_port=box.port, smtp_user="user", smtp_password="wrong")
    assert "SMTPAuthenticationError" in told("wrong")["mail server"]
    configure(smtp_password="right")
    assert "mail server" in told("ok")
    box.close()


def test_secret_that_does_not_match_the_keys_is_reported(empty, configure):
    configure(algorithm="ES256")
    startup.prepare()
    assert "JWT_SECRET" not in told()
    configure(jwt_secret="another-secret-kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKl", jwt_secret_previous="")
    assert "replace them" in told("wrong")["JWT_SECRET"]
    assert database.read(sqlalchemy.select(SigningKey.kid)), "they are still there"
    signing_keys._loaded = None


@POSTGRESQL_ONLY
def test_wrong_clock_is_reported(service):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=3), tick=True):
        said = told("wrong")["clock"]
        assert said.startswith("180 seconds apart")
        assert "authenticator codes" in said
