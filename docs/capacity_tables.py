"""The tables of docs/capacity.md, from the figures that bench/capacity.py measured."""

from typing import Any

Figures = dict[str, Any]
SECONDS_A_DAY = 86_400
NAMES = {
    "login": "logins (`BCRYPT_ROUNDS=12`)",
    "refresh": "refreshes",
    "me": "checks with `GET /users/me`",
    "introspect": "introspections, one token in each request",
    "introspect_batch": "introspections, 100 tokens in each request",
}


def a_second(figures: Figures, name: str) -> float:
    """Return how many of these the machine handles in a second, with the assumed share of its CPU time."""
    assumed = figures["assumed"]
    return float(figures["cores"] * assumed["cpu_share"] * 1000 / figures["cpu_ms"][name])


def active_users(figures: Figures) -> int:
    """Return how many active users the machine serves at the peak hour."""
    assumed, cost = figures["assumed"], figures["cpu_ms"]
    a_day = sum(assumed[f"{name}_a_day"] * cost[name] for name in ("login", "refresh", "me")) / 1000
    return int(figures["cores"] * assumed["cpu_share"] * SECONDS_A_DAY / (assumed["peak"] * a_day))


def requests(figures: Figures) -> list[list[str]]:
    """Return a row for each kind of request: its CPU time, how many a second, and how many for the price."""
    euro = figures["assumed"]["euro"]
    rows = []
    for name, text in NAMES.items():
        rate = a_second(figures, name)
        cost, month = figures["cpu_ms"][name], rate * SECONDS_A_DAY * 30 / euro / 1e6
        rows.append([text, f"{cost:.3g} ms", _rounded(rate), _rounded(rate / euro), _rounded(month)])
    return rows


def sizes(figures: Figures) -> list[list[str]]:
    """Return a row for each measured size."""
    rows = [[f"disk for each {name}", f"{_rounded(size)} bytes"] for name, size in figures["bytes"].items()]
    return rows + [[f"memory of {name}", f"{_rounded(size)} MiB"] for name, size in figures["mib"].items()]


def users(figures: Figures) -> list[list[str]]:
    """Return the assumptions and the result of the formula."""
    assumed = figures["assumed"]
    share, peak = f"{assumed['cpu_share']:.0%}", f"{assumed['peak']:g}"
    rows = [
        ["cores of the machine, which it shares with PostgreSQL", str(figures["cores"])],
        ["price in euros a month (`--euro`)", f"{assumed['euro']:g}"],
        ["share of the CPU time that is used at most (`--cpu-share`)", share],
        ["logins of an active user a day (`--login-a-day`)", f"{assumed['login_a_day']:g}"],
        ["refreshes of an active user a day (`--refresh-a-day`)", f"{assumed['refresh_a_day']:g}"],
        ["checks of an active user a day (`--me-a-day`)", f"{assumed['me_a_day']:g}"],
        ["peak load relative to the average (`--peak`)", peak],
    ]
    number = active_users(figures)
    return [
        *rows,
        ["**active users a day**", _rounded(number)],
        ["**for each euro**", _rounded(number / assumed["euro"])],
    ]


def _rounded(value: float) -> str:
    """Return two significant digits."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
