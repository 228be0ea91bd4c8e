"""Define the field of a request that contains the token of a solved CAPTCHA."""

from typing import Annotated

from pydantic import Field

MAX_LENGTH = 16_384  # no provider documents a limit except Turnstile, whose tokens have at most 2048 characters

Token = Annotated[
    str | None,
    Field(
        max_length=MAX_LENGTH,
        description="The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.",
    ),
]
