"""Passwords: policy, comparison, hashing, and the effect of many concurrent logins on other requests."""

import contextlib
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from passlib import hash as schemes

import tables
from credentials import passwords
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, Person, at_once, new_email, new_password, refusal
from settings.loading import settings

WRONG, WEAK = (401, "invalid_credentials"), (422, "weak_password")
LONG, COMMON = "must be at least 8 characters", "is one of the most common passwords"
OWN = "must not be your email address or name"
UPPER, LOWER, DIGIT, SYMBOL = (f"must contain {what}" for what in
                               ("an uppercase letter", "a lowercase letter", "a digit", "a symbol"))  # fmt: skip


CHEAPER = {
    "bcrypt": schemes.bcrypt.using(rounds=4),
    "bcrypt, one less": schemes.bcrypt.using(rounds=9),
    "bcrypt of a long password": schemes.bcrypt_sha256.using(rounds=5),
    "PBKDF2": schemes.django_pbkdf2_sha256.using(rounds=1000),
    "phpass": schemes.phpass.using(rounds=8),
    "argon2": schemes.argon2.using(rounds=1, memory_cost=1024, parallelism=1),
    "scrypt": schemes.scrypt.using(rounds=8),
}


@pytest.mark.parametrize("kind", CHEAPER)
def test_wrong_password_takes_the_same_time_without_an_account(kind, configure):
    """The response time must not reveal a hash from another system or with a lower cost."""
    configure(bcrypt_rounds=10)
    stored = CHEAPER[kind].hash("x y z")

    def cost(stored):
        passwords._verify("warm", stored)
        begun = time.thread_time()
        for _ in range(3):
            assert not passwords._verify("wrong", stored).right
        return time.thread_time() - begun

    nobody = cost(None)
    assert nobody * 0.75 < cost(stored) < nobody * 1.35
    assert passwords._verify("x y z", stored).right


@pytest.fixture
def zoe(service):
    """A user before the sign-up, whose name and email address are rejected as passwords."""
    zoe = Person(service, "zoe")
    zoe.name = "Zoë Lindström"
    return zoe


def violated_rules(answer, field="password"):
    assert refusal(answer) == WEAK
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    return [error["message"] for error in answer.json()["errors"]]


# ------------------------------------------------------------------------------------------------------------ the rules


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("password", "rules"),
    [("xk3-9qz", [LONG]), ("", [LONG]), ("princess", [COMMON]), ("PassWord1", [COMMON]), ("qwerty", [LONG, COMMON]),
     ("zoë lindström", [OWN]), ("ZOË LINDSTRÖM", [OWN]), (unicodedata.normalize("NFD", "Zoë Lindström"), [OWN])],
)  # fmt: skip
def test_each_violated_rule_is_listed(zoe, password, rules):
    assert violated_rules(zoe.sign_up(password=password)) == rules
    assert not zoe.can_log_in_with(password)


@SQLITE_ONLY
@pytest.mark.parametrize(
    "own", [lambda e: e, str.upper, lambda e: e.partition("@")[0], lambda e: e.split("@")[0].title()]
)
def test_own_email_address_is_rejected_as_a_password(zoe, own):
    assert violated_rules(zoe.sign_up(password=own(zoe.email))) == [OWN]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "password", ["password-of-zoe", "Zoë Lindström 7", "x" * 8, "        ", "zzzzzzz🙂", "correct horse battery staple", "x" * 256]
)  # fmt: skip
def test_password_that_violates_no_rule_is_accepted(zoe, password, configure):
    configure(password_min_strength=0)
    assert zoe.sign_up(password=password).status_code == 201
    assert zoe.can_log_in_with(password)


@SQLITE_ONLY
@pytest.mark.parametrize("door", ["change", "reset"])
def test_changes_and_resets_have_the_same_rules(alice, door):
    for password, rules in (("princess", [COMMON]), ("xk3-9qz", [LONG]), ("ALICE", [LONG, OWN]), (alice.email, [OWN])):
        if door == "change":
            answer = alice.change_password(password)
        else:
            answer = alice.set_new_password(alice.request_reset(), password)
        assert violated_rules(answer, "new_password") == rules
    assert alice.can_log_in_with(alice.password)
    assert alice.is_logged_in()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("required", "password", "rules"),
    [
        (("upper", "lower", "digit", "symbol"), "xk", [LONG, UPPER, DIGIT, SYMBOL]),
        (("upper", "lower", "digit", "symbol"), "XKQZWVPR", [LOWER, DIGIT, SYMBOL]),
        (("upper", "lower", "digit", "symbol"), "87239461", [UPPER, LOWER, SYMBOL]),
        (("upper", "lower", "digit", "symbol"), "🙂🙂🙂🙂🙂🙂🙂🙂", [UPPER, LOWER, DIGIT]),
        (("digit",), "princess", [DIGIT, COMMON]),
    ],
)
def test_missing_characters_of_password_require_are_listed(zoe, configure, required, password, rules):
    configure(password_require=required)
    assert violated_rules(zoe.sign_up(password=password)) == rules
    assert zoe.sign_up(password="Xk3-9qzw").status_code == 201


@SQLITE_ONLY
def test_forbidden_words_are_rejected_with_digits_and_symbols_around_them(zoe, configure):
    configure(password_forbidden_words=("Acme", "Rocket Müller", "007"))
    for password in ("acme-2026!", "2026 ACME 2026", "rocket_müller", "1Rocket2Müller3"):
        assert violated_rules(zoe.sign_up(password=password)) == ["must not be a name that is reserved by this service"]
    assert zoe.sign_up(password="acme rocket 7 stapler").status_code == 201
    changed = zoe.client.post(
        "/auth/change-password", {"old_password": "acme rocket 7 stapler", "new_password": "acme2026"}
    )
    assert refusal(changed) == (422, "weak_password")


@SQLITE_ONLY
def test_forbidden_word_without_letters_is_ignored(zoe, configure):
    configure(password_forbidden_words=("007",))
    assert zoe.sign_up(password="73 94 15 28 60").status_code == 201


@SQLITE_ONLY
def test_minimum_length_can_be_configured(zoe, configure):
    configure(password_min_length=12)
    assert violated_rules(zoe.sign_up(password="xk3-9qzwvpr")) == ["must be at least 12 characters"]
    assert zoe.sign_up(password="xk3-9qzwvprt").status_code == 201


@SQLITE_ONLY
def test_later_policy_changes_lock_no_user_out(alice, configure):
    configure(password_min_length=100, password_require=("digit", "symbol", "upper"))
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
@pytest.mark.parametrize("password", ["x" * 257, "a\0 long one", "🙂" * 257], ids=ascii)
def test_invalid_password_is_rejected(zoe, password):
    assert refusal(zoe.sign_up(password=password)) == (422, "validation_error")
    assert zoe.sign_up().status_code == 201


# --------------------------------------------------------------------------------------------------------- every letter


@SQLITE_ONLY
@pytest.mark.parametrize("word", ["Ångström-é-77", "ﬁancé-Ω-1234", "한국어비밀번호암호"])
def test_composed_and_decomposed_passwords_are_equal(zoe, word):
    composed, decomposed = (unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert zoe.sign_up(password=decomposed).status_code == 201
    assert zoe.can_log_in_with(composed)
    assert zoe.can_log_in_with(decomposed)


@SQLITE_ONLY
@pytest.mark.parametrize("other", [" {}", "{} ", "{}\n", "\t{}", "{}\u200b"], ids=ascii)
def test_password_is_not_trimmed(alice, other):
    assert not alice.can_log_in_with(other.format(alice.password))
    assert alice.change_password(other.format(alice.password)).status_code == 200
    assert alice.can_log_in_with(other.format(alice.password))
    assert not alice.can_log_in_with(alice.password)


@SQLITE_ONLY
def test_password_is_case_sensitive(alice):
    assert not alice.can_log_in_with(alice.password.swapcase())


@SQLITE_ONLY
@pytest.mark.parametrize("length", [71, 72, 73, 74, 150, 256])
def test_every_byte_is_compared(zoe, length):
    password = ("0123456789abcdef" * 16)[:length]
    assert zoe.sign_up(password=password).status_code == 201
    assert zoe.can_log_in_with(password)
    for other in (password[:-1], password[:-1] + "!", password[:72] + "!", password[: length // 2]):
        assert not zoe.can_log_in_with(other)


@SQLITE_ONLY
@pytest.mark.parametrize("count", [17, 18, 19, 60, 256])
def test_every_emoji_is_compared(zoe, count, configure):
    configure(password_min_strength=0)
    assert zoe.sign_up(password="🙂" * count).status_code == 201
    assert zoe.can_log_in_with("🙂" * count)
    assert not zoe.can_log_in_with("🙂" * (count - 1))
    assert not zoe.can_log_in_with("🙂" * (count - 1) + "🙃")


# --------------------------------------------------------------------------------------------------------------- hashes


@SQLITE_ONLY
def test_password_is_hashed_with_salted_bcrypt(alice, bob):
    assert bob.change_password(alice.password).status_code == 200
    assert tables.hash_of(alice).startswith("$2b$04$")
    assert tables.hash_of(bob) != tables.hash_of(alice)


@SQLITE_ONLY
@pytest.mark.parametrize("length", [20, 100])
def test_hash_with_another_cost_is_replaced_at_the_next_login(zoe, configure, length):
    zoe.password = new_password() + "x" * (length - 20)
    zoe.sign_up()
    before = tables.hash_of(zoe)
    configure(bcrypt_rounds=5)
    assert not zoe.can_log_in_with("not the password")
    assert tables.hash_of(zoe) == before
    assert zoe.can_log_in_with(zoe.password)
    after = tables.hash_of(zoe)
    assert after != before
    assert zoe.can_log_in_with(zoe.password)
    assert tables.hash_of(zoe) == after


@SQLITE_ONLY
@pytest.mark.parametrize("crowd", [2, 10])
def test_concurrent_logins_succeed_while_the_hash_is_replaced(alice, service, configure, crowd):
    body, clients = {"email": alice.email, "password": alice.password}, [Client(service.url) for _ in range(crowd)]
    before = tables.hash_of(alice)
    configure(bcrypt_rounds=5)
    answers = at_once(*(lambda c=c: c.post("/auth/login", body) for c in clients))
    assert [answer.status_code for answer in answers] == [200] * crowd
    assert tables.hash_of(alice) != before
    assert alice.can_log_in_with(alice.password)


FOREIGN = {
    "argon2": schemes.argon2.using(rounds=1, memory_cost=256),
    "scrypt": schemes.scrypt.using(rounds=4),
    "pbkdf2_sha256": schemes.pbkdf2_sha256.using(rounds=50),
    "pbkdf2_sha512": schemes.pbkdf2_sha512.using(rounds=50),
    "django_pbkdf2_sha256": schemes.django_pbkdf2_sha256.using(rounds=50),
    "django_bcrypt_sha256": schemes.django_bcrypt_sha256.using(rounds=4),
    "django_bcrypt": schemes.django_bcrypt.using(rounds=4),
    "phpass": schemes.phpass.using(rounds=7),
    "bcrypt of PHP": schemes.bcrypt.using(rounds=4, ident="2y"),
    "bcrypt of old": schemes.bcrypt.using(rounds=6, ident="2a"),
}


@SQLITE_ONLY
@pytest.mark.parametrize("scheme", FOREIGN.values(), ids=FOREIGN)
def test_hash_of_another_system_is_verified_and_replaced(alice, scheme):
    tables.store_hash(alice, foreign := scheme.hash(alice.password))
    assert not alice.can_log_in_with(alice.password + "!")
    assert tables.hash_of(alice) == foreign
    assert alice.can_log_in_with(alice.password)
    assert tables.hash_of(alice).startswith("$2b$04$") or foreign.startswith("$2y$04$")
    assert alice.can_log_in_with(alice.password)


@SQLITE_ONLY
@pytest.mark.parametrize(
    "kept", [None, "", "!", "*", "plain text", "$2b$04$", "$2b$04$short", "$argon2id$v=19$m=1", "sha1$a$b"]
)
def test_hash_in_an_unknown_format_is_never_accepted(alice, kept):
    tables.store_hash(alice, kept)
    for password in (alice.password, kept or "x", ""):
        assert (
            refusal(Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": password}))
            == WRONG
        )
    assert tables.hash_of(alice) == kept


@SQLITE_ONLY
def test_hash_is_not_accepted_as_a_password(alice):
    assert not alice.can_log_in_with(tables.hash_of(alice))


# -------------------------------------------------------------------------------------------------------------- crowds


def _logins(service, count):
    """Return this number of logins of other users, each with its own connected client."""
    clients = [Client(service.url, allowed=[503]) for _ in range(count)]
    for client in clients:
        client.get("/health")
    return [lambda c=c: c.post("/auth/login", {"email": new_email(), "password": "not the password"}) for c in clients]


@pytest.fixture
def held_up(service):
    """Hashing waits until this is set, so that the number of concurrent logins is the same on any machine."""
    goes_on = threading.Event()
    for _ in range(settings.hash_workers):
        passwords._hashers.submit(goes_on.wait)
    yield goes_on
    goes_on.set()


def _begun(calls):
    """Makes all the calls at once; their answers, which come one by one, and the thread that waits for all of them."""
    answers = []
    crowd = threading.Thread(target=at_once, args=[lambda call=call: answers.append(call()) for call in calls])
    crowd.start()
    return answers, crowd


def _until(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@POSTGRESQL_ONLY
def test_logged_in_users_are_served_during_sixty_four_logins(alice, service, held_up):
    answers, crowd = _begun(_logins(service, 64))
    _until(lambda: passwords._pool._active == 64)
    assert [alice.client.get("/users/me").status_code for _ in range(5)] == [200] * 5
    assert answers == []
    held_up.set()
    crowd.join()
    assert [refusal(answer) for answer in answers] == [WRONG] * 64


@SQLITE_ONLY
def test_logins_beyond_the_queue_are_rejected_as_overloaded(alice, service, held_up):
    room = settings.hash_workers + settings.hash_queue
    answers, crowd = _begun(_logins(service, room + 30))
    _until(lambda: len(answers) == 30)
    assert {refusal(answer) for answer in answers} == {(503, "overloaded")}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    held_up.set()
    crowd.join()
    assert [refusal(answer) for answer in answers[30:]] == [WRONG] * room
    assert alice.can_log_in_with(alice.password)


def test_hash_pauses_only_while_other_requests_are_served(alice):
    with ThreadPoolExecutor(1, initializer=passwords._prepare_hashing_thread) as thread:

        def pauses():
            return not isinstance(thread.submit(passwords._pauses).result(), contextlib.nullcontext)

        pauses()  # for what was served before
        alice.log_in()
        assert not pauses()
        alice.me()
        assert pauses()
        assert not pauses()
