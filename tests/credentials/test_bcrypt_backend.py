"""bcrypt in libxcrypt: the same hashes as with the package, for every kind of hash that contains one."""

import base64
import ctypes
import hmac
import os
import random
import subprocess
import sys
from types import SimpleNamespace

import bcrypt
import pytest
from passlib import exc
from passlib import hash as schemes

from credentials import bcrypt_backend, foreign_hashes, passwords
from servers import PROJECT, environment_of

ROUNDS = 4
PASSWORDS = ["", "correct horse", "Zoë Lindström", "пароль", "🗝️" * 9, "x" * 71, "x" * 72]
LONG_PASSWORDS = ["x" * 73, "é" * 200]
PASSWORD = "Zoë Lindström"


def wordpress(password):
    digest = hmac.digest(foreign_hashes.WORDPRESS_KEY, password.encode(), "sha384")
    return "$wp" + bcrypt.hashpw(base64.b64encode(digest), bcrypt.gensalt(ROUNDS)).decode()


HASHES = {
    "bcrypt": lambda: schemes.bcrypt.using(rounds=ROUNDS).hash(PASSWORD),
    "first version": lambda: schemes.bcrypt.using(rounds=ROUNDS, ident="2").hash(PASSWORD),
    "version a": lambda: schemes.bcrypt.using(rounds=ROUNDS, ident="2a").hash(PASSWORD),
    "version y": lambda: schemes.bcrypt.using(rounds=ROUNDS, ident="2y").hash(PASSWORD),
    "bcrypt-sha256": lambda: schemes.bcrypt_sha256.using(rounds=ROUNDS).hash(PASSWORD),
    "Django": lambda: "bcrypt$" + schemes.bcrypt.using(rounds=ROUNDS).hash(PASSWORD),
    "Django, SHA-256": lambda: schemes.django_bcrypt_sha256.using(rounds=ROUNDS).hash(PASSWORD),
    "WordPress": lambda: wordpress(PASSWORD),
}


@pytest.fixture(autouse=True)
def own_backend():
    """End each test with the backend that the system has."""
    yield
    bcrypt_backend.load().set_backend("default")


def uses_libxcrypt() -> bool:
    return bcrypt_backend.load().get_backend() == bcrypt_backend.NAME


needs_libxcrypt = pytest.mark.skipif("not uses_libxcrypt()", reason="the system has no libxcrypt, or is not x86-64")


@pytest.fixture
def hashed(monkeypatch):
    """Return the settings of the hashes that libxcrypt computes."""
    seen, crypt = [], bcrypt_backend._Libxcrypt.crypt
    monkeypatch.setattr(
        bcrypt_backend._Libxcrypt, "crypt", staticmethod(lambda *given: (seen.append(given[1]), crypt(*given))[1])
    )
    return seen


@pytest.mark.skipif("platform.libc_ver()[0] != 'glibc' or platform.machine() != 'x86_64'", reason="not measured there")
def test_linux_computes_hashes_with_libxcrypt():
    assert uses_libxcrypt()


@needs_libxcrypt
@pytest.mark.parametrize("kind", HASHES)
def test_every_kind_of_hash_is_computed_by_it(kind, hashed):
    """Otherwise the time of a response would tell which kind of hash an account has."""
    stored = HASHES[kind]()
    for password in (PASSWORD, "wrong"):
        passwords._verify_one(password, stored)  # the first time, it measures how long a hash takes
        hashed.clear()
        assert passwords._verify_one(password, stored).right is (password == PASSWORD)
        assert hashed[0].startswith(b"$2b$04$")


@needs_libxcrypt
@pytest.mark.parametrize("password", ["secret", "x" * 73])
def test_new_hash_and_unknown_account_are_computed_by_it(password, hashed):
    passwords._hash(password)
    passwords._verify_one(password, None)
    assert len(hashed) == 2


@needs_libxcrypt
@pytest.mark.parametrize("kind", HASHES)
def test_hash_of_the_package_is_verified(kind):
    schemes.bcrypt.set_backend("bcrypt")
    stored = HASHES[kind]()
    schemes.bcrypt.set_backend(bcrypt_backend.NAME)
    assert passwords._verify_one(PASSWORD, stored).right
    assert not passwords._verify_one(PASSWORD[:-1], stored).right


@needs_libxcrypt
@pytest.mark.parametrize(
    ("scheme", "password"),
    [(schemes.bcrypt, password) for password in PASSWORDS]
    + [(schemes.bcrypt_sha256, password) for password in PASSWORDS + LONG_PASSWORDS],
)
def test_package_verifies_its_hashes(scheme, password):
    stored = scheme.using(rounds=ROUNDS).hash(password)
    schemes.bcrypt.set_backend("bcrypt")
    assert scheme.verify(password, stored)
    assert not scheme.verify("?" + password[1:], stored)


@needs_libxcrypt
def test_any_bytes_have_the_same_digest():
    chance = random.Random(7)
    for length in range(73):
        password, setting = bytes(chance.randrange(1, 256) for _ in range(length)), bcrypt.gensalt(ROUNDS)
        assert bcrypt_backend._Libxcrypt.crypt(password, setting) == bcrypt.hashpw(password, setting)


@pytest.mark.parametrize("backend", ["bcrypt", bcrypt_backend.NAME])
@pytest.mark.parametrize("password", ["x" * 73, "secret\0"])
def test_password_is_never_cut_off(backend, password):
    if backend == bcrypt_backend.NAME and not uses_libxcrypt():
        pytest.skip("the system has no libxcrypt, or is not x86-64")
    stored = schemes.bcrypt.using(rounds=ROUNDS).hash(password[:72].rstrip("\0"))
    schemes.bcrypt.set_backend(backend)
    with pytest.raises(ValueError):
        schemes.bcrypt.verify(password, stored)
    assert not passwords._verify_one(password, f"bcrypt${stored}").right


@needs_libxcrypt
@pytest.mark.parametrize("result", [None, b"*0", b"$2b$04$" + b"." * 22, b"$2b$04$" + b"." * 53])
def test_unexpected_result_is_no_hash(monkeypatch, result):
    monkeypatch.setattr(bcrypt_backend._Libxcrypt, "crypt", staticmethod(lambda *_: result))
    with pytest.raises(exc.InternalBackendError):
        schemes.bcrypt.using(rounds=ROUNDS).hash("secret")


@pytest.fixture
def loads(monkeypatch):
    """Return whether the backend would be loaded now."""
    monkeypatch.setattr(bcrypt_backend._Libxcrypt, "_workrounds_initialized", False)
    monkeypatch.setattr(bcrypt_backend._Libxcrypt, "crypt", None, raising=False)
    return lambda: bcrypt_backend._Libxcrypt._load_backend_mixin(bcrypt_backend.NAME, dryrun=True)


@needs_libxcrypt
@pytest.mark.parametrize("result", [None, b"*0", b"$2b$04$" + b"." * 53])
def test_library_with_wrong_hashes_is_not_used(monkeypatch, loads, result):
    assert loads()
    monkeypatch.setattr(bcrypt_backend._Libxcrypt, "_workrounds_initialized", False)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(crypt_rn=lambda *_: result))
    assert not loads()


WITHOUT_LIBRARY = """
import sys
from credentials import bcrypt_backend, passwords

bcrypt_backend.LIBRARIES = ()
password, *hashes = sys.argv[1:]
for stored in (*hashes, passwords._hash(password)):
    assert passwords._verify_one(password, stored).right, stored
    assert not passwords._verify_one("wrong", stored).right, stored
print(bcrypt_backend.load().get_backend())
"""


def test_package_verifies_and_makes_hashes_without_the_library(tmp_path):
    given = [sys.executable, "-c", WITHOUT_LIBRARY, PASSWORD, *(make() for make in HASHES.values())]
    done = subprocess.run(given, cwd=PROJECT, env=environment_of(tmp_path), capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["bcrypt"], done.stderr


@needs_libxcrypt
def test_library_that_is_missing_or_unknown_is_not_loaded(monkeypatch, loads):
    with monkeypatch.context() as system:
        system.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace())
        assert not loads()
    with monkeypatch.context() as system:
        system.setattr(bcrypt_backend, "LIBRARIES", ["libcrypt.so.0"])
        assert not loads()
    with monkeypatch.context() as system:
        system.setitem(sys.modules, "ctypes", None)
        assert not loads()
    with monkeypatch.context() as system:
        system.setattr(os, "uname", lambda: SimpleNamespace(machine="aarch64"))
        assert not loads()
    assert loads()
