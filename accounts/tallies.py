"""Count accounts without a table scan: triggers write each change as a row, and the sum of the rows is the count."""

from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session as Transaction

import database
from models import AccountTally as Tally

TOTALS = select(
    *(func.coalesce(func.sum(column), 0).label(column.key) for column in (Tally.users, Tally.active, Tally.verified))
)


def totals() -> Row[Any]:
    """Return the number of accounts, active accounts and verified accounts."""
    return database.read_all(TOTALS)[0]


def compact(db: Transaction) -> None:
    """Replace the rows with their sum. Rows that are added concurrently stay until the next run."""
    rows = db.execute(delete(Tally).returning(Tally.users, Tally.active, Tally.verified)).all()
    if rows:
        users, active, verified = map(sum, zip(*rows, strict=True))
        db.add(Tally(users=users, active=active, verified=verified))
