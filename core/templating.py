"""Create the Jinja environments of pages and emails, in which a file in `TEMPLATES_DIR` replaces a default template.

A template there can extend the one that it replaces as `default/<name>`.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import brand
from languages import jinja
from settings.loading import settings

DEFAULTS = Path(__file__).parent.parent / "templates"
FOLDERS = ("pages", "email")
PREFIX, CONSOLE = "default", "console"


class _LiveBrand:
    """The brand as templates see it: `{{ brand.name }}`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(brand.current(), name)


@functools.cache
def environment(folder: str, *, escapes: bool = True, is_strict: bool = False, replaces: bool = True) -> Any:
    """Return the environment of a folder of templates. Jinja is imported at the first use, so a worker starts faster.

    escapes: whether values are escaped for HTML.
    is_strict: whether an unknown variable is an error.
    replaces: whether the templates in `TEMPLATES_DIR` are used.
    """
    import jinja2

    defaults = jinja2.FileSystemLoader(DEFAULTS / folder)
    templates_dir = settings.templates_dir if replaces else ""
    replacements = [jinja2.FileSystemLoader(Path(templates_dir) / folder)] if templates_dir else []
    # The pages of the administration console use the macros of the hosted pages.
    console = {CONSOLE: jinja2.FileSystemLoader(DEFAULTS / CONSOLE)} if folder == "pages" else {}
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([*replacements, defaults, jinja2.PrefixLoader({PREFIX: defaults, **console})]),
        undefined=jinja2.StrictUndefined if is_strict else jinja2.Undefined,
        autoescape=escapes,  # noqa: S701 - off only for plain text
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=not settings.production,
    )
    jinja.install(made)
    made.globals["brand"] = _LiveBrand()
    return made


def replaceable(folder: str) -> set[str]:
    """Return the names that a file in this folder of `TEMPLATES_DIR` may have.

    The text and HTML parts of an email can be replaced alone: those of `verify_email.jinja` are `verify_email.txt` and
    `verify_email.html`.
    """
    names = {path.name for path in (DEFAULTS / folder).iterdir()}
    parts = {f"{Path(name).stem}.{part}" for name in names if name.endswith(".jinja") for part in ("txt", "html")}
    return names | parts


def replaced(folder: str) -> list[str]:
    """Return the names of the files in a folder of `TEMPLATES_DIR`."""
    path = Path(settings.templates_dir) / folder
    return [each.name for each in _visible(path)] if settings.templates_dir and path.is_dir() else []


def problems() -> list[str]:
    """Return an error message for each file in `TEMPLATES_DIR` that cannot be used, with its line number if known."""
    if not settings.templates_dir:
        return []
    others = [path.name for path in _visible(Path(settings.templates_dir)) if path.name not in FOLDERS]
    lines = [f"TEMPLATES_DIR: {name} is not used; templates are in pages/ and email/" for name in others]
    for folder in FOLDERS:
        for name in replaced(folder):
            lines += [f"TEMPLATES_DIR: {folder}/{name}{said}" for said in _faults(folder, name)]
    return lines


def _visible(folder: Path) -> list[Path]:
    """Return the entries of a folder, without hidden ones, such as those of a mounted Kubernetes ConfigMap."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _faults(folder: str, name: str) -> Iterator[str]:
    """Yield the errors of a template, with line numbers. A file whose name begins with `_` can only be included."""
    import jinja2

    if not name.startswith("_") and name not in replaceable(folder):
        yield f" replaces no template such as {_nearest(folder, name)}; if others include it, begin its name with _"
        return
    made = environment(folder)
    try:
        content = (Path(settings.templates_dir) / folder / name).read_bytes()
        source = content.decode("utf-8")
    except OSError as error:
        yield f": cannot be read: {error.strerror}"
        return
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield f", line {line}: is not UTF-8 text; save it as UTF-8"
        return
    try:
        made.compile(source, name)
    except jinja2.TemplateSyntaxError as error:
        yield f", line {error.lineno}: {error.message}"
        return
    except SyntaxError as error:  # in the Python code that Jinja generates, for example because of a duplicate argument
        yield f", line {error.lineno}: {error.msg}"
        return
    for line, other in _references(made, source):
        if other == name:
            yield f', line {line}: refers to itself; write "{PREFIX}/{name}" for the template that it replaces'
        elif not _exists(made, other):
            yield f", line {line}: there is no template {other}"
    if folder == "pages" and not name.startswith("_"):
        for line, unknown in _unknown_variables(made, source):
            yield f", line {line}: no page has a variable {unknown}"


def _unknown_variables(made: Any, source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each variable that no default page uses. Emails are rendered instead."""
    from jinja2 import meta, nodes

    parsed = made.parse(source)
    # Jinja takes what a file assigns or imports for undeclared in its blocks. What is tested need not exist.
    own = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "store"}
    own |= {node.target for node in parsed.find_all(nodes.Import)}
    imported = [names for node in parsed.find_all(nodes.FromImport) for names in node.names]
    own |= {names[-1] if isinstance(names, tuple) else names for names in imported}
    tested = (node.node for node in parsed.find_all(nodes.Test) if node.name in ("defined", "undefined"))
    own |= {node.name for node in tested if isinstance(node, nodes.Name)}
    unknown = meta.find_undeclared_variables(parsed) - _variables_of_pages() - own
    for node in parsed.find_all(nodes.Name):
        if node.name in unknown and node.ctx == "load":
            unknown.remove(node.name)
            yield node.lineno, node.name


@functools.cache
def _variables_of_pages() -> set[str]:
    from jinja2 import meta

    made = environment("pages", replaces=False)
    sources = [path.read_text("utf-8") for folder in ("pages", CONSOLE) for path in (DEFAULTS / folder).glob("*.html")]
    used = {name for source in sources for name in meta.find_undeclared_variables(made.parse(source))}
    return used | set(made.globals) | {"request", "url_for"}


def _references(made: Any, source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each template that this one extends, includes or imports by a constant name."""
    from jinja2 import nodes

    for node in made.parse(source).find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
            yield node.lineno, node.template.value


def _exists(made: Any, name: str) -> bool:
    import jinja2

    try:
        made.loader.get_source(made, name)
    except jinja2.TemplateNotFound:
        return False
    except UnicodeDecodeError:
        return True  # reported by `_faults` for that template
    return True


def _nearest(folder: str, name: str) -> str:
    import difflib

    names = sorted(replaceable(folder))
    return (difflib.get_close_matches(name, names, 1, 0) or names)[0]
