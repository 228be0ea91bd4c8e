"""Queue back-channel logout tokens (OpenID Connect Back-Channel Logout 1.0), which `backchannel.py` sends."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from oauth_provider import subjects
from oauth_provider.models import LogoutNotice


class Ended(NamedTuple):
    """A session of a client that has ended: its id, the `user_id`, and the client."""

    id: str
    user_id: str | None
    client: Any

    @property
    def client_id(self) -> str:
        """Return the public id of the client."""
        return str(self.client.client_id)


def queue(db: Session, ended: Iterable[Ended]) -> None:
    """Tell the clients that have a `backchannel_logout_uri`."""
    for each in ended:
        if each.client.backchannel_logout_uri and each.user_id:
            subject = subjects.of(each.client, each.user_id)
            db.add(LogoutNotice(client_pk=each.client.id, subject=subject, sid=each.id))
    db.flush()
