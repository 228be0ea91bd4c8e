"""Check the templates in `TEMPLATES_DIR` before the service starts."""

from core import templating


def problems() -> list[str]:
    """Return a line for each template that cannot be used."""
    return templating.problems()
