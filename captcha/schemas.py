"""Define the schemas of the proof of work, in the format of ALTCHA."""

from typing import Annotated, Literal

from pydantic import Field

from schemas import Input, Schema

MAX_NUMBER = 50_000  # on average, a browser tries half of them: in well under a second, or about two on an old phone

Digest = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{64}$", examples=["084efb29c6280a893252fd57c5a146c74a288d27d83881f0b9d09780a4834648"]),
]
# The `&` separates it from the number: otherwise digits could be moved between `expires` and the number.
Salt = Annotated[
    str, Field(pattern=r"^[0-9a-f]{24}\?expires=[0-9]{10}&$", examples=["9b1f0c7e52d84a36b0e91d27?expires=1773480713&"])
]


class Challenge(Schema):
    """A proof of work: find the number for which SHA-256 of the salt followed by the number is the challenge."""

    algorithm: Literal["SHA-256"] = "SHA-256"
    challenge: Digest = Field(description="The hash to find, in hexadecimal.")
    maxnumber: int = Field(MAX_NUMBER, description="The number is at most this.", examples=[MAX_NUMBER])
    salt: Salt = Field(description="The beginning of the hashed text. It contains when the challenge expires.")
    signature: Digest = Field(description="Identifies the challenge as one of this service.")


class Proof(Input):
    """The solution of a challenge, which a `captcha_token` contains as JSON in Base64."""

    algorithm: Literal["SHA-256"]
    challenge: Digest
    number: int = Field(ge=0, le=MAX_NUMBER)
    salt: Salt
    signature: Digest
