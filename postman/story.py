"""Define the order of the requests in the collection, and the variables that they store for later requests.

Each request is an operation of the OpenAPI document. Its body is the example in the document, with the fields given
here replaced.
"""

from dataclasses import dataclass, field
from typing import Any

KEEP_SESSION = """const answer = pm.response.json();
for (const name of ["access_token", "refresh_token", "user_id"]) pm.collectionVariables.set(name, answer[name]);"""
NEW_ADDRESS = 'pm.collectionVariables.set("{0}", `{0}-${{Date.now()}}@example.com`);'
# An email appears in the development mailbox shortly after the request that caused it.
FROM_MAIL = """const [to, pattern] = [pm.collectionVariables.get("{to}"), /{pattern}/];
const look = (times) =>
  pm.sendRequest(pm.environment.get("base_url") + "/dev/mailbox?format=json", (error, response) => {{
    const found = error ? [] : response.json().filter((mail) => mail.to === to).map((mail) => mail.text.match(pattern));
    if (found.some(Boolean)) pm.collectionVariables.set("{name}", found.find(Boolean)[1]);
    else if (times > 0) setTimeout(() => look(times - 1), 200);
  }});
look(25);"""
# RFC 6238. Each code works once, so the variable `totp_step` contains the last step that was used.
TOTP_CODE = """const hashing = require("crypto-js");
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const bits = [...pm.collectionVariables.get("totp_secret")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
const key = hashing.enc.Hex.parse(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2).toString(16).padStart(2, "0")).join(""));
const now = Math.floor(Date.now() / 30000);
const step = Math.max(now, Number(pm.collectionVariables.get("totp_step") || 0) + 1);
const counter = hashing.enc.Hex.parse(step.toString(16).padStart(16, "0"));
const mac = hashing.HmacSHA1(counter, key).toString();
const offset = 2 * parseInt(mac.slice(-1), 16);
const number = parseInt(mac.slice(offset, offset + 8), 16) & 0x7fffffff;
pm.collectionVariables.set("totp_step", step);
pm.collectionVariables.set("totp_code", String(number % 1000000).padStart(6, "0"));"""


def keep(**fields: str) -> str:
    """Return a script that stores response fields in variables: `keep(role="name")` stores `name` in `role`."""
    return "\n".join(
        f'pm.collectionVariables.set("{name}", pm.response.json().{path});' for name, path in fields.items()
    )


def from_mail(to: str, name: str, pattern: str) -> str:
    return FROM_MAIL.format(to=to, name=name, pattern=pattern)


@dataclass(frozen=True)
class Call:
    operation: str
    status: int | tuple[int, ...] = 200
    body: dict[str, Any] | None = None
    name: str | None = None
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    token: str = "access_token"  # the variable that contains it
    before: str = ""
    after: str = ""


def log_in(name: str | None = None) -> Call:
    return Call("auth.login", body={"email": "{{alice}}", "password": "{{password}}"}, name=name, after=KEEP_SESSION)


def as_superuser(operation: str, status: int = 200, body: dict[str, Any] | None = None, **more: Any) -> Call:
    return Call(operation, status, body, token="superuser_token", **more)


MEMBER = {"user_id": "{{member_id}}"}
SUPPORT = {"name": "{{role}}"}
# Sensitive requests require the administrator's password, unless their login is recent.
AGAIN = {"password": "{{superuser_password}}"}
# Without a configured provider, these requests return an error; with Google, they succeed.
GOOGLE = {"provider": "google"}
CLIENT = {
    "name": "Photo Printer", "type": "confidential", "redirect_uris": ["https://printer.example.com/callback"],
    "scopes": ["openid", "email"], "resources": [], "resource_identifier": None, "subject_type": None,
    "access_token_lifetime": None, "first_party": False, "require_dpop": False, "require_par": False,
}  # fmt: skip
EDITOR = {"client_name": "Editor", "redirect_uris": ["http://127.0.0.1/callback"], "token_endpoint_auth_method": "none"}
KEEP_CLIENT = 'pm.collectionVariables.set("client_id", pm.response.json().client_id || "none");'
CLIENT_ID = {"client_id": "{{client_id}}"}
KEY = {"key_id": "{{key_id}}"}
WEBHOOK = {"webhook_id": "{{webhook_id}}"}
FACTOR = {"factor_id": "{{factor_id}}"}
NO_PASSWORD: dict[str, Any] = {"password": None}  # the last login with two factors is recent
# Passkeys need a browser: this has the form of a credential, and is rejected.
CREDENTIAL = {
    "id": "bm9uZQ",
    "rawId": "bm9uZQ",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA"},
    "clientExtensionResults": {},
}
# Fields that a request contains only where its call says so.
SELDOM = {"captcha_token", "ceremony", "credential", "device_token"}

FOLDERS: dict[str, list[Call]] = {
    "system": [
        Call("system.welcome"),
        Call("system.security_contact", 404),
        Call("system.health"),
        Call("system.ready"),
        Call("system.read_metrics"),
        Call("system.mailbox", query={"format": "json"}),
        Call("system.related_origins"),
        Call("system.passkey_endpoints"),
    ],
    "auth": [
        Call("auth.signup", 201, {"email": "{{alice}}", "password": "{{password}}"}, before=NEW_ADDRESS.format("alice"), after=KEEP_SESSION),
        Call("auth.verify_email", 200, {"email": "{{alice}}", "code": "{{code}}", "token": None}, before=from_mail("alice", "code", r"\b(\d{6})\b")),
        Call("auth.resend_verification", 202, {"email": "{{alice}}"}),
        log_in(),
        Call("auth.refresh", 200, {"refresh_token": "{{refresh_token}}"}, after=KEEP_SESSION),
        Call("auth.change_password", 200, {"old_password": "{{password}}", "new_password": "{{password}}, {{password}}"}),
        Call("auth.request_password_reset", 202, {"email": "{{alice}}"}),
        Call("auth.reset_password", 200, {"token": "{{reset_token}}", "email": "{{alice}}", "new_password": "{{password}}"}, before=from_mail("alice", "reset_token", r"reset-password\?token=(\S+)")),
        # The email with this token is sent only if a provider can also log in to the account.
        Call("auth.secure_account", 400),
        Call("auth.token", 200, {"grant_type": "password", "username": "{{alice}}", "password": "{{password}}"}),
        log_in("Log in again: the reset ended every session"),
        Call("auth.signup", 201, {"email": "{{bob}}", "password": "{{password}}"}, "Another user signs up with Bob's email address", before=NEW_ADDRESS.format("bob")),
        Call("auth.disown", 200, {"token": "{{disown_token}}"}, before=from_mail("bob", "disown_token", r"not-me\?token=(\S+)")),
    ],
    # Without CAPTCHA_PROVIDER, there is none.
    "captcha": [Call("auth.captcha_challenge", (200, 404))],
    # Without EMAIL_VERIFICATION, login by email is off, and so is sign-up without a password without PASSWORD_OPTIONAL.
    "login by email": [
        Call("auth.request_magic_link", (202, 404), {"email": "{{alice}}", "redirect_to": None}, after=keep(login_flow="flow")),
        Call("auth.confirm_magic_link", (200, 404), {"email": "{{alice}}", "code": "{{login_code}}", "flow": "{{login_flow}}", "token": None}, before=from_mail("alice", "login_code", r"requested it:\s+(\d{6})\b")),
        Call("auth.passkey_signup_options", (200, 404), {"email": "{{new_alice}}"}, before=NEW_ADDRESS.format("new_alice"), after=keep(ceremony="ceremony")),
        Call("auth.sign_up_with_passkey", (400, 404), {"ceremony": "{{ceremony}}", "credential": CREDENTIAL}),
    ],
    "users": [
        Call("users.me"),
        Call("users.update_me", 200, {"username": "Alice Liddell"}),
        Call("users.list_sessions", after='pm.collectionVariables.set("session_id", pm.response.json().find((device) => !device.current).id);'),
        Call("users.end_session", 204, path={"session_id": "{{session_id}}"}),
        Call("users.create_api_key", 201, {"name": "Report", "scopes": ["profile"], "password": "{{password}}", "expires_at": None, "allowed_ips": None}, after=keep(key_id="id")),
        Call("users.list_api_keys"),
        Call("users.rename_api_key", 200, {"name": "Nightly report"}, path=KEY),
        Call("users.rotate_api_key", 200, {"overlap_seconds": 60, "password": "{{password}}"}, path=KEY),
        Call("users.delete_api_key", 204, path=KEY),
        Call("auth.verify"),
        Call("users.list_activity"),
        Call("users.list_identities"),
        Call("users.unlink_provider", (204, 404), {"password": "{{password}}"}, path=GOOGLE),
        Call("users.change_email", 202, {"new_email": "{{new_alice}}", "password": "{{password}}"}, before=NEW_ADDRESS.format("new_alice")),
        Call("auth.verify_email", 200, {"token": "{{change_token}}", "email": None, "code": None}, "Confirm the new address", before=from_mail("new_alice", "change_token", r"confirm-email-change\?token=(\S+)")),
        Call("auth.undo_email_change", 200, {"token": "{{undo_token}}"}, before=from_mail("alice", "undo_token", r"undo-email-change\?token=(\S+)")),
        log_in("Log in again: the undoing ended every session"),
        Call("users.export_me"),
        Call("users.read", path={"user_id": "{{user_id}}"}),
    ],
    "second factors": [
        Call("users.begin_sms", (202, 404, 422), {"phone": "+436641234567", "name": "Phone", "password": "{{password}}"}),
        Call("users.resend_sms", 404, path={"factor_id": "{{user_id}}"}),
        Call("users.confirm_sms", 404, {"code": "123456"}, path={"factor_id": "{{user_id}}"}),
        Call("users.begin_totp", 201, {"name": "Phone", "password": "{{password}}"}, after=keep(factor_id="id", totp_secret="secret")),
        Call("users.confirm_totp", 200, {"code": "{{totp_code}}"}, path=FACTOR, before=TOTP_CODE, after=keep(recovery_code="recovery_codes[0]")),
        Call("users.list_factors"),
        Call("users.rename_factor", 200, {"name": "Old phone"}, path=FACTOR),
        Call("users.replace_recovery_codes", 200, NO_PASSWORD, after=keep(recovery_code="recovery_codes[0]")),
        Call("users.new_passkey_options", 200, NO_PASSWORD, after=keep(ceremony="ceremony")),
        Call("users.add_passkey", 400, {"ceremony": "{{ceremony}}", "credential": CREDENTIAL, "name": "Laptop"}),
        Call("auth.login", 403, {"email": "{{alice}}", "password": "{{password}}"}, "Log in: a second factor is required", after=keep(mfa_token="mfa_token")),
        Call("auth.send_second_step_code", (202, 404), {"mfa_token": "{{mfa_token}}", "factor_id": None}),
        Call("auth.second_step_options", 200, {"mfa_token": "{{mfa_token}}"}),
        Call("auth.complete_login", 200, {"mfa_token": "{{mfa_token}}", "code": "{{totp_code}}", "remember_device": True}, before=TOTP_CODE, after=KEEP_SESSION),
        Call("users.list_trusted_devices", after=keep(device_id="items[0].id")),
        Call("users.forget_trusted_device", 204, path={"device_id": "{{device_id}}"}),
        Call("auth.reauthentication_options"),
        Call("auth.send_reauthentication_code", (202, 404), {"factor_id": None}),
        Call("auth.reauthenticate", 200, {"password": "{{password}}", "recovery_code": "{{recovery_code}}"}, after=keep(access_token="access_token")),
        Call("users.remove_factor", 204, NO_PASSWORD, path=FACTOR),
        Call("auth.passkey_options", after=keep(ceremony="ceremony")),
        Call("auth.log_in_with_passkey", 401, {"ceremony": "{{ceremony}}", "credential": CREDENTIAL}),
    ],
    "oauth": [
        Call("oauth.list_providers"),
        Call("oauth.start", (302, 404), path=GOOGLE),
        Call("oauth.link_provider", (200, 404), {"password": "{{password}}"}, path=GOOGLE),
        Call("oauth.callback", (400, 404), path=GOOGLE),
        Call("oauth.posted_callback", (400, 404, 405), path=GOOGLE),
        Call("oauth.exchange", 400),
    ],
    "admin": [
        Call("auth.login", 200, {"email": "{{superuser_email}}", "password": "{{superuser_password}}"}, "Log in as the superuser", after=keep(superuser_token="access_token")),
        as_superuser("admin.list_users"),
        as_superuser("admin.invite_user", 201, {"email": "{{charlie}}"}, before=NEW_ADDRESS.format("charlie"), after=keep(member_id="user_id")),
        as_superuser("admin.read_user", path=MEMBER),
        as_superuser("admin.change_user", 200, AGAIN | {"username": "Charlie", "email": "{{charlie}}", "is_active": True, "is_verified": True}, path=MEMBER),
        as_superuser("admin.list_roles"),
        as_superuser("admin.make_role", 201, {"name": "{{role}}"}, before='pm.collectionVariables.set("role", `support-${Date.now()}`);'),
        as_superuser("admin.read_role", path=SUPPORT),
        as_superuser("admin.change_role", 200, AGAIN, path=SUPPORT),
        as_superuser("admin.set_user_roles", 200, AGAIN | {"roles": ["user", "{{role}}"]}, path=MEMBER),
        as_superuser("admin.list_user_factors", path=MEMBER),
        as_superuser("admin.list_api_keys_of_users"),
        as_superuser("admin.change_api_key", 404, {"rate_limit": "100/minute"}, path=KEY),
        as_superuser("admin.end_api_key", 404, path=KEY),
        as_superuser("admin.create_webhook", 201, {"url": "https://example.com/hook", "events": ["user.*"], "description": "CRM"}, after=keep(webhook_id="id")),
        as_superuser("admin.list_webhooks"),
        as_superuser("admin.read_webhook", path=WEBHOOK),
        as_superuser("admin.change_webhook", 200, {"url": None, "events": None, "description": "CRM", "is_active": True}, path=WEBHOOK),
        as_superuser("admin.rotate_webhook_secret", 200, path=WEBHOOK),
        as_superuser("admin.test_webhook", 202, path=WEBHOOK),
        as_superuser("admin.list_deliveries", path=WEBHOOK),
        as_superuser("admin.retry_delivery", 404, path=WEBHOOK | {"delivery_id": "999999999"}),
        as_superuser("admin.replay_events", 202, {"since": "2026-03-14T00:00:00Z", "until": "2026-03-14T01:00:00Z", "events": None}, path=WEBHOOK),
        as_superuser("admin.delete_webhook", 204, path=WEBHOOK),
        # Without OIDC_PROVIDER, there are no applications.
        as_superuser("admin.create_client", (201, 404), CLIENT, after=KEEP_CLIENT),
        as_superuser("admin.list_clients", (200, 404)),
        as_superuser("admin.read_client", (200, 404), path=CLIENT_ID),
        as_superuser("admin.change_client", (200, 404), {"name": "Photo Printer 2"}, path=CLIENT_ID),
        as_superuser("admin.rotate_client_secret", (200, 404), {"overlap_seconds": 60}, path=CLIENT_ID),
        as_superuser("admin.delete_client", (204, 404), path=CLIENT_ID),
        as_superuser("users.list_grants", (200, 404)),
        as_superuser("users.end_grant", 404, path=CLIENT_ID),
        as_superuser("admin.reset_factors", 204, AGAIN, path=MEMBER),
        as_superuser("admin.logout_user", 204, path=MEMBER),
        as_superuser("admin.send_password_reset", 202, AGAIN, path=MEMBER),
        as_superuser("admin.impersonate", 200, AGAIN | {"reason": "Ticket 4711"}, path=MEMBER),
        as_superuser("admin.delete_user", 204, AGAIN, path=MEMBER),
        as_superuser("admin.delete_role", 204, path=SUPPORT),
        as_superuser("admin.read_audit"),
        as_superuser("admin.read_stats"),
        as_superuser("admin.read_funnel"),
        as_superuser("users.list_all"),
    ],
    "other services": [
        Call("internal.introspect", 200, {"token": "{{access_token}}", "tokens": None}),
        Call("internal.read_user", path={"user_id": "{{user_id}}"}),
        Call("internal.list_users"),
        Call("internal.read_events"),
        Call("internal.lookup_users", 200, {"user_ids": ["{{user_id}}"], "emails": ["{{alice}}"]}),
        Call("oauth2.jwks"),
        Call("oauth2.list_revocations", 404),
        Call("oauth2.configuration"),
        Call("oauth2.introspect", 200, {"token": "{{access_token}}"}),
        Call("oauth2.revoke", 200, {"token": "{{refresh_token}}"}),
        # Without OIDC_PROVIDER, these do not exist.
        Call("oauth2.token", (400, 401, 404)),
        Call("oauth2.push", (400, 401, 404)),
        Call("oauth2.get_userinfo", (401, 404)),
        Call("oauth2.post_userinfo", (401, 404)),
        Call("oauth2.protected_resource", (200, 404)),
        Call("oauth2.authorize_device", (400, 401, 404)),
        Call("oauth2.register", (201, 401, 404), EDITOR),
        Call("oauth2.read_registration", (401, 404), path=CLIENT_ID),
        Call("oauth2.change_registration", (401, 404), EDITOR, path=CLIENT_ID),
        Call("oauth2.remove_registration", (401, 404), path=CLIENT_ID),
    ],
    "goodbye": [
        log_in("Log in once more"),
        Call("auth.logout", 204, {"refresh_token": "{{refresh_token}}"}),
        log_in("And again"),
        Call("auth.logout_all", 204, {"refresh_token": "{{refresh_token}}"}),
        log_in("And for the last time"),
        Call("users.delete_me", 204, {"password": "{{password}}"}),
    ],
}  # fmt: skip

# Variables of the environment that the user sets. Requests set the others.
ENVIRONMENT = {
    "base_url": "http://localhost:8000",
    "password": "a horse, a battery",
    "superuser_email": "suvodutta.isme@gmail.com",
    "superuser_password": "",
    "service_token": "",
}
