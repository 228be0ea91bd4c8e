"""What a release needs: one version everywhere, metadata of both packages, the license, and valid workflows."""

import json
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from servers import PROJECT
from settings.version import VERSION

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((PROJECT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@(v\d+(\.\d+)*|release/v\d+|[0-9a-f]{40})")


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def in_lock(name: str, package: str) -> str:
    return str(json.loads(text(name))["packages"][package]["version"])


def test_the_service_and_both_clients_have_one_version():
    python, typescript = (
        tomllib.loads(text("clients/python/pyproject.toml")),
        json.loads(text("clients/typescript/package.json")),
    )
    versions = {
        "the Python client": python["project"]["version"],
        "the TypeScript client": typescript["version"],
        "its lock": in_lock("clients/typescript/package-lock.json", ""),
        "the lock of the React example": in_lock("examples/react/package-lock.json", "../../clients/typescript"),
        "the lock of the Next.js example": in_lock("examples/nextjs/package-lock.json", "../../clients/typescript"),
        **{
            path.name: found
            for path in (PROJECT / "deploy" / "kubernetes").glob("*.yaml")
            for found in re.findall(r"image: credential-management-service:(\S+)", path.read_text("utf-8"))
        },
    }
    assert {name: version for name, version in versions.items() if version != VERSION} == {}
    assert tomllib.loads(text("pyproject.toml"))["project"]["dynamic"] == ["version"], (
        "settings/version.py is the source"
    )


def test_the_changelog_and_the_upgrade_guide_have_the_version():
    for page in ("CHANGELOG.md", "docs/upgrading.md"):
        assert re.search(rf"^## \[?{re.escape(VERSION)}\b", text(page), re.M), page


def test_both_packages_can_be_published():
    python, typescript = (
        tomllib.loads(text("clients/python/pyproject.toml"))["project"],
        json.loads(text("clients/typescript/package.json")),
    )
    assert (python["license"], typescript["license"]) == ("MIT", "MIT")
    assert python["urls"]["Repository"] in typescript["repository"]["url"]
    assert python["readme"] == "README.md"
    assert "private" not in typescript
    assert (PROJECT / "clients" / "typescript" / typescript["types"]).is_file()
    assert "src" in typescript["files"]
    assert (PROJECT / "clients" / "python" / "credential_client" / "py.typed").is_file()


def test_the_license_is_in_each_package():
    assert text("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The Credential Management Service authors\n")
    assert text("clients/python/LICENSE") == text("clients/typescript/LICENSE") == text("LICENSE")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_valid_and_pins_its_actions(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads the key `on` as a boolean
    assert triggers and workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}, "jobs ask for more where they need it"
    for job in workflow["jobs"].values():
        assert job["runs-on"] and job["timeout-minutes"]
        assert set(job.get("needs", "").split()) <= workflow["jobs"].keys()
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert "uses" not in step or PINNED.fullmatch(step["uses"]), step


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-workflows", WORKFLOWS), ("vendor.dependabot", [PROJECT / ".github" / "dependabot.yml"])],
)
def test_a_file_for_the_host_has_the_shape_that_it_reads(schema, paths):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_pull_requests_and_main_run_every_check():
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    assert workflow[True] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert ".ci/run" in [step.get("run") for step in workflow["jobs"]["checks"]["steps"]]


def test_a_release_is_checked_scanned_signed_and_published():
    workflow = yaml.safe_load(text(".github/workflows/release.yml"))
    assert workflow[True] == {"push": {"tags": ["v*"]}}
    jobs = workflow["jobs"]
    steps = {
        name: [step.get("uses", "").partition("@")[0] or step["run"] for step in job["steps"]]
        for name, job in jobs.items()
    }
    image = steps["image"]
    assert image.index("anchore/scan-action") < image.index("docker/login-action") < len(image) - 1
    assert image[-1].startswith("cosign sign --yes")
    assert "pypa/gh-action-pypi-publish" in steps["python-client"]
    assert any(run.startswith("npm publish") for run in steps["typescript-client"])
    assert [name for name, job in jobs.items() if "needs" not in job] == ["checks"], (
        "nothing is published before the checks"
    )


def test_the_service_can_name_its_version_before_anything_is_installed():
    """The release workflow compares it with the tag."""
    assert "from settings.version import VERSION" in text(".github/workflows/release.yml")
    assert re.fullmatch(r'"""[^"]*"""\n\nVERSION = "\d+\.\d+\.\d+"\n', text("settings/version.py"))
    assert text("settings/__init__.py").strip().count("import") == 0


def test_dependabot_watches_every_manifest():
    updates = yaml.safe_load(text(".github/dependabot.yml"))["updates"]
    watched = {
        (each["package-ecosystem"], folder)
        for each in updates
        for folder in each.get("directories", [each.get("directory")])
    }
    found = {("github-actions", "/"), ("docker", "/"), ("docker-compose", "/"), ("docker", "/deploy/kubernetes")}
    for pattern, ecosystem in (("requirements.txt", "pip"), ("package.json", "npm")):
        for path in (*PROJECT.glob(pattern), *PROJECT.glob(f"*/{pattern}"), *PROJECT.glob(f"*/*/{pattern}")):
            if "node_modules" not in path.parts and not path.relative_to(PROJECT).parts[0].startswith("."):
                found.add((ecosystem, "/" + path.parent.relative_to(PROJECT).as_posix().removeprefix(".")))
    assert watched == found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_issue_form_is_valid(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.name == "config.yml":
        assert form == {"blank_issues_enabled": False}
        return
    assert form["name"] and form["description"] and form["body"]
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids))
