"""A passkey authenticator in Chromium (WebAuthn Level 3, section 11), over the DevTools protocol."""

from typing import Any

from playwright.sync_api import Page


class VirtualAuthenticator:
    """The authenticator of the device of a page: it verifies its user and approves each request by itself.

    As long as `approves(False)`, it waits, as a user who has not decided yet.
    """

    def __init__(self, page: Page, *, approves: bool = True) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._send("enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": approves,
        }
        self._id = self._send("addVirtualAuthenticator", options=options)["authenticatorId"]

    def approves(self, enabled: bool = True) -> None:
        self._send("setAutomaticPresenceSimulation", authenticatorId=self._id, enabled=enabled)

    @property
    def passkeys(self) -> list[dict[str, Any]]:
        return list(self._send("getCredentials", authenticatorId=self._id)["credentials"])

    def _send(self, command: str, **given: Any) -> dict[str, Any]:
        return dict(self._devtools.send(f"WebAuthn.{command}", given))
