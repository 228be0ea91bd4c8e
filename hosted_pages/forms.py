"""Define the forms of the hosted pages that differ from the request bodies of the API.

Browsers send a passkey as text and an empty field as an empty string, and some steps require a confirmation.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

import errors
import schemas
from core import captcha_fields, webauthn_json
from factors.schemas import Name, NewPasskey, PasskeyLogin, SecondStep
from hosted_pages import destinations
from languages import catalogs, negotiation, translation
from passwordless.schemas import PasskeySignUp, PasskeySignUpOptions
from schemas import FactorProof, Input, Token
from settings.loading import settings

# A path of this service with its query: no scheme, and no second slash, which would begin a host name.
BACK = re.compile(r"/(?![/\\])[!-\[\]-~]*", re.ASCII)


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


class NewAccountPasskeyForm(PasskeyForm):
    captcha_token: captcha_fields.Token = None

    def passkey(self) -> PasskeySignUp:
        """Return the body of `POST /auth/passkeys/signup`."""
        return PasskeySignUp(ceremony=self.ceremony, credential=self._credential(), captcha_token=self.captcha_token)


class BackForm(schemas.Input):
    """The path of the page that a button returns to."""

    back: Annotated[str, Field(max_length=2048)] = ""


class PhoneForm(schemas.Input):
    """The phone number, which the page repeats after a new code was sent."""

    phone: Annotated[str, Field(max_length=64)] = ""


def _filled(value: object) -> object:
    return value or None  # an empty field


class SignUpForm(schemas.SignUp):
    password: Annotated[schemas.Password | None, BeforeValidator(_filled)] = None
    accepted_terms: Annotated[bool, Field(strict=False)] = False

    def require_terms(self) -> None:
        """Require that the user has accepted the terms, if there are any. Raises ValidationFailed."""
        if settings.terms_url and not self.accepted_terms:
            message = translation.mark("must be accepted")
            raise errors.ValidationFailed(errors=[errors.FieldError("accepted_terms", message)])


class PasskeySignUpForm(SignUpForm):
    """The form of a sign-up whose button asks for a passkey. A password in it is ignored."""

    password: Annotated[schemas.Password | None, BeforeValidator(lambda _value: None)] = None

    def request(self) -> PasskeySignUpOptions:
        """Return the body of `POST /auth/passkeys/signup/options`."""
        return PasskeySignUpOptions(email=self.email, username=self.username)


class DeletionForm(schemas.Presence):
    confirmation: Annotated[str, Field(max_length=schemas.EMAIL_MAX_LENGTH)] = ""

    def require_confirmation(self, user: schemas.User) -> None:
        """Require that the user has typed their email address, in any case. Raises ValidationFailed."""
        if self.confirmation.strip().casefold() != user.email.casefold():
            message = translation.mark("must be your email address")
            raise errors.ValidationFailed(errors=[errors.FieldError("confirmation", message)])


class LanguageForm(Input):
    """The language that was chosen in the menu of a page.

    back: the path and query of the page.
    """

    language: Annotated[str, Field(max_length=35)]
    back: Annotated[str, Field(max_length=4096)] = "/login"

    def chosen(self) -> str:
        """Return the language, which must have a catalog. Raises ValidationFailed."""
        if self.language not in catalogs.names():
            message = translation.mark("is not a valid value (%(type)s)", type="language")
            raise errors.ValidationFailed(errors=[errors.FieldError("language", message)])
        return self.language

    def safe_back(self) -> str:
        """Return the path of the page, which is one of this service."""
        is_safe = BACK.fullmatch(self.back) and not destinations.leaves_its_folder(self.back)
        return self.back if is_safe else "/login"


class ProfileForm(Input):
    username: schemas.Username
    locale: schemas.Locale | None = None
    time_zone: schemas.TimeZone | None = None
    picture_url: schemas.PictureUrl | None = None

    def changes(self, user: schemas.User) -> schemas.Profile:
        """Return the body of `PATCH /users/me`. An empty field clears the value.

        The menu has no entry for `de-AT`, which is kept if `de` is still selected.
        """
        same = user.locale is not None and negotiation.match(user.locale) == self.locale
        locale = user.locale if same else self.locale
        return schemas.Profile(
            username=self.username, locale=locale, time_zone=self.time_zone, picture_url=self.picture_url
        )
