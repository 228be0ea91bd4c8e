"""The deployment files keep what docs/production.md promises: hardened containers, two database roles, no internal routes in public."""

import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = next(folder for folder in Path(__file__).parents if (folder / "docker-compose.yml").exists())


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def compose(name: str) -> dict[str, Any]:
    """A compose file in which each variable has its default, or its own name."""
    defaults = re.sub(r"\$\{(\w+)(?::?-([^}]*)|:?\?[^}]*)?\}", lambda found: found[2] or found[1], text(name))
    return yaml.safe_load(defaults.replace("$$", "$"))


DEVELOPMENT, PRODUCTION = compose("docker-compose.yml"), compose("docker-compose.prod.yml")
SERVICES = PRODUCTION["services"]
MANIFESTS = [
    document
    for path in sorted((PROJECT / "deploy/kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
PODS = {m["metadata"]["name"]: m["spec"]["template"] for m in MANIFESTS if "template" in m.get("spec", {})}


def test_development_listens_on_this_machine_only():
    ports = [port for service in DEVELOPMENT["services"].values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not str(port).startswith("127.0.0.1:")] == []
