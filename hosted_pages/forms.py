"""Define the forms of the hosted pages that differ from the request bodies of the API: a passkey arrives as text."""

from typing import Annotated

from pydantic import Field

from core import webauthn_json
from factors.schemas import Name, NewPasskey, PasskeyLogin, SecondStep
from schemas import FactorProof, Input, Token


class PasskeyForm(Input):
    """The credential of a passkey, which the script of the page enters into hidden fields."""

    ceremony: Token
    credential: webauthn_json.Credential

    def _credential(self) -> webauthn_json.PasskeyCredential:
        return self.credential or webauthn_json.PasskeyCredential()

    def login(self) -> PasskeyLogin:
        """Return the body of `POST /auth/passkeys`."""
        return PasskeyLogin(ceremony=self.ceremony, credential=self._credential())


class NewPasskeyForm(PasskeyForm):
    name: Name | None = None

    def passkey(self) -> NewPasskey:
        """Return the body of `POST /users/me/factors/passkeys`."""
        return NewPasskey(ceremony=self.ceremony, credential=self._credential(), name=self.name)


class SecondStepForm(FactorProof):
    """The second step of a login, whose `mfa_token` is in a cookie."""

    remember_device: Annotated[bool, Field(strict=False)] = False

    def second_step(self, mfa_token: str) -> SecondStep:
        """Return the body of `POST /auth/mfa`."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return SecondStep(mfa_token=mfa_token, **given)
