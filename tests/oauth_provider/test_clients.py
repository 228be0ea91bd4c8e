"""Clients: how administrators register and change them, in the API and the console; metadata and keys."""

import subprocess
import sys
from contextlib import closing

import httpx2
import jwt
import pytest
import sqlalchemy

import database
from databases import SQLITE_ONLY
from oauth_application import CALLBACK, Application, refused, register
from oauth_provider.models import OAuthClient
from people import Client, refusal, with_roles
from reader import Reader, person_of
from servers import PROJECT, environment_of
from sessions import signing_keys
from settings import loading, sources
from settings.loading import settings


@SQLITE_ONLY
def test_client_is_created_shown_changed_and_deleted(oidc, owner, connects):
    made = register(owner, name="Ledger", logo_uri="https://app.example.com/logo.png")
    where = f"/admin/clients/{made['client_id']}"
    assert made["client_secret"].startswith("cs_") and made["token_endpoint_auth_method"] == "client_secret_basic"
    shown = owner.client.get(where)
    assert shown.json()["name"] == "Ledger" and "client_secret" not in shown.json()
    listed = owner.client.get("/admin/clients?query=ledg").json()["items"]
    assert made["client_id"] in [each["client_id"] for each in listed]
    assert owner.client.get("/admin/clients?query=unknown").json()["items"] == []
    stored = database.read(sqlalchemy.select(OAuthClient).where(OAuthClient.client_id == made["client_id"]))
    assert made["client_secret"] not in str(stored._mapping)
    changed = owner.client.patch(where, {"name": "Ledger 2", "logo_uri": None})
    assert (changed.json()["name"], changed.json()["logo_uri"]) == ("Ledger 2", None)
    assert changed.json()["redirect_uris"] == [CALLBACK]
    fixed = owner.client.patch(where, {"type": "public", "token_endpoint_auth_method": "none"})
    assert refusal(fixed) == (409, "conflict")
    assert fixed.json()["detail"] == "The type of a client cannot be changed. Register a new client."
    assert refusal(owner.client.patch(where, {"token_endpoint_auth_method": "none"})) == (422, "validation_error")
    assert owner.client.delete(where).status_code == 204
    assert refusal(owner.client.get(where)) == (404, "not_found")


@SQLITE_ONLY
def test_old_secret_remains_valid_for_a_while(connects, owner, clock):
    job = connects(grant_types=["client_credentials"], redirect_uris=[])
    where = f"/admin/clients/{job.client_id}/rotate-secret"
    new = owner.client.post(where, {"overlap_seconds": 60}).json()["client_secret"]
    assert job.token(grant_type="client_credentials").status_code == 200
    clock.shift(61)
    assert refused(job.token(grant_type="client_credentials")) == (401, "invalid_client")
    job.secret = new
    assert job.token(grant_type="client_credentials").status_code == 200
    public = connects(type="public")
    without_secret = owner.client.post(f"/admin/clients/{public.client_id}/rotate-secret")
    assert refusal(without_secret) == (409, "conflict")
    assert without_secret.json()["detail"].startswith("This client has no secret")


@SQLITE_ONLY
def test_permissions_are_required(oidc, owner, connects):
    role = owner.client.post("/admin/roles", {"name": "connects", "permissions": ["clients:read", "clients:write"]})
    assert role.status_code in (201, 409)
    carol, mallory = (
        with_roles(oidc, owner, name, "user", *roles) for name, *roles in (("carol", "connects"), ("mallory",))
    )
    powerful = connects(scopes=["openid", "users:write"])
    where = f"/admin/clients/{powerful.client_id}"
    assert refusal(mallory.client.get("/admin/clients")) == (403, "forbidden")
    assert refusal(Client(oidc.url).get("/admin/clients")) == (401, "not_authenticated")
    assert carol.client.get(where).status_code == 200
    # Otherwise she could give herself what only the superuser may do.
    body = {"name": "x", "redirect_uris": [CALLBACK], "scopes": ["users:write"]}
    assert refusal(carol.client.post("/admin/clients", body)) == (403, "forbidden")
    assert refusal(carol.client.patch(where, {"redirect_uris": ["https://carol.example/"]})) == (403, "forbidden")
    assert refusal(carol.client.post(f"{where}/rotate-secret")) == (403, "forbidden")
    assert carol.client.post("/admin/clients", {**body, "scopes": ["openid"]}).status_code == 201


@SQLITE_ONLY
def test_tokens_of_a_program_have_the_permissions_of_its_creator(oidc, owner):
    amy = with_roles(oidc, owner, "amy", "admin", "user")
    job = Application(
        oidc, register(amy, grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read", "audit:read"])
    )
    token = job.token(grant_type="client_credentials").json()
    assert set(token["scope"].split()) == {"users:read", "audit:read"}
    assert Client(oidc.url, token["access_token"]).get("/admin/users").status_code == 200
    assert owner.client.put(f"/admin/users/{amy.user_id}/roles", {"roles": ["user"]}).status_code == 200
    assert refusal(Client(oidc.url, token["access_token"]).get("/admin/users")) == (403, "insufficient_scope")
    assert refused(job.token(grant_type="client_credentials", scope="users:read")) == (400, "invalid_scope")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "uri",
    [
        "https://*.example.com/cb", "https://app.example.com/cb#part", "http://app.example.com/cb", "data:text/html,x",
        "javascript:alert(1)//x.y", "myapp:/cb", "/cb", "https://", "", "file:///etc/passwd", "https://a@b.example/",
        "https://app.example.com/../cb", "https://app.example.com/cb\n", "https://app.example.com/cb?code=1",
        "https://app.example.com:port/", "https://[::1/", "https://app.example.com\\@evil.example/",
    ],
)  # fmt: skip
def test_redirect_uris_have_rules(owner, uri):
    register(owner, status=422, redirect_uris=[uri])


@SQLITE_ONLY
@pytest.mark.parametrize(
    "uri",
    ["https://app.example.com/cb?tenant=1", "http://127.0.0.1/cb", "http://[::1]:7000/cb", "http://localhost:3000/cb", "com.example.app:/cb"],
)  # fmt: skip
def test_honest_redirect_uris_are_accepted(owner, uri):
    assert register(owner, redirect_uris=[uri], type="public")["redirect_uris"] == [uri]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "fields",
    [
        {"type": "public", "token_endpoint_auth_method": "client_secret_basic"},
        {"type": "confidential", "token_endpoint_auth_method": "none"},
        {"type": "public", "grant_types": ["client_credentials"]},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []}},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}},
        {"redirect_uris": []},
        {"grant_types": ["password"]},
        {"scopes": ["everything"]},
        {"logo_uri": "http://example.com/logo.png"},
        {"backchannel_logout_uri": "http://10.0.0.1/"},
        {"jwks_uri": "ftp://example.com/"},
        {"resources": ["not a URI"]},
        {"access_token_lifetime": 10**6},
        {"name": "https://evil.example"},
    ],
)  # fmt: skip
def test_impossible_clients_are_rejected(owner, fields):
    register(owner, status=422, **fields)


@SQLITE_ONLY
def test_changes_are_in_the_audit_log(owner, connects):
    client = connects()
    owner.client.patch(f"/admin/clients/{client.client_id}", {"name": "Another name"})
    owner.client.delete(f"/admin/clients/{client.client_id}")
    events = [
        each for each in owner.client.get("/admin/audit?limit=10").json()["items"] if client.client_id in str(each)
    ]
    assert [each["action"] for each in events] == ["client.deleted", "client.changed", "client.created"]
    assert events[1]["detail"]["fields"] == ["name"] and client.secret not in str(events)


@SQLITE_ONLY
def test_console_shows_which_applications_a_user_has_granted_access_to(oidc, owner, connects, joins):
    amy, printer = joins("amy"), connects(name="Photo Printer")
    where = f"/admin/console/users/{person_of(amy).user_id}"
    with closing(Reader(oidc, "root")) as admin:
        admin.open("/login")
        admin.send_form(email=owner.email, password=owner.password)
        before = admin.open(where).text
        printer.log_in(amy)
        after = admin.open(where).text
    assert "Applications</h2>" in before and "Photo Printer" not in before
    assert "Photo Printer" in after


@SQLITE_ONLY
def test_client_is_registered_in_the_console(oidc, owner, connects):
    with closing(Reader(oidc, "root")) as admin:
        admin.open("/login")
        admin.send_form(email=owner.email, password=owner.password)
        assert "Register an application" in admin.open("/admin/console/clients").text
        admin.open("/admin/console/clients/new")
        page = admin.goes("POST", "/admin/console/clients/new", {
            "name": "From the console", "type": "confidential", "redirect_uris": "https://a.example/cb\r\nhttps://b.example/cb",
            "grant_types": "authorization_code", "scopes": "openid", "token_endpoint_auth_method": "client_secret_basic",
        })  # fmt: skip
        assert page.status_code == 200 and "cs_" in page.text, page.text
        (made,) = owner.client.get("/admin/clients?query=From").json()["items"]
        assert made["redirect_uris"] == ["https://a.example/cb", "https://b.example/cb"]
        path = (
            admin.open("/admin/console/clients").text.partition('href="/admin/console/clients/0')[2].partition('"')[0]
        )
        where = f"/admin/console/clients/0{path}"
        for below in ("", "/edit", "/rotate-secret", "/delete"):
            assert admin.open(where + below).status_code == 200, below
        admin.open(f"{where}/edit")
        wrong = admin.send_form(to=f"{where}/edit", name="From the console", redirect_uris="http://evil.example/")
        assert wrong.status_code == 422
        admin.open(f"{where}/delete")
        admin.send_form(to=f"{where}/delete", confirmation="From the console", password=owner.password)
        assert admin.page.url.path == "/admin/console/clients", admin.page.text
    assert owner.client.get("/admin/clients?query=From").json()["items"] == []


# ----------------------------------------------------------------------------------------------------- metadata and keys


@SQLITE_ONLY
def test_metadata_of_an_issuer_with_a_path_is_at_both_paths(oidc, configure):
    client, origin = Client(oidc.url), {"Origin": "https://anywhere.example"}
    for name in ("openid-configuration", "oauth-authorization-server", "oauth-protected-resource"):
        inserted = f"/.well-known/{name}/id"
        assert refusal(client.get(inserted)) == (404, "not_found")
        configure(jwt_issuer="https://example.com/id")
        answer = client.get(inserted, headers=origin)
        assert answer.json() == client.get(f"/.well-known/{name}").json()
        assert answer.headers["access-control-allow-origin"] == "*"
        for other in (f"{inserted}/more", f"/.well-known/{name}/other", "/.well-known/jwks.json/id"):
            assert refusal(client.get(other)) == (404, "not_found"), other
        configure(jwt_issuer="https://example.com")


@SQLITE_ONLY
def test_metadata_names_what_is_there(oidc):
    client, base = Client(oidc.url), oidc.url
    found = client.get("/.well-known/openid-configuration").json()
    assert found == client.get("/.well-known/oauth-authorization-server").json()
    assert found["issuer"] == base and found["token_endpoint"] == f"{base}/oauth2/token"
    for name, url in found.items():
        if name.endswith("_endpoint"):
            assert httpx2.get(url, trust_env=False, follow_redirects=False).status_code != 404, name
    assert found["code_challenge_methods_supported"] == ["S256"] and found["response_types_supported"] == ["code"]
    assert {"openid", "profile", "email", "offline_access"} <= set(found["scopes_supported"])
    assert found["authorization_response_iss_parameter_supported"] and found["backchannel_logout_supported"]
    resource = client.get("/.well-known/oauth-protected-resource").json()
    assert (resource["resource"], resource["authorization_servers"]) == (base, [base])
    algorithms = {key["alg"] for key in client.get("/.well-known/jwks.json").json()["keys"]}
    assert algorithms == {"RS256", "ES256", "EdDSA"}


@SQLITE_ONLY
def test_keys_of_all_algorithms_rotate(oidc, owner, connects, alice, clock):
    printer, other = connects(), connects()
    tokens = printer.log_in(alice)
    clock.shift(settings.jwt_key_rotation_days * 86_400)
    with database.transaction() as db:
        signing_keys.rotate_if_due(db)
    signing_keys._loaded = None
    later = other.log_in(alice)
    for name in ("id_token", "access_token"):
        before, after = (jwt.get_unverified_header(each[name])["kid"] for each in (tokens, later))
        assert before != after, name
    assert printer.claims(later["access_token"], settings.jwt_issuer)


@pytest.mark.parametrize(
    "environment, line",
    [
        ({"ALGORITHM": "HS256"}, "OIDC_PROVIDER: needs ALGORITHM"),
        ({"ALGORITHM": "ES256", "JWT_AUDIENCE": "http://localhost:8000"}, "JWT_AUDIENCE: must differ"),
        ({"ALGORITHM": "ES256", "HOSTED_PAGES": "false"}, "HOSTED_PAGES: must be true"),
        ({"ALGORITHM": "ES256", "DYNAMIC_REGISTRATION": "token"}, "DYNAMIC_REGISTRATION_TOKEN: is not set"),
    ],
)
def test_impossible_settings_are_rejected(tmp_path, environment, line):
    with pytest.raises(sources.InvalidSettings) as found:
        loading.read(environment_of(tmp_path, OIDC_PROVIDER="true", **environment))
    assert len(found.value.lines) == 1 and line in found.value.lines[0]


def test_without_the_provider_there_is_nothing(tmp_path):
    code = (
        "import sys, main; print(*sorted(n for n in sys.modules if n.startswith('oauth_provider'))); "
        "print(*[r.path for r in main.ROUTES])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=environment_of(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    modules, routes = done.stdout.splitlines()
    assert modules.split() == [
        "oauth_provider",
        "oauth_provider.capability",
        "oauth_provider.models",
    ]
    assert not {"/oauth2/token", "/oauth2/authorize", "/admin/clients", "/auth/authorize"} & set(routes.split())
    assert {"/oauth2/introspect", "/oauth2/revoke"} <= set(routes.split())
