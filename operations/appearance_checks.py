"""Check the files in `TEMPLATES_DIR` and `LOCALES_DIR`, and `DEFAULT_LOCALE`, before the service starts."""

import traceback
from pathlib import Path

import email_utils
from core import templating
from delivery import examples
from languages import catalogs, negotiation
from settings.loading import settings


def problems() -> list[str]:
    """Return a line for each template and catalog that cannot be used.

    Emails are also rendered with made-up values, because an unknown variable would otherwise fail only when one is
    sent.
    """
    broken = catalogs.problems()
    if not broken and negotiation.match(settings.default_locale) is None:
        broken = [f"DEFAULT_LOCALE: there is no catalog for {settings.default_locale}"]
    return broken + (templating.problems() or list(dict.fromkeys(filter(None, map(_fault, _replaced_emails())))))


def _replaced_emails() -> list[str]:
    """Return the emails that a file in `TEMPLATES_DIR` changes: all of them if it is part of each."""
    names = {Path(name).stem for name in templating.replaced("email")}
    return sorted(names if names <= examples.CONTEXTS.keys() else examples.CONTEXTS)


def _fault(email: str) -> str | None:
    for context in examples.CONTEXTS[email]:
        try:
            email_utils.render_example(email, context)
        except Exception as error:
            return f"TEMPLATES_DIR: {_place(error) or f'email/{email}'}: {error}"
    return None


def _place(error: Exception) -> str | None:
    """Return the file in `TEMPLATES_DIR` and the line at which rendering failed."""
    folder = Path(settings.templates_dir)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if folder in Path(frame.filename).parents:
            return f"{Path(frame.filename).relative_to(folder)}, line {frame.lineno}"
    return None
