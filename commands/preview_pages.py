"""Render the hosted pages with made-up data, for previews."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from fastapi import Request, Response

from hosted_pages import activity_texts, factor_context, rendering, texts
from settings import oauth_providers
from settings.version import VERSION
from web import templates

AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ALICE = SimpleNamespace(
    id=1, user_id="alice", email="alice@example.com", username="Alice", locale=None, time_zone="Europe/Vienna",
    picture_url=None, is_active=True, is_verified=True, roles=["user"], created_at=AT, updated_at=AT,
)  # fmt: skip
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of no account
PROVIDER = {"provider": "google", "title": "Google"}
DEVICE = {"created_at": AT, "last_used_at": AT, "expires_at": AT}
SIGNED_IN: dict[str, Any] = {
    "current_user": ALICE,
    "factor_types": ["totp", "recovery_code"],
    "recently_authenticated": False,
}
FACTOR = {"factor_id": "2", "factor_name": "Alice’s phone", "credential_id": ""}
API_KEY = SimpleNamespace(
    id="1", name="Nightly report", prefix="csk_3kTq8ZrV", scopes=["profile"], created_at=AT, last_used_at=None,
    expires_at=AT,
)  # fmt: skip
APPLICATION = SimpleNamespace(
    id="1", name="Photo Printer", logo_uri=None, first_party=False, created_at=AT, last_used_at=AT,
    meanings=["See your email address", "See your name, picture, language and time zone"],
)  # fmt: skip
# The query of the URL and the context of each page.
BY_LINK, PLAIN = "token=example", ""
CONTEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    "account": (
        PLAIN,
        {
            "current_user": ALICE,
            "has_factors": True,
            "linked": [SimpleNamespace(provider="google", email="alice@example.com")],
            "devices": [
                SimpleNamespace(id="1", device="Firefox on Linux", ip="203.0.113.9", current=True, **DEVICE),
                SimpleNamespace(id="2", device="Safari on iPhone", ip="198.51.100.7", current=False, **DEVICE),
            ],
        },
    ),
    "activity": (
        PLAIN,
        {
            "current_user": ALICE,
            "events": [
                {"meaning": meaning, "at": AT, "ip": "203.0.113.9", "device": "Firefox on Linux"}
                for meaning in list(activity_texts.MEANINGS.values())[:8]
            ],
            "older": "example",
        },
    ),
    "api_key_created": (
        PLAIN,
        {
            "current_user": ALICE,
            "key": SimpleNamespace(key="csk_3kTq8ZrVw1yB5nHd7sJf0LgXc2mPaE4uRi9oKz6"),
        },  # of no account
    ),
    "allow_device": (
        PLAIN,
        {
            "current_user": ALICE,
            "client": APPLICATION,
            "user_code": "BCDF-GHJK",
            "device": "Firefox on Linux",
            "ip": "203.0.113.9",
            "asked_at": AT,
            "meanings": APPLICATION.meanings,
            "resources": [],
            "shown": "",
        },
    ),
    "api_keys": (PLAIN, {"current_user": ALICE, "keys": [API_KEY]}),
    "applications": (PLAIN, {"current_user": ALICE, "applications": [APPLICATION]}),
    "change_email": (PLAIN, SIGNED_IN),
    "change_password": (PLAIN, SIGNED_IN),
    "confirm_email_change": (BY_LINK, {}),
    "confirm_sms": (PLAIN, {"current_user": ALICE, "factor_id": "1", "phone": "+43 664 1234567"}),
    "confirm_totp": (PLAIN, {"current_user": ALICE}),
    "consent": (
        PLAIN,
        {
            "current_user": ALICE,
            "client": APPLICATION,
            "host": "printer.example.com",
            "application_host": None,
            "only_loopback": False,
            "meanings": APPLICATION.meanings,
            "resources": ["https://api.example.com/"],
            "reference": "",
            "shown": "",
        },
    ),
    "continue": (PLAIN, {"url": "#"}),
    "continue_login": (PLAIN, {"title": "Google"}),
    "create_account_passkey": (PLAIN, {"passkey_options": "{}"}),
    "create_passkey": (PLAIN, {"current_user": ALICE, "passkey_options": "{}"}),
    "delete": (PLAIN, SIGNED_IN),
    "delete_api_key": (PLAIN, {"current_user": ALICE, "key": API_KEY}),
    "device": (PLAIN, {"current_user": ALICE}),
    "device_answered": (PLAIN, {"current_user": ALICE, "allowed": True}),
    "end_application": (PLAIN, {"current_user": ALICE, "application": APPLICATION}),
    "end_session": (PLAIN, {"application": APPLICATION, "given": {}}),
    "error": (PLAIN, {"code": "not_found", "request_id": "0198c7f2a1b37f5d"}),
    "factors": (
        PLAIN,
        {
            "current_user": ALICE,
            "factors": [
                SimpleNamespace(id="1", type="totp", name="Alice’s phone", created_at=AT, last_used_at=AT),
                SimpleNamespace(id="2", type="passkey", name="Laptop", created_at=AT, last_used_at=None),
            ],
            "codes_left": 7,
            "must_enroll": False,
            "devices": [SimpleNamespace(id="1", device="Firefox on Linux", **DEVICE)],
        },
    ),
    "leaving": (PLAIN, {"url": "#", "title": "Google"}),
    "link": (PLAIN, SIGNED_IN | PROVIDER),
    "login": (PLAIN, {}),
    "new_api_key": (PLAIN, SIGNED_IN | {"scopes": ["profile", "sessions"]}),
    "new_passkey": (PLAIN, SIGNED_IN),
    "new_password": (BY_LINK, {}),
    "new_recovery_codes": (PLAIN, SIGNED_IN),
    "new_sms": (PLAIN, SIGNED_IN),
    "new_totp": (PLAIN, SIGNED_IN),
    "not_me": (BY_LINK, {}),
    "profile": (PLAIN, {"current_user": ALICE}),
    "recovery_codes": (PLAIN, {"codes": ["k7wm-3xqt-9hfr", "b2np-8vdz-4jcs", "q6ty-5rgk-1mxw"]}),
    "refused": (PLAIN, {"error": texts.MESSAGES["logged_out"]}),
    "remove_factor": (PLAIN, SIGNED_IN | FACTOR),
    "rename_api_key": (PLAIN, {"current_user": ALICE, "key": API_KEY}),
    "rename_factor": (PLAIN, SIGNED_IN | FACTOR),
    "reset_password": (PLAIN, {}),
    "rotate_api_key": (PLAIN, SIGNED_IN | {"key": API_KEY}),
    "second_step": (PLAIN, {"factor_types": ["totp", "recovery_code"], "remembered_days": 30}),
    "secure_account": (BY_LINK, {}),
    "signup": (PLAIN, {}),
    "undo_email_change": (BY_LINK, {}),
    "unlink": (PLAIN, SIGNED_IN | PROVIDER),
    "verify_email": (PLAIN, {}),
    "magic_link": (PLAIN, {}),
    "magic_link_request": (PLAIN, {}),
    "welcome": (PLAIN, {"version": VERSION, "hosted_pages": True, "production": False, "mailbox": True}),
}
# Pages for developers, which are not translated, and the parts of every page.
NOT_PREVIEWED = ("mailbox", "redoc", "swagger", "layout", "parts", "impersonation")
OUTSIDE = ("error", "welcome", "continue_login")  # not rendered by the hosted pages


def rendered() -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of each page, in the language of the reader. Keys must have a salt."""
    for name, (query, context) in CONTEXTS.items():
        yield name, bytes(_page(name, query, context).body).decode()


def _page(name: str, query: str, context: Mapping[str, Any]) -> Response:
    request = Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": f"/{name}",
            "query_string": query.encode(),
            "headers": [],
            "server": ("localhost", 8000),
        }
    )
    if name in OUTSIDE:
        return templates.page(request, f"{name}.html", context)
    if name == "confirm_totp":
        context = {**context, **factor_context.totp_page("1", SECRET, ALICE.email)}
    return rendering.show(request, name, **{"providers": oauth_providers.configured().values(), **context})
