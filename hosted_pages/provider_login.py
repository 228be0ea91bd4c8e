"""Continue a login with a provider that returned to a hosted page with a one-time code."""

from typing import NoReturn

from sqlalchemy.orm import Session

import errors
from core.client_address import CallerInfo
from oauth_login import flow
from oauth_login.schemas import ExchangeCode


def require_second_step(db: Session, caller: CallerInfo, body: ExchangeCode) -> NoReturn:
    """Exchange a code whose account has a second factor, so that the user continues with the second step.

    The code of any other account is rejected, and nothing is stored: a link with the code of an attacker would log the
    user in to the attacker's account (login CSRF; ASVS 5.0, 7.6.2).

    Raises MfaRequired, OauthError, InvalidToken, AccountDisabled, EmailNotVerified.
    """
    flow.exchange(db, caller, body)
    rejected = errors.OauthError("This link cannot be used to log in. Log in here.")
    rejected.keeps_work = False  # roll back everything that this login has changed
    raise rejected
