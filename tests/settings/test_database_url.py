"""`DATABASE_URL` and its parts, in the forms that users and other tools write."""

import re
import secrets
import string

import hypothesis
import pytest
import sqlalchemy
from hypothesis import strategies

from servers import PROJECT
from settings import database_url
from settings.loading import read
from settings.sources import InvalidSettings

GOOD = {"JWT_SECRET": secrets.token_urlsafe(48)}


def connection_options(**environment: str) -> dict:
    """Return the connection options that libpq gets."""
    url = sqlalchemy.make_url(read(GOOD | environment).database_url)
    return url.get_dialect()().create_connect_args(url)[1]


HOSTS = {
    "/cloudsql/project:region:instance": ("/cloudsql/project:region:instance", "6543"),
    "/var/run/postgresql": ("/var/run/postgresql", "6543"),
    "/tmp/a b": ("/tmp/a b", "6543"),
    "@abstract": ("@abstract", "6543"),
    "::1": ("::1", "6543"),
    "[::1]": ("::1", "6543"),
    "2001:db8::7": ("2001:db8::7", "6543"),
    "fe80::1%eth0": ("fe80::1%eth0", "6543"),
    "db.internal": ("db.internal", "6543"),
    "10.0.0.7": ("10.0.0.7", "6543"),
    "db_1": ("db_1", "6543"),
    "one,two": ("one,two", "6543,6543"),
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("prefix", ["DB", "POSTGRES"])
def test_host_part_can_be_a_name_an_ip_address_or_a_socket(prefix, host):
    names = ("USER", "PASS", "NAME") if prefix == "DB" else ("USER", "PASSWORD", "DB")
    values = dict(zip((f"{prefix}_{name}" for name in names), ("me", "p@:/?#%[x", "accounts"), strict=True))
    told = connection_options(**values, **{f"{prefix}_HOST": host, f"{prefix}_PORT": "6543"})
    assert (told["host"], str(told["port"])) == HOSTS[host]
    assert (told["user"], told["password"], told["dbname"]) == ("me", "p@:/?#%[x", "accounts")


@hypothesis.given(strategies.text(string.printable.strip() + "äß漢😀", min_size=1).filter(str.strip))
@hypothesis.settings(max_examples=60, deadline=None)
def test_any_password_part_is_kept_unchanged(password):
    url = sqlalchemy.make_url(database_url.read(database_url.from_parts("me", password, "::1", 5432, "x")).url)
    assert (url.password, url.host, url.username) == (password, "::1", "me")


HOSTS_IN_A_URL = {
    "postgresql://u:p@one:5432,two:5433/x?target_session_attrs=read-write": ("one,two", "5432,5433"),
    "postgres://u:p@one,two/x?target_session_attrs=primary": ("one,two", "5432,5432"),
    "postgresql://u:p@[::1]:5432,[2001:db8::7]:5433/x": ("::1,2001:db8::7", "5432,5433"),
    "postgresql://u:p@10.0.0.1,10.0.0.2:6000,10.0.0.3/x": ("10.0.0.1,10.0.0.2,10.0.0.3", "5432,6000,5432"),
    "postgresql://u:p@/x?host=one:5432&host=two:5433": ("one,two", "5432,5433"),
    "postgresql://u:p@/x?host=one,two&port=5432,5433": ("one,two", "5432,5433"),
    "postgresql://u:p@%2Fcloudsql%2Fp%3Ar%3Ai/x": ("/cloudsql/p:r:i", None),
    "postgresql://u:p@%2Frun%2Fpostgresql:6000/x": ("/run/postgresql", "6000"),
    "postgresql://u:p@/x?host=/cloudsql/p:r:i": ("/cloudsql/p:r:i", None),
    "postgresql://u:p@[::1]:5432/x": ("::1", "5432"),
    "postgresql://u:p,w@one/x": ("one", None),
}


@pytest.mark.parametrize("url", HOSTS_IN_A_URL)
def test_several_hosts_sockets_and_ipv6_are_read_from_a_url(url):
    told = connection_options(DATABASE_URL=url)
    port = told.get("port")
    assert (told["host"], port and str(port).strip(",")) == HOSTS_IN_A_URL[url]
    assert told["dbname"] == "x"


OPTIONS_OF_OTHERS = {
    "schema=public": {},
    "schema=accounts": {"options": "-csearch_path=accounts"},
    "currentSchema=accounts": {"options": "-csearch_path=accounts"},
    "search_path=accounts": {"options": "-csearch_path=accounts"},
    "schema=accounts&options=-cjit%3Doff": {"options": "-csearch_path=accounts -cjit=off"},
    "options=-cjit%3Doff&schema=accounts": {"options": "-cjit=off -csearch_path=accounts"},
    "pgbouncer=true": {},
    "pgbouncer=true&connection_limit=1&pool_timeout=0": {},
    "ssl=true": {"sslmode": "require"},
    "ssl=1": {"sslmode": "require"},
    "ssl=false": {"sslmode": "disable"},
    "ssl=verify-full": {"sslmode": "verify-full"},
    "ssl=true&sslmode=verify-full": {"sslmode": "verify-full"},
    "sslmode=verify-full&ssl=true": {"sslmode": "verify-full"},
    "sslmode=no-verify": {"sslmode": "require"},
    "sslaccept=strict": {"sslmode": "verify-full"},
    "sslmode=verify-ca&sslrootcert=/etc/ca.pem": {"sslmode": "verify-ca", "sslrootcert": "/etc/ca.pem"},
    "SSLMODE=require": {"sslmode": "require"},
    "statement_cache_size=0&prepared_statement_cache_size=0": {},
    "serverVersion=16&charset=utf8": {},
    "pool_max_conns=10": {},
    "binary_parameters=yes": {},
    "connect_timeout=10&application_name=me": {"connect_timeout": "10", "application_name": "me"},
    "channel_binding=require": {"channel_binding": "require"},
    "conn_max_age=600": {},
}


@pytest.mark.parametrize("query", OPTIONS_OF_OTHERS)
def test_options_of_other_tools_are_translated_or_ignored_with_a_warning(query):
    told = connection_options(DATABASE_URL=f"postgresql://u:canary@h/x?{query}")
    assert {name: told[name] for name in told.keys() - {"host", "user", "password", "dbname"}} == OPTIONS_OF_OTHERS[
        query
    ]
    warnings = read(GOOD | {"DATABASE_URL": f"postgresql://u:canary@h/x?{query}"}).warnings
    dropped = {"pgbouncer", "connection_limit", "statement_cache_size", "serverVersion", "pool_max_conns"}
    for name in {each.partition("=")[0] for each in query.split("&")} & dropped:
        assert any(name in line and line.startswith("DATABASE_URL: ") for line in warnings)
    assert "canary" not in str(warnings)


WRONG = [
    "postgresql://u:canary@h/x?foo=canary",
    "postgresql://u:canary@h/x?sslmode=prefered",
    "postgresql://u:canary@h/x?ssl=perhaps",
    "postgresql://u:canary@h/x?target_session_attrs=rw",
    "postgresql://u:canary@h/x?connect_timeout=soon",
    "postgresql://u:canary@h/x?schema=a%20b;drop",
    "postgresql://u:canary@h/x?host=a,b&port=1,2,3",
    "postgresql://u:canary@h:port/x",
    "postgresql://u:canary@one:1:2,two/x",
    "postgresql://u:canary@one,two",
    "postgresql://u:canary@h/x?sslmode=require&nonsense=1",
    "postgresql://u:canary@h/x\n",
    "jdbc:postgresql://h/x?user=canary",
    "mysql://u:canary@h/x",
    "mongodb+srv://u:canary@h/x",
    "host=h password=canary",
    "sqlite:///x.db?foo=canary",
    "sqlite:///x.db?mode=ro",
    "sqlite://",
]


@pytest.mark.parametrize("url", WRONG)
def test_invalid_url_is_one_line_that_names_the_setting_without_its_value(url):
    with pytest.raises(InvalidSettings) as told:
        read(GOOD | {"DATABASE_URL": f"{url}"} if not url.endswith("\n") else GOOD | {"DATABASE_URL": f"{url}x"})
    (line,) = told.value.lines
    assert line.startswith("DATABASE_URL: ")
    assert "canary" not in line


@pytest.mark.parametrize(
    ("url", "far"),
    [
        ("postgresql://u@/x?host=one,two", True),
        ("postgresql://u@localhost,two/x", True),
        ("postgresql://u@localhost:1,127.0.0.1:2/x", False),
        ("postgresql://u@/x?host=/run/postgresql", False),
        ("postgresql://u@one,two/x?ssl=true", False),
    ],
)
def test_remote_database_without_tls_is_a_warning_in_production(url, far):
    values = {
        "ENVIRONMENT": "production",
        "PUBLIC_BASE_URL": "https://a.example",
        "FRONTEND_BASE_URL": "https://b.example",
        "EMAIL_VERIFICATION": "optional",
        "DATABASE_URL": url,
    }
    assert any("without TLS" in line for line in read(GOOD | values).warnings) == far


def test_examples_for_several_hosts_are_valid():
    pages = [
        "docker-compose.prod.yml",
        "docs/scaling.md",
        *(f"deploy/kubernetes/{name}.yaml" for name in ("config", "migrate")),
    ]
    for page in pages:
        urls = re.findall(r"postgresql://\S+,\S+target_session_attrs=[\w-]+", (PROJECT / page).read_text("utf-8"))
        assert urls, page
        for url in urls:
            told = connection_options(DATABASE_URL=url)
            assert (told["host"], told["port"]) in [("db1,db2", "5432,5432"), ("db1,db2", "6432,6432")]
            assert told["target_session_attrs"] == "read-write"


@pytest.mark.parametrize(
    ("options", "warned"), [("", True), ("?sslmode=require", True), ("?target_session_attrs=read-write", False)]
)
def test_several_hosts_need_a_choice_of_the_one_that_takes_writes(options, warned):
    values = {"DATABASE_URL": f"postgresql://service:password@db1:5432,db2:5432/credentials{options}"}
    assert any("target_session_attrs" in line for line in read(GOOD | values).warnings) == warned
