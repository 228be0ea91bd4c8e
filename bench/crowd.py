"""Simulate the concurrent users of chaos.py: each acts at random and records acknowledged writes and violations."""

import random
import threading
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2

from people import at_once, new_email, new_password, token_in

ACCESS_TOKEN_SECONDS = 900
RESPONSE_TIMEOUT_SECONDS = 30
VERIFY = "Verify your email address for Credential Management Service"
RESET, CHANGED = "Reset your password", "Your password has changed"


class World:
    """The state that all users share: the service's URL and clock, the requests sent, and the violations found."""

    def __init__(self, url: str, mailbox: Any) -> None:
        self.url, self.mailbox = url, mailbox
        self.service_token, self.admins = "", []
        self.moved = 0.0  # seconds that the service's clock is ahead
        self.brisk = True  # only actions without email
        self.over = threading.Event()
        self.open = threading.Event()  # closed while the clock is moved
        self.open.set()
        self.lock = threading.Lock()
        self.under_way = 0
        self.answers: list[tuple[float, str, int | str]] = []  # time, request, and status or name of the error
        self.violations: list[str] = []
        self.accounts: list[Account] = []
        self.promised: Counter[tuple[str, str]] = Counter()  # emails by email address and subject
        self.redeemed: Counter[str] = Counter()  # one-time tokens, by how often they were accepted

    def now(self) -> float:
        return time.time() + self.moved

    def begins(self) -> None:
        while True:
            self.open.wait()
            with self.lock:
                if self.open.is_set():
                    self.under_way += 1
                    return

    def ends(self, what: str, outcome: int | str) -> None:
        with self.lock:
            self.under_way -= 1
            self.answers.append((time.monotonic(), what, outcome))

    def violated(self, what: str) -> None:
        with self.lock:
            self.violations.append(what)


@dataclass
class Session:
    access: str
    refresh: str
    expires: float
    sure: bool = True  # whether it is surely active: no request that might have ended it failed


@dataclass
class Account:
    email: str
    passwords: list[str]  # several if it is unknown which one is current
    user_id: str = ""
    there: bool = True
    verified: bool = False  # whether it is surely verified, so that notices must arrive
    sessions: list[Session] = field(default_factory=list)
    used: list[tuple[str, str]] = field(default_factory=list)  # links that were accepted once


class TestUser(threading.Thread):
    """A thread that acts as one user after another."""

    def __init__(self, world: World, seed: str) -> None:
        super().__init__(name=seed, daemon=True)
        self.world, self.random = world, random.Random(seed)
        self.http = httpx2.Client(base_url=world.url, timeout=RESPONSE_TIMEOUT_SECONDS, trust_env=False, verify=False)
        self.mine: list[Account] = []

    def run(self) -> None:
        acts = [
            (self.signs_up, 2), (self.logs_in, 3), (self.looks, 12), (self.refreshes, 6), (self.logs_out, 1),
            (self.changes_the_password, 1), (self.resets, 2), (self.proves, 2), (self.is_asked_about, 2),
            (self.deletes, 0.3), (self.administers, 0.5),
        ]  # fmt: skip
        while not self.world.over.is_set():
            some = acts[:4] if self.world.brisk else acts
            (act,) = self.random.choices([act for act, _ in some], [weight for _, weight in some])
            try:
                act()
            except Exception as error:
                self.world.violated(f"{act.__name__} broke off: {error!r}")

    # ----------------------------------------------------------------------------------------------------------- calls

    def call(
        self, what: str, expected: set[int], json: Any = None, token: str = "", session: Session | None = None
    ) -> Any:
        """Send a request and return its response, or None if the outcome is uncertain: 503, 429, or a broken connection.

        The token of `session` is sent. 401 is also allowed if it has expired or its state is unknown.
        """
        method, path = what.split(" ")
        self.world.begins()
        if session:
            token = session.access
            expected = expected if self.lives(session) else expected | {401}
        outcome: int | str = "?"
        try:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = self.http.request(method, path, json=json, headers=headers)
            outcome = answer.status_code
        except httpx2.HTTPError as error:
            outcome = type(error).__name__
            return None
        finally:
            self.world.ends(what, outcome)
        if outcome in (429, 503):
            return None
        if outcome not in expected:
            self.world.violated(f"{what} -> {outcome}, expected {sorted(expected)}: {answer.text[:200]}")
            return None
        return answer

    def several(self, number: int, call: Any) -> list[Any]:
        """Send the same request several times concurrently, each on its own connection."""
        return at_once(*[lambda n=n: call(n) for n in range(number)])

    def account(self) -> Account | None:
        return self.random.choice(self.mine) if self.mine else None

    def session(self) -> tuple[Account, Session] | None:
        account = self.account()
        return (account, self.random.choice(account.sessions)) if account and account.sessions else None

    def remember(self, account: Account, answer: Any) -> Session:
        said = answer.json()
        account.user_id = said["user_id"]
        session = Session(said["access_token"], said["refresh_token"], self.world.now() + ACCESS_TOKEN_SECONDS - 5)
        account.sessions.append(session)
        return session

    def lives(self, session: Session) -> bool:
        return session.sure and self.world.now() < session.expires

    def unsure(self, account: Account) -> None:
        for session in account.sessions:
            session.sure = False

    # ------------------------------------------------------------------------------------------------------------ acts

    def signs_up(self) -> None:
        account = Account(new_email(), [new_password()])
        body = {"email": account.email, "username": "Alice", "password": account.passwords[0]}
        answer = self.call("POST /auth/signup", {201}, body)
        for _ in range(20):
            if answer is not None or self.world.over.is_set():
                break
            time.sleep(0.3)
            answer = self.call("POST /auth/signup", {201, 409}, body)  # the first attempt may have succeeded
        if answer is None:
            return
        if answer.status_code == 201:
            self.remember(account, answer)
        with self.world.lock:
            self.world.promised[account.email, VERIFY] += 1
            self.world.accounts.append(account)
        self.mine.append(account)

    def logs_in(self) -> None:
        if account := self.account():
            self.log_in(account)

    def log_in(self, account: Account) -> Session | None:
        for password in list(account.passwords):
            last = password == account.passwords[-1]
            answer = self.call(
                "POST /auth/login", {200} if last else {200, 401}, {"email": account.email, "password": password}
            )
            if answer is None:
                return None
            if answer.status_code == 200:
                account.passwords = [password]
                return self.remember(account, answer)
            account.passwords = [other for other in account.passwords if other != password]
        return None

    def looks(self) -> None:
        if found := self.session():
            path = self.random.choice(["/users/me", "/users/me", "/users/me/sessions", "/users/me/activity"])
            answer = self.call(f"GET {path}", {200}, session=found[1])
            if answer is not None and answer.status_code == 401 and not found[1].sure:
                found[0].sessions.remove(found[1])

    def refreshes(self) -> None:
        if not (found := self.session()):
            return
        account, session = found
        expected = {200} if session.sure else {200, 401}
        tabs = self.random.choice([1, 1, 2, 3])
        body = {"refresh_token": session.refresh}
        answers = self.several(tabs, lambda _n: self.call("POST /auth/refresh", expected, body))
        good = [answer.json() for answer in answers if answer is not None and answer.status_code == 200]
        if len({said["refresh_token"] for said in good}) > 1:
            self.world.violated("one refresh token has two successors")
        account.sessions.remove(session)
        if good:
            self.remember(
                account, next(a for a in answers if a is not None and a.status_code == 200)
            ).sure = session.sure
        elif None in answers:
            session.sure = False
            account.sessions.append(session)

    def logs_out(self) -> None:
        if not (found := self.session()):
            return
        account, session = found
        answer = self.call("POST /auth/logout", {204}, session=session)
        if answer is None:
            session.sure = False
        else:
            account.sessions.remove(session)
            if answer.status_code == 204:
                self.call("GET /users/me", {401}, token=session.access)
                self.call("POST /auth/refresh", {401}, {"refresh_token": session.refresh})

    def changes_the_password(self) -> None:
        found = self.session()
        if not found or len(found[0].passwords) > 1:
            return
        (account, session), new = found, new_password()
        body = {"old_password": account.passwords[0], "new_password": new}
        answer = self.call("POST /auth/change-password", {200}, body, session=session)
        if answer is None:
            account.passwords = [*account.passwords, new]
            self.unsure(account)
        elif answer.status_code == 200:
            account.passwords, account.sessions = [new], [session]
            if account.verified:
                with self.world.lock:
                    self.world.promised[account.email, CHANGED] += 1

    def resets(self) -> None:
        account = self.account()
        if not account:
            return
        if self.call("POST /auth/reset-password/request", {202}, {"email": account.email}) is None:
            return
        with self.world.lock:
            self.world.promised[account.email, RESET] += 1
        token = self.link(account, RESET)
        if not token:
            return
        new = [new_password() for _ in range(3)]
        answers = self.shows("/auth/reset-password/confirm", token, [{"new_password": password} for password in new])
        accepted = [password for password, answer in zip(new, answers, strict=True) if answer == 200]
        if accepted:
            account.passwords, account.sessions, account.verified = accepted[-1:], [], True
            account.used.append(("/auth/reset-password/confirm", token))
            with self.world.lock:
                self.world.promised[account.email, CHANGED] += 1
        elif None in answers:
            maybe = [password for password, answer in zip(new, answers, strict=True) if answer is None]
            account.passwords = [*account.passwords, *maybe]
            self.unsure(account)

    def proves(self) -> None:
        account = self.account()
        token = self.link(account, VERIFY) if account else None
        if account and token:
            answers = self.shows("/auth/verify-email", token, [{}] * 3)
            account.verified = account.verified or 200 in answers
            if 200 in answers or None in answers:
                self.unsure(account)  # sessions from before the verification have ended

    def link(self, account: Account, subject: str) -> str | None:
        """Return the newest link of a kind, or sometimes a used one, which must be rejected."""
        if account.used and self.random.random() < 0.3:
            path, token = self.random.choice(account.used)
            self.shows(path, token, [{"new_password": new_password()}])
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            mails = [
                mail.message
                for mail in self.world.mailbox._mails[-3000:]
                if account.email in mail.recipients and mail.message["subject"] == subject
            ]
            if mails:
                return token_in(mails[-1])
            time.sleep(0.1)
        return None

    def shows(self, path: str, token: str, bodies: list[dict[str, str]]) -> list[int | None]:
        def show(number: int) -> int | None:
            answer = self.call(f"POST {path}", {200, 400}, {"token": urllib.parse.unquote(token), **bodies[number]})
            return None if answer is None else answer.status_code

        statuses = self.several(len(bodies), show)
        with self.world.lock:
            self.world.redeemed[token] += statuses.count(200)
        return statuses

    def is_asked_about(self) -> None:
        if found := self.session():
            session = found[1]
            answer = self.call("POST /internal/introspect", {200}, {"token": session.access}, self.world.service_token)
            if answer is not None and self.lives(session) and answer.json()["active"] is not True:
                self.world.violated("another service was told that a session that lives does not")

    def deletes(self) -> None:
        found = self.session()
        if not found or len(found[0].passwords) > 1:
            return
        account, session = found
        answer = self.call("DELETE /users/me", {204}, {"password": account.passwords[0]}, session=session)
        if answer is None or answer.status_code == 204:
            account.there = False
            self.mine.remove(account)
        if answer is not None and answer.status_code == 204:
            self.call("POST /auth/login", {401}, {"email": account.email, "password": account.passwords[0]})

    def administers(self) -> None:
        """Let superusers remove each other's role concurrently, and restore it."""
        if not self.world.admins:
            return
        pair = self.random.sample(self.world.admins, 2)
        sessions = [self.admins_session(admin) for admin in pair]

        def gives(number: int, roles: list[str]) -> None:
            whom = pair[1 - number].user_id
            self.call(f"PUT /admin/users/{whom}/roles", {200, 403, 409}, {"roles": roles}, session=sessions[number])

        if None not in sessions:
            at_once(lambda: gives(0, ["user"]), lambda: gives(1, ["user"]))
            for number in (0, 1):
                gives(number, ["user", "superuser"])
            self.call("GET /admin/users?limit=5", {200, 403}, session=sessions[0])

    def admins_session(self, admin: Account) -> Session | None:
        with self.world.lock:
            alive = [s for s in admin.sessions if self.world.now() < s.expires]
        return alive[-1] if alive else self.log_in(admin)
