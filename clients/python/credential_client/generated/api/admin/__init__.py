"""What the service can do about `admin`."""

import datetime
from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.api_key_change import ApiKeyChange
from ...models.bearer_token import BearerToken
from ...models.event_page import EventPage
from ...models.factors import Factors
from ...models.impersonate import Impersonate
from ...models.managed_api_key import ManagedApiKey
from ...models.managed_api_keys import ManagedApiKeys
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
    admin_change_api_key,
    admin_change_role,
    admin_change_user,
    admin_delete_role,
    admin_delete_user,
    admin_end_api_key,
    admin_impersonate,
    admin_invite_user,
    admin_list_api_keys_of_users,
    admin_list_roles,
    admin_list_user_factors,
    admin_list_users,
    admin_logout_user,
    admin_make_role,
    admin_read_audit,
    admin_read_role,
    admin_read_stats,
    admin_read_user,
    admin_reset_factors,
    admin_send_password_reset,
    admin_set_user_roles,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def list_user_factors(
        self,
        user_id: str,
    ) -> Factors:
        """List the factors of an account."""
        client = self._client
        return cast(
            Factors,
            admin_list_user_factors.sync_detailed(
                user_id=user_id,
                client=client,
            ).parsed,
        )

    def reset_factors(
        self,
        user_id: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Remove all factors, recovery codes and trusted devices of an account."""
        client = self._client
        return cast(
            None,
            admin_reset_factors.sync_detailed(
                user_id=user_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

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
        """Invite a user."""
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
        """Get an account."""
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
        """Delete an account and all data about its user."""
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
        """Update an account: display name, email address, active and verified state."""
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
        """Replace the roles of an account."""
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
        *,
        api_keys: bool | Unset = False,
    ) -> None:
        """End all sessions of an account."""
        client = self._client
        return cast(
            None,
            admin_logout_user.sync_detailed(
                user_id=user_id,
                client=client,
                api_keys=api_keys,
            ).parsed,
        )

    def send_password_reset(
        self,
        user_id: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> Message:
        """Send a password reset email to the owner of an account."""
        client = self._client
        return cast(
            Message,
            admin_send_password_reset.sync_detailed(
                user_id=user_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def impersonate(
        self,
        user_id: str,
        *,
        body: Impersonate,
        use_cookies: bool | Unset = False,
    ) -> BearerToken:
        """Get an access token of another user, to see what they see."""
        client = self._client
        return cast(
            BearerToken,
            admin_impersonate.sync_detailed(
                user_id=user_id,
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def list_roles(
        self,
    ) -> Roles:
        """List all roles, built-in roles first."""
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
        """Create a role."""
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
        """Get a role."""
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
        """Delete an unused role."""
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
        """Update a role."""
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
        """Search the audit log, newest events first."""
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
        """Get account statistics."""
        client = self._client
        return cast(
            Stats,
            admin_read_stats.sync_detailed(
                client=client,
            ).parsed,
        )

    def list_api_keys_of_users(
        self,
        *,
        user_id: None | str | Unset = UNSET,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
    ) -> ManagedApiKeys:
        """List the API keys of a user or of all users, newest first."""
        client = self._client
        return cast(
            ManagedApiKeys,
            admin_list_api_keys_of_users.sync_detailed(
                client=client,
                user_id=user_id,
                limit=limit,
                cursor=cursor,
            ).parsed,
        )

    def end_api_key(
        self,
        key_id: str,
    ) -> None:
        """Delete an API key of any user."""
        client = self._client
        return cast(
            None,
            admin_end_api_key.sync_detailed(
                key_id=key_id,
                client=client,
            ).parsed,
        )

    def change_api_key(
        self,
        key_id: str,
        *,
        body: ApiKeyChange,
    ) -> ManagedApiKey:
        """Set the rate limit of an API key."""
        client = self._client
        return cast(
            ManagedApiKey,
            admin_change_api_key.sync_detailed(
                key_id=key_id,
                client=client,
                body=body,
            ).parsed,
        )
