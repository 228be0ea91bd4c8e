"""Translate the templates of pages and emails."""

from typing import Any

from languages import catalogs, moments, reader, translation


def install(environment: Any) -> None:
    """Add `{% trans %}`, `_()`, and the filters `moment` and `day` to a Jinja environment. A `Text` is translated."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)
    environment.policies["ext.i18n.trimmed"] = True
    environment.finalize = _translated
    environment.filters |= {"moment": moments.moment, "day": moments.day}
    environment.globals |= {
        "language": reader.language,
        "direction": lambda: catalogs.direction(reader.language()),
        "translate": translation.translate,
    }


def _gettext(source: str) -> str:
    return catalogs.translations(reader.language()).gettext(source)


def _ngettext(singular: str, plural: str, number: int) -> str:
    return catalogs.translations(reader.language()).ngettext(singular, plural, number)


def _translated(value: Any) -> Any:
    return translation.translate(value) if isinstance(value, translation.Text) else value
