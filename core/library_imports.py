"""Import libraries faster: without the modules that nothing in this service uses, and without building models."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

import pydantic

# Modules that the service may use do not belong here: the first use of a lazy module is not safe with threads.
UNUSED = frozenset(
    {
        "limits.aio",
        "sqlalchemy.dialects.postgresql.asyncpg",
        "sqlalchemy.dialects.postgresql.pg8000",
        "sqlalchemy.dialects.postgresql.psycopg2cffi",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "sqlalchemy.dialects.sqlite.pysqlcipher",
    }
)


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in UNUSED else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def prepare() -> None:
    """Change how libraries are imported from now on. Called before the first of them.

    An unused module is loaded only when one of its attributes is read. A pydantic model, such as the sixty of FastAPI's
    OpenAPI document, is built at its first use. FastAPI loads `pydantic.v1` only to reject models of it; it takes an
    import that fails as there being none.
    """
    sys.meta_path.insert(0, _Finder())
    sys.modules["pydantic.v1"] = None  # type: ignore[assignment]
    pydantic.BaseModel.model_config["defer_build"] = True
