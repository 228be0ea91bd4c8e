"""Requests generated from the OpenAPI document: valid ones, and invalid ones."""

import contextlib
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import settings as bounded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from people import Person

SECONDS_TO_ANSWER = 60
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def operations(document: dict[str, Any]) -> dict[str, Any]:
    """Return every operation of the document by name, such as `POST /auth/login`."""
    found = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    return {operation.label: operation for operation in found}


def send(
    operation: Any, person: Person, service_token: str, examples: int, *, random: bool, seen: Callable[[Any], None]
) -> None:
    """Send this number of generated requests of each mode in the user's session, and pass each response to `seen`.

    A reset connection raises an exception.
    """
    headers = {"Authorization": f"Bearer {person.tokens['access_token']}", "X-Service-Token": service_token}

    def test(case: Any) -> None:
        case.headers.update(headers)
        seen(case.call(base_url=person.service.url, timeout=SECONDS_TO_ANSWER))

    for mode in MODES:
        strategy = operation.as_strategy(generation_mode=mode)
        limits = bounded(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=not random,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        with contextlib.suppress(Unsatisfiable):  # an operation without input has no invalid input
            limits(given(case=strategy)(test))()
