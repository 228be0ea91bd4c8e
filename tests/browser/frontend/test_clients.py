"""The generated clients and the Postman collection match the OpenAPI document and work against the service."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import collection
import generate
import httpx
import jwt
import pytest
from credential_client import MfaRequired, Problem, ReauthenticationRequired, Service, models, with_reauthentication
from credential_client.verifier import InvalidToken, Verifier, requires
from cryptography.hazmat.primitives.asymmetric import ec

from authenticator_app import AuthenticatorApp
from servers import PROJECT

PASSWORD = "a horse, a battery"
TYPESCRIPT = PROJECT / "clients" / "typescript"


def files_of(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in found}


def test_generated_clients_are_current(tmp_path):
    generate.write(tmp_path)
    for language, folder in generate.GENERATED.items():
        here, generated = files_of(generate.CLIENTS / folder), files_of(tmp_path / folder)
        lags = {name for name in here.keys() | generated.keys() if here.get(name) != generated.get(name)}
        assert not lags, f"run `make clients`: {language} {sorted(lags)}"


def test_collection_has_every_operation_and_is_current(tmp_path):
    collection.write(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_text() == (collection.HERE / path.name).read_text(), f"run `make clients`: {path.name}"


def test_newman_runs_the_whole_collection(stack):
    values = {
        "base_url": stack.url,
        "superuser_password": stack.superuser_password,
        "service_token": stack.service_token,
    }
    command = [
        str(PROJECT / "tests" / "browser" / "node_modules" / ".bin" / "newman"),
        "run",
        "postman_collection.json",
    ]
    command += ["-e", "postman_environment.json", "--color", "off", "--reporter-cli-no-success-assertions"]
    for name, value in values.items():
        command += ["--env-var", f"{name}={value}"]
    done = subprocess.run(command, cwd=PROJECT / "postman", capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_typescript_client(stack):
    environment = {**os.environ, "SERVICE_URL": stack.url}
    done = subprocess.run(
        ["npm", "test"], cwd=TYPESCRIPT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 14" in done.stdout


def readme_of(client: Path, language: str) -> str:
    (block,) = re.findall(rf"```{language}\n(.*?)```", (client / "README.md").read_text(encoding="utf-8"), re.S)
    return block


def test_readme_examples(stack):
    said = []
    for client, language, command in (
        (generate.CLIENTS / "python", "python", [sys.executable, "-c"]),
        (TYPESCRIPT, "ts", ["node_modules/.bin/tsx", "--input-type=module", "--eval"]),
    ):
        script = readme_of(client, language).replace("http://localhost:8000", stack.url)
        script = script.replace("alice@example.com", f"{language}@example.com")
        environment = {**os.environ, "PYTHONPATH": str(client)}
        done = subprocess.run(
            [*command, script], cwd=client, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == "Alice\nvalidation_error {'new_email': ['is not a valid email address']}\n"
    assert said[1] == "Alice\nvalidation_error { new_email: [ 'is not a valid email address' ] }\n"


# ---------------------------------------------------------------------------------------------------------------- Python


@pytest.fixture
def service(stack):
    return Service(stack.url)


def sign_up(service: Service, name: str) -> models.SignUp:
    body = models.SignUp(
        email=f"{name}-{os.urandom(4).hex()}@example.com", username=name.capitalize(), password=PASSWORD
    )
    service.auth.signup(body=body)
    return body


def test_sign_up_current_user_and_logout(service):
    alice = sign_up(service, "alice")
    assert service.users.me().username == "Alice"
    service.auth.logout()
    assert service.session.tokens is None
    with pytest.raises(Problem, match="Log in first") as refused:
        service.users.me()
    assert refused.value.code == "not_authenticated"
    service.auth.login(body=models.LogIn(email=alice.email, password=PASSWORD))
    assert service.users.me().email == alice.email
    service.users.delete_me(body=models.Presence(password=PASSWORD))
    assert service.session.tokens is None


def test_concurrent_threads_share_one_refresh(service):
    sign_up(service, "alice")
    service.session.tokens = {**service.session.tokens, "access_token": "no.longer.good"}
    old, names = service.session.tokens["refresh_token"], []
    threads = [threading.Thread(target=lambda: names.append(service.users.me().username)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert names == ["Alice"] * 10
    assert service.session.tokens["refresh_token"] != old
    assert len(service.users.list_sessions()) == 1


def test_session_continues_in_another_process(service, stack):
    sign_up(service, "bob")
    elsewhere = Service(stack.url, tokens={**service.session.tokens, "expires_in": 0})
    assert elsewhere.users.me().username == "Bob"
    assert elsewhere.session.tokens["access_token"] != service.session.tokens["access_token"]


def test_ended_session_is_cleared_and_its_logout_succeeds(service, stack):
    sign_up(service, "bob")
    elsewhere, third = (Service(stack.url, tokens=service.session.tokens) for _ in range(2))
    service.auth.logout_all()
    with pytest.raises(Problem) as ended:
        elsewhere.users.me()
    assert ended.value.code == "invalid_refresh_token"
    assert elsewhere.session.tokens is None
    third.auth.logout()
    assert third.session.tokens is None


def test_problem_contains_code_and_field_errors(service):
    with pytest.raises(Problem) as refused:
        service.auth.signup(body=models.SignUp(email="alice", username="Alice", password=PASSWORD))
    assert (refused.value.status, refused.value.code) == (422, "validation_error")
    assert refused.value.fields == {"email": ["is not a valid email address"]}
    assert refused.value.request_id


ENDED = {"expires_in": 0, "refresh_token": "has-ended"}


def test_public_requests_are_sent_after_the_session_has_ended(service, stack):
    alice = sign_up(service, "alice")
    elsewhere, another = (Service(stack.url, tokens={**service.session.tokens, **ENDED}) for _ in range(2))
    elsewhere.auth.request_password_reset(body=models.EmailOnly(email=alice.email))
    assert elsewhere.session.tokens is None
    another.auth.logout()
    assert another.session.tokens is None


@pytest.mark.parametrize("kept", [{"access_token": "no.longer.good"}, {"expires_in": 0}, ENDED], ids=str)
def test_request_is_not_repeated_for_a_user_who_logs_in_meanwhile(service, stack, kept):
    sign_up(service, "alice")
    shared = Service(stack.url, tokens={**service.session.tokens, **kept})
    meanwhile(shared, lambda: sign_up(shared, "bob"))
    with pytest.raises(Problem) as refused:
        shared.users.update_me(body=models.Profile(username="Alice Liddell"))
    assert refused.value.code in ("not_authenticated", "invalid_refresh_token")
    assert shared.users.me().username == "Bob"


def meanwhile(service: Service, work) -> None:
    """Run a function when the next response has arrived, before the client has read it."""
    hooks = service.users._client.get_httpx_client().event_hooks["response"]

    def once(_answer):
        hooks.clear()
        work()

    hooks.append(once)


@pytest.mark.parametrize("errors", [{}, [None], "all", [{"field": ["email"]}]], ids=str)
def test_problem_can_contain_any_fields(errors):
    assert Problem(httpx.Response(422, json={"code": "odd", "errors": errors})).code == "odd"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_path_parameters_are_escaped(service, value):
    sign_up(service, "alice")
    with pytest.raises(ValueError, match="cannot be part of a URL"):
        service.users.end_session(session_id=value)
    with pytest.raises(Problem) as refused:
        service.users.end_session(session_id="%2e%2e")
    assert refused.value.status in (404, 422)
    assert service.users.me().username == "Alice"


def test_outage_ends_no_session(service):
    sign_up(service, "alice")
    away = Service("http://127.0.0.1:9", tokens=service.session.tokens)
    with pytest.raises(Problem) as refused:
        away.users.me()
    assert refused.value.code == "unreachable"
    assert away.session.tokens


def test_service_client_sends_its_own_token(service, stack):
    alice = sign_up(service, "alice")
    other = Service(stack.url, service_token=stack.service_token)
    answer = other.internal.introspect(body=models.IntrospectionRequest(token=service.session.tokens["access_token"]))
    assert answer.active
    assert answer.email == alice.email


# -------------------------------------------------------------------------------------------------------- second factors


def test_login_with_a_second_factor_and_reauthentication(service, stack):
    alice = sign_up(service, "alice")
    begun = service.users.begin_totp()
    app = AuthenticatorApp(begun.secret)
    confirmed = service.users.confirm_totp(begun.id, body=models.TotpCode(code=app.code()))
    service.auth.logout()
    log_in = models.LogIn(email=alice.email, password=PASSWORD)
    with pytest.raises(MfaRequired) as required:
        service.auth.login(body=log_in)
    assert set(required.value.factors) == {"totp", "recovery_code"}
    assert service.session.tokens is None
    second = {"mfa_token": required.value.mfa_token, "remember_device": True}
    with pytest.raises(Problem, match="code") as wrong:
        service.auth.complete_login(body=models.SecondStep(code="abc", **second))
    assert wrong.value.code == "invalid_code"
    service.auth.complete_login(body=models.SecondStep(code=app.code(), **second))
    assert service.users.me().email == alice.email

    # A trusted device skips the second factor, also in another process; removing a factor needs one.
    trusted = Service(stack.url, device_token=service.session.device_token)
    trusted.auth.login(body=log_in)
    assert trusted.session.device_token != service.session.device_token
    with pytest.raises(ReauthenticationRequired) as again:
        trusted.users.remove_factor(begun.id)
    assert again.value.acr_values == "aal2"
    proof = models.Presence(password=PASSWORD, recovery_code=confirmed.recovery_codes[0])
    with_reauthentication(trusted, lambda: trusted.users.remove_factor(begun.id), lambda _: proof)
    assert trusted.users.list_factors().items == []


@pytest.fixture
def issuer(monkeypatch):
    """issuer(scope="…"): an access token with these claims, of a service whose keys are at hand."""
    key = ec.generate_private_key(ec.SECP256R1())
    monkeypatch.setattr(jwt.PyJWKClient, "get_signing_key_from_jwt", lambda *_: key.public_key())

    def sign(typ="at+jwt", **claims):
        now = int(time.time())
        said = {"iss": "https://id", "aud": "credential-service", "sub": "alice", "iat": now, "exp": now + 900}
        return jwt.encode(said | claims, key, "ES256", {"typ": typ})

    return sign


def test_verifier_accepts_access_tokens_only(issuer):
    verify = Verifier("https://id", follow_revocations=False).claims
    assert verify(f"Bearer {issuer()}")["sub"] == "alice"
    for wrong in (
        issuer(enrolment=True), issuer(aud="another"), issuer(iss="https://mallory"), issuer(exp=1), issuer(typ="JWT"),
        issuer()[:-4] + "AAAA", "rubbish", "", None,
    ):  # fmt: skip
        with pytest.raises(InvalidToken) as refused:
            verify(wrong)
        assert refused.value.status == 401


def test_verifier_requires_a_recent_login_with_two_factors():
    now = time.time()
    for_payments = requires(acr="aal2", max_age=300)
    assert for_payments({"acr": "aal2", "auth_time": now})
    assert requires(max_age=300)({"acr": "aal1", "auth_time": now, "acr_time": now - 900})
    for claims in (
        {"acr": "aal1", "auth_time": now},
        {"acr": "aal2", "auth_time": now - 301},
        {"acr": "aal2", "auth_time": now, "acr_time": now - 301},
        {},
    ):
        with pytest.raises(InvalidToken) as refused:
            for_payments(claims)
        assert refused.value.www_authenticate == (
            'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age=300'
        )
