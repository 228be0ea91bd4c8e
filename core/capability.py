"""Define the capability record: what a package adds to the service, declared in one place.

The core never imports a capability. Each package that owns tables, routes or settings has a `capability.py` with one
`CAPABILITY`, and `INSTALLED` names those packages. A record and its tables are always loaded, so that export, erasure,
cleanup and revocation cover data that was written before a capability was disabled. Routes, services and libraries are
imported only while the capability is enabled.
"""

import functools
import importlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from settings.loading import settings

INSTALLED = (
    "accounts",
    "credentials",
    "sessions",
    "revocations",  # after sessions: it reads which have ended
    "oauth_login",
    "factors",
    "sms",
    "passwordless",
    "captcha",
    "administration",
    "api_keys",
    "events",
    "webhooks",
    "oauth_provider",
    "operations",
    "hosted_pages",
    "console",
    "legacy_api",
)

# The values of `access` that are not a permission such as `users:read`.
ANYONE, USER, OWNER, SERVICE = "anyone", "user", "owner", "service"
ADMINISTRATOR = "administrator"  # a user with any permission
CLIENT = "client"  # an OAuth client, with a token that this service issued to it


class Link(NamedTuple):
    """A link in an email: its name in the template, the page that it opens, and the purpose of its one-time token."""

    name: str
    page: str
    purpose: str


class ConsoleSection(NamedTuple):
    """A section of the administration console: a link in its navigation.

    name: the name by which its pages say that they belong to it.
    path: its first page, below `/admin/console`.
    permission: the permission that it requires, or None for any administrator.
    title: the text of the link, marked for translation.
    """

    name: str
    path: str
    permission: str | None
    title: str


class Section(NamedTuple):
    """A section of a user's data export.

    rows: returns the statement that selects the rows of a `schemas.User`.
    schema: the schema of a row.
    table: the table that the section covers; a test finds tables without a section.
    key: the numeric column by which the rows are read in batches, if there may be many.
    """

    name: str
    schema: Any
    rows: Callable[[Any], Any]
    table: str
    description: str | None = None
    key: Any = None


class Expired(NamedTuple):
    """Rows that cleanup deletes: those of `table`, a class with a single-column primary key, that meet `condition`.

    name: the name of the field in the log, such as `trusted_devices`.
    """

    name: str
    table: Any
    condition: Any


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Capability:
    """The record of a package. Callables may import the package's other modules; the record itself must not.

    name: the name of the package, also of its route file, tests and documentation page.
    enabled: returns whether the settings enable its routes.
    settings: the classes in `settings.groups` whose fields configure it.
    tables: the names of the tables that it owns.
    permissions: the permissions that it adds, in the order in which they are listed.
    audit_events: each event that it records, and its meaning.
    events_without_account: those of them that concern no account. All others are events of the event feed too.
    on_events: writes what the commit of these audit events must write with them: `(db, events)`.
    on_sequenced: handles events that got their positions in the event feed, in the same transaction:
        `(db, sequenced)`.
    emails: each email that it sends, by template name, with its links. One without a link is a notice.
    notices: the text of each notice in the email that merges several, by template name.
    token_purposes: the purposes of its one-time tokens, and how long each is valid.
    routers: the routers to serve while enabled, such as `routes.auth.router`. Their modules are imported only then.
    uploads: the paths that accept a file, and the largest body of each in bytes. Their routes read it themselves.
    access: who may call each route, by operation id (`ANYONE`, `USER`, `OWNER`, `SERVICE`, `ADMINISTRATOR`, `CLIENT`
        or a permission).
    open_to_keys: the scope with which an API key may call a route, by operation id. All other routes that know the
        current user reject keys.
    credentials: resolves a credential that is not an access token, by the prefix of such credentials: `(raw, ip)`
        returns a `Current`, or None; `ip` is None if the client is unknown.
    schemes: resolves the credential of an authorization scheme other than Bearer, by its name in lower case:
        `(raw, request)` returns a `Current`, or None.
    console: the sections that it adds to the administration console, in the order of the navigation. Its routers serve
        their pages, with the guards of `console/guards.py`.
    middleware: returns the ASGI middleware to add while enabled. Receives all routers.
    error_handler: replaces the service's exception handler while enabled.
    describe: changes the OpenAPI document while enabled. Receives the document and all routers.
    export: the sections that it adds to a user's data export.
    erase: deletes what the deletion of the account's row does not cascade to: `(db, user)`.
    cleanup: returns the rows that cleanup deletes at the given time.
    maintain: runs further cleanup. Receives the batch size, and returns the number of deleted rows of each kind.
    login_methods: the number of login methods of the account that it provides: `(db, user)`.
    other_logins: the login methods and factors of the account other than its password, for an email: `(db, user)`.
    sign_up: accepts a sign-up without a password, or returns None: `(db, caller, body)`.
    prepare: creates what must exist at startup, in the given transaction; idempotent.
    guard: a coroutine function that raises an error if a request must first prove that it was not sent by a bot:
        `(action, caller, token, email)`.
    login_failed: records a wrong password: `(db, caller)`.
    challenge: raises an error if a login needs a further step. Returns the new token of the trusted device, if any:
        `(db, caller, user, login)`.
    factor_types: the types of factors that an account has: `(db, id)`.
    verify_factor: verifies the factor in a request of a session, and returns its methods: an empty sequence if it is
        wrong, None if the request has no factor: `(caller, who, proof)`.
    prove_factor: verifies a factor without a session, and returns what `secure` needs to know, or None if none was
        sent: `(caller, id, proof)`.
    secure: removes the factors of an account whose owner reports an unauthorized password reset, or schedules their
        removal: `(db, caller, user, proven)`.
    on_credentials_changed: its part in session and token revocation: `(db, user, change)`.
    on_recorded: called with the audit events of a transaction after it has committed, each with its detail. It must
        not wait for anything, and not raise an error: `(events)`.
    workers: the background workers that deliver its queues while enabled (`delivery.worker.Worker`).
    token_seconds: returns for how long the access tokens that it issues are valid at most, if it issues any itself.
    on_session_ended: called when a session ends by itself, and not with all others of the account: `(db, session_id,
        successor)`. The successor is the session of the same account that replaced it in the same browser, if any.
    on_logged_out_everywhere: called when all sessions of an account end, such as to forget devices, and says whether
        API keys end too: `(db, user, api_keys)`.
    """

    name: str
    enabled: Callable[[Any], bool] = lambda _settings: True
    settings: tuple[type, ...] = ()
    tables: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    audit_events: Mapping[str, str] = field(default_factory=dict)
    events_without_account: tuple[str, ...] = ()
    on_events: Callable[[Any, Sequence[Any]], None] | None = None
    on_sequenced: Callable[[Any, Any], None] = _nothing
    emails: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    token_purposes: Mapping[str, Callable[[], timedelta]] = field(default_factory=dict)
    routers: tuple[str, ...] = ()
    uploads: Mapping[str, int] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict)
    open_to_keys: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, Callable[[str, str | None], Any]] = field(default_factory=dict)
    schemes: Mapping[str, Callable[[str, Any], Any]] = field(default_factory=dict)
    console: tuple[ConsoleSection, ...] = ()
    middleware: Callable[[Sequence[Any]], Sequence[Any]] = lambda _routers: ()
    error_handler: Callable[[], Any] | None = None
    describe: Callable[[dict[str, Any], Sequence[Any]], dict[str, Any]] | None = None
    export: Callable[[], Sequence[Section]] = lambda: ()
    erase: Callable[[Any, Any], None] = _nothing
    cleanup: Callable[[datetime], Iterable[Expired]] = lambda _now: ()
    maintain: Callable[[int], Mapping[str, int]] = lambda _batch: {}
    login_methods: Callable[[Any, Any], int] = lambda _db, _user: 0
    other_logins: Callable[[Any, Any], Sequence[str]] = lambda _db, _user: ()
    sign_up: Callable[[Any, Any, Any], Any] = _nothing
    prepare: Callable[[Any], None] = _nothing
    guard: Callable[[str, Any, str | None, str], Awaitable[None]] | None = None
    login_failed: Callable[[Any, Any], None] = _nothing
    challenge: Callable[[Any, Any, Any, Any], str | None] = _nothing
    factor_types: Callable[[Any, int], Sequence[str]] = lambda _db, _account: ()
    verify_factor: Callable[[Any, Any, Any], Sequence[str] | None] = _nothing
    prove_factor: Callable[[Any, int, Any], str | None] = _nothing
    secure: Callable[[Any, Any, Any, str | None], None] = _nothing
    workers: Callable[[], Sequence[Any]] = lambda: ()
    on_recorded: Callable[[Sequence[tuple[str, Mapping[str, Any]]]], None] = _nothing
    on_credentials_changed: Callable[[Any, Any, Any], None] = _nothing
    token_seconds: Callable[[], int] = lambda: 0
    on_session_ended: Callable[[Any, str, str | None], None] = _nothing
    on_logged_out_everywhere: Callable[[Any, Any, bool], None] = _nothing


@functools.cache
def installed() -> tuple[Capability, ...]:
    """Return every record, enabled or not."""
    return tuple(importlib.import_module(f"{package}.capability").CAPABILITY for package in INSTALLED)


def enabled() -> list[Capability]:
    """Return the records of the enabled capabilities."""
    return [each for each in installed() if each.enabled(settings)]


def login_methods(db: Any, user: Any) -> int:
    """Return the number of login methods of an account."""
    return sum(each.login_methods(db, user) for each in installed())


def routers(record: Capability) -> list[Any]:
    """Import and return the routers of a capability."""
    return [getattr(importlib.import_module(module), name) for module, _, name in map(_split, record.routers)]


def _split(path: str) -> tuple[str, str, str]:
    return path.rpartition(".")


@functools.cache
def permissions() -> tuple[str, ...]:
    """Return every permission that a role may grant."""
    return tuple(name for each in installed() for name in each.permissions)


@functools.cache
def open_to_keys() -> Mapping[str, str]:
    """Return the scope with which an API key may call each route that is open to keys, by operation id."""
    return {name: scope for each in installed() for name, scope in each.open_to_keys.items()}


@functools.cache
def credentials() -> Mapping[str, Callable[[str, str | None], Any]]:
    """Return what resolves each kind of credential that is not an access token, by its prefix."""
    return {prefix: resolve for each in enabled() for prefix, resolve in each.credentials.items()}


@functools.cache
def schemes() -> Mapping[str, Callable[[str, Any], Any]]:
    """Return what resolves the credential of each authorization scheme other than Bearer."""
    return {name: resolve for each in enabled() for name, resolve in each.schemes.items()}


@functools.cache
def audit_events() -> Mapping[str, str]:
    """Return every audit event and its meaning."""
    return {name: meaning for each in installed() for name, meaning in each.audit_events.items()}


@functools.cache
def account_events() -> Mapping[str, str]:
    """Return every audit event that concerns an account, and its meaning: the types of the event feed."""
    without = {name for each in installed() for name in each.events_without_account}
    return {name: meaning for name, meaning in audit_events().items() if name not in without}


@functools.cache
def event_writers() -> Sequence[Callable[[Any, Sequence[Any]], None]]:
    """Return what writes the events of a transaction before its commit."""
    return [each.on_events for each in enabled() if each.on_events]


@functools.cache
def emails() -> Mapping[str, tuple[Link, ...]]:
    """Return every email by template name, with its links."""
    return {name: links for each in installed() for name, links in each.emails.items()}


@functools.cache
def notices() -> Mapping[str, str]:
    """Return the text of each notice in the email that merges several, by template name."""
    return {name: text for each in installed() for name, text in each.notices.items()}


@functools.cache
def token_purposes() -> Mapping[str, Callable[[], timedelta]]:
    """Return every purpose of a one-time token, and how long such a token is valid."""
    return {name: lifetime for each in installed() for name, lifetime in each.token_purposes.items()}
