"""Define the response schema of the list of revocations."""

from typing import Annotated

from pydantic import ConfigDict, Field

from schemas import Id, Schema


class RevokedUser(Schema):
    """A user all of whose tokens were revoked, or a client all of whose own tokens were: `sub` is its `client_id`."""

    sub: Id
    not_before: int = Field(
        description="Tokens with an earlier `iat` are revoked. Seconds since 1970.", examples=[1_800_000_000]
    )


class Revocations(Schema):
    """The sessions and users whose access tokens were revoked before they expired."""

    model_config = ConfigDict(title="Revocations")

    version: int = Field(description="Send it as `since` to get only what was added.", examples=[1_800_000_000_000])
    expires_in: int = Field(description="Seconds after which the list is out of date.", examples=[5])
    sessions: list[Id] = Field(description="The `sid` of tokens that are revoked.")
    users: list[RevokedUser]
    jws: Annotated[
        str,
        Field(
            description="A detached JWS (RFC 7515, appendix F) with `typ` `revocations+jwt`, by a key of "
            "`/.well-known/jwks.json`, over the response without `jws` in canonical form (RFC 8785). "
            "Its header contains `since`: the list has everything after that version. Null: the list is whole.",
            examples=["eyJhbGciOiJFUzI1NiIsInR5cCI6InJldm9jYXRpb25zK2p3dCJ9..Kx3vT0"],
        ),
    ]
