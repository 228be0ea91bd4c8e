"""The image and the compose file, as far as they can be tried without a container engine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from people import Person
from servers import PROJECT, Process

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
    """What the Dockerfile copies into the image."""
    for line in re.findall(r"^COPY (?!--from)(.+) (?:\./|[\w]+)$", DOCKERFILE, re.M):
        for source in (path for pattern in line.split() for path in PROJECT.glob(pattern)):
            target = folder / source.name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def test_what_the_image_holds_is_enough_to_run(tmp_path):
    copied_into(tmp_path)
    service = Container(tmp_path, PYTHONPATH=str(tmp_path))
    try:
        assert Person(service, "alice").signs_up().status_code == 201
    finally:
        assert service.stop() in (0, -15)


def test_the_image_is_made_for_production():
    assert re.search(r"^ENV ENVIRONMENT=production\b", DOCKERFILE, re.M)


def test_the_image_builds_from_what_the_context_lets_in():
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    wanted = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for name in line.split()}
    assert wanted == allowed


def test_the_entrypoint_is_a_sound_script():
    assert (PROJECT / "entrypoint.sh").stat().st_mode & 0o111
    subprocess.run(["sh", "-n", PROJECT / "entrypoint.sh"], check=True)


def test_the_service_starts_when_what_it_needs_is_there():
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert services.keys() == {"api", "db", "redis", "mail"}
    assert services["api"]["depends_on"].keys() == services.keys() - {"api"}
    assert all("healthcheck" in services[name] for name in ("api", "db", "redis"))
    assert [name for name in services if "ports" in services[name]] == ["api", "mail"]
