"""The OAuth provider, used by clients that others have written. Their scripts are in tests/oauth_provider/clients."""

import os
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from databases import SQLITE_ONLY
from oauth_application import CALLBACK, Application, register
from oauth_provider.schemas import CODE, CREDENTIALS, DEVICE, REFRESH
from people import superuser
from scripts import FOLDER, PYTHON, Script, User, mcp_python, node, responds
from servers import PROJECT, free_port
from waiting import until

RESOURCE = "https://api.example.com/"
MODULES = Path("/usr/lib/apache2/modules")
pytestmark = SQLITE_ONLY


@pytest.fixture
def registers(oidc):
    """registers(type="public"): a new client."""
    root = superuser(oidc)
    return lambda **fields: register(root, **fields)


@pytest.fixture
def alice(oidc, configure):
    configure(email_verification="off")
    with closing(User(oidc, "alice")) as user:
        assert user.sign_up().url.path == "/account"
        user.cookies = []
        yield user


@pytest.fixture
def runs(oidc, tmp_path):
    """runs(command, client, …): a script that knows the issuer and its client."""
    running = []

    def run(command, client=None, **more):
        known = {name: client.get(name) for name in ("client_id", "client_secret")} if client else {}
        given = {"issuer": oidc.url, "redirect_uri": CALLBACK, "resource": RESOURCE, **known, **more}
        running.append(Script(command, tmp_path, **given))
        return running[-1]

    yield run
    for each in running:
        each.close()


def test_openid_client(registers, runs, alice, tmp_path):
    grants = [CODE, REFRESH, CREDENTIALS]
    client = registers(grant_types=grants, resources=[RESOURCE], post_logout_redirect_uris=[CALLBACK], require_par=True)
    device = registers(type="public", redirect_uris=[], grant_types=[DEVICE, REFRESH])
    script = runs([*node(tmp_path), "openid_client.mjs"], client, device_client_id=device["client_id"])
    assert script.result(alice) == {
        "email": alice.email, "same": True, "type": "dpop", "active": [True, False], "bound": True, "program": "bearer",
        "state": "bye",
    }  # fmt: skip


def test_oauth4webapi(runs, alice, tmp_path, configure):
    configure(dynamic_registration="open", oauth_resources=(RESOURCE,))
    script = runs([*node(tmp_path), "oauth4webapi.mjs"])
    assert script.result(alice) == {"email": alice.email, "audience": RESOURCE, "client": True, "renewed": True}


def test_authlib(registers, runs, alice):
    script = runs([PYTHON, FOLDER / "authlib_client.py"], registers())
    assert script.result(alice) == {"email": alice.email, "active": [True, False]}


def test_auth_js(registers, runs, alice, tmp_path):
    port = free_port()
    client = registers(redirect_uris=[f"http://localhost:{port}/auth/callback/service"])
    url = runs([*node(tmp_path), "authjs.mjs"], client, port=port).read()["listens"]
    token = alice.get(f"{url}/auth/csrf").json()["csrfToken"]
    alice.page = alice.get(f"{url}/start")
    page = alice.send_form(csrfToken=token, callbackUrl=f"{url}/")
    alice.visit(str(page.url))
    assert alice.get(f"{url}/").json()["user"] == {"name": alice.name, "email": alice.email}


def test_better_auth(registers, runs, alice, tmp_path):
    port = free_port()
    uris = [f"http://localhost:{port}/api/auth/callback/service"]
    client = registers(redirect_uris=uris, token_endpoint_auth_method="client_secret_post")
    url = runs([*node(tmp_path), "better_auth.mjs"], client, port=port).read()["listens"]
    asked = {"provider": "service", "callbackURL": "/"}
    started = alice.fetch("POST", f"{url}/api/auth/sign-in/social", frontend=url, json=asked)
    assert started.status_code == 200, started.text
    alice.visit(started.json()["url"])
    user = alice.get(f"{url}/").json()["user"]
    assert (user["name"], user["email"]) == (alice.name, alice.email)


@pytest.fixture
def mcp_server(oidc, tmp_path, configure):
    """The example of an MCP server, protected by the service."""
    port = free_port()
    resource = f"http://localhost:{port}/mcp"
    configure(dynamic_registration="open", oauth_resources=(resource,))
    environment = {"PATH": os.environ["PATH"], "ACCOUNTS_URL": oidc.url, "RESOURCE_URL": resource}
    with (tmp_path / "mcp.log").open("wb") as log:
        command = [mcp_python(), PROJECT / "examples" / "mcp_server" / "main.py"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    until(lambda: responds(resource) or process.poll() is not None)
    assert process.poll() is None, (tmp_path / "mcp.log").read_text()
    yield resource
    process.terminate()
    process.wait(30)


def test_mcp_sdk_for_python(runs, alice, mcp_server):
    result = runs([mcp_python(), FOLDER / "mcp_client.py"], resource=mcp_server).result(alice)
    assert result["text"].startswith("You are ") and result["client"].startswith("dyn_")


def test_mcp_sdk_for_typescript(runs, alice, mcp_server, tmp_path):
    result = runs([*node(tmp_path), "mcp_sdk.mjs"], resource=mcp_server).result(alice)
    assert result["steps"] == ["REDIRECT", "AUTHORIZED", "AUTHORIZED"] and result["renewed"]
    assert result["text"].startswith("You are ")


def test_mcp_server_rejects_tokens_for_others(registers, alice, mcp_server, oidc):
    app = Application(oidc, registers())
    access_token = app.log_in(alice)["access_token"]
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json, text/event-stream"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    answer = httpx2.post(mcp_server, json=message, headers=headers, trust_env=False)
    assert answer.status_code == 401 and "resource_metadata=" in answer.headers["www-authenticate"]


def test_command_line_example(registers, alice, oidc, tmp_path):
    client = registers(name="Tool", type="public", redirect_uris=[], grant_types=[DEVICE, REFRESH])
    known = {"ACCOUNTS_URL": oidc.url, "CLIENT_ID": client["client_id"], "TOKEN_FILE": str(tmp_path / "token")}
    command = [PYTHON, PROJECT / "examples" / "command_line" / "login.py"]
    for _ in range(2):  # the second time without the user
        process = subprocess.Popen(
            command, env={"PATH": os.environ["PATH"], **known}, stdout=subprocess.PIPE, text=True
        )
        said = process.stdout.readline()
        if said.startswith("Open "):
            complete = process.stdout.readline().split()[-1]
            alice.visit(complete)
            said = process.stdout.readline()
        assert said == f"You are logged in as {alice.email}\n" and process.wait(10) == 0
        process.stdout.close()
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


# ------------------------------------------------------------------------------------------------------ mod_auth_openidc

APACHE = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
Listen 127.0.0.1:{port}
ErrorLog {folder}/error.log
User www-data
Group www-data
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
DocumentRoot {folder}/site
<Directory />
AllowOverride None
</Directory>
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {client_secret}
OIDCRedirectURI http://localhost:{port}/callback
OIDCCryptoPassphrase a-passphrase-of-the-test
OIDCScope "openid email"
OIDCPKCEMethod S256
<Location />
AuthType openid-connect
Require valid-user
Header set X-Email "expr=%{{reqenv:OIDC_CLAIM_email}}"
</Location>
<Location /callback>
AuthType openid-connect
Require valid-user
</Location>
"""


@pytest.fixture
def apache(oidc, registers, configure):
    if not shutil.which("apache2") or not (MODULES / "mod_auth_openidc.so").exists():
        pytest.skip("not shown here: mod_auth_openidc: libapache2-mod-auth-openidc is not installed")
    if os.geteuid() != 0:
        pytest.skip("not shown here: mod_auth_openidc: its test must run as root")
    configure(webhook_allowed_networks=("127.0.0.0/8", "::1/128"))
    folder, port = Path(tempfile.mkdtemp(prefix="credentials-apache-")), free_port()
    url = f"http://localhost:{port}"
    folder.chmod(0o755)  # for www-data
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("Welcome")
    uris = {"redirect_uris": [f"{url}/callback"], "post_logout_redirect_uris": [f"{url}/bye"]}
    client = registers(**uris, backchannel_logout_uri=f"{url}/callback?logout=backchannel")
    settings = {"folder": folder, "port": port, "modules": MODULES, "issuer": oidc.url}
    (folder / "apache.conf").write_text(APACHE.format(**settings, **client))
    process = subprocess.Popen(["apache2", "-f", folder / "apache.conf", "-D", "FOREGROUND"])
    until(lambda: responds(f"{url}/"))
    yield url
    process.terminate()
    process.wait(30)
    shutil.rmtree(folder)


def test_mod_auth_openidc(apache, alice):
    assert alice.visit(f"{apache}/") == f"{apache}/"
    assert alice.page.text == "Welcome" and alice.page.headers["x-email"] == alice.email
    assert alice.get(f"{apache}/").text == "Welcome", "Apache keeps a session"
    alice.press("/account/logout")
    until(lambda: "/login" in str(alice.get(f"{apache}/").url))
