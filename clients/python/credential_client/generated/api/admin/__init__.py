"""What the service can do about `admin`."""

import datetime
from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.event_page import EventPage
from ...models.managed_user import ManagedUser
from ...models.message import Message
from ...models.new_user import NewUser
from ...models.presence import Presence
from ...models.role import Role
from ...models.role_change import RoleChange
from ...models.roles import Roles
from ...models.roles_of_user import RolesOfUser
from ...models.stats import Stats
from ...models.user_change import UserChange
from ...models.user_page import UserPage
from ...types import UNSET, Unset
from . import (
    admin_change_role,
    admin_change_user,
    admin_delete_role,
    admin_delete_user,
    admin_invite_user,
    admin_list_roles,
    admin_list_users,
    admin_logout_user,
    admin_make_role,
    admin_read_audit,
    admin_read_role,
    admin_read_stats,
    admin_read_user,
    admin_send_password_reset,
    admin_set_user_roles,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def list_users(
        self,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
        query: None | str | Unset = UNSET,
        role: None | str | Unset = UNSET,
        is_active: bool | None | Unset = UNSET,
    ) -> UserPage:
        """Search accounts, newest first."""
        client = self._client
        return cast(
            UserPage,
            admin_list_users.sync_detailed(
                client=client,
                limit=limit,
                cursor=cursor,
                query=query,
                role=role,
                is_active=is_active,
            ).parsed,
        )

    def invite_user(
        self,
        *,
        body: NewUser,
    ) -> ManagedUser:
        """Make an account with no password, and mail its owner a link to choose one."""
        client = self._client
        return cast(
            ManagedUser,
            admin_invite_user.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_user(
        self,
        user_id: str,
    ) -> ManagedUser:
        """One account."""
        client = self._client
        return cast(
            ManagedUser,
            admin_read_user.sync_detailed(
                user_id=user_id,
                client=client,
            ).parsed,
        )

    def delete_user(
        self,
        user_id: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Delete an account with everything that is stored about the user."""
        client = self._client
        return cast(
            None,
            admin_delete_user.sync_detailed(
                user_id=user_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def change_user(
        self,
        user_id: str,
        *,
        body: UserChange,
    ) -> ManagedUser:
        """Change name, address, and whether the account is active and verified."""
        client = self._client
        return cast(
            ManagedUser,
            admin_change_user.sync_detailed(
                user_id=user_id,
                client=client,
                body=body,
            ).parsed,
        )

    def set_user_roles(
        self,
        user_id: str,
        *,
        body: RolesOfUser,
    ) -> ManagedUser:
        """Give an account these roles and no others."""
        client = self._client
        return cast(
            ManagedUser,
            admin_set_user_roles.sync_detailed(
                user_id=user_id,
                client=client,
                body=body,
            ).parsed,
        )

    def logout_user(
        self,
        user_id: str,
    ) -> None:
        """End every session of an account."""
        client = self._client
        return cast(
            None,
            admin_logout_user.sync_detailed(
                user_id=user_id,
                client=client,
            ).parsed,
        )

    def send_password_reset(
        self,
        user_id: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> Message:
        """Mail the owner a link to set a new password, which nobody else gets to see."""
        client = self._client
        return cast(
            Message,
            admin_send_password_reset.sync_detailed(
                user_id=user_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def list_roles(
        self,
    ) -> Roles:
        """Every role, the built-in ones first."""
        client = self._client
        return cast(
            Roles,
            admin_list_roles.sync_detailed(
                client=client,
            ).parsed,
        )

    def make_role(
        self,
        *,
        body: Role,
    ) -> Role:
        """Make a role."""
        client = self._client
        return cast(
            Role,
            admin_make_role.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_role(
        self,
        name: str,
    ) -> Role:
        """One role."""
        client = self._client
        return cast(
            Role,
            admin_read_role.sync_detailed(
                name=name,
                client=client,
            ).parsed,
        )

    def delete_role(
        self,
        name: str,
    ) -> None:
        """Delete a role that nobody has."""
        client = self._client
        return cast(
            None,
            admin_delete_role.sync_detailed(
                name=name,
                client=client,
            ).parsed,
        )

    def change_role(
        self,
        name: str,
        *,
        body: RoleChange,
    ) -> Role:
        """Change a role for everybody who has it."""
        client = self._client
        return cast(
            Role,
            admin_change_role.sync_detailed(
                name=name,
                client=client,
                body=body,
            ).parsed,
        )

    def read_audit(
        self,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
        user_id: None | str | Unset = UNSET,
        action: None | str | Unset = UNSET,
        since: datetime.datetime | None | Unset = UNSET,
    ) -> EventPage:
        """The trail, newest first."""
        client = self._client
        return cast(
            EventPage,
            admin_read_audit.sync_detailed(
                client=client,
                limit=limit,
                cursor=cursor,
                user_id=user_id,
                action=action,
                since=since,
            ).parsed,
        )

    def read_stats(
        self,
    ) -> Stats:
        """Count accounts and sessions."""
        client = self._client
        return cast(
            Stats,
            admin_read_stats.sync_detailed(
                client=client,
            ).parsed,
        )
