"""Mark texts for translation, and translate them."""

from typing import Any

from languages import catalogs, reader


class Text(str):
    """A sentence in English that is translated when it is rendered. Logs and tests use it in English."""

    __slots__ = ("number", "plural", "source", "values")
    source: str
    plural: str | None
    number: int
    values: dict[str, Any]


def mark(source: str, **values: Any) -> Text:
    """Mark a text for translation. Its values are written as `%(name)s`; a value may be a `Text` itself."""
    return _text(source, None, 1, values)


def as_text(sentence: str) -> Text:
    """Return a sentence that is marked already, or mark it."""
    return sentence if isinstance(sentence, Text) else mark(sentence)


def plural(singular: str, several: str, number: int, **values: Any) -> Text:
    """Mark a text that depends on a number, which it contains as `%(number)d`."""
    return _text(singular, several, number, {"number": number, **values})


def _text(source: str, several: str | None, number: int, values: dict[str, Any]) -> Text:
    english = several if several is not None and number != 1 else source
    made = Text(english % values if values else english)
    made.source, made.plural, made.number, made.values = source, several, number, values
    return made


def translate(message: str) -> str:
    """Return a text in the language of the reader, or as it is if there is no translation."""
    language = reader.language()
    if language == catalogs.SOURCE and not catalogs.is_replaced(language):
        return str(message)
    known = catalogs.translations(language)
    if not isinstance(message, Text):
        return known.gettext(message) if message else message
    values = {name: translate(value) if isinstance(value, Text) else value for name, value in message.values.items()}
    found = known.gettext(message.source)
    if message.plural is not None:
        found = known.ngettext(message.source, message.plural, message.number)
    return found % values if values else found
