"""Show the settings of this process, without secrets, and where the value of each comes from."""

import re
from typing import Any, NamedTuple

from settings.fields import OPTIONS, Settings, names_of
from settings.loading import settings
from settings.oauth_login import OpenIdServer

PASSWORD_IN_URL = re.compile(r"(://[^:/@]*:).*@|((?:password|secret)\w*=)[^&]*")
MASK = "••••••••"


class Shown(NamedTuple):
    """A setting. `origin`: the variable that it was read from, `derived`, or `default`."""

    name: str
    value: str
    origin: str
    description: str
    is_secret: bool


class Group(NamedTuple):
    title: str
    settings: list[Shown]


def all_groups() -> list[Group]:
    """Return every setting, grouped as in docs/settings.md."""
    groups: Any = reversed(Settings.__bases__)
    return [Group(_title(group), [_shown(name) for name in group.model_fields]) for group in groups]


def _title(group: type) -> str:
    return str(group.__doc__).partition("\n")[0].removesuffix(".")


def _shown(name: str) -> Shown:
    field, value = OPTIONS[name], getattr(settings, name)
    is_secret = _is_secret(name)
    text = MASK if is_secret and value else _written(value)
    return Shown(names_of(name)[0], text, _origin(name, value), str(field.description), is_secret)


def _is_secret(name: str) -> bool:
    extra = OPTIONS[name].json_schema_extra
    return isinstance(extra, dict) and bool(extra["sensitive"])


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple() | list():
            return ", ".join(_written(each) for each in value)
        case int() | float():
            return str(value)
        case OpenIdServer():
            return str(value.model_copy(update={"client_secret": MASK}))
    return PASSWORD_IN_URL.sub(_masked, str(value))


def _masked(found: re.Match[str]) -> str:
    return f"{found[1]}{MASK}@" if found[1] else f"{found[2]}{MASK}"


def _origin(name: str, value: Any) -> str:
    if name in settings.origins:
        return settings.origins[name]
    return "default" if value == OPTIONS[name].default else "derived"
