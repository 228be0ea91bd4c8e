"""Files as each system writes them: accounts, hashes, states and identities are imported, and losses are reported."""

import base64
import hashlib
import hmac
import json

import bcrypt as bcrypt_library
import pytest
from passlib import hash as schemes
from sqlalchemy import select

import database
from browser import Visitor
from databases import SQLITE_ONLY
from models import User
from oauth_login.models import OauthUser
from people import Client, new_email
from servers import PROJECT
from user_import import files, presets, runs

PASSWORD = "a horse, a battery"
BCRYPT = schemes.bcrypt.using(rounds=4, ident="2a").hash(PASSWORD)
FIREBASE = {
    "signer_key": base64.b64encode(b"k" * 64).decode(),
    "salt_separator": "Bw==",
    "rounds": "1",
    "mem_cost": "4",
}


def wordpress_hash(password):
    digest = base64.b64encode(hmac.digest(b"wp-sha384", password.encode(), "sha384"))
    return "$wp" + bcrypt_library.hashpw(digest, bcrypt_library.gensalt(4, b"2b")).decode().replace("$2b$", "$2y$", 1)


def werkzeug_hash(password):
    made = hashlib.scrypt(password.encode(), salt=b"NaCl", n=16, r=1, p=1, dklen=64).hex()
    return f"scrypt:16:1:1$NaCl${made}"


def better_auth_hash(password):
    salt = "5f" * 16
    made = hashlib.scrypt(password.encode(), salt=salt.encode(), n=1 << 14, r=16, p=1, maxmem=1 << 26, dklen=64)
    return f"{salt}:{made.hex()}"


SAMPLES = {path.stem: path for path in sorted((PROJECT / "examples" / "import").iterdir())}
# For each system: Alice, who has a password, and Bob, who is disabled.
SYSTEMS = {name: [value for _, value in files.records(path, lambda _: None)] for name, path in SAMPLES.items()}
WITHOUT_HASHES = {"cognito"}
NEVER_VERIFIED = {"django", "wordpress"}
LINKED = {"auth0", "firebase", "keycloak", "supabase", "better-auth", "fastapi-users"}


def filled(value, names):
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    return (
        value.replace("alice@example.com", names[0]).replace("bob@example.com", names[1])
        if isinstance(value, str)
        else value
    )


class Taken:
    """Import a file with these records."""

    def __init__(self, path, records, text=None, **options):
        self.told = []
        path.write_text(text or "\n".join(map(json.dumps, records)), "utf-8")
        options.setdefault("hashes", FIREBASE)
        self.totals = runs.Import(
            lambda line, reason: self.told.append((line, reason)), lambda _: None, runs.Options(**options)
        ).run(path)

    @property
    def counts(self):
        return self.totals.imported, self.totals.updated, self.totals.there, self.totals.bad


def account(email):
    return database.read(select(User.__table__).where(User.canonical_email == email))


def test_every_system_of_the_command_line_has_a_preset():
    from commands import user_transfer

    assert set(user_transfer.SYSTEMS) == set(presets.PRESETS) == set(SYSTEMS)


@SQLITE_ONLY
@pytest.mark.parametrize("shape", ["sample", "lines", "array", "document", "indented"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_file_of_each_system_is_imported_completely(service, tmp_path, system, shape):
    emails = new_email("alice"), new_email("bob")
    found = filled(SYSTEMS[system], emails)
    text = {
        "sample": filled(SAMPLES[system].read_text("utf-8"), emails),
        "lines": "\n".join(map(json.dumps, found)) + "\n",
        "array": json.dumps(found),
        "document": json.dumps({"realm": "x", "users": found, "after": [1]}),
        "indented": json.dumps({"kind": "export", "users": found}, indent=2),
    }[shape]
    for email in emails:
        assert account(email) is None
    ids = {each.get("id") or each.get("pk") for each in found}
    database.write_only(User.__table__.delete().where(User.user_id.in_([str(i) for i in ids if i])))
    path = tmp_path / (SAMPLES[system].name if shape == "sample" else "users.json")
    taken = Taken(path, found, text, system=system)
    assert (taken.counts, taken.told) == ((2, 0, 0, 0), [])
    alice, bob = map(account, emails)
    assert (alice.is_active, bob.is_active) == (True, False)
    assert (alice.email_proven_at is not None) is (system not in NEVER_VERIFIED)
    assert bob.email_proven_at is None
    if system != "fastapi-users":
        assert alice.created_at.year == 2024
    entered = Client(service.url).post("/auth/login", {"email": emails[0], "password": PASSWORD})
    assert entered.status_code == (401 if system in WITHOUT_HASHES else 200)
    linked = database.read_all(select(OauthUser.provider, OauthUser.subject).where(OauthUser.account_id == alice.id))
    assert [tuple(each) for each in linked] == ([("google", f"{emails[0]}-1")] if system in LINKED else [])
    for table in (
        OauthUser.__table__.delete().where(OauthUser.account_id == alice.id),
        User.__table__.delete().where(User.id.in_([alice.id, bob.id])),
    ):
        database.write_only(table)


LOSES = {
    "auth0": {"multifactor": ["guardian"]},
    "firebase": {"mfaInfo": [{"phoneInfo": "+1"}]},
    "clerk": {"totp_secret": "JBSWY3DPEHPK3PXP"},
    "laravel": {"two_factor_secret": "eyJpdiI6"},
    "supabase": {"factors": [{"factor_type": "totp"}]},
    "better-auth": {"twoFactorEnabled": True},
    "devise": {"encrypted_otp_secret": "x"},
}


@SQLITE_ONLY
@pytest.mark.parametrize("system", LOSES)
def test_lost_second_factor_is_reported(service, tmp_path, system):
    emails = new_email(), new_email()
    record = filled(SYSTEMS[system][0], emails) | LOSES[system] | {"id": new_email(), "localId": new_email()}
    record.pop("_id", None)
    if system == "auth0":
        record["user_id"] = new_email()
    taken = Taken(tmp_path / "users.jsonl", [record], system=system)
    assert taken.counts == (0, 0, 0, 1)
    assert "--allow-loss" in taken.told[0][1]
    again = Taken(tmp_path / "users.jsonl", [record], system=system, allow_loss=True)
    assert again.counts == (1, 0, 0, 0)
    assert next(iter(LOSES[system])) in again.totals.lost


@SQLITE_ONLY
@pytest.mark.parametrize("hasher", ["md5", "pbkdf2_sha1", "scrypt_firebase"])
def test_clerk_hash_in_a_format_of_its_own_is_reported(service, tmp_path, hasher):
    email = new_email()
    record = {"id": email, "primary_email_address": email, "password_digest": "x", "password_hasher": hasher}
    taken = Taken(tmp_path / "users.jsonl", [record], system="clerk")
    assert taken.counts == (0, 0, 0, 1) and hasher in taken.told[0][1]


@SQLITE_ONLY
def test_identities_of_cognito_are_linked(service, tmp_path):
    email, subject = new_email(), new_email()
    apple = {"userId": new_email(), "providerName": "SignInWithApple"}
    linked = json.dumps([{"userId": subject, "providerName": "Google", "primary": "true"}, apple])
    attributes = [{"Name": "email", "Value": email}, {"Name": "identities", "Value": linked}]
    record = {"Username": new_email(), "Attributes": attributes, "Enabled": True, "UserStatus": "EXTERNAL_PROVIDER"}
    taken_by_another = [f"the identity at {name}, which another account has" for name in ("google", "apple")]
    for dry_run, lost in ((True, {}), (False, {}), (True, dict.fromkeys(taken_by_another, 1))):
        taken = Taken(tmp_path / "users.json", [record], system="cognito", dry_run=dry_run)
        assert (taken.counts[3], dict(taken.totals.lost)) == (0, lost), taken.told
        attributes[0]["Value"] = new_email() if not dry_run else email
        record["Username"] = new_email()
    assert database.read(select(OauthUser.provider).where(OauthUser.subject == subject)).provider == "google"


@SQLITE_ONLY
@pytest.mark.parametrize("header", ["is_active", "enabled"])
def test_user_whose_state_is_an_empty_cell_is_reported(service, tmp_path, header):
    rows = "".join(f"{new_email()},{cell}\n" for cell in ("", "null", "0", "true"))
    taken = Taken(tmp_path / "users.csv", [], f"email,{header}\n{rows}")
    assert taken.counts == (3, 0, 0, 1)
    assert taken.told == [(2, f"has an empty {header}: write true or false, or null if it is not known")]


@SQLITE_ONLY
@pytest.mark.parametrize("system", ["django", "fastapi-users", "keycloak", "cognito"])
def test_empty_state_of_another_system_is_reported(service, tmp_path, system):
    name = "enabled" if system in ("keycloak", "cognito") else "is_active"
    taken = Taken(tmp_path / "users.csv", [], f"email,{name}\n{new_email()},\n", system=system)
    assert (taken.counts, f"has an empty {name}" in taken.told[0][1].lower()) == ((0, 0, 0, 1), True)
    with pytest.raises(runs.Refused, match="is_active"):
        Taken(tmp_path / "users.csv", [], f"email,is_active\n{new_email()},\n", system="laravel")


UNKNOWN = [
    {"pwHash": "x"}, {"user_password_digest": "x"}, {"passwd": BCRYPT}, {"otp_seed": "x"}, {"user_banned": True},
    {"account_status": "suspended"}, {"soft_deleted": 1}, {"deactivated_at": "2024-01-01"}, {"twoFactorSecret": "x"},
    {"locked_out": "yes"}, {"account_enabled": False},
]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("unknown", UNKNOWN, ids=lambda field: next(iter(field)))
@pytest.mark.parametrize("dry_run", [False, True])
def test_unknown_credential_or_state_stops_the_import(service, tmp_path, unknown, dry_run):
    email = new_email()
    with pytest.raises(runs.Refused, match=next(iter(unknown))):
        Taken(tmp_path / "users.jsonl", [{"email": email, **unknown}], dry_run=dry_run)
    assert account(email) is None
    taken = Taken(tmp_path / "users.jsonl", [{"email": email, **unknown}], allow_loss=True, dry_run=dry_run)
    assert (taken.counts[0], dict(taken.totals.lost)) == (1, {next(iter(unknown)): 1})


@SQLITE_ONLY
@pytest.mark.parametrize(
    "harmless",
    [{"password_changed_at": "2024-01-01"}, {"hash_type": "bcrypt"}, {"login_count": 7}, {"favourite": "blue"},
     {"user_banned": False}, {"account_enabled": True}, {"locked_out": None}, {"passport_number": ""}],
    ids=str,
)  # fmt: skip
def test_other_unknown_fields_are_only_listed(service, tmp_path, harmless):
    taken = Taken(tmp_path / "users.jsonl", [{"email": new_email(), **harmless}])
    assert taken.counts == (1, 0, 0, 0)
    value = next(iter(harmless.values()))
    assert set(taken.totals.lost) == (set() if value in (None, "") else set(harmless))


@SQLITE_ONLY
@pytest.mark.parametrize("system", ["auth0", "firebase", "clerk", "wordpress", "devise"])
def test_file_of_another_system_suggests_its_preset(service, tmp_path, system):
    record = filled(SYSTEMS[system][0], (new_email(), new_email())) | {"pwHash": "x"}
    with pytest.raises(runs.Refused, match=f"--from {system}"):
        Taken(tmp_path / "users.jsonl", [record])


@SQLITE_ONLY
def test_second_run_with_update_adds_what_is_missing(service, tmp_path):
    email, path = new_email(), tmp_path / "users.jsonl"
    bare = {"email": email, "created_at": "2024-03-14T09:00:00Z"}
    assert Taken(path, [bare]).counts == (1, 0, 0, 0)
    whole = bare | {"hashed_password": BCRYPT, "email_verified_at": "2024-03-14", "username": "Alice", "is_active": False,
                    "created_at": "2019-03-14T09:00:00Z"}  # fmt: skip
    assert Taken(path, [whole]).counts == (0, 0, 1, 0)
    assert account(email).hashed_password is None
    dry = Taken(path, [whole], update=True, dry_run=True)
    assert (dry.counts, account(email).hashed_password) == ((0, 1, 1, 0), None)
    assert Taken(path, [whole], update=True).counts == (0, 1, 1, 0)
    found = account(email)
    assert (found.hashed_password, found.username, found.is_active) == (BCRYPT, "Alice", False)
    assert (found.email_proven_at.year, found.created_at.year) == (2024, 2019)
    assert Taken(path, [whole], update=True).counts == (0, 0, 1, 0)


@SQLITE_ONLY
def test_password_is_added_to_an_account_with_an_imported_identity_until_it_is_used(service, tmp_path):
    emails, path = [new_email(), new_email()], tmp_path / "users.jsonl"
    bare = [{"user_id": f"auth0|{e}", "email": e, "email_verified": True,
             "identities": [{"provider": "google-oauth2", "user_id": e}]} for e in emails]  # fmt: skip
    assert Taken(path, bare, system="auth0").counts == (2, 0, 0, 0)
    identity = OauthUser.__table__  # whose sessions and networks have ended since
    used = identity.update().where(identity.c.subject == emails[1]).values(last_used_at=account(emails[1]).created_at)
    database.write_only(used)
    hashes = [{"email": e, "passwordHash": BCRYPT, "email_verified": True} for e in emails]
    assert Taken(path, hashes, system="auth0", update=True).counts == (0, 1, 2, 0)
    assert [account(e).hashed_password for e in emails] == [BCRYPT, None]


@SQLITE_ONLY
def test_update_replaces_nothing_that_the_owner_set(alice, tmp_path):
    record = {"email": alice.email, "hashed_password": BCRYPT, "username": "Mallory"}
    assert Taken(tmp_path / "users.jsonl", [record], update=True).counts == (0, 0, 1, 0)
    assert alice.can_log_in_with(alice.password)
    assert alice.me()["username"] == alice.name


HASHES = {
    "WordPress 6.8": wordpress_hash, "Werkzeug scrypt": werkzeug_hash, "better-auth": better_auth_hash,
    "Werkzeug PBKDF2": lambda p: "pbkdf2:sha256:10$NaCl$" + hashlib.pbkdf2_hmac("sha256", p.encode(), b"NaCl", 10).hex(),
}  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("kind", HASHES)
@pytest.mark.parametrize("password", [PASSWORD, "pässwörd of long ago", "пароль длинный", "x" * 200])
def test_foreign_hash_is_verified_and_replaced(service, tmp_path, kind, password):
    email = new_email()
    assert Taken(tmp_path / "u.jsonl", [{"email": email, "hashed_password": HASHES[kind](password)}]).counts[0] == 1
    client = Client(service.url)
    assert client.post("/auth/login", {"email": email, "password": password + "x"}).status_code == 401
    assert client.post("/auth/login", {"email": email, "password": password}).status_code == 200
    assert account(email).hashed_password.startswith(("$2b$", "$bcrypt-sha256$"))
    assert client.post("/auth/login", {"email": email, "password": password}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_hash_is_verified_in_the_unicode_form_of_its_system(service, tmp_path, form, typed):
    import unicodedata

    password, email = "café über naïve", new_email()
    stored = schemes.bcrypt.using(rounds=4).hash(unicodedata.normalize(form, password))
    assert Taken(tmp_path / "u.jsonl", [{"email": email, "hashed_password": stored}]).counts[0] == 1
    body = {"email": email, "password": unicodedata.normalize(typed, password)}
    for _ in range(2):
        assert Client(service.url).post("/auth/login", body).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize(
    "stored",
    ["scrypt:16:1:1$NaCl$00", "scrypt:15:1:1$NaCl$" + "0" * 128, "scrypt:9999999:32:9$NaCl$" + "0" * 128,
     "pbkdf2:sha256:9999999$NaCl$" + "0" * 64, "pbkdf2:sha256:10$NaCl$" + "0" * 40, "pbkdf2:md5:10$NaCl$" + "0" * 32,
     "scrypt:16:33:1$NaCl$" + "0" * 128, "scrypt:16:1:17$NaCl$" + "0" * 128,
     "$wp$2y$24$" + "a" * 53, "$wp$2y$10$short", "$fbscrypt$v=1,n=29,r=8,p=1,ss=Bw==,sk=Bw==$Bw==$Bw==",
     "5f" * 16 + ":00", "{SSHA}abc", "$6$salt$abc", BCRYPT + " "],
    ids=range(15),
)  # fmt: skip
def test_incomplete_or_too_expensive_hash_is_rejected(service, tmp_path, stored):
    record = {"email": new_email(), "hashed_password": stored}
    assert Taken(tmp_path / "u.jsonl", [record]).counts == (0, 0, 0, 1)
    assert Taken(tmp_path / "u.jsonl", [record], allow_loss=True).counts == (1, 0, 0, 0)


@SQLITE_ONLY
def test_an_update_vouches_for_no_account_that_an_attacker_may_have_made(bob, tmp_path):
    """Mallory signed up with Bob's email address, before Bob was imported from the old system."""
    record = {"id": "1", "email": bob.email, "hashed_password": BCRYPT, "is_active": True, "is_verified": True,
              "oauth_accounts": [{"oauth_name": "google", "account_id": new_email()}]}  # fmt: skip
    record.pop("id")
    Taken(tmp_path / "users.jsonl", [record], system="fastapi-users", update=True)
    found = account(bob.email)
    assert found.email_proven_at is None
    assert found.hashed_password != BCRYPT
    assert database.read(select(OauthUser.subject).where(OauthUser.account_id == found.id)) is None


@SQLITE_ONLY
def test_an_identity_belongs_to_one_account(service, google, tmp_path):
    """Whatever issuer the login of the first one has noted, which no export names."""
    google.new_person(email=new_email(), email_verified=True)
    first = Visitor(service).log_in_with("google").json()
    linked = [{"provider": "google-oauth2", "user_id": google.person["sub"]}]
    record = {"user_id": new_email(), "email": new_email(), "identities": linked}
    taken = Taken(tmp_path / "users.jsonl", [record], system="auth0")
    assert (taken.counts, len(taken.totals.lost)) == ((1, 0, 0, 0), 1)
    assert Visitor(service).log_in_with("google").json()["user_id"] == first["user_id"]
