"""Export everything that is stored about a user, section by section, as the capability records declare it."""

from typing import Any

from pydantic import Field, create_model

import database
import schemas
from core import capability


def export(user: schemas.User) -> Any:
    """Return everything that is stored about the user: a list of rows for each section. Contains no secret."""
    found = {
        section.name: [dict(row._mapping) for row in database.read_all(section.rows(user))] for section in sections()
    }
    return response_schema().model_validate(found)


def sections() -> list[capability.Section]:
    """Return the sections of the export, those of capabilities that are switched off included."""
    return [section for each in capability.installed() for section in each.export()]


def response_schema() -> Any:
    """Return the schema of the whole export, for the OpenAPI document."""
    fields: dict[str, Any] = {
        section.name: (list.__class_getitem__(section.schema), Field(description=section.description))
        for section in sections()
    }
    return create_model(
        "Export", __base__=schemas.Schema, __doc__="Everything stored about a user, by section.", **fields
    )
