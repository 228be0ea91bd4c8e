"""Import libraries faster: without the modules that nothing in this service uses, and without building models."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

import pydantic

# Modules that the service may use do not belong here: the first use of a lazy module is not safe with threads.
UNUSED = frozenset(
    {
        "limits.aio",
        "limits.strategies",
        "sqlalchemy.dialects.postgresql.asyncpg",
        "sqlalchemy.dialects.postgresql.pg8000",
        "sqlalchemy.dialects.postgresql.psycopg2cffi",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "sqlalchemy.dialects.sqlite.pysqlcipher",
    }
)

# Modules from which a library imports only what it calls, if at all, long after the start: the reader of certificates,
# to which the HMAC of a token shows its secret once, the reader of SSH keys, the storages of rate limits, and the check
# of email addresses in an OpenAPI document. Other importers get the module itself, such as the WebAuthn library that of
# certificates. Classes of which others make subclasses, or that are compared with types, do not belong here.
CALLED_LATE = {
    "fastapi": ["email_validator"],
    "jwt": ["cryptography.hazmat.primitives.serialization.ssh", "cryptography.x509"],
    "limits": [
        "limits.storage.memcached",
        "limits.storage.mongodb",
        "limits.storage.redis",
        "limits.storage.redis_cluster",
        "limits.storage.redis_sentinel",
        "packaging.version",
    ],
}


class _CalledLate(ModuleType):
    """A module whose functions and classes import the real one when they are called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **named: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*arguments, **named)

        return call


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in UNUSED else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def prepare() -> None:
    """Change how libraries are imported from now on. Called before the first of them.

    An unused module is loaded only when one of its attributes is read, or one of its functions is called. A pydantic
    model, such as the sixty of FastAPI's OpenAPI document, is built at its first use. FastAPI loads `pydantic.v1` only
    to reject models of it; it takes an import that fails as there being none.
    """
    sys.meta_path.insert(0, _Finder())
    sys.modules["pydantic.v1"] = None  # type: ignore[assignment]
    pydantic.BaseModel.model_config["defer_build"] = True
    for library, modules in CALLED_LATE.items():
        late = {name: _CalledLate(name) for name in modules if name not in sys.modules}
        sys.modules |= late
        importlib.import_module(library)
        for name in late:
            del sys.modules[name]
