"""Fixtures: one running service for each database, and new test users for each test."""

import functools
import gc
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import time_machine

os.environ.update({
    "ENV_FILE": os.devnull, "ENVIRONMENT": "development", "JWT_SECRET": secrets.token_urlsafe(48), "BCRYPT_ROUNDS": "4",
    "SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none", "MAIL_FROM": "accounts@service.example.com", "LOG_LEVEL": "WARNING",
    "INTERNAL_SERVICE_TOKEN": secrets.token_urlsafe(32), "SUPERUSER_PASSWORD": secrets.token_urlsafe(16),
    "DATABASE_URL": f"sqlite:///{tempfile.mkdtemp(prefix='credentials-')}/test.db", "TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMIT_ENABLED": "false",
    "MAGIC_LINK": "on", "CAPTCHA_PROVIDER": "altcha", "SMS_PROVIDER": "http", "SMS_URL": "http://127.0.0.1:9/",
    "SMS_COUNTRIES": "AT,US", "SMS_SECRET": secrets.token_urlsafe(32), "OIDC_PROVIDER": "true", "ALGORITHM": "ES256",
    "FRONTEND_BASE_URL": "http://localhost:3000"})  # fmt: skip

import database
import main
import missing
import providers
import second_connections
import tables
from browser import Visitor
from certified import CertifiedProvider
from chromium import Chromium
from core import capability, response_times
from delivery import polling
from events import sequencer
from oauth_login import id_tokens, provider_client
from operations import cleanup, migrations
from people import Client, Person, superuser, with_roles
from reader import Reader
from servers import InProcess, Mailbox, Postgres, Process, Valkey
from sessions import signing_keys
from settings import secret_strength
from settings.fields import Settings
from settings.loading import settings

# Their routes were added at the start, so that tests can configure them. Off in all others.
capability.credentials()
vars(settings).update(captcha_provider="off", oidc_provider=False, algorithm="HS256")

# Off except in its own tests: it would add 50 ms to every reset.
_hide_response_time = response_times.hide
response_times.hide = lambda _caller: None

# No cleanup during a test, unless the test runs it.
cleanup.CleanupThread.first_run = 3600

# Tests wait for what these find: a twentieth of the time in production.
polling.SECONDS_BETWEEN_POLLS = sequencer.SECONDS_BETWEEN_RUNS = 0.05

# Each reading of the settings estimates the same few secrets.
secret_strength.guesses = functools.cache(secret_strength.guesses)


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    _change(smtp_port=box.port)
    yield box
    box.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    cluster = Postgres()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    server = Valkey()
    yield server
    server.stops()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgres":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/test.db"


@pytest.fixture(scope="session")
def service(database_url: str, mailbox: Mailbox) -> Iterator[InProcess]:
    """The service on each database: a test that uses it runs on both."""
    database.connect(database_url.replace("postgresql://", "postgresql+psycopg2://"))
    running = InProcess(main.app, mailbox)
    yield running
    running.close()


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    """Connect this process to an empty database for one test."""
    before = database.engine.url
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").new_database().replace("postgresql://", "postgresql+psycopg2://")
    else:
        url = f"sqlite:///{tmp_path}/empty.db"
    was_prepared = database.is_reachable()
    database.connect(url)
    yield database.engine
    database.engine.dispose()
    database.connect(before.render_as_string(hide_password=False))
    if was_prepared:
        migrations.migrate()


def _change(**values: Any) -> dict[str, Any]:
    """Override values of the frozen settings, and return the previous ones."""
    assert values.keys() <= Settings.model_fields.keys()
    before = {name: getattr(settings, name) for name in values}
    vars(settings).update(values)
    for kept in (capability.credentials, capability.schemes):
        kept.cache_clear()
    return before


@pytest.fixture
def configure() -> Iterator[Callable[..., None]]:
    """configure(email_verification="required"): override settings until the end of the test."""
    before: dict[str, Any] = {}

    def change(**values: Any) -> None:
        before.update({name: value for name, value in _change(**values).items() if name not in before})

    yield change
    _change(**before)


@pytest.fixture(autouse=True)
def one_connection_for_each_thread() -> Iterator[None]:
    with second_connections.forbidden():
        yield


@pytest.fixture
def equal_response_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let responses wait as they do in production."""
    monkeypatch.setattr(response_times, "hide", _hide_response_time)


@pytest.fixture
def clock() -> Iterator[Any]:
    """clock.shift(seconds): move the clock of the service forward."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller
    tables.set_back_events()


@pytest.fixture
def oidc(here: InProcess, configure: Callable[..., None]) -> Iterator[InProcess]:
    """The service as an OAuth provider, with its own URL as its issuer."""
    configure(oidc_provider=True, algorithm="ES256", jwt_issuer=here.url)
    signing_keys._loaded = None
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    yield here
    signing_keys._loaded = None


@pytest.fixture
def anonymous(service: InProcess) -> Client:
    return Client(service.url)


@pytest.fixture
def alice(service: InProcess, configure: Callable[..., None]) -> Person:
    """Alice, verified and logged in."""
    before = settings.email_verification
    configure(email_verification="off")  # then no email is sent, which would take most of the time
    person = Person(service, "alice")
    assert person.sign_up().json()["is_verified"] is True
    tables.mark_email_verified(person)
    configure(email_verification=before)
    return person


@pytest.fixture
def bob(service: InProcess, configure: Callable[..., None]) -> Person:
    """Bob, logged in, with an unverified email address."""
    configure(email_verification="optional")
    person = Person(service, "bob")
    assert person.sign_up().status_code == 201
    return person


@pytest.fixture
def root(service: InProcess) -> Person:
    """The superuser that startup created."""
    return superuser(service)


@pytest.fixture
def amy(service: InProcess, root: Person) -> Person:
    """An administrator, who keeps the role when verification is required."""
    amy = with_roles(service, root, "amy", "user", "admin")
    tables.mark_verified(amy)
    return amy


@pytest.fixture
def mallory(service: InProcess) -> Person:
    """Mallory, the attacker, without an account."""
    return Person(service, "mallory")


@pytest.fixture
def another_service(service: InProcess) -> Client:
    """Another service, with the service token."""
    return Client(service.url, token=settings.internal_service_token[0])


@pytest.fixture
def sign_in_with(service: InProcess, configure: Callable[..., None]) -> Iterator[Callable[[str], Any]]:
    """sign_in_with("google"): enable the provider, and return the server that stands in for it."""
    with ExitStack() as open_ones:

        def switch_on(name: str) -> Any:
            provider = open_ones.enter_context(closing(providers.STAND_INS[name]()))
            provider_client._servers.clear()  # another server may have used the same port
            id_tokens._keys.clear()
            configure(public_base_url=service.url, **providers.settings_of(name, provider))
            return provider

        yield switch_on


@pytest.fixture
def google(sign_in_with: Callable[[str], Any]) -> Any:
    return sign_in_with("google")


@pytest.fixture
def visitor(service: InProcess) -> Iterator[Visitor]:
    """A visitor with a browser, without an account."""
    with closing(Visitor(service)) as visitor:
        yield visitor


@pytest.fixture
def here(service: InProcess, configure: Callable[..., None]) -> InProcess:
    """The service without a frontend."""
    configure(public_base_url=service.url, frontend_base_url=service.url)
    return service


@pytest.fixture
def reader(here: InProcess) -> Iterator[Reader]:
    """A visitor who uses the hosted pages only."""
    with closing(Reader(here)) as visitor:
        yield visitor


@pytest.fixture
def member(reader: Reader, configure: Callable[..., None]) -> Reader:
    """Alice, signed up and logged in on the hosted pages."""
    configure(email_verification="optional")
    assert reader.sign_up().url.path == "/account"
    return reader


@pytest.fixture(scope="session")
def certified(service: InProcess) -> Iterator[CertifiedProvider]:
    """A certified OpenID Connect server; its users log in with what `new_person` returns."""
    callbacks = [f"{service.url}/oauth/{name}/callback" for name in ("google", "company")]
    with closing(missing.started(CertifiedProvider, *callbacks)) as running:
        yield running


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Chromium]:
    with closing(missing.started(Chromium)) as running:
        yield running


@pytest.fixture
def chromium(_chromium: Chromium) -> Chromium:
    """A real browser with a new profile for each test."""
    _chromium.reset_profile()
    return _chromium


def pytest_collection_finish() -> None:
    """Exempt the collected tests from garbage collection, which takes half a second each time to find none of them."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    missing.told_by(terminalreporter)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """start(ENVIRONMENT="production", …): run the service as a separate process."""
    started: list[Process] = []

    def begin(**options: Any) -> Process:
        started.append(Process(tmp_path, **options))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
