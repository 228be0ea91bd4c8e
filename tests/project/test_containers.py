"""The image, the compose files and the manifests, as far as they can be tested without a container engine."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

import main
from people import Person
from servers import PROJECT, Process
from settings.fields import OPTIONS, names_of
from settings.loading import read

DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")


class Container(Process):
    """The service as the image starts it."""

    def start(self, *, wait: bool = True, ahead: float = 0) -> None:
        environment = {
            **self.environment,
            "PORT": str(self.port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [self.folder / "entrypoint.sh"],
                cwd=self.folder,
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.wait_until(200)


def copied_into(folder: Path) -> None:
    """Return what the Dockerfile copies into the image."""
    for line in re.findall(r"^COPY (?!--from)(.+) (?:\./|[\w]+)$", DOCKERFILE, re.M):
        for source in (path for pattern in line.split() for path in PROJECT.glob(pattern)):
            target = folder / source.name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def test_files_in_the_image_are_enough_to_run(tmp_path):
    copied_into(tmp_path)
    service = Container(tmp_path, PYTHONPATH=str(tmp_path))
    try:
        assert Person(service, "alice").sign_up().status_code == 201
    finally:
        assert service.stop() in (0, -15)


def test_image_is_for_production():
    assert re.search(r"^ENV ENVIRONMENT=production\b", DOCKERFILE, re.M)


def test_image_builds_from_the_files_in_its_context():
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    wanted = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for name in line.split()}
    assert wanted == allowed


def test_entrypoint_is_a_valid_script():
    assert (PROJECT / "entrypoint.sh").stat().st_mode & 0o111
    subprocess.run(["sh", "-n", PROJECT / "entrypoint.sh"], check=True)


def test_service_starts_when_its_dependencies_are_available():
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert services.keys() == {"api", "db", "redis", "mail"}
    assert services["api"]["depends_on"].keys() == services.keys() - {"api"}
    assert all("healthcheck" in services[name] for name in ("api", "db", "redis"))
    assert [name for name in services if "ports" in services[name]] == ["api", "mail"]


# -------------------------------------------------------------------------------------------------------- for production

NAMES = {name for option in OPTIONS for name in names_of(option)}
VALUES = {"PUBLIC_BASE_URL": "https://accounts.service.org", "FRONTEND_BASE_URL": "https://app.service.org", "SUPERUSER_USER_ID": "root", "SUPERUSER_EMAIL": "root@service.org", "SMTP_HOST": "smtp.service.org"}  # fmt: skip
MANIFESTS = [
    document
    for path in sorted((PROJECT / "deploy/kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]


def compose(name: str) -> dict:
    """A compose file with the values that a user put into `.env`."""

    def value(found: re.Match) -> str:
        name, _, default = found[1].partition(":")
        return VALUES.get(name, default.removeprefix("-"))

    return yaml.safe_load(re.sub(r"\$\{([^}]+)\}", value, (PROJECT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.prod.yml"])
def test_compose_file_is_valid(name):
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    jsonschema.validate(yaml.safe_load((PROJECT / name).read_text()), json.loads(schema.read_text()))


def secret_files(folder: Path) -> dict[str, str]:
    """Create what docs/production.md requires, by its commands."""
    page = (PROJECT / "docs/production.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```bash\n(mkdir -m 700 secrets.*?)```", page, re.S)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True)
    return {path.name: str(path) for path in (folder / "secrets").iterdir()}


def with_secrets_from(folder: Path, environment: dict) -> dict[str, str]:
    files = secret_files(folder)
    return {
        name: files[Path(value).name] if name.endswith("_FILE") else str(value or "")
        for name, value in environment.items()
    }


def test_production_starts_with_the_settings_of_the_compose_file(tmp_path):
    file = compose("docker-compose.prod.yml")
    assert file["secrets"].keys() == secret_files(tmp_path).keys()
    for name in ("api", "mail", "migrate"):
        environment = file["services"][name]["environment"]
        assert {n.removesuffix("_FILE") for n in environment} - NAMES <= {"WEB_CONCURRENCY"}, name
        shutil.rmtree(tmp_path / "secrets")
        found = read(VALUES | with_secrets_from(tmp_path, environment))  # as env_file and environment do
        assert found.production
        # The database and Redis are containers beside it, on a network of their own.
        assert [line for line in found.warnings if "without TLS" not in line and "MFA_REQUIRED" not in line] == []
        assert found.deliver_mail is (name != "api")
        mounted = {Path(v).name for n, v in environment.items() if n.endswith("_FILE")}
        assert mounted == set(file["services"][name]["secrets"])
    assert {n for n in file["services"] if "ports" in file["services"][n]} == {"proxy"}
    assert file["networks"]["back"] == {"internal": True}
    assert all("front" not in file["services"][n]["networks"] for n in ("db", "redis", "pgbouncer"))


def test_only_the_proxy_is_trusted():
    services = compose("docker-compose.prod.yml")["services"]
    proxy = services["proxy"]["networks"]["servers"]["ipv4_address"]
    assert services["api"]["environment"]["TRUSTED_PROXIES"] == proxy


def test_pgbouncer_uses_transaction_mode():
    lines = (PROJECT / "deploy/pgbouncer.ini").read_text().splitlines()
    assert "pool_mode = transaction" in lines


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: f"{m['kind']} {m['metadata']['name']}")
def test_manifest_matches_its_schema(manifest):
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def pods() -> dict[str, dict]:
    found = {m["metadata"]["name"]: m["spec"]["template"]["spec"] for m in MANIFESTS if "template" in m.get("spec", {})}
    assert found.keys() == {"credential-service", "credential-service-mail", "credential-service-migrate"}
    return found


def test_manifests_provide_high_availability():
    kinds = [m["kind"] for m in MANIFESTS]
    assert {"PodDisruptionBudget", "HorizontalPodAutoscaler", "Job", "Ingress", "Service"} <= set(kinds)
    (container,) = pods()["credential-service"]["containers"]
    probes = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert probes == {"startupProbe": "/health", "livenessProbe": "/health", "readinessProbe": "/health/ready"}
    assert set(probes.values()) <= main.app.openapi()["paths"].keys()
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    graceful = int(re.search(r"--timeout-graceful-shutdown (\d+)", (PROJECT / "entrypoint.sh").read_text())[1])
    assert pods()["credential-service"]["terminationGracePeriodSeconds"] > pause + graceful


def test_pods_have_minimal_privileges():
    for name, pod in pods().items():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["automountServiceAccountToken"] is False, name
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}, name  # fmt: skip
        assert "memory" in container["resources"]["limits"], name


def test_production_starts_with_the_settings_of_the_manifests(tmp_path):
    (settings,) = [m["data"] for m in MANIFESTS if m["kind"] == "ConfigMap"]
    assert {name.removesuffix("_FILE") for name in settings} <= NAMES
    found = read(with_secrets_from(tmp_path, settings))
    assert found.production
    assert not found.deliver_mail
