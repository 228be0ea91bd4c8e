"""Choose the language of a response from the languages that a request prefers."""

import functools

from languages import catalogs
from settings.loading import settings

MAX_HEADER_LENGTH = 500
MAX_TAG_LENGTH = 35  # RFC 5646, 4.4.1


def match(tag: str) -> str | None:
    """Return the catalog for a language tag, or None. `de-AT` falls back to `de` (lookup of RFC 4647)."""
    return _match(tag[:MAX_TAG_LENGTH])


@functools.lru_cache(maxsize=512)
def _match(tag: str) -> str | None:
    by_lower_case = {name.lower(): name for name in catalogs.names()}
    parts = tag.replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        if found := by_lower_case.get("-".join(parts[:length])):
            return found
    # `pt` and `pt-PT` get `pt-BR`, `zh` gets `zh-CN`: the only catalog of that language.
    return next((name for lower, name in by_lower_case.items() if lower.partition("-")[0] == parts[0]), None)


def default() -> str:
    """Return the catalog for `DEFAULT_LOCALE`."""
    return match(settings.default_locale) or catalogs.SOURCE


def first_of(tags: str) -> str | None:
    """Return the catalog for the first known tag of `ui_locales` (OpenID Connect Core, 3.1.2.1)."""
    return next((found for tag in tags[:MAX_HEADER_LENGTH].split() if (found := match(tag))), None)


def accepted(header: str) -> str | None:
    """Return the catalog that an `Accept-Language` prefers, or None (RFC 9110, 12.5.4).

    `*` stands for the default language.
    """
    weighted = []
    for position, part in enumerate(header[:MAX_HEADER_LENGTH].split(",")):
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        weighted.append((-weight, position, tag.strip()))
    for negative_weight, _, tag in sorted(weighted):
        found = default() if tag == "*" else match(tag)
        if negative_weight < 0 and found:
            return found
    return None
