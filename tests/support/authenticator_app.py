"""An authenticator app for services whose clock a test does not move."""

import time

from authenticator import App


class AuthenticatorApp(App):
    """Shows each code once. If the next one is not valid yet, it waits."""

    def code(self) -> str:
        time.sleep(max(0, self._shown * 30 - time.time()))
        return super().code()
