"""Passwords that are easy to guess, by zxcvbn's estimate."""

import json
import random
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from zxcvbn import matching

from databases import SQLITE_ONLY
from people import Client, at_once, new_email, refusal
from settings import ranked_words, secret_strength

WEAK, GOOD = (422, "weak_password"), 201


def signs_up(service, password, email=None, username="Alice Liddell"):
    return Client(service.url).post(
        "/auth/signup", {"email": email or new_email(), "username": username, "password": password}
    )


STRENGTHS = {
    0: {"zxzxzxzxq": GOOD, "aaaaaaaa": GOOD, "qwertyuiop": WEAK},  # the last is among the most common
    1: {"testpass123": GOOD, "Password1!": GOOD, "aaaaaaaa": WEAK, "abcabcabcabc": WEAK},
    2: {"Password1!": WEAK, "testpass123": WEAK, "20191231x": WEAK, "zxcvbnm,./": WEAK, "wagon-quilt-lantern": GOOD},
    4: {"wagon-quilt": WEAK, "wagon-quilt-lantern-otter": GOOD},
}


@SQLITE_ONLY
@pytest.mark.parametrize(("least", "password"), [(n, p) for n, passwords in STRENGTHS.items() for p in passwords])
def test_strength(service, configure, least, password):
    configure(password_min_strength=least)
    answer = signs_up(service, password)
    expected = STRENGTHS[least][password]
    assert (answer.status_code if expected == GOOD else refusal(answer)) == expected


ADVICE = {
    "Password1!": "it is a common password",
    "fghjnbvc": "it is a keyboard pattern",
    "xyxyxyxyxyxy": "it repeats itself",
    "abcdefghijkl": "it is a sequence",
    "31.12.1998": "it is a date",
    "liddell1": "it contains your name",
}


@SQLITE_ONLY
@pytest.mark.parametrize("password", ADVICE)
def test_answer_says_what_would_help(service, configure, password):
    configure(password_min_strength=2)
    (error,) = signs_up(service, password).json()["errors"]
    assert error["field"] == "password"
    assert ADVICE[password] in error["message"]
    assert password not in error["message"]


@SQLITE_ONLY
@pytest.mark.parametrize("password", ["qwxz 12345\nbattery", "12345678\n\n wagon", "horse 123456\nzk", "20191231\n"])
def test_password_may_contain_line_feeds(alice, configure, password):
    configure(password_min_strength=2)
    assert alice.change_password(password).status_code == (422 if password == "20191231\n" else 200)


@SQLITE_ONLY
def test_words_about_the_user_and_the_service_count_for_nothing(service, configure):
    configure(password_min_strength=3, app_name="Balance Hub")
    for password in ("BalanceHub1x", "balance hub"):
        assert refusal(signs_up(service, password)) == WEAK
    assert signs_up(service, "wagon-quilt-lantern").status_code == GOOD


@SQLITE_ONLY
def test_long_passwords_are_estimated_by_their_better_end(service, configure):
    configure(password_min_strength=4)
    assert signs_up(service, "a" * 100 + "wagon-quilt-lantern-otter").status_code == GOOD
    assert refusal(signs_up(service, "a" * 256)) == WEAK


@SQLITE_ONLY
def test_words_of_one_user_do_not_count_for_another(service, configure):
    """zxcvbn keeps them in a dictionary that all threads share."""
    configure(password_min_strength=3)
    names = ["Quillfeather", "Brackenridge"]

    def sign_up(own, other):
        return [
            refusal(signs_up(service, f"{own}7", username=own)),
            signs_up(service, f"{other}7", username=own).status_code,
        ]

    answers = at_once(
        *[lambda own=own, other=other: sign_up(own, other) for own, other in (names, names[::-1]) for _ in range(8)]
    )
    assert answers == [[WEAK, GOOD]] * 16


@SQLITE_ONLY
def test_change_and_reset_follow_the_rule_too(alice, configure):
    configure(password_min_strength=2)
    assert refusal(alice.change_password("Password1!")) == WEAK
    assert refusal(alice.set_new_password(alice.request_reset(), "Password1!")) == WEAK
    assert alice.log_in().status_code == 200


def test_compact_dictionary_has_the_lowest_rank_of_each_word():
    words = [f"{prefix}{number}" for number in range(500) for prefix in ("a", "word", "x" * 9)]
    others = ["another", "a0", "word300"]
    compact = ranked_words.RankedWords(",".join(words), ",".join(others))
    expected = {word: rank for rank, word in enumerate(words, 1)} | {"another": 1, "word300": 3}
    assert dict(compact) == expected
    assert len(compact) == len(expected)
    assert [word in compact for word in ("word7", "word", "word77777", "7", "", "x" * 99)] == [True] + [False] * 5
    with pytest.raises(KeyError):
        compact["word"]


# In a process of its own, because the tests have the compact dictionary already.
ORIGINAL = """
import json, sys, zxcvbn
json.dump([zxcvbn.zxcvbn(*each)["guesses_log10"] for each in json.load(sys.stdin)], sys.stdout)
"""


def test_estimates_are_those_of_the_library():
    chance = random.Random(7)
    words = [*matching_words(chance, 40), "alice", "Liddell", "qwertz", "1998", "zzzz", "!", "p4ssw0rd", "drowssap"]
    asked = [
        ["".join(chance.choice((str, str.title, str.upper))(word) for word in chance.choices(words, k=number)), ["alice", "liddell"]]
        for number in (1, 2, 3)
        for _ in range(60)
    ]  # fmt: skip
    asked = [[password[: secret_strength.ESTIMATED_CHARACTERS], known] for password, known in asked]
    original = subprocess.run([sys.executable, "-c", ORIGINAL], input=json.dumps(asked), capture_output=True, text=True, check=True)  # fmt: skip
    assert [secret_strength.estimate(*each)["guesses_log10"] for each in asked] == pytest.approx(
        json.loads(original.stdout)
    )


def matching_words(chance, number):
    """Return words of the library's lists."""
    secret_strength.estimate("x")
    return chance.sample(sorted(matching.RANKED_DICTIONARIES["words"]), number)


def test_the_dictionary_has_every_word_of_the_library():
    secret_strength.estimate("x")
    # The module itself, even if the import was replaced.
    lists = runpy.run_path(str(Path(matching.__file__).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    expected = {}
    for words in lists.values():
        for rank, word in enumerate(words, 1):
            expected[word] = min(rank, expected.get(word, rank))
    found = matching.RANKED_DICTIONARIES["words"]
    assert type(found) is ranked_words.RankedWords
    assert dict(found) == expected
