"""Render emails. `templates/email/<name>.jinja` defines the content of an email, and both parts are rendered from it.

The layouts and the building blocks, such as `paragraph` and `button`, exist once for each part: `layout.html` and
`parts.html`, `layout.txt` and `parts.txt`. A file `<name>.html` or `<name>.txt` in `TEMPLATES_DIR` replaces one part.
"""

import functools
import re
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from core import brand, templating
from languages import translation

Part = Literal["html", "txt"]


class Rendered(NamedTuple):
    """The subject, text part and HTML part of an email."""

    subject: str
    text: str
    html: str


def render(name: str, values: dict[str, Any]) -> Rendered:
    """Render an email in the language of the reader. The first line of the text template is the subject."""
    subject, _, text = _template(name, "txt").render(values).strip().partition("\n")
    html = _template(name, "html").render(values, subject=subject.strip())
    return Rendered(subject.strip(), _without_gaps(text), _without_gaps(html))


def _template(name: str, part: Part) -> Any:
    return environment(part).select_template([f"{name}.{part}", f"{name}.jinja"])


@functools.cache
def environment(part: Part) -> Any:
    """Return the environment of one part of all emails."""
    made = templating.environment("email", escapes=part == "html", is_strict=True)
    made.globals |= {"layout": f"layout.{part}", "absolute": brand.absolute, "validity": _validity}
    blocks = made.get_template(f"parts.{part}").module
    made.globals |= {each: value for each, value in vars(blocks).items() if not each.startswith("_")}
    return made


def _validity(lifetime: timedelta) -> str:
    """Return a sentence that says for how long a link is valid."""
    minutes = int(lifetime.total_seconds()) // 60
    if minutes % 60:
        text = translation.plural(
            "The link is valid for %(number)d minute.", "The link is valid for %(number)d minutes.", minutes
        )
    elif minutes % 1440 or minutes == 1440:
        text = translation.plural(
            "The link is valid for %(number)d hour.", "The link is valid for %(number)d hours.", minutes // 60
        )
    else:
        text = translation.plural(
            "The link is valid for %(number)d day.", "The link is valid for %(number)d days.", minutes // 1440
        )
    return translation.translate(text)


def _without_gaps(text: str) -> str:
    """Return a text with at most one empty line in a row. The line before a signature ends with a blank (RFC 3676)."""
    lines = (line if line == "-- " else line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
