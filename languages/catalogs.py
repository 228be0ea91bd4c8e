"""Load the catalogs of translations: ours in `locales/`, and those of `LOCALES_DIR`."""

import functools
import gettext
import io
from pathlib import Path

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
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@functools.cache
def names() -> dict[str, str]:
    """Return the languages that have a catalog, with their own names, those of `LOCALES_DIR` last."""
    return NAMES | {tag: _own_name(tag) for tag in _added() if tag not in NAMES}


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the translations of a language. A message without one stays English."""
    found = gettext.NullTranslations()
    for path in (FOLDER / f"{language}.po", _added().get(language)):
        if path and path.is_file():
            catalog = read(path)
            catalog.add_fallback(found)
            found = catalog
    return found


def read(path: Path) -> gettext.GNUTranslations:
    """Read a catalog in the format of gettext (`.po`). Raises ValueError with the line of a fault."""
    # Imported here: a worker whose readers all read English never loads it.
    from babel.messages import mofile, pofile

    compiled = io.BytesIO()
    try:
        with path.open("rb") as file:
            mofile.write_mo(compiled, pofile.read_po(file, abort_invalid=True))
    except (pofile.PoFileError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None)
        raise ValueError(f"{path.name}{f', line {line + 1}' if line is not None else ''}: {error}") from None
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def direction(language: str) -> str:
    """Return the value of the `dir` attribute of HTML."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@functools.cache
def _added() -> dict[str, Path]:
    folder = Path(settings.locales_dir) if settings.locales_dir else None
    return {path.stem: path for path in sorted(folder.glob("*.po"))} if folder else {}


def _own_name(tag: str) -> str:
    import babel

    locale = babel.Locale.parse(tag, sep="-")
    return (locale.get_display_name(locale) or tag).capitalize()


def is_replaced(language: str) -> bool:
    """Return whether `LOCALES_DIR` has a catalog of a language."""
    return language in _added()
