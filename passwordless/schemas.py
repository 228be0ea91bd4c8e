"""Define the schemas of login by email and of sign-up without a password."""

from typing import Annotated

from pydantic import Field

import schemas
from core import captcha_fields, webauthn_json
from schemas import DeviceToken, Email, EmailProof, Input, Message, NewEmail, Token, Username

LoginFlow = Annotated[
    str,
    Field(
        max_length=512,
        description="Identifies the browser that requested the link. Also set as the cookie `login_flow`.",
        examples=["Xh3sZ8nX4hQn0w~5f0c….9a1b…"],
    ),
]


class NewLink(Input):
    email: Email
    redirect_to: Annotated[str, Field(max_length=4096, examples=["https://app.example.com/welcome"])] | None = Field(
        None,
        description="The URL to return to after the login, which OAUTH_REDIRECT_URIS must allow.",
    )
    captcha_token: captcha_fields.Token = None


class LinkSent(Message):
    """The response to a request for a login link. It is the same whether or not an account exists."""

    flow: LoginFlow
    expires_in: int = Field(description="Seconds for which the link and the code are valid.", examples=[600])


class LinkProof(EmailProof):
    """Either the token of the link, or the email address and the code; and the flow, unless it is sent as a cookie."""

    flow: LoginFlow | None = None
    device_token: DeviceToken = None


class LoggedIn(schemas.Tokens):
    redirect_to: str | None = Field(
        None,
        description="The URL to return to, with a one-time `code` for `POST /oauth/exchange`. Only if the request for "
        "the link contained `redirect_to`.",
        examples=["https://app.example.com/welcome?code=0198c7f2-…"],
    )


class PasskeySignUpOptions(Input):
    email: NewEmail
    username: Username | None = None


class PasskeySignUp(Input):
    ceremony: Token
    credential: webauthn_json.PasskeyCredential
    captcha_token: captcha_fields.Token = None
