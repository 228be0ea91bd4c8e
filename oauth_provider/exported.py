"""Define the schemas of the OAuth provider in the data export, which are loaded even if it is disabled."""

from pydantic import Field

from schemas import Id, Schema, Timestamp


class HeldGrant(Schema):
    """A grant in the data export."""

    id: Id
    client_id: str
    name: str
    scopes: str = Field(examples=["openid email"])
    resources: list[str]
    created_at: Timestamp
    updated_at: Timestamp
    last_used_at: Timestamp | None


class HeldClientSession(Schema):
    """A login to an application in the data export."""

    id: Id
    client_id: str
    scopes: str = Field(examples=["openid email"])
    resources: list[str]
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: Timestamp
    ends_at: Timestamp
