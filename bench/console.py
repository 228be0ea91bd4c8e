"""Measure the pages of the administration console with 100,000 users on PostgreSQL, in milliseconds.

    python bench/console.py [accounts]

It starts PostgreSQL and the service, imports accounts, writes audit events of 30 days, opens each page repeatedly, and
takes the median of the times over HTTP. It fails if a page takes longer than 100 ms.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]

import httpx2
import psycopg2

from administration import PASSWORD, Postgres, Process, milliseconds, run_manage, write_accounts

LIMIT = 100  # milliseconds
EVENTS = """
INSERT INTO audit_events (at, action, user_id, actor_id, ip, user_agent, detail)
SELECT now() - random() * interval '30 days', action, user_id, NULL, '203.0.113.9', 'Mozilla/5.0', '{}'
FROM (SELECT user_id, unnest(ARRAY['user.logged_in', 'user.logged_in', 'user.login_failed']) AS action FROM users) AS chosen
"""
EMAILS = """
INSERT INTO outbox (account_id, template, priority, recipient, context, created_at, queued_at, due_at, attempts, sent_at)
SELECT id, 'verify_email', 0, email, '{}', now(), now(), now(), 1, now() FROM users
"""
CONSOLE = "/admin/console"
PAGES = {
    "overview": "", "users": "/users", "users by role": "/users?role=admin", "disabled users": "/users?is_active=false",
    "search by email address": "/users?query=000777.person", "search by name": "/users?query=person+77",
    "search that finds all": "/users?query=person", "a user": "/users/suvodutta", "a user's roles": "/users/suvodutta/roles",
    "roles": "/roles", "audit log": "/audit", "audit log of one event": "/audit?action=user.logged_in",
    "audit log of a user": "/audit?user_id=suvodutta", "failed emails": "/emails", "waiting emails": "/emails?state=waiting",
    "sent emails": "/emails?state=sent", "signing keys": "/keys", "settings": "/settings", "import": "/import",
}  # fmt: skip


def fill(service: Process, url: str, many: int) -> None:
    file = service.folder / "accounts.jsonl"
    write_accounts(file, 0, many)
    run_manage(service, "import-users", str(file))
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(EVENTS)
        cursor.execute(EMAILS)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE")
    connection.close()


def measure(service: Process) -> bool:
    """Print the median time of each page, and return whether all are below the limit."""
    client = httpx2.Client(base_url=service.url, timeout=60, trust_env=False, headers={"Sec-Fetch-Site": "same-origin"})
    login = {"email": "suvodutta.isme@gmail.com", "password": PASSWORD}
    assert client.post("/login", data=login).status_code == 303
    slow = []
    for name, path in PAGES.items():
        begun = time.perf_counter()
        first = client.get(CONSOLE + path)
        cold = (time.perf_counter() - begun) * 1000
        assert first.status_code == 200, (name, first.status_code)
        took = milliseconds(lambda path=path: client.get(CONSOLE + path).raise_for_status())
        print(f"{name:26} {took:6.1f} ms   first request {cold:6.1f} ms")
        slow += [name] if took > LIMIT else []
    return not slow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("accounts", nargs="?", type=int, default=100_000, help="number of accounts (100,000)")
    many = parser.parse_args().accounts
    postgres = Postgres()
    url = postgres.new_database()
    with tempfile.TemporaryDirectory() as folder:
        service = Process(Path(folder), DATABASE_URL=url, SUPERUSER_PASSWORD=PASSWORD, LOG_LEVEL="WARNING", HOSTED_PAGES="true", RATE_LIMIT_ENABLED="false")  # fmt: skip
        try:
            fill(service, url, many)
            fast = measure(service)
        finally:
            service.kill()
            postgres.close()
    sys.exit(0 if fast else 1)


if __name__ == "__main__":
    main()
