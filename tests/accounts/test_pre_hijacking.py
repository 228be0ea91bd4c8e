"""Pre-hijacking: Mallory signs up with Alice's email address first. Alice can log in in the end, and Mallory never can.

The tests combine the verification mode, what Mallory prepares, and how Alice takes the account over. Combinations that
send the same requests as another one are left out.
"""

import itertools

import pytest

from browser import Visitor
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, Person, code_in, new_email, new_password, refusal, token_in

# A sign-up leaves a password, a session and a known network; each of the others leaves these as well.
# With EMAIL_VERIFICATION=required it starts no session, so no identity can be linked.
PREPARATIONS = {
    "optional": ["sign-up", "identity of her own", "identity with the address", "open reset link"],
    "required": ["sign-up", "identity with the address", "open reset link"],
}
# With EMAIL_VERIFICATION=required a second sign-up sends a link to set a password at once.
ARRIVALS = {
    "optional": ["link", "code", "second sign-up", "reset", "provider", "administrator"],
    "required": ["second sign-up", "resend", "reset", "provider", "administrator"],
}


class Mallory:
    """An attacker who signs up with the email address of another user, and prepares access to the account."""

    def __init__(self, service, google, address):
        self.service, self.google, self.address = service, google, address
        self.person = Person(service, "mallory")
        self.password = self.person.password
        self.identity = self.session = self.link = None

    def prepare(self, what, mode, mailbox):
        if what == "identity with the address" and mode == "required":
            self.identity = self.google.new_person(email=self.address, email_verified=False)
            Visitor(self.service).log_in_with("google")
            mailbox.wait_for(self.address)
            return
        answer = self.person.sign_up(email=self.address)
        self.session = answer.json() if answer.status_code == 201 else None
        mailbox.wait_for(self.address)
        if what.startswith("identity") and self.session:
            email = self.address if "with" in what else new_email("mallory")
            self.identity = self.google.new_person(email=email, email_verified="with" not in what)
            assert Visitor(self.service, self.session["access_token"]).link_provider("google").status_code == 200
        if what == "open reset link":
            mark = mailbox.mark()
            Client(self.service.url).post("/auth/reset-password/request", {"email": self.address})
            self.link = token_in(mailbox.wait_for(self.address, "/reset-password", since=mark))

    def login_methods(self):
        """Return the login methods with which she can still log in."""
        client = Client(self.service.url)
        ways = []
        if client.post("/auth/login", {"email": self.address, "password": self.password}).status_code == 200:
            ways.append("password")
        if self.session:
            client.token = self.session["access_token"]
            if client.get("/users/me").status_code == 200:
                ways.append("session")
            if client.post("/auth/refresh", {"refresh_token": self.session["refresh_token"]}).status_code == 200:
                ways.append("refresh token")
        if self.identity:
            self.google.person = self.identity
            answer = Visitor(self.service).log_in_with("google")
            if answer.status_code == 200 and answer.json()["email"] == self.address:
                ways.append("identity")
        if self.link:
            body = {"token": self.link, "new_password": new_password()}
            if client.post("/auth/reset-password/confirm", body).status_code == 200:
                ways.append("reset link")
        return ways


def set_password(service, mail, password):
    body = {"token": token_in(mail, "/accept-invitation" if "/accept-inv" in mail.as_string() else "/reset-password")}
    return Client(service.url).post("/auth/reset-password/confirm", body | {"new_password": password})


def take_over(how, alice, mode, google, mailbox, root):
    """Let Alice take over the account as the emails say, with a new password or a provider. Return whether she can log in."""
    client, service = Client(alice.service.url), alice.service
    mark = mailbox.mark()
    if how == "provider":
        google.new_person(email=alice.email, email_verified=True)
        return Visitor(service).log_in_with("google").status_code == 200
    if how == "administrator":
        (account,) = root.client.get("/admin/users", params={"query": alice.email}).json()["items"]
        root.client.post(f"/admin/users/{account['user_id']}/reset-password")
    elif how == "reset":
        client.post("/auth/reset-password/request", {"email": alice.email})
    else:
        client.post("/auth/signup", {"email": alice.email, "username": "Alice", "password": alice.password})
        if how in ("link", "code"):  # she hears that there is an account already
            client.post("/auth/resend-verification", {"email": alice.email})
            mail = mailbox.wait_for(alice.email, "/verify-email", since=mark)
            proof = {"email": alice.email, "code": code_in(mail)} if how == "code" else {"token": token_in(mail)}
            assert client.post("/auth/verify-email", proof).status_code == 200
            mark = mailbox.mark()
            client.post("/auth/reset-password/request", {"email": alice.email})
        elif how == "resend":
            mailbox.wait_for(alice.email, since=mark)
            mark = mailbox.mark()
            client.post("/auth/resend-verification", {"email": alice.email})
        elif mode == "optional":
            client.post("/auth/reset-password/request", {"email": alice.email})
    assert set_password(service, mailbox.wait_for(alice.email, "/reset-password", since=mark), alice.password).status_code == 200  # fmt: skip
    return alice.log_in().status_code == 200


class Takeovers:
    def test_owner_can_log_in_and_attacker_cannot(self, mode, left, how, service, google, mailbox, configure, root):
        configure(email_verification=mode)
        alice = Person(service, "alice")
        mallory = Mallory(service, google, alice.email)
        mallory.prepare(left, mode, mailbox)
        if (
            mode == "required"
        ):  # the first emails that Alice gets are Mallory's doing: those links must be worth nothing
            early = [token_in(mail) for mail in mailbox.all_to(alice.email) if "/verify-email" in mail.as_string()]
        else:
            early = []
        assert take_over(how, alice, mode, google, mailbox, root)
        assert mallory.login_methods() == []
        for token in early:
            assert Client(service.url).post("/auth/verify-email", {"token": token}).status_code == 400
        assert mallory.login_methods() == []


# Each combination runs on one database, in turn. `database_url` is not a parameter of the combinations, because pytest
# would restart the service for each of them.
NAMES = ("mode", "left", "how")
COMBINATIONS = [(mode, *each) for mode in ARRIVALS for each in itertools.product(PREPARATIONS[mode], ARRIVALS[mode])]


@SQLITE_ONLY
@pytest.mark.parametrize(NAMES, COMBINATIONS[::2])
class TestOnSqlite(Takeovers):
    pass


@POSTGRESQL_ONLY
@pytest.mark.parametrize(NAMES, COMBINATIONS[1::2])
class TestOnPostgresql(Takeovers):
    pass


@SQLITE_ONLY
def test_first_verification_keeps_the_password_after_one_sign_up(service, mailbox, configure):
    configure(email_verification="required")
    alice = Person(service, "alice")
    alice.sign_up()
    assert alice.verify_email(token_in(alice.verification_mail())).status_code == 200
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_verification_in_a_session_keeps_linked_identities(bob, google):
    google.new_person(email=new_email(), email_verified=True)
    assert Visitor(bob.service, bob.client.token).link_provider("google").status_code == 200
    assert bob.verify_email(token_in(bob.verification_mail())).status_code == 200
    assert bob.is_logged_in()
    assert Visitor(bob.service).log_in_with("google").status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("left", ["password", "identity"])
@pytest.mark.parametrize("how", ["link", "code", "move"])
def test_sign_up_from_before_verification_was_required_loses_its_credentials(
    left, how, service, google, mailbox, configure, alice
):
    """Mallory signs up in `off` mode. Then the operator requires verification, and Alice uses her email address."""
    configure(email_verification="off")
    owner, mallory = Person(service, "alice"), Person(service, "mallory")
    if left == "password":
        assert mallory.sign_up(email=owner.email).status_code == 201
    else:
        google.new_person(email=owner.email, email_verified=False)
        assert Visitor(service).log_in_with("google").status_code == 200
    configure(email_verification="required")
    client, mark = Client(service.url), mailbox.mark()
    if how == "move":  # the owner has another account, and wants to use the address there
        assert alice.verify_email(alice.request_email_change(owner.email)).json()["email"] == owner.email
    else:
        assert owner.sign_up().status_code == 202
        link = token_in(mailbox.wait_for(owner.email, "/reset-password", since=mark))
        mark = mailbox.mark()
        client.post("/auth/resend-verification", {"email": owner.email})
        mail = mailbox.wait_for(owner.email, since=mark)  # the same kind once more: no link keeps Mallory's password
        assert "/verify-email" not in mail.as_string()
        assert (
            client.post("/auth/reset-password/confirm", {"token": link, "new_password": new_password()}).status_code
            == 400
        )
        if how == "code":
            assert refusal(client.post("/auth/verify-email", {"email": owner.email, "code": "000000"})) == (
                400,
                "invalid_token",
            )
        assert set_password(service, mail, owner.password).status_code == 200
        assert owner.log_in().status_code == 200
    assert refusal(client.post("/auth/login", {"email": owner.email, "password": mallory.password})) == (
        401,
        "invalid_credentials",
    )
    if left == "identity":
        assert Visitor(service).log_in_with("google").status_code != 200
