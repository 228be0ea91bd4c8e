"""Define what an administrator can do with another user's account, each on a page that says what will happen."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import Field
from sqlalchemy.orm import Session

import errors
import schemas
from accounts import user_queries
from administration import users
from core.client_address import CallerInfo
from factors import management
from languages import translation
from schemas_admin import UserChange
from sessions import reauthentication
from sessions.current_user import Current


class ActionForm(schemas.Presence):
    """The form of an action: re-authentication and, if the action asks for it, the typed email address."""

    confirmation: Annotated[str, Field(max_length=schemas.EMAIL_MAX_LENGTH)] = ""

    def require_confirmation(self, expected: str) -> None:
        """Require that the administrator has typed this text, in any case. Raises ValidationFailed."""
        if self.confirmation.strip().casefold() != expected.casefold():
            message = translation.mark("does not match")  # what is expected may be a secret to an administrator
            raise errors.ValidationFailed(errors=[errors.FieldError("confirmation", message)])


Run = Callable[[Session, CallerInfo, Current, str, schemas.Presence], Any]


class Action(NamedTuple):
    """An action on an account.

    name: in the URL and, with underscores, of the route.
    title, explanation, button: the texts of its page.
    said: the message afterwards, in `texts.MESSAGES`.
    run: the service function.
    asks: whether the page asks to authenticate again.
    typed: whether the email address must be typed.
    dangerous: whether the button is red.
    """

    name: str
    title: str
    explanation: str
    button: str
    said: str
    run: Run
    asks: bool = False
    typed: bool = False
    dangerous: bool = False


def change(**changes: Any) -> Run:
    """Return a function that changes fields of an account, and passes on the re-authentication of the form."""

    def run(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence) -> None:
        given = {name: getattr(proof, name) for name in schemas.Presence.model_fields}
        users.change(db, caller, who, user_id, UserChange(**given, **changes))

    return run


def _disable(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence) -> None:
    reauthentication.require(db, caller, who, proof)
    users.change(db, caller, who, user_id, UserChange(is_active=False))


def _log_out(db: Session, caller: CallerInfo, who: Current, user_id: str, _proof: schemas.Presence) -> None:
    users.log_out(db, caller, who, user_id)


def _reset_factors(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence) -> None:
    reauthentication.require(db, caller, who, proof)
    management.reset_by_administrator(db, caller, who, user_id)


def _send_reset(db: Session, caller: CallerInfo, who: Current, user_id: str, proof: schemas.Presence) -> None:
    if not users.send_reset(db, caller, who, user_id, proof):
        raise errors.Conflict(translation.mark("The account is disabled, so no email was sent. Enable it first."))


ALL = {
    action.name: action
    for action in (
        Action(
            "reset-password",
            translation.mark("Send a password reset"),
            translation.mark(
                "The user gets an email with a link to choose a new password. The current password works until then."
            ),
            translation.mark("Send the email"),
            "reset_sent",
            _send_reset,
            asks=True,
        ),
        Action(
            "log-out",
            translation.mark("Log out of all devices"),
            translation.mark("All sessions of the user end at once. The user can log in again."),
            translation.mark("Log the user out"),
            "logged_out",
            _log_out,
        ),
        Action(
            "verify",
            translation.mark("Mark the email address as verified"),
            translation.mark(
                "Do this only if you know that the email address belongs to the user. The user can then log in without "
                "the verification email."
            ),
            translation.mark("Mark as verified"),
            "verified",
            change(is_verified=True),
        ),
        Action(
            "unverify",
            translation.mark("Mark the email address as not verified"),
            translation.mark(
                "The user has to verify the email address again, if the service requires it to log in. The user gets "
                "an email about this."
            ),
            translation.mark("Mark as not verified"),
            "unverified",
            change(is_verified=False),
            asks=True,
        ),
        Action(
            "enable",
            translation.mark("Enable the account"),
            translation.mark("The user can log in again, with the same password, factors and roles as before."),
            translation.mark("Enable the account"),
            "enabled",
            change(is_active=True),
        ),
        Action(
            "disable",
            translation.mark("Disable the account"),
            translation.mark(
                "The user can no longer log in. All sessions end, and links in emails stop working. All data is kept, "
                "and you can enable the account again."
            ),
            translation.mark("Disable the account"),
            "disabled",
            _disable,
            asks=True,
            dangerous=True,
        ),
        Action(
            "reset-factors",
            translation.mark("Remove all second factors"),
            translation.mark(
                "All authenticator apps, passkeys, recovery codes and trusted devices of the user are removed, and all "
                "sessions end. Identify the user first: from now on, the password alone is sufficient to log in. The "
                "user gets an email about this."
            ),
            translation.mark("Remove all second factors"),
            "factors_reset",
            _reset_factors,
            asks=True,
            dangerous=True,
        ),
        Action(
            "delete",
            translation.mark("Delete the account"),
            translation.mark(
                "The account and all data about its user are deleted immediately and cannot be restored. The audit log "
                "keeps the events, without IP addresses and devices."
            ),
            translation.mark("Delete the account"),
            "deleted",
            users.delete,
            asks=True,
            typed=True,
            dangerous=True,
        ),
    )
}

BULK = ("log-out", "verify", "enable", "disable")


def require_confirmation(action: Action, user_id: str, form: ActionForm) -> None:
    """Require that the email address was typed, if the action asks for it. Raises ValidationFailed, NotFound."""
    if action.typed:
        form.require_confirmation(user_queries.by_user_id(user_id).email)
