"""The pages match the code: settings, errors, dependencies, and the example file."""

import os
import re
from pathlib import Path

import pytest

import errors
from docs import api_reference, generate

PROJECT = Path(__file__).parent.parent.parent


def page(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(path.name for path in (PROJECT / "docs").glob("*.md")))
def test_generated_tables_are_current(path):
    text = page(f"docs/{path}")
    assert generate.page(text) == text, "run `make docs`"


def test_each_generated_table_is_in_a_page():
    marked = re.findall(r"<!-- table: (\w+) -->", "".join(path.read_text() for path in (PROJECT / "docs").glob("*.md")))
    assert sorted(marked) == sorted(generate.tables())


def test_example_file_is_current_and_sets_only_an_empty_secret():
    assert page(".env.example") == generate.example_file(), "run `make docs`"
    assert re.findall(r"^[A-Z_]+=.*$", page(".env.example"), re.M) == ["JWT_SECRET="]


def test_each_dependency_has_a_reason():
    wanted = re.findall(
        r"^([a-z][\w-]*)", page("requirements.in") + page("requirements-tracing.in") + page("requirements-dev.in"), re.M
    )
    assert [name for name in wanted if f"`{name}`" not in page("docs/architecture.md")] == []


def markdown() -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = [
            name
            for name in folders
            if name == ".github" or not (name.startswith(".") or name in ("node_modules", "build", "dist"))
        ]
        found += [Path(folder, name) for name in files if name.endswith(".md")]
    return found


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    prose = re.sub(r"^ *```.*?^ *```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", prose, re.M):
        anchor = api_reference.anchor(re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading))
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return set(found)


def test_each_markdown_link_leads_to_a_file_and_a_heading():
    broken, seen = [], 0
    for path in markdown():
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", path.read_text(encoding="utf-8")):
            seen += 1
            linked = (path.parent / target).resolve() if target else path
            if not linked.exists() or (anchor and linked.suffix == ".md" and anchor not in anchors(linked)):
                broken.append(f"{path.relative_to(PROJECT)}: {target}#{anchor}")
    assert seen > 200
    assert broken == []


def test_index_lists_each_page_once_in_one_of_four_groups():
    index = page("docs/README.md")
    groups = [name for name in re.findall(r"^## (.+)$", index, re.M) if name != "Elsewhere in the repository"]
    assert groups == ["Tutorials", "How-to guides", "Reference", "Explanation"]
    lines = re.findall(r"^- \[[^]]+\]\(([\w-]+\.md)\): .+$", index, re.M)
    assert sorted(lines) == sorted(path.name for path in (PROJECT / "docs").glob("*.md") if path.name != "README.md")


def test_each_test_named_in_the_security_page_exists():
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page("docs/security.md")))
    assert len(named) > 20
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_route_has_a_section_in_the_api_reference():
    import main

    there = {f"{method.upper()} {path}" for path, methods in main.app.openapi()["paths"].items() for method in methods}
    assert there == set(re.findall(r"^### ((?:GET|POST|PATCH|PUT|DELETE) /\S*)$", page("docs/api.md"), re.M))


def test_api_reference_lists_each_parameter_field_and_error_code():
    import main

    document, reference = main.app.openapi(), page("docs/api.md")
    fields = {field for schema in document["components"]["schemas"].values() for field in schema.get("properties", {})}
    parameters = {
        each["name"] for methods in document["paths"].values() for operation in methods.values() for each in operation.get("parameters", [])
    }  # fmt: skip
    codes = {kind.code for kind in errors.ServiceError.__subclasses__()} - {
        "internal_error",
        "request_timeout",
        "headers_too_large",
    }
    assert {name for name in fields | parameters | codes if f"`{name}`" not in reference} == set()
