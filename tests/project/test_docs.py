"""The pages match the code: settings, errors, dependencies, and the example file."""

import os
import re
from pathlib import Path

import pytest

import errors
from commands import preview_pages
from core import capability
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


def test_each_email_and_permission_is_in_a_page():
    records = capability.installed()
    emails = {f"`{name}`" for each in records for name in each.emails}
    permissions = {f"`{name}`" for each in records for name in each.permissions}
    assert [name for name in sorted(emails) if name not in page("docs/mail.md")] == []
    assert [name for name in sorted(permissions) if name not in page("docs/roles.md")] == []


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


def test_each_template_variable_is_documented():
    documented = set(re.findall(r"`(\w+)", page("docs/pages.md").partition("### Template variables")[2]))
    common = re.findall(r'^ {8}"(\w+)":', page("hosted_pages/rendering.py") + page("web/templates.py"), re.M)
    added = [name for _, context in preview_pages.CONTEXTS.values() for name in context]
    assert "form_values" in common
    assert {*common, *added} - documented == set()


def test_each_test_named_in_a_page_exists():
    missing, seen = [], 0
    for path in markdown():
        for file, name in re.findall(r"\b(tests/[\w/]+\.py)(?:::(\w+))?", path.read_text(encoding="utf-8")):
            seen += 1
            there = (PROJECT / file).exists() and (not name or re.search(rf"def {name}\(", page(file)))
            missing += [] if there else [f"{path.relative_to(PROJECT)}: {file}::{name}"]
    assert seen > 300
    assert missing == []


# The level of each requirement in ASVS 5.0.0, in the order of its section. Chapter 17, WebRTC, does not apply.
ASVS_LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123", "2.1": "122", "2.2": "112",
    "2.3": "12223", "2.4": "23", "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3",
    "3.7": "22333", "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222", "5.1": "2", "5.2": "112333", "5.3": "113",
    "5.4": "222", "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333",
    "6.6": "2223", "6.7": "33", "6.8": "2222", "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223",
    "7.6": "22", "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111", "9.2": "1222", "10.1": "22",
    "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223", "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122", "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
}  # fmt: skip
ASVS = {f"{section}.{n}": level for section, levels in ASVS_LEVELS.items() for n, level in enumerate(levels, 1)}


def asvs_rows() -> list[tuple[list[str], str, str, str]]:
    """Return requirements, level, status and evidence of each row of the security page."""
    rows = []
    for cells in re.findall(
        r"^\| (\d+\.\d+\.\d[^|]*) \| ([^|]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", page("docs/security.md"), re.M
    ):
        numbers: list[str] = []
        for part in cells[0].split(", "):
            first, _, last = part.partition("–")
            section, start = first.rpartition(".")[::2]
            numbers += [f"{section}.{n}" for n in range(int(start), int((last or first).rpartition(".")[2]) + 1)]
        rows.append((numbers, *cells[1:]))
    return rows


def test_each_requirement_of_asvs_levels_1_and_2_is_assessed_once():
    assessed = [number for numbers, *_ in asvs_rows() for number in numbers]
    assert sorted({number for number in assessed if assessed.count(number) > 1}) == []
    assert [number for number, level in ASVS.items() if level < "3" and number not in assessed] == []
    wrong = [
        (number, level)
        for numbers, level, *_ in asvs_rows()
        for number in numbers
        if ASVS.get(number) not in level.split("–")
    ]
    assert wrong == []


def test_each_assessment_of_asvs_has_a_status_and_evidence():
    for numbers, _, status, evidence in asvs_rows():
        assert status in ("met", "not met", "not met yet", "operator", "n.a."), numbers
        assert evidence.strip(), numbers
    with_tests = [row for row in asvs_rows() if "::" in row[3]]
    assert len(with_tests) > 120


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
