"""What the service can do about `internal`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.feed_page import FeedPage
from ...models.introspection import Introspection
from ...models.introspection_request import IntrospectionRequest
from ...models.introspections import Introspections
from ...models.lookup import Lookup
from ...models.managed_user import ManagedUser
from ...models.snapshot import Snapshot
from ...models.users import Users
from ...types import UNSET, Unset
from . import (
    internal_introspect,
    internal_list_users,
    internal_lookup_users,
    internal_read_events,
    internal_read_user,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def read_events(
        self,
        *,
        after: int | Unset = 0,
        types: list[str] | Unset = UNSET,
        limit: int | Unset = 100,
        wait: int | Unset = 0,
    ) -> FeedPage:
        """Read the events after a cursor, oldest first."""
        client = self._client
        return cast(
            FeedPage,
            internal_read_events.sync_detailed(
                client=client,
                after=after,
                types=types,
                limit=limit,
                wait=wait,
            ).parsed,
        )

    def list_users(
        self,
        *,
        after: int | Unset = 0,
        limit: int | Unset = 100,
    ) -> Snapshot:
        """List all users, oldest first, with a cursor to continue in the event feed."""
        client = self._client
        return cast(
            Snapshot,
            internal_list_users.sync_detailed(
                client=client,
                after=after,
                limit=limit,
            ).parsed,
        )

    def introspect(
        self,
        *,
        body: IntrospectionRequest,
    ) -> Introspection | Introspections:
        """Introspect an access token, or up to 100 in one request (RFC 7662)."""
        client = self._client
        return cast(
            Introspection | Introspections,
            internal_introspect.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_user(
        self,
        user_id: str,
    ) -> ManagedUser:
        """Get a user by `user_id`."""
        client = self._client
        return cast(
            ManagedUser,
            internal_read_user.sync_detailed(
                user_id=user_id,
                client=client,
            ).parsed,
        )

    def lookup_users(
        self,
        *,
        body: Lookup,
    ) -> Users:
        """Look up at most 500 users by id or email address."""
        client = self._client
        return cast(
            Users,
            internal_lookup_users.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )
