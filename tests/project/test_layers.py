"""Imports point down, and what belongs to one room stays in it. Read from the source."""

import ast
import graphlib

import pytest
from servers import PROJECT

LAYERS = [
    {
        "settings",
        "setting_checks",
        "setting_sources",
        "setting_values",
        "errors",
        "logs",
        "observability",
        "threads",
        "metrics",
        "sentry",
        "tracing",
        "oauth_providers",
    },
    {"database", "prepared", "signing"},
    {"models", "schemas", "admin_schemas", "service_schemas"},
    {"tokens", "audit", "cookies", "counts", "shared_counts", "rate_limits"},
    {
        "email_utils",
        "passwords",
        "roles",
        "sessions",
        "access_tokens",
        "identities",
        "id_tokens",
        "oauth_client",
        "guesses",
    },
    {
        "auth",
        "checks",
        "accounts",
        "administration",
        "directory",
        "importing",
        "linking",
        "maintenance",
        "oauth",
        "privacy",
        "services",
        "stats",
        "openapi",
        "housekeeping",
        "pages",
    },
    {
        "routes.admin",
        "routes.auth",
        "routes.internal",
        "routes.oauth",
        "routes.oauth2",
        "routes.pages",
        "routes.system",
        "routes.users",
    },
    {"main", "manage", "routes.alias_step", "routes.aliases"},
]
HEIGHT = {module: height for height, layer in enumerate(LAYERS) for module in layer}
FILES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts): path
    for path in [*PROJECT.glob("*.py"), *PROJECT.glob("routes/*.py")]
    if path.name != "__init__.py"
}


def tree_of(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imported_by(module: str) -> set[str]:
    """Everything that a module imports, wherever in it, with and without the last part: `routes.auth`, `settings`."""
    found = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(module: str) -> set[str]:
    return imported_by(module) & FILES.keys()


def test_every_module_has_its_layer():
    assert FILES.keys() == HEIGHT.keys()


@pytest.mark.parametrize("module", sorted(FILES))
def test_imports_point_down(module):
    assert not [other for other in ours(module) if HEIGHT[other] > HEIGHT[module]]


def test_no_import_goes_round_in_a_circle():
    graph = {module: ours(module) for module in FILES}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(FILES)


@pytest.mark.parametrize("module", sorted(m for m in FILES if m.startswith("routes.")))
def test_a_route_decides_nothing(module):
    tree = tree_of(module)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "HTTPException"]
    assert not [name for name in imported_by(module) if name.split(".")[0] in ("sqlalchemy", "models", "signing")]


ROOMS = {"smtplib": "email_utils", "bcrypt": "passwords", "passlib": "passwords", "jwt": "access_tokens id_tokens", "alembic": "database", "dotenv": "settings", "authlib": "oauth_client", "httpx2": "oauth_client"}  # fmt: skip


@pytest.mark.parametrize("package", ROOMS)
def test_each_of_these_is_used_in_its_rooms_alone(package):
    users = {module for module in FILES if package in {name.split(".")[0] for name in imported_by(module)}}
    assert users <= set(ROOMS[package].split())


def reads_the_environment(module: str) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "environ"), ("os", "environb"), ("os", "getenv")}
        for node in ast.walk(tree_of(module))
    ) or bool({"os.environ", "os.getenv"} & imported_by(module))


def test_only_the_settings_read_the_environment():
    # metrics tells prometheus_client, which takes it from there alone, where the workers meet.
    assert {module for module in FILES if reads_the_environment(module)} == {"settings", "metrics"}


def test_only_tests_know_the_tests():
    names = {path.stem for path in (PROJECT / "tests" / "support").glob("*.py")} | {"tests"}
    assert not [m for m in FILES if {name.split(".")[0] for name in imported_by(m)} & (names | {"pytest"})]
