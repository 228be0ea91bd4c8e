"""Pages and forms of the console whose path contains an id that nothing has."""

import re

import pytest

import access

CONSOLE = "/admin/console"
ROUTES = {name: route for name, route in access.served().items() if route.path.startswith(f"{CONSOLE}/")}


@pytest.mark.parametrize("odd", ["x", "0", "-1", "9" * 30, "%00", "a" * 5000], ids=lambda odd: odd[:9])
def test_page_or_form_of_an_odd_id_is_not_found(admin, odd):
    for name, route in ROUTES.items():
        if "{" in route.path:
            path = re.sub(r"\{\w+\}", odd, route.path).removeprefix(CONSOLE)
            answer = admin.post(path) if "POST" in route.methods else admin.console(path)
            assert answer.status_code in (403, 404), (name, answer.text)
