"""Define the table of the imports that administrators run in the console."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.columns import UtcDateTime
from database import Base
from models import new_id, now


class ImportRun(Base):
    """An import of users: its file, its progress and its report."""

    __tablename__ = "import_runs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    started_by: Mapped[str] = mapped_column(String(64), index=True)  # the `user_id` of the administrator
    file_name: Mapped[str] = mapped_column(String(128))
    # Not on the disk: a load balancer sends the confirmation to any server.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    system: Mapped[str | None] = mapped_column(String(32))
    dry_run: Mapped[bool] = mapped_column()
    bytes_total: Mapped[int] = mapped_column(BigInteger)
    bytes_read: Mapped[int] = mapped_column(BigInteger, default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the counts and the first lines of the report
    problem: Mapped[str | None] = mapped_column(String(1000))  # why the import stopped
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
