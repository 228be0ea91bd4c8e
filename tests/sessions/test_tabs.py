"""Twenty tabs of one browser share a refresh token across two workers, and no tab is logged out."""

import os
import time

from people import Client, Person, at_once

TABS = 20
SECONDS = float(os.environ.get("SECONDS_OF_TABS", "1"))
ROUNDS = 11  # at least, also on a slow machine


def test_twenty_tabs_refresh_concurrently(start, postgres):
    service = start(workers=2, DATABASE_URL=postgres.new_database(), JWT_SECRET="abcdefghijklmnopqrstuvwxyz-0123456789")
    alice = Person(service, "alice")
    assert alice.sign_up().status_code == 201
    shared, refused, rounds = alice.tokens["refresh_token"], [], 0
    tabs, deadline = [Client(service.url) for _ in range(TABS)], time.monotonic() + SECONDS
    while time.monotonic() < deadline or rounds < ROUNDS:
        answers = at_once(
            *(lambda tab=tab, token=shared: tab.post("/auth/refresh", {"refresh_token": token}) for tab in tabs)
        )
        refused += [answer.text for answer in answers if answer.status_code != 200]
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1, "the token forked"
        shared, rounds = answers[0].json()["refresh_token"], rounds + 1
    assert refused == []
    sessions = Client(service.url, answers[-1].json()["access_token"]).get("/users/me/sessions").json()
    assert len(sessions) == 1
    assert Client(service.url).post("/auth/refresh", {"refresh_token": shared}).status_code == 200
