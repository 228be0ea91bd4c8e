"""A passkey authenticator in Chromium (WebAuthn Level 3, section 11), over the DevTools protocol."""

from typing import Any

from playwright.sync_api import Page


class VirtualAuthenticator:
    """The authenticator of a page's device, which verifies the user and approves each request automatically.

    It also approves the request of an email field as soon as the page sends it.
    """

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._send("enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self._id = self._send("addVirtualAuthenticator", options=options)["authenticatorId"]

    @property
    def passkeys(self) -> list[dict[str, Any]]:
        return list(self._send("getCredentials", authenticatorId=self._id)["credentials"])

    def _send(self, command: str, **given: Any) -> dict[str, Any]:
        return dict(self._devtools.send(f"WebAuthn.{command}", given))
