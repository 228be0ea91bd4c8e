"""An authenticator app (RFC 6238)."""

import base64
import hmac
import time


class AuthenticatorApp:
    """Shows each code once, by the clock of this machine."""

    def __init__(self, secret: str) -> None:
        self._key, self._step = base64.b32decode(secret), int(time.time()) // 30

    def code(self) -> str:
        """Return the next code. The service accepts it if it is at most 30 seconds ahead."""
        step = max(self._step, int(time.time()) // 30)
        time.sleep(max(0, (step - 1) * 30 - time.time()))
        self._step = step + 1
        mac = hmac.digest(self._key, step.to_bytes(8, "big"), "sha1")
        at = mac[-1] & 15
        return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"
