"""Imports between packages point down only, and only its owners import a library. Read from the source."""

import ast
import builtins
import functools
import graphlib
import re

import pytest

from servers import PROJECT

# From the bottom to the top. A package may import those above it in this list, and itself.
LEVELS = [
    "settings",
    "telemetry",
    "languages",
    "database_errors",
    "errors",
    "core",
    "schemas",
    "schemas_admin",
    "schemas_service",
    "database",
    "prepared",
    "models",
    "delivery",
    "credentials",
    "audit",
    "email_utils",
    "sms",
    "web",
    "authorization",
    "sessions",
    "auth",
    "accounts",
    "administration",
    "api_keys",
    "revocations",
    "events",
    "webhooks",
    "oauth_login",
    "factors",
    "passwordless",
    "captcha",
    "oauth_provider",
    "user_import",
    "operations",
    "hosted_pages",
    "console",
    "legacy_api",
    "routes",
    "main",
    "serve",
    "commands",
    "manage",
]
RAISES = re.compile(r"Raises ([^.]*)\.")
FROM_LIBRARIES = {"DBAPIError", "IntegrityError", "OperationalError", "PyJWTError", "ValidationError"}
SUPPORT = {path.stem for path in (PROJECT / "tests/support").glob("*.py")}
FILES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
    for level in LEVELS
    for path in [*PROJECT.glob(f"{level}.py"), *PROJECT.glob(f"{level}/**/*.py")]
}


def package_of(module: str) -> str:
    return module.partition(".")[0]


def tree_of(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


@functools.cache
def imported_by(module: str) -> set[str]:
    """Return everything that a module imports, with and without the last part: `routes.auth`, `settings`."""
    found = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(module: str) -> set[str]:
    return {name for name in imported_by(module) & FILES.keys() if name != package_of(name) or "." not in name}


def test_root_modules_and_packages_are_all_listed():
    in_the_root = {path.stem for path in PROJECT.glob("*.py")}
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")}
    assert in_the_root | packages == set(LEVELS)


def test_imports_between_packages_point_down():
    levels = {module: LEVELS.index(package_of(module)) for module in FILES}
    up = {(module, other) for module in FILES for other in ours(module) if levels[other] > levels[module]}
    assert up == set()


def test_no_import_is_circular():
    graph = {module: ours(module) - {module} for module in FILES}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(FILES)


def test_page_lists_the_packages_in_this_order():
    page = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
    places = [page.find(f"| `{name}.py` |") + page.find(f"| `{name}/` |") for name in reversed(LEVELS)]
    for level, name in enumerate(LEVELS):
        print(f"{level:2}  {name}")  # noqa: T201 - shown with -s, and where the test fails
    assert places == sorted(places)
    assert min(places) >= 0


def test_init_file_contains_only_its_docstring():
    for path in PROJECT.glob("*/__init__.py"):
        if path.parent.name != "routes":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert [type(node) for node in body] == [ast.Expr], path


def test_modules_are_short():
    lines = {module: path.read_text(encoding="utf-8").splitlines() for module, path in FILES.items()}
    assert {module: len(lines[module]) for module in FILES if len(lines[module]) > 350} == {}
    assert [(module, line) for module in FILES for line in lines[module] if len(line) > 120] == []


@pytest.mark.parametrize("module", sorted(m for m in FILES if m.startswith("routes.")))
def test_route_contains_no_rule(module):
    tree = tree_of(module)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "HTTPException"]
    assert not [name for name in imported_by(module) if name.split(".")[0] in ("sqlalchemy", "models")]


OWNERS = {
    "bcrypt": "",  # libpass loads it
    "smtplib": "delivery.smtp",
    "passlib": "credentials.passwords credentials.bcrypt_backend",
    "jwt": "sessions.access_tokens sessions.signed_tokens sessions.signing_keys oauth_login.id_tokens oauth_provider.client_assertions "
    "oauth_provider.client_keys oauth_provider.dpop",
    "alembic": "operations.migrations",
    "dotenv": "settings.env_file",
    "authlib": "oauth_login.provider_client",
    "httpx2": "core.http_client oauth_login.provider_client",
}


@pytest.mark.parametrize("library", OWNERS)
def test_library_is_used_only_by_its_owners(library):
    users = {module for module in FILES if library in {name.split(".")[0] for name in imported_by(module)}}
    assert users <= set(OWNERS[library].split())


def reads_the_environment(module: str) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "environ"), ("os", "environb"), ("os", "getenv")}
        for node in ast.walk(tree_of(module))
    ) or bool({"os.environ", "os.getenv"} & imported_by(module))


def test_only_the_settings_read_the_environment():
    # prometheus_client reads where the workers share metrics from the environment only, and `serve` sets it for them
    reads = {module for module in FILES if reads_the_environment(module)}
    assert reads == {"settings.loading", "telemetry.metrics", "serve"}


def test_accounts_are_changed_only_through_their_objects():
    """The event of a change shows the account as its object is: see `lookup.locked`."""
    calls = [(module, node) for module in FILES for node in ast.walk(tree_of(module)) if isinstance(node, ast.Call)]
    statements = [
        f"{module}:{node.lineno}"
        for module, node in calls
        if ast.unparse(node.func).rpartition(".")[2] in {"update", "delete"}
        and re.search(r"\bUser(Role)?\b", ", ".join(map(ast.unparse, [node.func, *node.args])))
    ]
    assert len(calls) > 1000
    assert statements == []


def test_service_imports_nothing_from_the_tests():
    assert not [
        module for module in FILES if {package_of(n) for n in imported_by(module)} & (SUPPORT | {"pytest", "tests"})
    ]


def errors_named_by(module: str) -> set[str]:
    """Return the classes that the docstrings of a module list as raised."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree_of(module)) if isinstance(node, documented)]
    return {name for text in texts for said in RAISES.findall(text) for name in re.findall(r"\b[A-Z]\w+", said)}


def test_docstring_names_errors_that_exist():
    classes = {node.name for module in FILES for node in ast.walk(tree_of(module)) if isinstance(node, ast.ClassDef)}
    known = classes | set(dir(builtins)) | FROM_LIBRARIES
    named = {(module, name) for module in FILES for name in errors_named_by(module)}
    assert len(named) > 50
    assert {(module, name) for module, name in named if name not in known} == set()
