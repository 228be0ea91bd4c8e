"""Follow the list of revoked sessions and users, so that a verified token stops working soon after a logout.

`Verifier` uses it. A background thread starts with the first token, and downloads what was added every few seconds.
"""

import base64
import json
import logging
import random
import threading
import time
from typing import Any

import httpx
import jwt

TYPE = "revocations+jwt"
PATH = "/.well-known/revocations"
SHARE_OF_INTERVAL = 0.7  # the service and the network take the rest of `expires_in`
SECONDS_BETWEEN_WHOLE_LISTS = 600  # a whole list forgets the sessions whose tokens have expired
SECONDS_SIGNATURE_IS_FRESH = 180  # the service signs again every minute; an older list was kept back
SECONDS_OF_CLOCK_SKEW = 5
MAX_SECONDS_BETWEEN_TRIES = 15.0
SECONDS_TO_WAIT = 5.0
log = logging.getLogger(__name__)


class RevocationsUnavailable(Exception):
    """The list of revoked sessions is missing or too old. Respond with 503."""


class ListRejected(Exception):
    """A downloaded list is not signed by the service, is old, or is not what was asked for."""


class Revocations:
    """The revoked sessions and users. Instances are thread-safe.

    keys: finds the key of a signature by its id.
    max_age: the number of seconds after which a list that could not be updated is no longer used. None: it is used
        without a limit, but a service that starts without a list waits for one.
    """

    def __init__(self, url: str, algorithm: str, keys: jwt.PyJWKClient, max_age: float | None) -> None:
        self._url, self._algorithm, self._keys, self._max_age = url, algorithm, keys, max_age
        self._sessions: set[str] = set()
        self._users: dict[str, int] = {}
        self._version: int | None = None
        self._etag: tuple[int | None, str] | None = None
        self._signed_at = 0
        self._interval = 5.0
        self._whole_at = self._known_at = 0.0
        self._attempted, self._loaded, self._stopped = threading.Event(), threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def age(self) -> float | None:
        """The age of the list in seconds: what was revoked before that is on it. None before the first download."""
        return time.monotonic() - self._known_at if self._loaded.is_set() else None

    def start(self) -> None:
        """Start to follow the list, if it has not started in this process. The first check does so too."""
        if self._thread is None or not self._thread.is_alive():  # as after a fork
            with self._starting:
                if (self._thread is None or not self._thread.is_alive()) and not self._stopped.is_set():
                    self._thread = threading.Thread(target=self._follow, name="revocations", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Stop following the list."""
        self._stopped.set()

    def revokes(self, claims: dict[str, Any]) -> bool:
        """Return whether the token with these claims is revoked. Raises RevocationsUnavailable.

        Only the first call can wait: for the first download, five seconds at most.
        """
        self.start()
        self._attempted.wait(SECONDS_TO_WAIT)
        if not self._loaded.is_set():
            raise RevocationsUnavailable("The list of revoked sessions could not be downloaded.")
        age = time.monotonic() - self._known_at
        if self._max_age is not None and age > self._max_age:
            raise RevocationsUnavailable(f"The list of revoked sessions is {age:.0f} seconds old.")
        revoked_before = self._users.get(claims["sub"], 0) - SECONDS_OF_CLOCK_SKEW
        return claims.get("sid") in self._sessions or claims["iat"] < revoked_before

    # ---------------------------------------------------------------------------------------------- background thread

    def _follow(self) -> None:
        failures = 0
        with httpx.Client(base_url=self._url, timeout=SECONDS_TO_WAIT) as http:
            while not self._stopped.is_set():
                try:
                    pause, failures = self._update(http), 0
                except Exception as error:  # the thread must survive anything; `age` shows that it makes no progress
                    failures += 1
                    log.warning("The list of revoked sessions could not be updated: %s", error)
                    pause = random.uniform(0.5, 1) * min(MAX_SECONDS_BETWEEN_TRIES, 2.0 ** min(failures, 8) / 2)  # noqa: S311
                self._attempted.set()
                self._stopped.wait(pause)

    def _update(self, http: httpx.Client) -> float:
        """Download what was added, and return the number of seconds until the next time. Raises ListRejected."""
        asked_at = time.monotonic()
        since = None if asked_at - self._whole_at > SECONDS_BETWEEN_WHOLE_LISTS else self._version
        headers = {"If-None-Match": self._etag[1]} if self._etag and self._etag[0] == since else {}
        response = http.get(PATH, params={} if since is None else {"since": since}, headers=headers)
        if response.status_code != httpx.codes.NOT_MODIFIED:
            self._take(response.raise_for_status().json(), since)
            self._etag = (since, response.headers["ETag"]) if "ETag" in response.headers else None
        if time.time() - self._signed_at > SECONDS_SIGNATURE_IS_FRESH:
            raise ListRejected("the list is old")
        if since is None:
            self._whole_at = asked_at
        age = max(0, int(response.headers.get("Age", 0)))
        self._known_at = max(self._known_at, asked_at - age)
        self._loaded.set()
        return max(0.1 * self._interval, SHARE_OF_INTERVAL * self._interval - age)

    def _take(self, content: dict[str, Any], since: int | None) -> None:
        """Use a list that was downloaded. Raises ListRejected.

        It must contain all that was added since the version that was asked for. A process of the service that knows
        less than another sends an older list: nothing is forgotten because of it.
        """
        header = self._verified(content)
        begins = header["since"]  # null: a whole list
        if begins is not None and (since is None or begins > since):
            raise ListRejected("the list is not what was asked for")
        known = self._version or 0
        users, sessions = (
            (self._users, self._sessions) if begins is not None or content["version"] < known else ({}, ())
        )
        self._sessions = {*sessions, *content["sessions"]}
        added = {user["sub"]: max(user["not_before"], users.get(user["sub"], 0)) for user in content["users"]}
        self._users = {**users, **added}
        self._version = max(known, content["version"])
        self._interval, self._signed_at = content["expires_in"], int(header["iat"])

    def _verified(self, content: dict[str, Any]) -> dict[str, Any]:
        """Verify the detached signature over the canonical form (RFC 8785), and return its header.

        Raises ListRejected.
        """
        header, _, signature = content.pop("jws").split(".")
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        whole = f"{header}.{base64.urlsafe_b64encode(canonical).rstrip(b'=').decode()}.{signature}"
        key = self._keys.get_signing_key_from_jwt(whole)
        signed = jwt.api_jws.decode_complete(whole, key, algorithms=[self._algorithm])
        if signed["header"].get("typ") != TYPE or "since" not in signed["header"]:
            raise ListRejected("this is not a list of revoked sessions")
        return dict(signed["header"])
