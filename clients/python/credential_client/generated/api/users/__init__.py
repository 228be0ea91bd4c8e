"""What the service can do about `users`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.change_email import ChangeEmail
from ...models.device import Device
from ...models.event_page import EventPage
from ...models.export import Export
from ...models.identity import Identity
from ...models.message import Message
from ...models.presence import Presence
from ...models.profile import Profile
from ...models.user import User
from ...types import UNSET, Unset
from . import (
    users_change_email,
    users_delete_me,
    users_end_session,
    users_export_me,
    users_list_activity,
    users_list_all,
    users_list_identities,
    users_list_sessions,
    users_me,
    users_read,
    users_unlink_provider,
    users_update_me,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def me(
        self,
    ) -> User:
        """The account behind the access token."""
        client = self._client
        return cast(
            User,
            users_me.sync_detailed(
                client=client,
            ).parsed,
        )

    def delete_me(
        self,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Delete the account with everything that is held on the person, at once."""
        client = self._client
        return cast(
            None,
            users_delete_me.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def update_me(
        self,
        *,
        body: Profile,
    ) -> User:
        """Change the display name."""
        client = self._client
        return cast(
            User,
            users_update_me.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def change_email(
        self,
        *,
        body: ChangeEmail,
    ) -> Message:
        """Ask to move to another address."""
        client = self._client
        return cast(
            Message,
            users_change_email.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def list_sessions(
        self,
    ) -> list[Device]:
        """The devices on which the account is logged in, newest first."""
        client = self._client
        return cast(
            list[Device],
            users_list_sessions.sync_detailed(
                client=client,
            ).parsed,
        )

    def end_session(
        self,
        session_id: str,
    ) -> None:
        """Log another device out."""
        client = self._client
        return cast(
            None,
            users_end_session.sync_detailed(
                session_id=session_id,
                client=client,
            ).parsed,
        )

    def list_activity(
        self,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
    ) -> EventPage:
        """What happened to the account, newest first."""
        client = self._client
        return cast(
            EventPage,
            users_list_activity.sync_detailed(
                client=client,
                limit=limit,
                cursor=cursor,
            ).parsed,
        )

    def export_me(
        self,
    ) -> Export:
        """Everything that is held on the person, by section."""
        client = self._client
        return cast(
            Export,
            users_export_me.sync_detailed(
                client=client,
            ).parsed,
        )

    def list_all(
        self,
    ) -> list[User]:
        """All accounts as one list, oldest first."""
        client = self._client
        return cast(
            list[User],
            users_list_all.sync_detailed(
                client=client,
            ).parsed,
        )

    def read(
        self,
        user_id: str,
    ) -> User:
        """One account by its `id` or `user_id`."""
        client = self._client
        return cast(
            User,
            users_read.sync_detailed(
                user_id=user_id,
                client=client,
            ).parsed,
        )

    def list_identities(
        self,
    ) -> list[Identity]:
        """The providers that are linked to the account, the first one first."""
        client = self._client
        return cast(
            list[Identity],
            users_list_identities.sync_detailed(
                client=client,
            ).parsed,
        )

    def unlink_provider(
        self,
        provider: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Take a provider off the account."""
        client = self._client
        return cast(
            None,
            users_unlink_provider.sync_detailed(
                provider=provider,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )
