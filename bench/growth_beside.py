"""What the deletion of expired audit events costs the requests beside it, with autovacuum on."""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import measuring
import psycopg2
from measuring import cpu_of

from servers import Postgres, environment_of

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS, SECONDS, PAUSE = 6, 4.0, 0.01  # a request every ten milliseconds
# Autovacuum looks for work each five seconds in place of each minute, so that it runs within the measurement.
SETTINGS = "\nautovacuum=on\nautovacuum_naptime=5s\nmax_wal_size=3GB\nshared_buffers=1GB\n"
EVENTS = """
INSERT INTO audit_events (at, action, actor_id, user_id, ip, user_agent, detail)
SELECT now() - (n * 1.0 / %(events)s) * interval '730 days', 'user.logged_in', md5(n::text), md5(n::text), '127.0.0.1', 'bench', '{}'
FROM generate_series(%(events)s, 1, -1) AS n
"""
DELETION = """
import json, sys, time
import audit, database
from operations import cleanup
database.tables_are_present()
for line in sys.stdin:
    until, total = time.monotonic() + float(line), 0
    while time.monotonic() < until:
        with database.transaction() as db:
            total += audit.delete_expired(db, cleanup.BATCH)
    print(json.dumps(total), flush=True)
"""
STATE = """
SELECT n_live_tup, n_dead_tup, autovacuum_count, pg_total_relation_size(relid) / 1e6
FROM pg_stat_user_tables WHERE relname = 'audit_events'
"""


def run(postgres: Postgres, make: Any, events: int) -> dict[str, Any]:
    """Send requests with and without a deletion beside them, in interleaved rounds.

    make: returns a service with few accounts, whose own cleanup deletes no audit events.
    """
    measuring.ENVIRONMENT["AUDIT_RETENTION_DAYS"] = "0"
    service = make()
    try:
        with contextlib.closing(psycopg2.connect(service.database)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(EVENTS, {"events": events})
            cursor.execute("VACUUM ANALYZE audit_events")
            cursor.execute("CHECKPOINT")
            return _measured(service, cursor, events)
    finally:
        service.process.kill()


def _measured(service: Any, cursor: Any, events: int) -> dict[str, Any]:
    environment = environment_of(
        service.postgres.home,
        DATABASE_URL=service.database,
        **measuring.ENVIRONMENT | {"AUDIT_RETENTION_DAYS": "365"},
    )
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    deletion = subprocess.Popen([sys.executable, "-c", DELETION], cwd=PROJECT, env=environment, **pipes)
    assert deletion.stdin and deletion.stdout
    alone, beside, deleted = [], [], []
    before = _state(cursor)
    try:
        _requests(service, 1)
        for _ in range(ROUNDS):
            alone.append(_requests(service, SECONDS))
            deletion.stdin.write(f"{SECONDS}\n")
            deletion.stdin.flush()
            beside.append(_requests(service, SECONDS))
            deleted.append(json.loads(deletion.stdout.readline()))
            assert deleted[-1], "no event is due any more: begin with more of them"
    finally:
        deletion.kill()
    after = _state(cursor)
    until = time.monotonic() + 60  # for the last autovacuum: 20 per cent of the table may be dead before it runs
    while time.monotonic() < until and _state(cursor)["dead"] > 0.2 * after["live"]:
        time.sleep(2)
    report = {
        "events": events,
        "deleted": deleted,
        "alone": _medians(alone),
        "beside": _medians(beside),
        "before": before,
        "after": after,
        "after_a_minute": _state(cursor),
    }
    print(json.dumps(report, indent=2), flush=True)
    return report


def _state(cursor: Any) -> dict[str, Any]:
    time.sleep(1.1)  # PostgreSQL publishes its statistics once a second
    cursor.execute(STATE)
    live, dead, vacuums, megabytes = cursor.fetchone()
    return {"live": live, "dead": dead, "autovacuums": vacuums, "megabytes": round(float(megabytes))}


def _requests(service: Any, seconds: float) -> dict[str, float]:
    """Send GET /users/me for some seconds, and return the milliseconds of its median, its 99th percentile and its CPU."""
    headers, times = {"Authorization": f"Bearer {service.tokens[0]['access_token']}"}, []
    server = service.processes()[0]
    used, until = cpu_of(server), time.perf_counter() + seconds
    while time.perf_counter() < until:
        begun = time.perf_counter()
        service.send("GET", "/users/me", headers=headers)
        times.append(time.perf_counter() - begun)
        time.sleep(max(0.0, PAUSE - times[-1]))
    cpu = (cpu_of(server) - used) / len(times)
    percentiles = statistics.quantiles(times, n=100)
    return {"median_ms": percentiles[49] * 1000, "p99_ms": percentiles[98] * 1000, "cpu_ms": cpu * 1000}


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}
