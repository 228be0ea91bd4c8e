"""Rotate refresh tokens: exchange each for its successor once, and tell a repeated request from a copied token.

A refresh token is the id of a row and a counter, signed. The row has the columns `id`, `account_id`, `refresh_counter`,
`rotated_at`, `last_used_at`, `expires_at` and `ends_at`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, case, select, update

import database
import models
from core.columns import UtcDateTime
from models import User
from prepared import Prepared
from sessions import sessions
from sessions.sessions import USER_COLUMNS, may_have_session
from settings.loading import settings
from telemetry import metrics

ROTATED, REPEATED, REFUSED, REUSED = "rotated", "repeated", "refused", "reused"
_now, _idle = bindparam("now", type_=UtcDateTime()), bindparam("idle", type_=UtcDateTime())


class Exchange(NamedTuple):
    """What became of a refresh token, and its row with the user. There is no row if it was refused or reused."""

    outcome: str
    row: Row[Any] | None


class Rotation:
    """The refresh tokens of a table.

    columns: the columns of the row that `exchange` returns, in addition to those of the user.
    conditions: what a row must also meet. Their parameters are the `given` of `exchange`.
    changes: further columns that an exchange changes, with their values.
    """

    def __init__(
        self,
        table: Any,
        columns: Sequence[Any],
        *,
        conditions: Sequence[Any] = (),
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        self._table, self._columns = table, columns
        self._conditions, self._changes = conditions, changes or {}
        self._rotate = Prepared(self._update)
        self._newest = (
            select(table.refresh_counter, table.rotated_at, *columns, *USER_COLUMNS)
            .join(User, User.id == table.account_id)
            .where(*self._is_usable())
        )

    def _is_usable(self) -> Iterable[Any]:
        return self._table.id == bindparam("sid"), self._table.expires_at > _now, User.is_active, may_have_session()

    def _update(self) -> Any:
        table = self._table
        return (
            update(table)
            .where(
                *self._is_usable(),
                table.refresh_counter == bindparam("counter"),
                User.id == table.account_id,
                *self._conditions,
            )
            .values(
                refresh_counter=table.refresh_counter + 1,
                rotated_at=bindparam("now"),
                last_used_at=bindparam("now"),
                expires_at=case((table.ends_at < _idle, table.ends_at), else_=_idle),
                **self._changes,
            )
            .returning(*self._columns, *self._user_columns())
            .execution_options(synchronize_session=False)
        )

    def _user_columns(self) -> Iterable[Any]:
        """Return USER_COLUMNS for the RETURNING clause of an UPDATE.

        SQLite returns only columns of the updated table, so there each is a subquery.
        """
        if database.engine.dialect.name == "postgresql":
            return USER_COLUMNS
        return map(self._user_column, USER_COLUMNS)

    def _user_column(self, column: Any) -> ColumnElement[Any]:
        of_row = select(column).where(User.id == self._table.account_id).correlate(self._table)
        return of_row.scalar_subquery().label(column.key)

    def exchange(
        self,
        row_id: str,
        counter: int,
        given: Mapping[str, Any],
        is_acceptable: Callable[[Row[Any]], bool] = lambda _row: True,
    ) -> Exchange:
        """Exchange a refresh token.

        The newest token increments the counter, in one statement. Within the grace period, the previous token gets the
        same successor again, so that two concurrent tabs stay logged in. An older token must be a copy: the caller ends
        the row.

        given: the parameters of the conditions and changes.
        is_acceptable: whether a token may have been issued for this row, if it is not the newest.
        """
        now = models.now()
        always = {"sid": row_id, "now": now, "verified_only": sessions.verified_only()}
        idle = now + timedelta(days=settings.refresh_token_expire_days)
        rotated = self._rotate.first({**always, "counter": counter, "idle": idle, **given})
        if rotated:
            return _counted(ROTATED, rotated)
        newest = database.read(self._newest, always)
        if newest is None or counter >= newest.refresh_counter or not is_acceptable(newest):
            return _counted(REFUSED)
        return _counted(REPEATED, newest) if is_current(newest, counter) else _counted(REUSED)


def is_current(newest: Any, counter: int) -> bool:
    """Return whether a token that was issued is the newest one, or the previous one within the grace period.

    newest: the `refresh_counter` and `rotated_at` of its row.
    """
    grace = timedelta(seconds=settings.refresh_reuse_grace_seconds)
    is_previous = counter == newest.refresh_counter - 1 and models.now() - newest.rotated_at <= grace
    return bool(counter == newest.refresh_counter or is_previous)


def _counted(outcome: str, row: Row[Any] | None = None) -> Exchange:
    metrics.REFRESHES.labels(outcome).inc()
    return Exchange(outcome, row)
