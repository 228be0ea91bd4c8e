"""Read `DATABASE_URL` or its parts, and translate URLs and options of other tools to libpq.

Messages never contain a value, which may be a password. They contain option names, which are not secret.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

import psycopg2.extensions
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy.engine.url import URL

WRONG = "is not a database URL such as postgresql://user:password@host:5432/name"
NOT_A_DRIVER = "must begin with postgresql:// or sqlite:///"
POSTGRESQL = "postgresql+psycopg2"
VALUES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    "channel_binding": ("disable", "prefer", "require"),
    "gssencmode": ("disable", "prefer", "require"),
    "load_balance_hosts": ("disable", "random"),
    "sslnegotiation": ("postgres", "direct"),
}
NUMBERS = ("connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count")
# Names of the schema option in other tools: Prisma, JDBC, Go and Ecto.
SCHEMAS = ("schema", "currentschema", "search_path")
SSL_MODES = {
    **dict.fromkeys(("true", "1", "yes", "on", "no-verify", "require", "accept_invalid_certs"), "require"),
    **dict.fromkeys(("false", "0", "no", "off", "disable", "disabled"), "disable"),
    **{mode: mode for mode in ("allow", "prefer", "verify-ca", "verify-full")},
    "strict": "verify-full",
}
SSL_NAMES = ("ssl", "sslaccept", "sslmode")
# Options of other drivers, pools and tools that have no meaning here: asyncpg, pgx, Prisma, node-postgres, JDBC,
# Npgsql, Rails, Django, Doctrine, SQLAlchemy.
IGNORED = frozenset(
    """
    adapter applicationname async_fallback binary_parameters charset checkout_timeout command_timeout conn_health_checks
    conn_max_age connection_limit default_query_exec_mode driver encoding idle_timeout jdbccompliant loglevel
    logintimeout max_connections max_inactive_connection_lifetime max_overflow maxpoolsize min_connections minpoolsize
    pgbouncer pool pool_health_check_period pool_max_conn_idle_time pool_max_conn_lifetime pool_max_conns
    pool_min_conns pool_mode pool_pre_ping pool_recycle pool_size pool_timeout pooling prefersimpleprotocol
    prefer_simple_protocol prepared_statement_cache_size prepared_statements preparedstatementcachequeries
    preparedstatements preparethreshold reconnect rewritebatchedinserts server_settings serverversion socket_timeout
    sockettimeout sslfactory sslidentity statement_cache_capacity statement_cache_mode statement_cache_size
    statement_timeout stringtype supa tcpkeepalive timeout timezone uselibpqcompat workaround
    """.split()  # noqa: SIM905 - shorter
)
SQLITE_OPTIONS = {"timeout", "cached_statements", "uri"}
SQLITE_URI_OPTIONS = {"mode", "cache", "immutable", "nolock", "vfs"}


class Read(NamedTuple):
    """A database URL as the service uses it, and the warnings to log at startup."""

    url: str
    warnings: tuple[str, ...]


def read(value: str) -> Read:
    """Translate a database URL into SQLAlchemy's form. Raises ValueError."""
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ValueError(WRONG)
    scheme, _, rest = value.partition("://")
    if scheme.lower().split("+")[0] in ("postgres", "postgresql"):
        # SQLAlchemy rejects postgres://, and would load another driver for postgresql://.
        value = f"{POSTGRESQL}://{_hosts_into_query(rest)}"
    try:
        url = sqlalchemy.make_url(value)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise ValueError(WRONG) from None
    if url.drivername == "sqlite":
        return _sqlite(url, value)
    if url.drivername != POSTGRESQL:
        raise ValueError(NOT_A_DRIVER)
    return _postgresql(url)


def _hosts_into_query(rest: str) -> str:
    """Move several hosts, written for libpq as `h1:5432,h2:5432`, to the query, as SQLAlchemy requires."""
    authority, slash, path = rest.partition("/")
    login, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return rest
    found = [re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\d*))?", host) for host in hosts.split(",")]
    if not slash or not all(found):
        raise ValueError(WRONG)
    names = ",".join(str(each[1]).strip("[]") for each in found if each)
    ports = ",".join(each[2] or "5432" for each in found if each)
    mark = "&" if "?" in path else "?"
    return f"{login}{at}/{path}{mark}host={quote(names, safe=',:')}&port={ports}"


def _sqlite(url: URL, value: str) -> Read:
    if url.database in (None, "", ":memory:"):
        raise ValueError(
            "must name a file, such as sqlite:///./credentials.db: a database in memory is lost when the process ends"
        )
    known = SQLITE_OPTIONS | (SQLITE_URI_OPTIONS if "uri" in url.query else set())
    _refuse([name for name in url.query if name not in known and name.lower() not in IGNORED])
    ignored = [name for name in url.query if name not in known]
    if not ignored:
        return Read(value, ())
    return Read(url.difference_update_query(ignored).render_as_string(hide_password=False), _told(ignored))


def _postgresql(url: URL) -> Read:
    options: dict[str, str] = {}
    if url.host and "%" in url.host:  # the directory of a socket, as in libpq: %2Fvar%2Frun%2Fpostgresql
        options = {"host": unquote(url.host)} | ({"port": str(url.port)} if url.port else {})
        url = url._replace(host=None, port=None)
    ignored, warnings, unknown = [], [], []
    for name, given in url.query.items():
        value, lower = given if isinstance(given, str) else given[-1], name.lower()
        if name == "host" and not isinstance(given, str):
            options["host"], options["port"] = _split_hosts(given)
        elif lower in SSL_NAMES and (lower != "sslmode" or value not in VALUES["sslmode"]):
            options["sslmode"] = _ssl_mode(name, value, options.get("sslmode"))
            warnings.append(f"DATABASE_URL: {name} is read as sslmode={options['sslmode']}")
        elif lower in SCHEMAS:
            if value != "public":
                options["options"] = f"{options.get('options', '')} -csearch_path={_schema(name, value)}".strip()
        elif _is_known(lower):
            both = lower == "options" and "options" in options
            options[lower] = f"{options['options']} {value}" if both else value
        elif lower in IGNORED:
            ignored.append(name)
        else:
            unknown.append(name)
    _refuse(unknown)
    _check(options)
    if "," in options.get("host", "") and "target_session_attrs" not in options:
        warnings.append(
            "DATABASE_URL: names several hosts; add target_session_attrs=read-write, or the service stays with the "
            "first one that responds, even if it takes no writes"
        )
    made = url.set(query=options).render_as_string(hide_password=False)
    _check_hosts(made)
    return Read(made, (*warnings, *_told(ignored)))


def _is_known(name: str) -> bool:
    try:
        psycopg2.extensions.parse_dsn(f"{name}=x" if re.fullmatch(r"[a-z_]+", name) else "?")
    except psycopg2.Error:
        return False
    return True


def _split_hosts(given: tuple[str, ...]) -> tuple[str, str]:
    pairs = [host.rpartition(":")[::2] if re.search(r"[^:]:\d+$", host) else (host, "5432") for host in given]
    return ",".join(host for host, _ in pairs), ",".join(port for _, port in pairs)


def _ssl_mode(name: str, value: str, before: str | None) -> str:
    mode = SSL_MODES.get(value.lower())
    if mode is None:
        raise ValueError(f"has an option {name} with an unknown value; use sslmode=require or sslmode=verify-full")
    order = VALUES["sslmode"]
    return max(before, mode, key=order.index) if before in order else mode


def _schema(name: str, value: str) -> str:
    if not re.fullmatch(r"\w+(,\w+)*", value):
        raise ValueError(f"has an option {name} that is not the name of a schema")
    return value


def _check(options: Mapping[str, str]) -> None:
    for name, value in options.items():
        if name in VALUES and value not in VALUES[name]:
            raise ValueError(f"has an option {name} with an unknown value; use one of {', '.join(VALUES[name])}")
        if name in NUMBERS and not value.isdigit():
            raise ValueError(f"has an option {name} that must be a number")


def _check_hosts(url: str) -> None:
    try:
        engine = sqlalchemy.create_mock_engine("postgresql+psycopg2://", lambda *_: None)
        engine.dialect.create_connect_args(sqlalchemy.make_url(url))
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise ValueError("must have one numeric port for each host") from None


def _refuse(unknown: list[str]) -> None:
    if unknown:
        names = ", ".join(re.sub(r"[^\w.-]", "?", name)[:40] for name in unknown)
        raise ValueError(f"has an unknown option ({names}); remove it")


def _told(ignored: list[str]) -> tuple[str, ...]:
    return (
        (f"DATABASE_URL: {', '.join(ignored)} is ignored, because it is an option of another tool",) if ignored else ()
    )


def from_parts(user: str, password: str, host: str, port: int, name: str) -> str:
    """Build a database URL. The host is a name, an IP address, the directory of a socket, or several hosts."""
    user = user or "postgres"
    is_plain = not host.startswith(("/", "@")) and "," not in host
    return URL.create(
        POSTGRESQL,
        user,
        password or None,
        (host.strip("[]") or "localhost") if is_plain else None,
        port if is_plain else None,
        name or user,
        {} if is_plain else {"host": host, "port": ",".join([str(port)] * len(host.split(",")))},
    ).render_as_string(hide_password=False)


def hosts(value: str) -> list[str]:
    """Return the hosts of a database URL, from its authority or its query."""
    url = sqlalchemy.make_url(value)
    told = url.query.get("host") or url.query.get("hostaddr")
    several = told.split(",") if isinstance(told, str) else list(told or ())
    return several or [unquote(url.host or "localhost")]
