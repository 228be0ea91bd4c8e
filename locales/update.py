"""Collect the texts of the templates and the source, and update the catalogs with them: `make locales`.

A text whose English has changed counts as new, and stays in English until it is translated.
`python locales/update.py sv` starts a catalog for another language.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import babel
from babel.messages import catalog, pofile
from jinja2.ext import babel_extract

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))
from languages import catalogs  # noqa: E402

HEADER = """\
# %(language)s translation of the pages, emails and error details.
# Not yet reviewed by a native speaker. Corrections are welcome.
"""
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
MARKED = {"mark", "plural"}
# Users see their errors: see `core.field_errors.message`.
WITH_FIELD_ERRORS = ("schemas.py", "schemas_admin.py", "core/display_names.py", "core/profile_fields.py")
Found = tuple[str | tuple[str, ...], str, list[str]]


def texts() -> Iterator[Found]:
    """Yield each text, or its singular and plural, with its file and the comments for translators."""
    for path in sorted((PROJECT / "templates").glob("*/*")):
        with path.open("rb") as file:
            for _, function, message, comments in babel_extract(file, ("_", "gettext", "ngettext"), ["NOTE:"], JINJA):
                arguments = message if isinstance(message, tuple) else (message,)
                parts = [part for part in arguments if isinstance(part, str)]
                if parts:
                    found = tuple(parts[:2]) if function == "ngettext" else parts[0]
                    yield found, str(path.relative_to(PROJECT)), comments
    for path in sorted(PROJECT.glob("**/*.py")):
        name = str(path.relative_to(PROJECT))
        if not name.startswith(
            (".", "tests/", "clients/", "examples/", "bench/", "docs/", "locales/", "node_modules/")
        ):
            for found in _in_source(ast.parse(path.read_text("utf-8")), name):
                yield found, name, []


def _in_source(tree: ast.Module, name: str) -> Iterator[str | tuple[str, ...]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node, name)
        elif isinstance(node, ast.ClassDef) and name == "errors.py":
            yield from _details(node)


def _in_call(node: ast.Call, name: str) -> Iterator[str | tuple[str, ...]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    module = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
    constants = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if module == "translation" and called in MARKED and constants:
        yield constants[0] if called == "mark" else tuple(constants[:2])
    elif constants and (
        (module == "errors" and called != "FieldError") or (called == "ValueError" and name in WITH_FIELD_ERRORS)
    ):
        yield constants[0]


def _details(node: ast.ClassDef) -> Iterator[str]:
    """Yield the `detail` of an error class, even if it is assigned together with other attributes."""
    for statement in node.body:
        if not isinstance(statement, ast.Assign):
            continue
        target, value = statement.targets[0], statement.value
        pairs = zip(target.elts, value.elts, strict=True) if isinstance(target, ast.Tuple) else [(target, value)]
        for one, constant in pairs:  # type: ignore[misc]
            if getattr(one, "id", "") == "detail" and isinstance(constant, ast.Constant):
                yield constant.value


def template() -> catalog.Catalog:
    """Return a catalog without translations."""
    made = catalog.Catalog(fuzzy=False)
    for message, file, comments in texts():
        made.add(message, locations=[(file, None)], auto_comments=comments)
    return made


def update(language: str, template: catalog.Catalog) -> str:
    """Update the catalog of a language, and return how much of it is translated."""
    path = catalogs.FOLDER / f"{language}.po"
    if path.is_file():
        with path.open("rb") as file:
            known = pofile.read_po(file, locale=language.replace("-", "_"))
    else:
        known = catalog.Catalog(locale=language.replace("-", "_"), fuzzy=False)
        known.header_comment = HEADER % {"language": babel.Locale.parse(language, sep="-").english_name}
    known.update(template, update_creation_date=False, no_fuzzy_matching=True)
    known.obsolete.clear()
    path.write_bytes(written(known))
    missing = [each for each in known if each.id and (each.fuzzy or not all(_strings(each)))]
    return f"{language}: {len(known) - len(missing)} of {len(known)}"


def _strings(message: catalog.Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def written(made: catalog.Catalog) -> bytes:
    """Return a catalog as a file, without the lines of the header that change with each run."""
    import io

    buffer = io.BytesIO()
    pofile.write_po(buffer, made, width=120, sort_output=True, include_lineno=False, include_previous=True)
    names = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid",
        "Project-Id",
        "Last-T",
        "Language-Team",
    )
    volatile = tuple(f'"{name}'.encode() for name in names)
    return b"".join(line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(volatile))


if __name__ == "__main__":
    shared = template()
    known = sorted({path.stem for path in catalogs.FOLDER.glob("*.po")} | set(sys.argv[1:]))
    for language in known:
        print(update(language, shared))
