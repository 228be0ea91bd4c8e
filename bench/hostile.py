#!/usr/bin/env python3
"""Send generated requests to every endpoint until the time is over. The service must respond to each, never with a 5xx.

python bench/hostile.py [--minutes 120] [--postgres]
"""

import argparse
import collections
import json
import secrets
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import generated
from people import Person
from servers import Mailbox, Postgres, Process

EXAMPLES = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=120, help="default: 120")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own in place of SQLite")
    options = parser.parse_args()
    folder, token = Path(tempfile.mkdtemp(prefix="hostile-")), secrets.token_urlsafe(32)
    cluster, mailbox = Postgres() if options.postgres else None, Mailbox()
    url = {"DATABASE_URL": cluster.new_database()} if cluster else {}
    service = Process(folder, mailbox=mailbox, INTERNAL_SERVICE_TOKEN=token, LOG_LEVEL="WARNING", **url)
    counts: collections.Counter[int] = collections.Counter()
    try:
        attack(service, token, time.monotonic() + options.minutes * 60, counts)
    finally:
        service.kill()
        mailbox.close()
        if cluster:
            cluster.close()
        print("answers by status:", dict(sorted(counts.items())))


def attack(service: Process, token: str, until: float, counts: collections.Counter[int]) -> None:
    with urllib.request.urlopen(f"{service.url}/openapi.json", timeout=30) as document:
        operations = generated.operations(json.load(document))

    def seen(answer: Any) -> None:
        counts[answer.status_code] += 1
        assert answer.status_code < 500, f"{answer.request.method} {answer.request.url}: {answer.text[:500]}"

    while time.monotonic() < until:
        for operation in operations.values():
            person = Person(service, "alice")
            assert person.sign_up().status_code == 201
            generated.send(operation, person, token, EXAMPLES, random=True, seen=seen)
            if time.monotonic() > until:
                break
        print(f"{sum(counts.values())} requests", flush=True)


if __name__ == "__main__":
    main()
