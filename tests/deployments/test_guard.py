"""The regression guard: it passes for the service as it is, and fails when a request becomes more expensive."""

import contextlib
import importlib.util
import sys

from servers import PROJECT

SLOWER = """
import time
from passlib.context import CryptContext
original = CryptContext.verify
def slow(*given):
    until = time.thread_time() + 0.008
    while time.thread_time() < until:
        pass
    return original(*given)
CryptContext.verify = slow
"""


def guard():
    spec = importlib.util.spec_from_file_location("guard", PROJECT / "bench" / "guard.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["guard"] = module
    spec.loader.exec_module(module)
    return module


def test_a_request_that_seems_expensive_once_is_measured_again():
    measured = iter([{"constant": 1, "me": 5.0, "refresh": 3}, {"constant": 1, "me": 4.9}, {"constant": 1, "me": 3.1}])
    asked = []
    assert guard().compare(lambda names: asked.append(names) or next(measured), {"me": 3.0, "refresh": 3.0}) == []
    assert asked == [["me", "refresh"], ["me"], ["me"]]


def test_a_request_that_stays_expensive_fails_and_says_by_how_much():
    (told,) = guard().compare(lambda _names: {"constant": 2, "me": 8, "refresh": 10.8}, {"me": 4.0, "refresh": 4.6})
    assert "refresh costs 5.4 times the bare constant, recorded 4.6 (+17%)" in told
    assert "make bench" in told


def test_every_guarded_request_is_recorded():
    assert set(guard().recorded()) == {"me", "introspect", "refresh", "login"}


def test_it_fails_for_a_slower_service_only(tmp_path, monkeypatch):
    names, module = ["me", "login"], guard()
    monkeypatch.setattr(module, "SECONDS", 0.8)
    monkeypatch.setattr(module, "ALLOWED", 1.6)  # other tests run meanwhile; the slower login takes three times as long
    with contextlib.closing(module.Stand()) as stand:
        cost = stand.measure(names)
        record = {name: cost[name] / cost["constant"] for name in names}
        assert module.compare(stand.measure, record) == []
    (tmp_path / "sitecustomize.py").write_text(SLOWER)
    with contextlib.closing(module.Stand(PYTHONPATH=f"{tmp_path}:{PROJECT}")) as stand:
        (told,) = module.compare(stand.measure, {"login": record["login"]}, repeats=1)
        assert told.startswith("login costs ")
