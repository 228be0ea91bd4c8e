#!/usr/bin/env python3
"""Inject faults while concurrent users use two workers, and check that no acknowledged write or email was lost.

It starts PostgreSQL, Valkey, an SMTP server and the service with two workers. Users sign up, log in, refresh and reset
passwords, while a worker or the database is killed (kill -9), the mail server or Redis is down, or the clock is moved:

    python bench/chaos.py --seed 1 [--minutes 5] [--steady-clock]

A webhook and a consumer of the event feed follow all events, while the receiver of the webhook is killed too. Every event
must arrive at least once, and in order for each account. With `--steady-clock` the clock is not moved, and the order of
deliveries is checked too: a jump ends the leases of deliveries early.

The seed determines what each user and each fault does, but not how they interleave.
"""

import argparse
import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]
os.environ.setdefault("ENV_FILE", os.devnull)

from crowd import CHANGED, RESET, VERIFY, Account, TestUser
from followers import Followers
from stage import Stage, is_zombie

PEOPLE = 8
STEADY = 10.0  # seconds of each of the first two parts
FEWEST_CALLS = 700  # before and after each measured fault
MOST_THE_CLOCK_MOVES = 5400.0  # less than the two hours for which a link is valid here

# --------------------------------------------------------------------------------------------------------------- faults


def kill_a_worker(stage: Stage, chance: random.Random) -> str:
    alive = stage.workers()
    if len(alive) < 2:
        return "no worker killed: one had not come back yet"
    os.kill(chance.choice(alive), signal.SIGKILL)
    return "a worker killed"


def kill_the_database(stage: Stage, chance: random.Random) -> str:
    postmaster = int((stage.database.home / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while not is_zombie(postmaster) or any(not is_zombie(int(pid)) for pid in children):
        time.sleep(0.02)
    away = chance.uniform(0.5, 2.5)
    time.sleep(away)
    return f"the database killed, away for {away:.1f} s, {comes_back(stage):.2f} s until a good answer"


def comes_back(stage: Stage) -> float:
    """Start the database and return the seconds until a request succeeds."""
    while True:
        with contextlib.suppress(AssertionError):  # a process of the previous database may still be running
            stage.database.start()
            break
    world, begun, first = stage.world, time.monotonic(), len(stage.world.answers)
    while not any(isinstance(outcome, int) and outcome < 300 for _, _, outcome in world.answers[first:]):
        time.sleep(0.01)
    took = time.monotonic() - begun
    if took > 2:
        world.violated(f"good answers only {took:.1f} s after the database was back")
    return took


def freeze_the_database(stage: Stage, chance: random.Random) -> str:
    silent = chance.uniform(1, 6)
    with stage.database.frozen():
        time.sleep(silent)
    return f"the database silent for {silent:.1f} s"


def mail_away(stage: Stage, chance: random.Random) -> str:
    away = chance.uniform(5, 60)
    stage.mailbox.close()
    later(away, stage.mailbox.open)
    return f"the mail server away for {away:.0f} s"


def redis_away(stage: Stage, chance: random.Random) -> str:
    away = chance.uniform(1, 10)
    stage.redis.stops()
    later(away, stage.redis.starts)
    return f"Redis away for {away:.0f} s"


def move_the_clock(stage: Stage, chance: random.Random) -> str:
    seconds = chance.choice([-3.0, -1.0, 5.0, 60.0, 300.0, 1000.0])
    if stage.world.moved + seconds > MOST_THE_CLOCK_MOVES or not stage.move_clock(seconds):
        return "the clock left as it is"
    return f"the clock moved by {seconds:+.0f} s"


_later: list[threading.Timer] = []


def later(seconds: float, what: Callable[[], None]) -> None:
    _later.append(threading.Timer(seconds, what))
    _later[-1].start()


def is_under_way(what: Callable[[], None]) -> bool:
    return any(timer.is_alive() and timer.function == what for timer in _later)


def receiver_away(followers: Followers, chance: random.Random) -> str:
    away = chance.uniform(0.5, 4)
    followers.kill_receiver()
    later(away, followers.start_receiver)
    return f"the receiver of webhooks killed, away for {away:.1f} s"


def all_at_random(
    stage: Stage, followers: Followers, chance: random.Random, until: float, steady_clock: bool
) -> Iterator[str]:
    def kill_the_receiver(_stage: Stage, chance: random.Random) -> str:
        return receiver_away(followers, chance)

    faults = [kill_a_worker, kill_the_database, freeze_the_database, mail_away, redis_away, kill_the_receiver]
    faults += [] if steady_clock else [move_the_clock]
    while time.monotonic() < until:
        time.sleep(min(chance.uniform(1, 4), max(0, until - time.monotonic())))
        fault = chance.choice(faults)
        if fault is mail_away and is_under_way(stage.mailbox.open):
            continue
        if fault is redis_away and is_under_way(stage.redis.starts):
            continue
        if fault is kill_the_receiver and is_under_way(followers.start_receiver):
            continue
        yield fault(stage, chance)


# ------------------------------------------------------------------------------------------------------------ the parts


def measured(stage: Stage, title: str, fault: Callable[[], str]) -> Counter[int | str]:
    """Apply steady load with one fault in the middle, and return the number of requests by outcome."""
    first = len(stage.world.answers)
    passes_by(stage, STEADY / 2)
    said = fault()
    passes_by(stage, STEADY / 2)
    counts = Counter(outcome for _, _, outcome in stage.world.answers[first:])
    print(f"{title}: {said}\n    {dict(counts)}", flush=True)
    return counts


def passes_by(stage: Stage, seconds: float) -> None:
    """Wait this long, and on a slow machine until enough requests were sent."""
    enough, until = len(stage.world.answers) + FEWEST_CALLS, time.monotonic() + seconds
    while time.monotonic() < until or len(stage.world.answers) < enough:
        time.sleep(0.05)


def broken(counts: Counter[int | str]) -> float:
    """Return the share of requests that failed with a 5xx or without a response."""
    bad = sum(n for outcome, n in counts.items() if isinstance(outcome, str) or outcome >= 500)
    return bad / max(1, counts.total())


def run(stage: Stage, followers: Followers, options: argparse.Namespace) -> None:
    seed, seconds = options.seed, options.minutes * 60
    world, chance = stage.world, random.Random(seed)
    make_superusers(stage)
    stage.ask(WITHDRAWN)
    followers.begin()
    people = [TestUser(world, f"{seed}-{number}") for number in range(PEOPLE)]
    for person in people:
        person.start()
    begun = time.monotonic()
    share = broken(measured(stage, "One of two workers", lambda: kill_a_worker(stage, chance)))
    print(f"    {share:.2%} of the calls failed")
    if share >= 0.01:
        world.violated(f"killing a worker cost {share:.2%} of the calls")
    counts = measured(stage, "The database", lambda: kill_the_database(stage, chance))
    if odd := [outcome for outcome in counts if isinstance(outcome, str) or (outcome >= 500 and outcome != 503)]:
        world.violated(f"while the database was away, a user got {odd}")
    world.brisk = False
    for said in all_at_random(stage, followers, chance, begun + seconds, options.steady_clock):
        print(f"{time.monotonic() - begun:5.0f} s  {said}", flush=True)
    world.over.set()
    for person in people:
        person.join(60)
        if person.is_alive():
            world.violated(f"{person.name} still waits for an answer")


def make_superusers(stage: Stage) -> None:
    world = stage.world
    someone = TestUser(world, "first")
    root = Account("root@example.com", [stage.root])
    session = someone.log_in(root)
    assert session
    for _ in range(2):
        someone.signs_up()
        made = someone.mine[-1]
        roles = {"roles": ["user", "superuser"]}
        assert someone.call(f"PUT /admin/users/{made.user_id}/roles", {200}, roles, session.access)
    world.admins = [root, *someone.mine]


# ------------------------------------------------------------------------------------------------------- what must hold


def check(stage: Stage, followers: Followers) -> None:
    world = stage.world
    for timer in _later:
        if timer.is_alive():  # end the fault now
            timer.cancel()
            timer.function()
    stage.service.wait_until(200)
    world.over.clear()
    followers.check()
    mails_are_there(stage)
    checker = TestUser(world, "checker")
    there = [account for account in world.accounts if account.there]
    logged_in = 0
    for account in there:
        if checker.log_in(account) is None:
            world.violated("an acknowledged account cannot log in")
        logged_in += 1
    print(f"{logged_in} of {len(world.accounts)} accounts logged in; the others were deleted")
    twice = sum(times > 1 for times in world.redeemed.values())
    print(
        f"{len(world.redeemed)} one-time tokens shown, {sum(world.redeemed.values())} accepted, {twice} more than once"
    )
    if twice:
        world.violated(f"{twice} one-time tokens were accepted more than once")
    one_live_token_a_session(stage, checker, there[:40])
    ((superusers,),) = stage.ask("SELECT count(*) FROM user_roles JOIN users ON id = account_id WHERE role = 'superuser' AND is_active")  # fmt: skip
    print(f"{superusers} superusers are left")
    if not superusers:
        world.violated("no superuser is left")
    addresses = "SELECT count(*) - count(DISTINCT canonical_email) FROM users"
    if stage.ask(addresses) != [(0,)]:
        world.violated("an address has two accounts")


# A digest of notices waits for its hour.
WAITING = """
SELECT count(*) FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL AND template <> 'more_notices'
"""
# Emails whose link expired before they were sent are withdrawn, and do not count as lost.
WITHDRAWN = """
CREATE TABLE withdrawn (recipient text, template text);
CREATE FUNCTION note_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL THEN INSERT INTO withdrawn VALUES (OLD.recipient, OLD.template); END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER note_withdrawn AFTER DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION note_withdrawn();
SELECT 1
"""
SUBJECTS = {"verify_email": VERIFY, "reset_password": RESET, "password_changed": CHANGED}
SECONDS_FOR_A_MAIL = 30


def mails_are_there(stage: Stage) -> None:
    stage.move_clock(700)  # past every delay and lease
    left = stage.ask(WAITING)
    deadline = time.monotonic() + SECONDS_FOR_A_MAIL
    while left != [(0,)]:
        time.sleep(0.2)
        if (now := stage.ask(WAITING)) != left:
            left, deadline = now, time.monotonic() + SECONDS_FOR_A_MAIL
        if time.monotonic() > deadline:
            stage.world.violated(f"{left[0][0]} mails wait, and none goes out")
            break
    arrived = Counter((mail.recipients[0], mail.message["subject"]) for mail in stage.mailbox._mails)
    for recipient, template in stage.ask("SELECT recipient, template FROM withdrawn"):
        arrived[recipient, SUBJECTS.get(template, template)] += 1
    there = {account.email for account in stage.world.accounts if account.there}
    promised = {key: times for key, times in stage.world.promised.items() if key[0] in there}
    missing = {key: times - arrived[key] for key, times in promised.items() if arrived[key] < times}
    print(f"{sum(promised.values())} mails promised, {sum(missing.values())} missing, {arrived.total()} delivered")
    if missing:
        stage.world.violated(f"mails are missing: {list(missing.items())[:3]}")


def one_live_token_a_session(stage: Stage, checker: TestUser, accounts: list[Account]) -> None:
    """Check that the newest refresh token works, also twice concurrently, and that reuse of an older one ends the session."""
    old, new = [], []
    for account in accounts:
        session = account.sessions[-1]
        answers = checker.several(2, lambda _n, s=session: checker.call("POST /auth/refresh", {200}, {"refresh_token": s.refresh}))  # fmt: skip
        if successors := {answer.json()["refresh_token"] for answer in answers if answer is not None}:
            old.append(session.refresh)
            new += successors
    if len(new) != len(accounts):
        stage.world.violated(f"{len(accounts)} sessions have {len(new)} live tokens")
    stage.move_clock(30)
    for token in (*old, *new):
        checker.call("POST /auth/refresh", {401}, {"refresh_token": token})
    print(f"{len(accounts)} sessions had one live token each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(10**6),
        help="what the users do and what is killed when; random by default",
    )
    parser.add_argument("--minutes", type=float, default=0.5, help="of load; default: 0.5")
    parser.add_argument("--steady-clock", action="store_true", help="without moving the clock of the service")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.minutes:g} minutes", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    stage = Stage()
    followers = Followers(stage)
    try:
        run(stage, followers, options)
        check(stage, followers)
        world = stage.world
        print(f"{len(world.answers)} calls:", dict(Counter(str(outcome) for _, _, outcome in world.answers)))
        log = stage.service.log.read_text()
        if traces := log.count("Traceback"):
            world.violated(f"{traces} tracebacks in the log, {stage.service.log}")
    finally:
        followers.ends()
        stage.ends()
    for violation, times in Counter(world.violations).most_common(20):
        print(f"VIOLATED {times}x: {violation}")
    print(f"seed {options.seed}: {'passed' if not world.violations else 'failed'}")
    sys.exit(bool(world.violations))


if __name__ == "__main__":
    main()
