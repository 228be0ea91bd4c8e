"""Secrets are not disclosed: run many requests, with failures, and search every output for every secret."""

import json
import re
import secrets
from pathlib import Path

import psycopg2
import pytest

import people
from people import Client, Person, another_code, code_in, new_email, token_in
from servers import Mailbox

HANDED_OUT = ("access_token", "refresh_token")


def canary(name: str) -> str:
    return f"{name}-{secrets.token_urlsafe(36)}"


class Journey:
    """Run the requests; return the outputs, and the secrets used."""

    def __init__(self, service, monkeypatch):
        self.service, self.answers = service, []
        self.passwords, self.handed_out, self.mailed = [], [], []
        monkeypatch.setattr(people, "checked", self._heard)

    def _heard(self, response, _sent, _allowed):
        self.answers.append(response)
        if response.headers["content-type"] == "application/json":
            body = response.json()
            self.handed_out += [body[name] for name in HANDED_OUT if isinstance(body, dict) and body.get(name)]
        return response

    def password(self) -> str:
        self.passwords.append(canary("password"))
        return self.passwords[-1]

    def mailed_in(self, mail, *pages) -> list[str]:
        found = [token_in(mail, page) for page in pages]
        self.mailed += found
        return found

    def goes(self, mailbox):
        alice = Person(self.service, "alice")
        alice.password = self.password()
        alice.sign_up(username="x" * 300)
        alice.sign_up()
        alice.sign_up()
        mail = mailbox.wait_for(alice.email, containing="/verify-email")
        link, _ = self.mailed_in(mail, "/verify-email", "/not-me")
        self.mailed.append(code := code_in(mail))
        alice.enter_code(another_code(code))
        alice.log_in(password=self.password())
        alice.log_in(password=self.password() + "x" * 3000)
        self._says_it_all_wrong(alice, link)
        alice.enter_code(code)
        alice.verify_email(link)
        old = alice.tokens["refresh_token"]
        alice.log_in()
        alice.client.post(f"/auth/refresh?use_cookies=true&refresh_token={old}", {"refresh_token": old})
        alice.refresh(alice.refresh().json()["refresh_token"])
        alice.refresh()
        alice.log_in()
        alice.change_password(self.password(), old=self.password())
        alice.change_password(self.passwords[-2])
        alice.password = self.passwords[-2]
        alice.client.post("/users/me/email", {"new_email": (new := new_email()), "password": alice.password})
        (link,) = self.mailed_in(mailbox.wait_for(new, containing="/confirm-email-change"), "/confirm-email-change")
        alice.verify_email(link)
        alice.email = new
        alice.client.post("/auth/reset-password/request", {"email": new})
        (link,) = self.mailed_in(mailbox.wait_for(new, containing="/reset-password"), "/reset-password")
        alice.set_new_password(link, "short")
        alice.set_new_password(link, self.password())
        alice.set_new_password(link, self.password())
        alice.log_in(password=self.passwords[-2])
        for _ in range(7):
            alice.log_in(password=self.password())
        return alice

    def _says_it_all_wrong(self, alice, link):
        """Send secrets in wrong places: incomplete bodies, other types, queries, paths, headers."""
        body = json.dumps({"email": alice.email, "password": alice.password})
        anonymous, kind = Client(self.service.url), {"Content-Type": "application/json"}
        anonymous.post("/auth/login", content=body[:-1], headers=kind)
        anonymous.post("/auth/login", content=body, headers={"Content-Type": "text/plain"})
        anonymous.post("/auth/login", {"email": alice.password, "password": [alice.password]})
        anonymous.post("/auth/token", data={"grant_type": alice.password, "password": alice.password})
        anonymous.post(f"/auth/verify-email?token={link}", {"token": f"{link}x"})
        anonymous.get(f"/verify-email/{link}", params={"token": link, "password": alice.password})
        anonymous.get("/users/me", headers={"Authorization": f"Bearer {alice.tokens['access_token']}x"})
        anonymous.get("/internal/users/x", headers={"X-Service-Token": alice.password})


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path):
    """Return the URL of a database, and a function that reads everything in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db", lambda: "".join(
            path.read_bytes().decode("latin-1") for path in Path(tmp_path).glob("test.db*")
        )
    url = request.getfixturevalue("postgres").new_database()
    return url.replace("postgres@", f"postgres:{canary('database')}@"), lambda: dump(url)


def dump(url: str) -> str:
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    rows = []
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT t::text FROM "{table}" t')
        rows += [f"{table} {row}" for (row,) in cursor.fetchall()]
    connection.close()
    return "\n".join(rows)


def found(secret: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(secret)}(?!\d)", text) is not None


def test_no_secret_is_disclosed(start, store, monkeypatch):
    url, read_all = store
    keys = {name: canary(name.lower()) for name in ("JWT_SECRET", "JWT_SECRET_PREVIOUS", "INTERNAL_SERVICE_TOKEN", "METRICS_TOKEN", "SUPERUSER_PASSWORD", "SMTP_PASSWORD")}  # fmt: skip
    mailbox = Mailbox(login=("service", keys["SMTP_PASSWORD"]))
    service = start(
        mailbox=mailbox,
        DATABASE_URL=url,
        EMAIL_VERIFICATION="optional",
        ALGORITHM="ES256",
        LOG_LEVEL="DEBUG",
        SMTP_USER="service",
        **keys,
    )
    journey = Journey(service, monkeypatch)
    alice = journey.goes(mailbox)
    peer = Client(service.url, token=keys["INTERNAL_SERVICE_TOKEN"])
    assert peer.post("/internal/introspect", {"token": alice.tokens["access_token"]}).status_code == 200
    metrics = peer.get("/metrics", headers={"Authorization": f"Bearer {keys['METRICS_TOKEN']}"}).text
    assert {200, 201, 202, 400, 401, 403, 404, 415, 422, 429} <= {answer.status_code for answer in journey.answers}
    assert len(journey.passwords) > 10 and len(journey.handed_out) > 6 and len(journey.mailed) > 4

    private = [*keys.values(), *journey.passwords, *re.findall(r"database-[\w-]+", url)]
    said = "\n".join(f"{answer.headers} {answer.text}" for answer in journey.answers)
    refused = "\n".join(f"{a.headers} {a.text}" for a in journey.answers if a.status_code >= 400)
    mails = [mail for address in {*mailbox.heard} for mail in mailbox.all_to(address)]
    headers = "\n".join(str(mail.items()) for mail in mails)
    behind = "\n".join([service.log.read_text(), read_all(), headers, metrics])
    assert "user.login_failed" in behind and "request" in service.log.read_text() and len(mails) > 4

    assert [s for s in private if s in behind + said + "".join(mail.as_string() for mail in mails)] == []
    assert [s for s in journey.handed_out if found(s, behind + refused)] == []
    assert [s for s in journey.mailed if found(s, behind + said)] == []
    assert re.findall(r"\$2[aby]\$\d\d\$", said + service.log.read_text() + headers + metrics) == []
    assert "PRIVATE KEY" not in behind + said
    mailbox.close()
