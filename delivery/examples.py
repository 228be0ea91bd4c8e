"""Made-up contexts of every email, for previews and for checking the templates in `TEMPLATES_DIR`."""

from typing import Any

from languages import translation

TOKEN_ID = "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"  # noqa: S105 - of no token
CODE = "246801"
CREATED_AT = "2026-03-14T09:26:53+00:00"
_MOVED = {"old": "alice@example.com", "new": "alice@example.org"}
_PROVIDER = {"provider": "Google"}
_FACTOR = {"factor": translation.mark("Authenticator app"), "name": "Alice’s phone"}
_METHODS = ["Google", translation.mark("%(type)s (“%(name)s”)", type=translation.mark("Passkey"), name="Laptop")]

# Previews use the first context of each email. The others are its variants.
CONTEXTS: dict[str, tuple[dict[str, Any], ...]] = {
    "account_claimed": (_PROVIDER,),
    "account_exists": ({},),
    "address_in_use": ({},),
    "api_key_created": ({"name": "Nightly report", "scopes": "profile, users:read"},),
    "api_key_expires": ({"name": "Nightly report", "at": CREATED_AT},),
    "change_email": ({"replaces": False}, {"replaces": True}),
    "claim_account": ({},),
    "claimed_by_link": ({},),
    "email_change_requested": ({},),
    "email_change_undone": (_MOVED | {"methods": _METHODS}, _MOVED | {"methods": []}),
    "email_changed": (_MOVED,),
    "email_changed_away": (_MOVED,),
    "email_marked_unverified": ({},),
    "factor_added": (_FACTOR,),
    "factor_removed": (_FACTOR,),
    "factors_locked": ({},),
    "factors_removal_scheduled": ({"hours": 72},),
    "factors_reset": ({},),
    "impersonated": ({"at": CREATED_AT, "minutes": 30, "reason": "Ticket 4711"},),
    "invitation": ({},),
    "magic_link": ({"removes_password": False}, {"removes_password": True}),
    "more_notices": ({"counts": {"password_changed": 3, "new_network": 1}}, {"counts": {"new_network": 1}}),
    "new_network": ({"ip": "203.0.113.9", "at": CREATED_AT},),
    "new_superuser": ({"email": "bob@example.com", "user_id": "usr_0198c7f2a1b37f5d"},),
    "no_account": ({},),
    "passkey_copied": ({"name": "Laptop"},),
    "password_breached": ({},),
    "password_changed": ({},),
    "password_locked": (
        {"network": "203.0.113.0/24", "elsewhere": True},
        {"network": "203.0.113.0/24", "elsewhere": False},
        {"network": None, "elsewhere": True},
    ),
    "password_reset": ({"methods": _METHODS},),
    "provider_linked": (_PROVIDER,),
    "provider_unlinked": (_PROVIDER,),
    "recovery_code_used": ({"left": 3}, {"left": 7}, {"left": 1}),
    "recovery_codes_replaced": ({},),
    "reset_password": ({},),
    "session_ended": ({"at": CREATED_AT},),
    "sign_up_link": ({},),
    "test_email": ({},),
    "trusted_device_ended": ({"device": "Firefox on Linux"},),
    "verify_email": ({},),
    "webhook_disabled": (
        {"url": "https://crm.example.com/hooks", "description": "CRM", "reason": "gone"},
        {"url": "https://crm.example.com/hooks", "description": "CRM", "reason": "failing"},
    ),
}
