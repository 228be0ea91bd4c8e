"""The capability record of events: the feed, and the accounts with the cursor from which it continues."""

from collections.abc import Sequence
from typing import Any

from core.capability import SERVICE, Capability, Section
from events import models as _models  # noqa: F401 - the tables exist even if the capability is disabled
from settings.events import EventSettings


def _on_events(db: Any, recorded: Sequence[Any]) -> None:
    from events import recording

    recording.write(db, recorded)


def _prepare(db: Any) -> None:
    from events import sequencer

    sequencer.prepare(db)


def _export() -> list[Section]:
    from sqlalchemy import select

    from events import schemas
    from events.models import Event

    columns = [getattr(Event, name) for name in schemas.HeldEvent.model_fields]
    return [
        Section(
            "events",
            schemas.HeldEvent,
            lambda user: select(*columns).where(Event.user_id == user.user_id),
            "events",
            "The events about the account that other services can read.",
            key=Event.id,
        )
    ]


def _erase(db: Any, user: Any) -> None:
    from events import sequencer

    sequencer.erase(db, [user.user_id])


def _maintain(batch: int) -> dict[str, int]:
    from events import cleaning

    return {"events": cleaning.run(batch)}


def _workers() -> Sequence[Any]:
    from events import sequencer

    return [sequencer.Sequencer()]


CAPABILITY = Capability(
    name="events",
    settings=(EventSettings,),
    tables=("events", "event_sequence"),
    routers=("routes.events.router",),
    access={"internal.read_events": SERVICE, "internal.list_users": SERVICE},
    open_to_keys={"internal.read_events": "audit:read"},
    on_events=_on_events,
    export=_export,
    erase=_erase,
    maintain=_maintain,
    prepare=_prepare,
    workers=_workers,
)
