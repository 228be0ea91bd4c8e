"""The pages say what the code does: settings, errors, dependencies, the example file."""

import re
from pathlib import Path

import pytest

import errors
from audit import EVENTS
from settings import OPTIONS, names_of

PROJECT = Path(__file__).parent.parent.parent


def page(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def shown(value: object) -> str:
    """A default as it is written in an .env file."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def row(option: str) -> str:
    names = " \\| ".join(f"`{name}`" for name in names_of(option))
    default = "cores" if option == "hash_workers" else shown(OPTIONS[option].default)
    return f"| {names} | {f'`{default}`' if default else '–'} | {OPTIONS[option].description} |"


@pytest.mark.parametrize("option", OPTIONS)
def test_each_setting_has_its_row_in_the_page(option):
    assert row(option) in page("docs/settings.md").splitlines()


@pytest.mark.parametrize("option", OPTIONS)
def test_each_setting_has_its_sentence_and_its_line_in_the_example_file(option):
    example = page(".env.example")
    assert f"# {OPTIONS[option].description}\n" in example
    default = "" if option in ("hash_workers", "jwt_secret") else shown(OPTIONS[option].default)
    line = f"{option.upper()}={default}"
    assert (line if option == "jwt_secret" else f"# {line}") in example.splitlines()


def test_the_example_file_sets_nothing_but_the_place_for_a_secret():
    assert re.findall(r"^[A-Z_]+=.*$", page(".env.example"), re.M) == ["JWT_SECRET="]


@pytest.mark.parametrize("refusal", errors.Refusal.__subclasses__(), ids=lambda refusal: refusal.code)
def test_each_code_has_its_row_in_the_page(refusal):
    assert f"| {refusal.status} | `{refusal.code}` | {refusal.detail} |" in page("docs/errors.md")


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_has_its_row_in_the_page(event):
    assert f"| `{event}` | {EVENTS[event]} |" in page("docs/audit.md")


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
