"""Declare a setting: its default, its description, its other names and its bounds."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class SettingsGroup(BaseModel):
    """A group of settings. Only the class with all groups, `Settings`, is ever instantiated and needs a validator."""

    model_config = ConfigDict(defer_build=True)


def setting(
    default: Any,
    sentence: str,
    *,
    also: tuple[str, ...] = (),
    secret: bool = False,
    sensitive: bool = False,
    **bounds: Any,
) -> Any:
    """Declare a setting with its description.

    also: alternative names of the environment variable.
    secret: whether its value must be strong in production. Such a setting is sensitive too.
    sensitive: whether the administration console hides its value.
    """
    extra: Any = {"also": list(also), "secret": secret, "sensitive": secret or sensitive}
    return Field(default, description=sentence, json_schema_extra=extra, **bounds)
