"""Read a `.env` file in UTF-8 or UTF-16. A line that cannot be parsed stops startup."""

import codecs
import io
from pathlib import Path

from settings.sources import InvalidSettings

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(path: str, *, is_required: bool = False) -> dict[str, str]:
    """Return the settings of a file; empty if it does not exist and is not required. Raises InvalidSettings."""
    try:
        content = Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if is_required:  # otherwise a typo in the path would start a production service with development settings
            raise InvalidSettings(f"ENV_FILE: {path} does not exist") from None
        return {}
    except OSError as error:
        raise InvalidSettings(f"{path}: cannot be read: {error.strerror}") from None
    if not content:
        return {}
    from dotenv import dotenv_values  # imported here because containers have no file
    from dotenv.parser import parse_stream

    text = _decoded(path, content)
    unreadable = [str(each.original.line) for each in parse_stream(io.StringIO(text)) if _is_unreadable(each)]
    if unreadable:
        raise InvalidSettings(f"{path}: line {', '.join(unreadable)} cannot be read; write NAME=value")
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value is not None}


def _decoded(path: str, content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidSettings(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    if "\0" in text:
        raise InvalidSettings(f"{path}: is not UTF-8 text; save it as UTF-8")
    return text


def _is_unreadable(binding: object) -> bool:
    """Return whether a line cannot be parsed. python-dotenv silently ignores a name without `=`."""
    failed, name, value = (getattr(binding, field) for field in ("error", "key", "value"))
    return failed or (name is not None and value is None)
