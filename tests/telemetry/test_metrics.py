"""Metrics: values, access, and that page, dashboard and alerts match the metrics that exist."""

import json
import re

import promql_parser
import pytest
import yaml
from sqlalchemy import text

import database
import models
import tables
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from operations import measurements
from people import Client, Person, at_once, refusal
from servers import PROJECT, Process, production
from telemetry import metrics
from waiting import until

PAGE = (PROJECT / "docs/metrics.md").read_text(encoding="utf-8")
DASHBOARD = json.loads((PROJECT / "deploy/grafana-dashboard.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((PROJECT / "deploy/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]


def count(client: Client, name: str, **labels: str) -> float:
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", client.get("/metrics").text, re.M)
    return sum(float(value) for found, value in lines if all(pair in found for pair in wanted))


@SQLITE_ONLY
def test_logins_are_counted_by_outcome(service, alice, anonymous):
    def now():
        return [
            count(anonymous, "credential_logins_total", outcome=outcome) for outcome in ("ok", "invalid_credentials")
        ]

    ok, wrong = now()
    alice.log_in()
    alice.can_log_in_with("not the password")
    assert now() == [ok + 1, wrong + 1]


@SQLITE_ONLY
def test_sign_ups_and_refreshes_are_counted(service, anonymous):
    before = [count(anonymous, name) for name in ("credential_sign_ups_total", "credential_refreshes_total")]
    alice = Person(service, "alice")
    alice.sign_up()
    alice.refresh()
    after = [count(anonymous, name) for name in ("credential_sign_ups_total", "credential_refreshes_total")]
    assert after == [before[0] + 1, before[1] + 1]


@SQLITE_ONLY
def test_request_is_counted_by_route_template_and_never_by_input(service, anonymous, amy, alice):
    def requests(route, status):
        return count(anonymous, "credential_requests_total", method="GET", route=route, status=status)

    one = "/admin/users/{user_id}"
    before = requests(one, "200"), requests("none", "404"), count(anonymous, "credential_request_seconds_count", route=one)  # fmt: skip
    amy.client.get(f"/admin/users/{alice.user_id}?secret=canary-4711")
    anonymous.get("/canary-4711")
    anonymous._http.request("CANARY-4711", "/users/me")
    after = requests(one, "200"), requests("none", "404"), count(anonymous, "credential_request_seconds_count", route=one)  # fmt: skip
    assert after == tuple(number + 1 for number in before)
    assert "canary-4711" not in anonymous.get("/metrics").text.lower()


@SQLITE_ONLY
def test_token_reuse_and_failed_logins_are_counted(alice, anonymous, bob, clock, mailbox):
    alarms = count(anonymous, "credential_theft_alarms_total")
    old = alice.tokens["refresh_token"]
    alice.refresh()
    clock.shift(60)
    at_once(*[lambda: alice.refresh(old)] * 4)
    assert count(anonymous, "credential_theft_alarms_total") == alarms + 1
    for kind, guess in {
        "code": lambda: bob.enter_code("000000"),
        "password": lambda: bob.can_log_in_with("wrong"),
    }.items():
        wrong = count(anonymous, "credential_wrong_guesses_total", kind=kind)
        guess()
        assert count(anonymous, "credential_wrong_guesses_total", kind=kind) == wrong + 1


@SQLITE_ONLY
def test_emails_are_counted_and_waiting_ones_measured(alice, anonymous, mailbox, clock):
    tables.forget_outbox()
    sent = count(anonymous, "credential_mails_total", outcome="sent")
    alice.request_reset()
    until(lambda: count(anonymous, "credential_mails_total", outcome="sent") > sent)
    put_off = count(anonymous, "credential_mails_total", outcome="put_off")
    mailbox.close()
    alice.client.post("/auth/reset-password/request", {"email": alice.email})
    until(lambda: count(anonymous, "credential_mails_total", outcome="put_off") > put_off)
    clock.shift(300)
    assert count(anonymous, "credential_outbox_waiting") >= 1
    assert count(anonymous, "credential_outbox_oldest_seconds") >= 300
    mailbox.open()
    clock.shift(600)
    until(lambda: count(anonymous, "credential_outbox_waiting") == 0)
    assert count(anonymous, "credential_outbox_oldest_seconds") == 0


def test_database_values_are_measured(service, alice, anonymous, monkeypatch):
    sessions, accounts = (count(anonymous, f"credential_{what}") for what in ("sessions", "accounts"))
    alice.other_device()
    assert count(anonymous, "credential_sessions") == sessions + 1
    Person(service, "zoe").sign_up()
    assert count(anonymous, "credential_accounts") == accounts + 1
    if database.engine.dialect.name == "postgresql":
        with database.transaction() as db:
            db.execute(text("ANALYZE sessions"))
    monkeypatch.setattr(measurements, "MOST_COUNTED", 1)
    about = count(anonymous, "credential_sessions")
    assert about == pytest.approx(sessions + 2, rel=0.5)


@POSTGRESQL_ONLY
def test_sent_emails_do_not_slow_the_measurement(service, alice):
    many_sent = "INSERT INTO outbox (account_id, template, recipient, context, created_at, queued_at, due_at, attempts, sent_at) SELECT :account, 'x', 'x', '{}', now(), now(), now(), 1, now() FROM generate_series(1, 20000)"  # fmt: skip
    account, now = alice.me()["id"], models.now()
    with database.transaction() as db:
        db.execute(text(many_sent), {"account": account})
        db.execute(text("ANALYZE outbox"))
        plan = "\n".join(db.scalars(text("EXPLAIN " + str(measurements._measured(now).compile(database.engine, compile_kwargs={"literal_binds": True})))))  # fmt: skip
        db.rollback()
    assert "Seq Scan on outbox" not in plan
    assert "ix_outbox_" in plan


@SQLITE_ONLY
def test_pool_and_hashing_queue_return_to_zero(service, alice, anonymous):
    people = [alice.other_device() for _ in range(3)]
    at_once(*(p.me for p in people), *(lambda p=p: p.can_log_in_with(p.password) for p in people))
    until(lambda: count(anonymous, "credential_database_connections_in_use") <= 1)  # the email thread polls, too
    assert count(anonymous, "credential_hashing_queue") == 0
    assert count(anonymous, "credential_hashing_wait_seconds_count") > 0
    assert count(anonymous, "credential_database_connections") == database.engine.pool.size()


@SQLITE_ONLY
def test_no_label_discloses_accounts(alice, anonymous):
    text = anonymous.get("/metrics").text
    assert alice.email not in text and alice.user_id not in text and alice.name not in text
    labels = {label for found in re.findall(r"^\w+\{(.*)\}", text, re.M) for label in re.findall(r"(\w+)=\"", found)}
    assert labels <= {"method", "route", "status", "outcome", "kind", "policy", "limit", "provider", "le"} | {"implementation", "major", "minor", "patchlevel", "version", "generation"}  # fmt: skip


@pytest.mark.parametrize("token", [None, "wrong", "métrique"])
def test_in_production_metrics_are_not_found_without_the_token(in_production, token):
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    assert refusal(Client(in_production.url, headers=headers).get("/metrics")) == (404, "not_found")
    assert Client(in_production.url, METRICS_TOKEN).get("/metrics").status_code == 200


METRICS_TOKEN = "metrics-kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKl"


@pytest.fixture(scope="module")
def in_production(tmp_path_factory):
    service = Process(tmp_path_factory.mktemp("production"), **production(METRICS_TOKEN=METRICS_TOKEN))
    yield service
    service.kill()


# ------------------------------------------------------------------------------------ the page, the dashboard, the alerts


def there() -> dict[str, str]:
    """Return each metric by its Prometheus name, with its description."""
    found = {
        family.name + ("_total" if family.type == "counter" else ""): family.documentation
        for family in metrics.REGISTRY.collect()
        if family.name.startswith("credential_")
    }
    return found | metrics.MEASURED


def test_page_lists_every_metric():
    rows = dict(re.findall(r"^\| `(credential_\w+)` \| \w+ \| .*? \| (.*) \|$", PAGE, re.M))
    assert rows == there()


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [*panels, *(alert["expr"] for alert in ALERTS)]


@pytest.mark.parametrize("expression", expressions())
def test_dashboard_and_alerts_query_existing_metrics(expression):
    promql_parser.parse(expression.replace("$__rate_interval", "5m"))
    names = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"credential_\w+", expression)}
    assert names
    assert names <= there().keys()


@SQLITE_ONLY
def test_series_of_which_an_alert_counts_the_increase_exist_from_the_start(anonymous):
    shown = anonymous.get("/metrics").text
    counted = " ".join(each["expr"] for each in ALERTS if "increase" in each["expr"])
    queried = re.findall(r'(credential_\w+)\{(\w+)=~?"([^"]+)"\}', counted)
    series = [f'{name}{{{label}="{value}"}}' for name, label, values in queried for value in values.split("|")]
    assert len(series) > 5
    assert [each for each in series if each not in shown] == []


def test_dashboard_shows_every_metric():
    shown = {re.sub(r"_bucket$", "", name) for name in re.findall(r"credential_\w+", json.dumps(DASHBOARD["panels"]))}
    assert shown == there().keys()


def test_each_alert_says_what_to_do():
    assert len({alert["alert"] for alert in ALERTS}) == len(ALERTS) > 10
    for alert in ALERTS:
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert alert["annotations"].keys() == {"summary", "action"}
