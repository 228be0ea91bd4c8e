"""Run one action on several accounts, each in its own transaction."""

from typing import Annotated, NamedTuple

from pydantic import Field
from sqlalchemy.orm import Session

import database
import errors
import schemas
from accounts import user_queries
from console import actions
from core.client_address import CallerInfo
from languages import translation
from schemas_admin import Lookup
from sessions import reauthentication
from sessions.current_user import Current

MAX_ACCOUNTS = 200


class BulkForm(schemas.Presence):
    """The accounts that were chosen, and the action."""

    action: Annotated[str, Field(max_length=32)] = ""
    user_ids: Annotated[list[schemas.PublicId], Field(max_length=MAX_ACCOUNTS)] = Field([])

    def chosen(self) -> actions.Action:
        """Return the action. Raises ValidationFailed for an unknown action, or if no account was chosen."""
        if self.action not in actions.BULK:
            message = translation.mark("is not a valid value (%(type)s)", type="action")
            raise errors.ValidationFailed(errors=[errors.FieldError("action", message)])
        if not self.user_ids:
            raise errors.ValidationFailed(translation.mark("Choose at least one user."))
        return actions.ALL[self.action]


class Outcome(NamedTuple):
    """What happened to one account: `problem` is None if the action succeeded."""

    user: schemas.ManagedUser
    problem: str | None


def accounts(form: BulkForm) -> list[schemas.ManagedUser]:
    """Return the accounts that were chosen. Those that no longer exist are left out."""
    return user_queries.lookup(Lookup(user_ids=form.user_ids))


def run(db: Session, caller: CallerInfo, who: Current, form: BulkForm) -> list[Outcome]:
    """Run the action on each account, and return what happened to it. Raises ReauthenticationRequired.

    An account that may not be changed does not stop the others.
    """
    action = form.chosen()
    if action.asks:
        reauthentication.require(db, caller, who, form)
    return [_run_one(caller, who, action, user) for user in accounts(form)]


def _run_one(caller: CallerInfo, who: Current, action: actions.Action, user: schemas.ManagedUser) -> Outcome:
    run = BULK_RUNS.get(action.name, action.run)
    try:
        with database.transaction() as db:
            run(db, caller, who, user.user_id, schemas.Presence())
    except errors.ServiceError as error:
        return Outcome(user, error.detail)
    return Outcome(user, None)


# The administrator has authenticated once for all accounts.
BULK_RUNS = {"disable": actions.change(is_active=False)}
