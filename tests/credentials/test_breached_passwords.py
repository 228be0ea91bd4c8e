"""Passwords that are known from data breaches: rejected as new ones, reported to their owners at a login."""

import hashlib
import http.server
import random
import time

import pytest

import http_stubs
from credentials import breached_passwords
from databases import SQLITE_ONLY
from operations import checks
from people import Client, Person, at_once, new_email, new_password, refusal

WEAK = (422, "weak_password")
KNOWN = "wagon-quilt-lantern-otter"


def sha1_of(password):
    return hashlib.sha1(password.encode()).hexdigest().upper()


class RangeApi(http.server.ThreadingHTTPServer):
    """The range API of Have I Been Pwned, as it is documented: hashes by their first five characters, padded."""

    def __init__(self, *breached):
        super().__init__(("127.0.0.1", 0), _Range)
        self.breached, self.requests, self.answer = [sha1_of(password) for password in breached], [], None
        self.url = f"http://127.0.0.1:{self.server_port}"
        http_stubs.serve(self)


class _Range(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, self.headers["Add-Padding"]))
        if self.server.answer:
            self.server.answer(self)
            return
        prefix = self.path.removeprefix("/range/")
        found = [f"{sha1[5:]}:42" for sha1 in self.server.breached if sha1.startswith(prefix)]
        padding = [f"{sha1_of(f'{prefix}-{number}')[5:]}:0" for number in range(800)]
        self.send_response(200)
        self.end_headers()
        self.wfile.write("\r\n".join([*padding, *found, f"{sha1_of('padded')[5:]}:0"]).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def range_api(configure):
    api = RangeApi(KNOWN)
    configure(breached_passwords="hibp", breached_passwords_url=api.url)
    yield api
    api.shutdown()
    api.server_close()


@pytest.fixture
def write(tmp_path):
    def write(hashes, newline="\n", end="\n"):
        path = tmp_path / "pwned-passwords-sha1.txt"
        path.write_text(newline.join(f"{sha1}:{number}" for number, sha1 in enumerate(hashes, 1)) + end, newline="")
        return str(path)

    return write


def signs_up(service, password):
    return Client(service.url).post(
        "/auth/signup", {"email": new_email(), "username": "Alice Liddell", "password": password}
    )


class TestNewPassword:
    def test_is_rejected_wherever_it_is_set(self, alice, range_api):
        token = alice.request_reset()
        for answer, field in [
            (signs_up(alice.service, KNOWN), "password"),
            (alice.change_password(KNOWN), "new_password"),
            (alice.set_new_password(token, KNOWN), "new_password"),
        ]:
            assert refusal(answer) == WEAK
            ((found, code),) = [(error["field"], error["code"]) for error in answer.json()["errors"]]
            assert (found, code) == (field, "breached_password")
        alice.set_new_password(token, new_password())  # a rejected password does not use up the link

    @SQLITE_ONLY
    def test_only_five_characters_of_its_hash_are_sent(self, service, range_api):
        signs_up(service, KNOWN)
        assert range_api.requests == [(f"/range/{sha1_of(KNOWN)[:5]}", "true")]

    @SQLITE_ONLY
    def test_padding_does_not_count(self, service, range_api):
        range_api.breached = []
        range_api.answer = lambda handler: (
            handler.send_response(200),
            handler.end_headers(),
            handler.wfile.write(f"{sha1_of(KNOWN)[5:]}:0\r\n".encode()),
        )
        assert signs_up(service, KNOWN).status_code == 201

    @SQLITE_ONLY
    @pytest.mark.parametrize("fault", ["status", "page", "slow", "closed"])
    def test_is_accepted_while_the_list_is_unavailable(self, service, range_api, monkeypatch, fault):
        monkeypatch.setattr(breached_passwords, "SECONDS_FOR_THE_RANGE_API", 0.3)

        def answer(handler):
            if fault == "slow":
                time.sleep(0.6)
            handler.send_response(500 if fault == "status" else 200)
            handler.end_headers()
            handler.wfile.write(b"<html>Log in to this network</html>" if fault == "page" else b"")

        range_api.answer = answer
        if fault == "closed":
            range_api.server_close()
        assert signs_up(service, KNOWN).status_code == 201


@SQLITE_ONLY
class TestFile:
    @pytest.mark.parametrize(("newline", "end"), [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "")])
    def test_new_password_in_it_is_rejected(self, service, configure, write, newline, end):
        hashes = sorted(sha1_of(word) for word in [KNOWN, *map(str, range(2000))])
        configure(breached_passwords=f"file:{write(hashes, newline, end)}")
        assert refusal(signs_up(service, KNOWN)) == WEAK
        assert signs_up(service, "wagon-quilt-lantern-badger").status_code == 201

    def test_each_line_is_found_and_nothing_else(self, service, write):
        for number in [1, 2, 3, 7, 64, 300]:
            hashes = sorted(sha1_of(f"{number}-{line}") for line in range(number))
            path = write(hashes, random.choice(["\n", "\r\n"]), random.choice(["\n", "", "\r\n"]))
            assert all(breached_passwords.find_in_file(path, sha1) for sha1 in hashes)
            absent = [sha1_of(f"other {line}") for line in range(100)] + ["0" * 40, "F" * 40]
            assert not any(breached_passwords.find_in_file(path, sha1) for sha1 in absent)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (None, "cannot be read: No such file"),
            ("", "is empty"),
            ("password\n123456\n", "a line is not a SHA-1"),
            ("x" * 4096, "a line"),
            (f"{sha1_of('b').lower()}:1\n", "a line is not a SHA-1"),
            ("".join(f"{sha1_of(str(n))}:1\n" for n in range(200)), "must be sorted"),
        ],
    )
    def test_one_that_cannot_be_used_is_reported_and_rejects_nothing(
        self, service, configure, tmp_path, content, reason
    ):
        path = tmp_path / "list.txt"
        if content is not None:
            path.write_text(content)
        configure(breached_passwords=f"file:{path}")
        (finding,) = [each for each in checks.run() if each.what == "breached passwords"]
        assert finding.grade == "wrong"
        assert finding.said.startswith("BREACHED_PASSWORDS: the file ")
        assert reason in finding.said
        assert signs_up(service, "wagon-quilt-lantern-badger").status_code == 201


class TestLogin:
    @pytest.fixture
    def alice(self, alice, configure):
        """Alice, whose password has appeared in a data breach since she chose it."""
        configure(password_min_strength=0)
        assert alice.change_password(KNOWN).status_code == 200
        alice.password = KNOWN
        return alice

    def me(self, person):
        return person.client.get("/users/me").json()

    def becomes_breached(self, person):
        until = time.monotonic() + 10
        while "password_breached" not in self.me(person) and time.monotonic() < until:
            time.sleep(0.02)
        return self.me(person).get("password_breached")

    def test_is_not_rejected_and_the_owner_is_notified_once(self, alice, root, range_api):
        mailbox, mark = alice.service.mailbox, alice.service.mailbox.mark()
        answers = at_once(*[alice.other_device().log_in for _ in range(8)])
        assert {answer.status_code for answer in answers} == {200}
        assert self.becomes_breached(alice) is True
        mailbox.wait_for(alice.email, containing="data breach", since=mark)
        alice.log_in()
        assert len(range_api.requests) == 1
        assert len(mailbox.all_to(alice.email, containing="data breach")) == 1
        found = root.client.get("/admin/audit", params={"user_id": alice.user_id, "action": "password.breached"})
        assert len(found.json()["items"]) == 1

    def test_new_password_clears_the_mark(self, alice, range_api):
        alice.log_in()
        assert self.becomes_breached(alice) is True
        assert alice.change_password("wagon-quilt-lantern-badger").status_code == 200
        assert "password_breached" not in self.me(alice)

    def test_is_checked_once_a_day(self, alice, range_api, clock):
        range_api.breached = []
        for _ in range(3):
            alice.log_in()
        self.wait_for_requests(range_api, 1)
        clock.shift(24 * 3600 + 1)
        range_api.breached = [sha1_of(KNOWN)]
        alice.log_in()
        assert self.becomes_breached(alice) is True
        assert len(range_api.requests) == 2

    def wait_for_requests(self, api, count):
        until = time.monotonic() + 10
        while len(api.requests) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(api.requests) == count

    def test_wrong_password_is_not_looked_up(self, alice, range_api):
        mallory = Person(alice.service, "mallory")
        assert refusal(mallory.log_in(KNOWN, alice.email + "x")) == (401, "invalid_credentials")
        assert refusal(mallory.log_in("not the password", alice.email)) == (401, "invalid_credentials")
        alice.log_in()  # checked after the others, if they were
        assert self.becomes_breached(alice) is True
        assert len(range_api.requests) == 1
