"""What is counted, and who may read it."""

import re

import pytest
from people import Client, Person, refusal
from servers import production


def count(client: Client, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", client.get("/metrics").text, re.M))


def test_logins_are_counted_by_outcome(service, alice, anonymous):
    ok, wrong = 'credential_logins_total{outcome="ok"}', 'credential_logins_total{outcome="invalid_credentials"}'
    before = {name: anonymous.get("/metrics").text.count(name) for name in (ok, wrong)}
    total = count(anonymous, "credential_logins_total")
    alice.logs_in()
    alice.can_log_in_with("not the password")
    assert count(anonymous, "credential_logins_total") == total + 2
    assert all(name in anonymous.get("/metrics").text for name in before)


def test_sign_ups_and_refreshes_are_counted(service, anonymous):
    before = [count(anonymous, name) for name in ("credential_sign_ups_total", "credential_refreshes_total")]
    alice = Person(service, "alice")
    alice.signs_up()
    alice.refreshes()
    after = [count(anonymous, name) for name in ("credential_sign_ups_total", "credential_refreshes_total")]
    assert after == [before[0] + 1, before[1] + 1]


def test_no_label_tells_who_has_an_account(alice, anonymous):
    text = anonymous.get("/metrics").text
    assert alice.email not in text and alice.user_id not in text


def test_each_worker_answers_for_all(start, postgres):
    service = start(workers=2, DATABASE_URL=postgres.new_database(), JWT_SECRET="abcdefghijklmnopqrstuvwxyz-0123456789")
    alice = Person(service, "alice")
    alice.signs_up()
    for _ in range(10):
        Person.logs_in(alice)
    assert {count(Client(service.url), "credential_logins_total") for _ in range(8)} == {10.0}


@pytest.mark.parametrize("token", [None, "wrong", "métrique"])
def test_in_production_there_is_nothing_here_without_the_token(start, token):
    good = "metrics-kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKl"
    service = start(**production(METRICS_TOKEN=good), wait=False)
    service.wait_until(200, "/health")
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    assert refusal(Client(service.url, headers=headers).get("/metrics")) == (404, "not_found")
    assert Client(service.url, good).get("/metrics").status_code == 200
