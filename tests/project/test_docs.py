"""The pages say what the code does: settings, errors, dependencies, the example file."""

import re
from pathlib import Path

import pytest

from docs import generate

PROJECT = Path(__file__).parent.parent.parent


def page(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(path.name for path in (PROJECT / "docs").glob("*.md")))
def test_the_tables_in_a_page_are_those_of_the_code(path):
    text = page(f"docs/{path}")
    assert generate.page(text) == text, "run `make docs`"


def test_each_table_stands_in_a_page():
    marked = re.findall(r"<!-- table: (\w+) -->", "".join(path.read_text() for path in (PROJECT / "docs").glob("*.md")))
    assert sorted(marked) == sorted(generate.tables())


def test_the_example_file_is_that_of_the_code_and_sets_nothing_but_the_place_for_a_secret():
    assert page(".env.example") == generate.example_file(), "run `make docs`"
    assert re.findall(r"^[A-Z_]+=.*$", page(".env.example"), re.M) == ["JWT_SECRET="]


def test_each_dependency_has_its_reason():
    wanted = re.findall(
        r"^([a-z][\w-]*)", page("requirements.in") + page("requirements-tracing.in") + page("requirements-dev.in"), re.M
    )
    assert [name for name in wanted if f"`{name}`" not in page("docs/architecture.md")] == []


def test_each_link_between_the_pages_leads_somewhere():
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    links = [
        (p, link) for p in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", p.read_text(encoding="utf-8"))
    ]
    assert len(links) > 5
    assert [(p.name, link) for p, link in links if not (p.parent / link).exists()] == []


def test_each_test_that_the_page_on_security_names_is_there():
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page("docs/security.md")))
    assert len(named) > 20
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_route_stands_in_the_endpoint_table_of_the_readme():
    import main

    there = {f"{method.upper()} {path}" for path, methods in main.app.openapi()["paths"].items() for method in methods}
    told = {
        f"{method} {path}" for method, path in re.findall(r"`(GET|POST|PATCH|PUT|DELETE) (/\S*)`", page("README.md"))
    }
    assert there - told == set()
