"""Measure administrative queries with 100,000 accounts against 1,000, in milliseconds and as ratios.

    python bench/administration.py [accounts]

It starts PostgreSQL and the service, imports accounts from a file, sends requests one after another over HTTP, and takes
the median. The ratios depend little on the machine.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import httpx2

from servers import Postgres, Process

FEW, REPEATS = 1000, 40
PASSWORD = "a benchmark, nothing else"


def write_accounts(path: Path, first: int, last: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, last):
            line = {
                "email": f"{number:06d}.person@{('example.com', 'example.org')[number % 2]}",
                "user_id": f"id-{number * 7919 % 1_000_003:07d}",
                "username": f"Person {number}",
                "is_active": number % 20 > 0,
                "is_verified": number % 3 > 0,
                "roles": ["user", "admin"] if number % 1000 == 0 else ["user"],
            }
            file.write(json.dumps(line) + "\n")


def run_manage(service: Process, *arguments: str) -> float:
    """Run a command and return the seconds that it takes."""
    begun = time.perf_counter()
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    subprocess.run(command, env=service.environment, cwd=service.folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def questions(client: httpx2.Client) -> dict[str, Callable[[], Any]]:
    def ask(path: str, **params: Any) -> Callable[[], Any]:
        return lambda: client.get(path, params=params).raise_for_status().json()

    page = ask("/admin/users")()
    for _ in range(15):
        page = ask("/admin/users", cursor=page["next_cursor"])()
    event = ask("/admin/audit")()
    return {
        "first page": ask("/admin/users"),
        "16th page": ask("/admin/users", cursor=page["next_cursor"]),
        "active": ask("/admin/users", is_active=True),
        "disabled": ask("/admin/users", is_active=False),
        "administrators": ask("/admin/users", role="admin"),
        "search by address": ask("/admin/users", query="000777.person@"),
        "search by name": ask("/admin/users", query="person 77"),
        "search by id": ask("/admin/users", query="id-000777"),
        "search for nobody": ask("/admin/users", query="nobody at all"),
        "one account": ask("/admin/users/suvodutta"),
        "roles": ask("/admin/roles"),
        "trail": ask("/admin/audit"),
        "trail, next page": ask("/admin/audit", cursor=event["next_cursor"]),
        "trail of one": ask("/admin/audit", user_id="suvodutta"),
        "trail, one action": ask("/admin/audit", action="user.logged_in"),
        "trail, last hour": ask("/admin/audit", since=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))),
        "stats": ask("/admin/stats"),
        "everybody with the role user": ask("/admin/users", role="user"),
        "search that finds half of all": ask("/admin/users", query="person"),
    }  # fmt: skip


def milliseconds(question: Callable[[], Any]) -> float:
    question()
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        question()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("accounts", nargs="?", type=int, default=100_000, help="number of accounts (100,000)")
    many = parser.parse_args().accounts
    postgres = Postgres()
    with tempfile.TemporaryDirectory() as folder:
        service = Process(Path(folder), DATABASE_URL=postgres.new_database(), SUPERUSER_PASSWORD=PASSWORD, LOG_LEVEL="WARNING")  # fmt: skip
        try:
            measure(service, many)
        finally:
            service.kill()
            postgres.close()


def measure(service: Process, many: int) -> None:
    client = httpx2.Client(base_url=service.url, timeout=60, trust_env=False)
    login = {"email": "suvodutta.isme@gmail.com", "password": PASSWORD}
    client.headers["Authorization"] = f"Bearer {client.post('/auth/login', json=login).json()['access_token']}"
    file = service.folder / "accounts.jsonl"
    write_accounts(file, 0, FEW)
    run_manage(service, "import-users", str(file))
    base = milliseconds(questions(client)["first page"])
    print(f"first page with {FEW} accounts: {base:.1f} ms")
    write_accounts(file, FEW, many)
    seconds = run_manage(service, "import-users", str(file))
    print(f"import of {many - FEW} accounts: {seconds:.0f} s, {(many - FEW) / seconds:.0f} a second")
    time.sleep(5)
    print(f"\nwith {many} accounts        ms   ratio")
    for name, question in questions(client).items():
        took = milliseconds(question)
        print(f"{name:30} {took:5.1f}   {took / base:4.2f}")


if __name__ == "__main__":
    main()
