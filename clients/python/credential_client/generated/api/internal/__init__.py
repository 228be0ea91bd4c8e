"""What the service can do about `internal`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.introspection import Introspection
from ...models.lookup import Lookup
from ...models.managed_user import ManagedUser
from ...models.token_only import TokenOnly
from ...models.users import Users
from ...types import UNSET, Unset
from . import internal_introspect, internal_lookup_users, internal_read_user


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def introspect(
        self,
        *,
        body: TokenOnly,
    ) -> Introspection:
        """Introspect an access token (RFC 7662)."""
        client = self._client
        return cast(
            Introspection,
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
