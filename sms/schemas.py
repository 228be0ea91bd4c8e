"""Define the schema of text messages in the data export."""

from pydantic import Field

from schemas import Schema, Timestamp


class HeldTextMessage(Schema):
    recipient: str = Field(examples=["+436641234567"])
    locale: str | None = Field(examples=["de"])
    created_at: Timestamp
    sent_at: Timestamp | None
    gave_up_at: Timestamp | None
