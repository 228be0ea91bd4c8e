"""Load the catalogs of translations in `locales/` and `LOCALES_DIR`."""

import functools
import gettext
import io
import re
from pathlib import Path
from typing import Any

from settings.loading import settings

SOURCE = "en"
FOLDER = Path(__file__).parent.parent / "locales"
# The languages of `locales/` and their own names, in the order of the menu on the pages.
NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt-BR": "Português (Brasil)",
    "tr": "Türkçe",
    "ar": "العربية",
    "hi": "हिन्दी",
    "ja": "日本語",
    "ko": "한국어",
    "zh-CN": "简体中文",
}
LINE = re.compile(r'(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?)\s+)?"([^"\\]|\\.)*"|)')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@functools.cache
def names() -> dict[str, str]:
    """Return the languages that have a catalog, with their own names, those of `LOCALES_DIR` last."""
    return NAMES | {tag: _own_name(tag) for tag in _added() if tag not in NAMES}


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the translations of a language. A text without a translation stays in English."""
    found = gettext.NullTranslations()
    for path in (FOLDER / f"{language}.po", _added().get(language)):
        if path and path.is_file():
            catalog = read(path)
            catalog.add_fallback(found)
            found = catalog
    return found


def read(path: Path) -> gettext.GNUTranslations:
    """Read a catalog in the format of gettext (`.po`). Raises ValueError with the line of a fault."""
    # Imported here: a worker that renders only English never loads it.
    from babel.messages import mofile, pofile

    compiled = io.BytesIO()
    try:
        text = path.read_text("utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if not LINE.fullmatch(line.strip()):  # Babel would guess the translation
                raise ValueError(f"{path.name}, line {number}: not a line of a catalog: {line.strip()[:60]}")
        found = pofile.read_po(io.StringIO(text), abort_invalid=True)
    except (pofile.PoFileError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    for message in found:
        if not message.fuzzy:  # obsolete messages
            _require_placeholders(path, message)
    mofile.write_mo(compiled, found)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _require_placeholders(path: Path, message: Any) -> None:
    """Require that a translation uses only the values that its text has. Raises ValueError."""
    sources, strings = (each if isinstance(each, tuple) else (each,) for each in (message.id, message.string))
    known = {name for source in sources for name in PLACEHOLDER.findall(source or "")}
    for string in strings if message.id else ():
        if "%" in PLACEHOLDER.sub("", string) or set(PLACEHOLDER.findall(string)) - known:
            raise ValueError(f"{path.name}, line {message.lineno}: the placeholders differ from those of the text")


def problems() -> list[str]:
    """Return a line for each catalog in `LOCALES_DIR` that cannot be read."""
    found = []
    for tag, path in _added().items():
        try:
            _own_name(tag)
            read(path)
        except (ValueError, OSError, LookupError) as error:
            found.append(f"LOCALES_DIR: {error}")
    return found


def direction(language: str) -> str:
    """Return the value of the `dir` attribute of HTML."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@functools.cache
def _added() -> dict[str, Path]:
    folder = Path(settings.locales_dir) if settings.locales_dir else None
    return {path.stem: path for path in sorted(folder.glob("*.po"))} if folder else {}


def _own_name(tag: str) -> str:
    import babel

    try:
        locale = babel.Locale.parse(tag, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        raise ValueError(f"{tag}.po: the name must be a language tag such as sv.po") from None
    return (locale.get_display_name(locale) or tag).capitalize()


def is_replaced(language: str) -> bool:
    """Return whether `LOCALES_DIR` has a catalog of a language."""
    return language in _added()
