"""Define the schemas of the OAuth provider in the data export, which are loaded even if it is disabled."""

from pydantic import Field

from schemas import Id, Schema, Timestamp


class HeldGrant(Schema):
    """A grant in the data export."""

    id: Id
    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    name: str = Field(examples=["Photo Printer"])
    scopes: str = Field(examples=["openid email"])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    consents: dict[str, list[str]] | None = Field(
        description="The scopes that you allowed, by the API that they are for.",
        examples=[{"https://api.example.com/": ["openid", "email"]}],
    )
    created_at: Timestamp
    updated_at: Timestamp
    last_used_at: Timestamp | None


class HeldClientSession(Schema):
    """A login to an application in the data export."""

    id: Id
    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    scopes: str = Field(examples=["openid email"])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: Timestamp
    ends_at: Timestamp


class HeldCode(Schema):
    """An authorization code that was not exchanged yet in the data export, without the code itself."""

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    scopes: str = Field(examples=["openid email"])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    expires_at: Timestamp


class HeldDeviceRequest(Schema):
    """A device that the user has allowed or declined and that has not yet continued, in the data export."""

    client_id: str = Field(examples=["0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50"])
    scopes: str = Field(examples=["openid email"])
    resources: list[str] = Field(examples=[["https://api.example.com/"]])
    ip: str | None = Field(examples=["203.0.113.9"])
    user_agent: str | None = Field(examples=["ExampleTool/1.0"])
    answer: str | None = Field(examples=["allowed"])
    created_at: Timestamp
    expires_at: Timestamp
