"""Let libpass compute bcrypt with libxcrypt, which takes a seventh less time on x86-64 than the package `bcrypt`.

Most Linux distributions check the passwords of their own users with libxcrypt. Elsewhere, such as on Alpine Linux,
macOS and Windows, libpass uses the package. Both compute the same hashes.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from passlib import exc
from passlib.handlers import bcrypt as partly_typed

handlers: Any = partly_typed
NAME = "libxcrypt"  # of the backend
LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2")  # the first one is that of Debian
MACHINE = "x86_64"  # on others, the package may be faster
BYTES_OF_CONTEXT = 32768  # the size of `struct crypt_data`
CHARACTERS_OF_DIGEST = 31

_lock = threading.Lock()

Crypt = Callable[[bytes, bytes], bytes | None]


def load() -> Any:
    """Return libpass's handler of bcrypt, whose backend is loaded. That of libpass itself is not thread-safe."""
    with _lock:
        if NAME not in handlers.bcrypt.backends:
            handlers.bcrypt._backend_mixin_map[NAME] = _Libxcrypt
            handlers.bcrypt.backends = (NAME, *handlers.bcrypt.backends)
            handlers.bcrypt.set_backend("default")  # the first one that the system has
    return handlers.bcrypt


class _Libxcrypt(handlers._BcryptCommon):  # type: ignore[misc]
    """A backend as libpass describes it in `SubclassBackendMixin`, for all handlers that compute bcrypt."""

    crypt: Crypt

    @classmethod
    def _load_backend_mixin(cls, name: str, dryrun: bool) -> bool:
        if sys.platform != "linux" or os.uname().machine != MACHINE:
            return False
        for library in LIBRARIES:
            with contextlib.suppress(ImportError, OSError, AttributeError):  # no ctypes, no library, or another one
                cls.crypt = staticmethod(_loaded(library))
                with contextlib.suppress(RuntimeError):  # libpass found a wrong hash
                    return bool(cls._finalize_backend_mixin(name, dryrun))
        return False

    def _calc_checksum(self, secret: str | bytes) -> str:
        password, version = self._prepare_digest_args(secret)
        if version == handlers.IDENT_2 or len(password) > handlers.bcrypt.truncate_size:
            raise ValueError("libxcrypt does not know this version, or would cut the password off")
        # For `$2a$`, it changes hashes that could be confused with those of a faulty implementation.
        setting = self._get_config(handlers.IDENT_2B).encode()
        hashed = self.crypt(password, setting)
        if hashed is None or not hashed.startswith(setting) or len(hashed) != len(setting) + CHARACTERS_OF_DIGEST:
            raise exc.InternalBackendError("libxcrypt has computed no hash")
        return hashed[len(setting) :].decode()


def _loaded(library: str) -> Crypt:
    """Return the function of a library that hashes. Other threads run meanwhile. Raises what the import may raise."""
    import ctypes  # imported here because it is not needed where the package computes the hashes

    crypt_rn = ctypes.CDLL(library).crypt_rn
    crypt_rn.argtypes = ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int
    crypt_rn.restype = ctypes.c_char_p

    def crypt(password: bytes, setting: bytes) -> bytes | None:
        context = ctypes.create_string_buffer(BYTES_OF_CONTEXT)
        hashed: bytes | None = crypt_rn(password, setting, context, BYTES_OF_CONTEXT)
        return hashed

    return crypt
