"""Run PostgreSQL on two nodes, managed by Debian's Patroni and etcd, each behind a PgBouncer."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg2

from servers import Postgres, free_port

PROGRAMS = ("patroni", "etcd", "pgbouncer")
DATABASE = "credentials"
SECONDS_UNTIL_A_LEADER_IS_GONE = 20  # `ttl`, whose minimum this is
POOL = """
[databases]
{database} = host=127.0.0.1 port={postgres} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 40
max_client_conn = 400
query_wait_timeout = 5
server_login_retry = 1
server_connect_timeout = 2
logfile = {folder}/pgbouncer.log
"""


def missing() -> list[str]:
    """Return the programs that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def until(condition: Callable[[], Any], seconds: float, what: str) -> None:
    """Wait until a condition holds. Raises SystemExit."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not happen within {seconds:.0f} seconds")
        time.sleep(0.05)


class Node:
    """A machine: Patroni, the PostgreSQL that it starts, and a PgBouncer."""

    def __init__(self, cluster: "PatroniCluster", name: str) -> None:
        self.cluster, self.name = cluster, name
        self.home = cluster.home / name
        self.home.mkdir()
        self.port, self.api, self.pool = free_port(), free_port(), free_port()
        (self.home / "patroni.yml").write_text(json.dumps(self._configuration()))  # JSON is YAML
        pool = POOL.format(database=DATABASE, postgres=self.port, port=self.pool, folder=self.home)
        (self.home / "pgbouncer.ini").write_text(pool)
        cluster.own(self.home)
        self.processes: list[subprocess.Popen[bytes]] = []

    def _configuration(self) -> dict[str, Any]:
        postgresql = {"use_pg_rewind": True, "remove_data_directory_on_diverged_timelines": True}
        parameters = {"max_connections": 200, "wal_log_hints": "on", "unix_socket_directories": str(self.home)}
        return {
            "scope": "credentials",
            "name": self.name,
            "restapi": {"listen": f"127.0.0.1:{self.api}", "connect_address": f"127.0.0.1:{self.api}"},
            "etcd3": {"host": f"127.0.0.1:{self.cluster.etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": SECONDS_UNTIL_A_LEADER_IS_GONE,
                    "loop_wait": 1,
                    "retry_timeout": 3,
                    "maximum_lag_on_failover": 0,
                    "synchronous_mode": True,
                    "postgresql": postgresql,
                },
                "initdb": [{"encoding": "UTF8"}, {"auth": "trust"}],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": f"{self.home}/data",
                "bin_dir": str(self.cluster.bin),
                "pgpass": f"{self.home}/pgpass",
                "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "postgres"}},
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
                "parameters": parameters,
            },
        }

    def start(self) -> None:
        """Start Patroni and PgBouncer."""
        for command in (["patroni", "patroni.yml"], ["pgbouncer", "-q", "pgbouncer.ini"]):
            self.processes.append(self.cluster.run(command, self.home))

    def kill(self) -> None:
        """Kill everything on the node at once, as a power failure does."""
        doomed = [psutil.Process(each.pid) for each in self.processes if each.poll() is None]
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            doomed.append(psutil.Process(int((self.home / "data" / "postmaster.pid").read_text().split()[0])))
        doomed += [child for each in doomed for child in each.children(recursive=True)]
        for process in doomed:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        for started in self.processes:
            started.wait()
        self.processes = []

    def role(self) -> str:
        """Return the state of the node as Patroni reports it: `leader`, `sync`, `replica` or nothing."""
        paths = (("leader", "leader"), ("synchronous", "sync"), ("replica", "replica"))
        for path, role in paths:
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"http://127.0.0.1:{self.api}/{path}", timeout=1, trust_env=False).status_code == 200:
                    return role
        return ""

    def is_writable(self) -> bool:
        """Return whether the PostgreSQL of the node accepts writes."""
        with contextlib.suppress(psycopg2.Error):
            opened = psycopg2.connect(
                host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", connect_timeout=1
            )
            with contextlib.closing(opened), opened.cursor() as cursor:
                cursor.execute("SELECT NOT pg_is_in_recovery()")
                return bool(cursor.fetchone()[0])
        return False


class PatroniCluster:
    """Two nodes with synchronous replication, and an etcd. `close` ends all processes and deletes the data."""

    def __init__(self) -> None:
        with contextlib.ExitStack() as ends:
            self._start(ends)
            self.close = ends.pop_all().close

    def _start(self, ends: contextlib.ExitStack) -> None:
        programs = Postgres()  # for its programs, and the user that may run them
        ends.callback(programs.close)
        programs.stop()
        self.bin, self._as = programs.bin, programs._as
        self.home = Path(tempfile.mkdtemp(prefix="patroni-"))
        ends.callback(shutil.rmtree, self.home, ignore_errors=True)
        self.own(self.home)
        self.etcd_port, peers = free_port(), free_port()
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{peers}"
        urls = ["--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer]
        more = ["--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"]
        etcd = self.run(["etcd", "--data-dir", f"{self.home}/etcd", *urls, *more], self.home)
        ends.callback(etcd.wait)
        ends.callback(etcd.kill)
        self.nodes = [Node(self, "north"), Node(self, "south")]
        for node in self.nodes:
            ends.callback(node.kill)
        self.nodes[0].start()
        until(lambda: self.nodes[0].role() == "leader", 60, "a leader")
        self.nodes[1].start()
        until(lambda: self.nodes[1].role() == "sync", 90, "synchronous replication")
        opened = psycopg2.connect(host="127.0.0.1", port=self.nodes[0].port, user="postgres", dbname="postgres")
        opened.autocommit = True
        with contextlib.closing(opened), opened.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")

    def url(self, *, pooled: bool) -> str:
        """Return the database URL of the service, with both nodes."""
        hosts = ",".join(f"127.0.0.1:{node.pool if pooled else node.port}" for node in self.nodes)
        return f"postgresql://postgres@{hosts}/{DATABASE}?target_session_attrs=read-write"

    def leader(self) -> Node:
        """Return the node that accepts writes. Raises StopIteration."""
        return next(node for node in self.nodes if node.is_writable())

    def own(self, folder: Path) -> None:
        """Give a folder and its files to the user that runs PostgreSQL, which refuses to run as root."""
        if self._as:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self._as["user"], self._as["group"])

    def run(self, command: list[str], folder: Path) -> subprocess.Popen[bytes]:
        """Start a program of the cluster."""
        with (folder / f"{command[0]}.out").open("ab") as out:
            environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
            return subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out, **self._as)
