"""What the service can do about `admin`."""

import datetime
from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.admin_list_deliveries_status_type_0 import AdminListDeliveriesStatusType0
from ...models.api_key_change import ApiKeyChange
from ...models.bearer_token import BearerToken
from ...models.client_change import ClientChange
from ...models.client_fields import ClientFields
from ...models.clients import Clients
from ...models.created_o_auth_client import CreatedOAuthClient
from ...models.created_webhook import CreatedWebhook
from ...models.event_page import EventPage
from ...models.factors import Factors
from ...models.funnel import Funnel
from ...models.impersonate import Impersonate
from ...models.managed_api_key import ManagedApiKey
from ...models.managed_api_keys import ManagedApiKeys
from ...models.managed_user import ManagedUser
from ...models.message import Message
from ...models.new_user import NewUser
from ...models.new_webhook import NewWebhook
from ...models.o_auth_client import OAuthClient
from ...models.presence import Presence
from ...models.replay import Replay
from ...models.role import Role
from ...models.role_change import RoleChange
from ...models.roles import Roles
from ...models.roles_of_user import RolesOfUser
from ...models.secret_rotation import SecretRotation
from ...models.stats import Stats
from ...models.user_change import UserChange
from ...models.user_page import UserPage
from ...models.webhook import Webhook
from ...models.webhook_change import WebhookChange
from ...models.webhook_deliveries import WebhookDeliveries
from ...models.webhook_secret import WebhookSecret
from ...models.webhooks import Webhooks
from ...types import UNSET, Unset
from . import (
    admin_change_api_key,
    admin_change_client,
    admin_change_role,
    admin_change_user,
    admin_change_webhook,
    admin_create_client,
    admin_create_webhook,
    admin_delete_client,
    admin_delete_role,
    admin_delete_user,
    admin_delete_webhook,
    admin_end_api_key,
    admin_impersonate,
    admin_invite_user,
    admin_list_api_keys_of_users,
    admin_list_clients,
    admin_list_deliveries,
    admin_list_roles,
    admin_list_user_factors,
    admin_list_users,
    admin_list_webhooks,
    admin_logout_user,
    admin_make_role,
    admin_read_audit,
    admin_read_client,
    admin_read_funnel,
    admin_read_role,
    admin_read_stats,
    admin_read_user,
    admin_read_webhook,
    admin_replay_events,
    admin_reset_factors,
    admin_retry_delivery,
    admin_rotate_client_secret,
    admin_rotate_webhook_secret,
    admin_send_password_reset,
    admin_set_user_roles,
    admin_test_webhook,
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
        """Send the owner of an account an email with a link to set a new password."""
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

    def read_funnel(
        self,
        *,
        days: int | Unset = 30,
    ) -> Funnel:
        """Count how often each step of a sign-up, login or password reset was reached."""
        client = self._client
        return cast(
            Funnel,
            admin_read_funnel.sync_detailed(
                client=client,
                days=days,
            ).parsed,
        )

    def list_api_keys_of_users(
        self,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
        user_id: None | str | Unset = UNSET,
    ) -> ManagedApiKeys:
        """List the API keys of a user or of all users, newest first."""
        client = self._client
        return cast(
            ManagedApiKeys,
            admin_list_api_keys_of_users.sync_detailed(
                client=client,
                limit=limit,
                cursor=cursor,
                user_id=user_id,
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

    def list_webhooks(
        self,
    ) -> Webhooks:
        """List all webhooks, oldest first, without their secrets."""
        client = self._client
        return cast(
            Webhooks,
            admin_list_webhooks.sync_detailed(
                client=client,
            ).parsed,
        )

    def create_webhook(
        self,
        *,
        body: NewWebhook,
    ) -> CreatedWebhook:
        """Create a webhook."""
        client = self._client
        return cast(
            CreatedWebhook,
            admin_create_webhook.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_webhook(
        self,
        webhook_id: int,
    ) -> Webhook:
        """Get a webhook."""
        client = self._client
        return cast(
            Webhook,
            admin_read_webhook.sync_detailed(
                webhook_id=webhook_id,
                client=client,
            ).parsed,
        )

    def delete_webhook(
        self,
        webhook_id: int,
    ) -> None:
        """Delete a webhook and its deliveries."""
        client = self._client
        return cast(
            None,
            admin_delete_webhook.sync_detailed(
                webhook_id=webhook_id,
                client=client,
            ).parsed,
        )

    def change_webhook(
        self,
        webhook_id: int,
        *,
        body: WebhookChange,
    ) -> Webhook:
        """Change a webhook, or enable or disable it."""
        client = self._client
        return cast(
            Webhook,
            admin_change_webhook.sync_detailed(
                webhook_id=webhook_id,
                client=client,
                body=body,
            ).parsed,
        )

    def rotate_webhook_secret(
        self,
        webhook_id: int,
    ) -> WebhookSecret:
        """Replace the secret of a webhook."""
        client = self._client
        return cast(
            WebhookSecret,
            admin_rotate_webhook_secret.sync_detailed(
                webhook_id=webhook_id,
                client=client,
            ).parsed,
        )

    def test_webhook(
        self,
        webhook_id: int,
    ) -> Any:
        """Send a test event (`webhook."""
        client = self._client
        return cast(
            Any,
            admin_test_webhook.sync_detailed(
                webhook_id=webhook_id,
                client=client,
            ).parsed,
        )

    def list_deliveries(
        self,
        webhook_id: int,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
        status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
    ) -> WebhookDeliveries:
        """List the deliveries of a webhook, newest first."""
        client = self._client
        return cast(
            WebhookDeliveries,
            admin_list_deliveries.sync_detailed(
                webhook_id=webhook_id,
                client=client,
                limit=limit,
                cursor=cursor,
                status=status,
            ).parsed,
        )

    def retry_delivery(
        self,
        webhook_id: int,
        delivery_id: int,
    ) -> Any:
        """Send a delivery again, with the same event and id."""
        client = self._client
        return cast(
            Any,
            admin_retry_delivery.sync_detailed(
                webhook_id=webhook_id,
                delivery_id=delivery_id,
                client=client,
            ).parsed,
        )

    def replay_events(
        self,
        webhook_id: int,
        *,
        body: Replay,
    ) -> Any:
        """Send the events of a period again, with the same ids."""
        client = self._client
        return cast(
            Any,
            admin_replay_events.sync_detailed(
                webhook_id=webhook_id,
                client=client,
                body=body,
            ).parsed,
        )

    def list_clients(
        self,
        *,
        limit: int | Unset = 50,
        cursor: None | str | Unset = UNSET,
        query: None | str | Unset = UNSET,
    ) -> Clients:
        """List the OAuth clients, newest first, without their secrets."""
        client = self._client
        return cast(
            Clients,
            admin_list_clients.sync_detailed(
                client=client,
                limit=limit,
                cursor=cursor,
                query=query,
            ).parsed,
        )

    def create_client(
        self,
        *,
        body: ClientFields,
    ) -> CreatedOAuthClient:
        """Create an OAuth client: an application that logs users in with this service."""
        client = self._client
        return cast(
            CreatedOAuthClient,
            admin_create_client.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_client(
        self,
        client_id: str,
    ) -> OAuthClient:
        """Get an OAuth client, without its secret."""
        client = self._client
        return cast(
            OAuthClient,
            admin_read_client.sync_detailed(
                client_id=client_id,
                client=client,
            ).parsed,
        )

    def delete_client(
        self,
        client_id: str,
    ) -> None:
        """Delete an OAuth client, with all its grants and tokens."""
        client = self._client
        return cast(
            None,
            admin_delete_client.sync_detailed(
                client_id=client_id,
                client=client,
            ).parsed,
        )

    def change_client(
        self,
        client_id: str,
        *,
        body: ClientChange,
    ) -> OAuthClient:
        """Change some fields of an OAuth client."""
        client = self._client
        return cast(
            OAuthClient,
            admin_change_client.sync_detailed(
                client_id=client_id,
                client=client,
                body=body,
            ).parsed,
        )

    def rotate_client_secret(
        self,
        client_id: str,
        *,
        body: None | SecretRotation | Unset = UNSET,
    ) -> CreatedOAuthClient:
        """Replace the secret of an OAuth client."""
        client = self._client
        return cast(
            CreatedOAuthClient,
            admin_rotate_client_secret.sync_detailed(
                client_id=client_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )
