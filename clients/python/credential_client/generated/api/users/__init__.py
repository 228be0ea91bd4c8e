"""What the service can do about `users`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.api_key import ApiKey
from ...models.api_key_rotation import ApiKeyRotation
from ...models.api_keys import ApiKeys
from ...models.ceremony_options import CeremonyOptions
from ...models.change_email import ChangeEmail
from ...models.confirmed import Confirmed
from ...models.created_api_key import CreatedApiKey
from ...models.device import Device
from ...models.event_page import EventPage
from ...models.export import Export
from ...models.factor import Factor
from ...models.factor_id import FactorId
from ...models.factors import Factors
from ...models.grants import Grants
from ...models.identity import Identity
from ...models.me import Me
from ...models.message import Message
from ...models.new_api_key import NewApiKey
from ...models.new_passkey import NewPasskey
from ...models.new_recovery_codes import NewRecoveryCodes
from ...models.new_sms_request import NewSmsRequest
from ...models.new_totp import NewTotp
from ...models.new_totp_request import NewTotpRequest
from ...models.presence import Presence
from ...models.profile import Profile
from ...models.renamed import Renamed
from ...models.renamed_api_key import RenamedApiKey
from ...models.totp_code import TotpCode
from ...models.trusted_devices import TrustedDevices
from ...models.user import User
from ...types import UNSET, Unset
from . import (
    users_add_passkey,
    users_begin_sms,
    users_begin_totp,
    users_change_email,
    users_confirm_sms,
    users_confirm_totp,
    users_create_api_key,
    users_delete_api_key,
    users_delete_me,
    users_end_grant,
    users_end_session,
    users_export_me,
    users_forget_trusted_device,
    users_list_activity,
    users_list_all,
    users_list_api_keys,
    users_list_factors,
    users_list_grants,
    users_list_identities,
    users_list_sessions,
    users_list_trusted_devices,
    users_me,
    users_new_passkey_options,
    users_read,
    users_remove_factor,
    users_rename_api_key,
    users_rename_factor,
    users_replace_recovery_codes,
    users_resend_sms,
    users_rotate_api_key,
    users_unlink_provider,
    users_update_me,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def me(
        self,
    ) -> Me:
        """Get your account."""
        client = self._client
        return cast(
            Me,
            users_me.sync_detailed(
                client=client,
            ).parsed,
        )

    def delete_me(
        self,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Delete your account and all data about you."""
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
        """Update your display name."""
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
        """Request a change of your email address."""
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
        """List your sessions, newest first."""
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
        """End one of your sessions."""
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
        """List the events of your account, newest first."""
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
        """Export all data about you, by section."""
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
        """List all accounts, oldest first."""
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
        """Get an account by `id` or `user_id`."""
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
        """List linked identities, oldest first."""
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
        """Unlink a provider."""
        client = self._client
        return cast(
            None,
            users_unlink_provider.sync_detailed(
                provider=provider,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def list_factors(
        self,
    ) -> Factors:
        """List your second factors and passkeys."""
        client = self._client
        return cast(
            Factors,
            users_list_factors.sync_detailed(
                client=client,
            ).parsed,
        )

    def begin_totp(
        self,
        *,
        body: NewTotpRequest | None | Unset = UNSET,
    ) -> NewTotp:
        """Set up an authenticator app."""
        client = self._client
        return cast(
            NewTotp,
            users_begin_totp.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def confirm_totp(
        self,
        factor_id: str,
        *,
        body: TotpCode,
    ) -> Confirmed:
        """Confirm an authenticator app with a code that it shows."""
        client = self._client
        return cast(
            Confirmed,
            users_confirm_totp.sync_detailed(
                factor_id=factor_id,
                client=client,
                body=body,
            ).parsed,
        )

    def new_passkey_options(
        self,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> CeremonyOptions:
        """Get the options to create a passkey."""
        client = self._client
        return cast(
            CeremonyOptions,
            users_new_passkey_options.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def add_passkey(
        self,
        *,
        body: NewPasskey,
    ) -> Confirmed:
        """Add a passkey or security key."""
        client = self._client
        return cast(
            Confirmed,
            users_add_passkey.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def remove_factor(
        self,
        factor_id: str,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> None:
        """Remove a factor."""
        client = self._client
        return cast(
            None,
            users_remove_factor.sync_detailed(
                factor_id=factor_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def rename_factor(
        self,
        factor_id: str,
        *,
        body: Renamed,
    ) -> Factor:
        """Rename a factor."""
        client = self._client
        return cast(
            Factor,
            users_rename_factor.sync_detailed(
                factor_id=factor_id,
                client=client,
                body=body,
            ).parsed,
        )

    def replace_recovery_codes(
        self,
        *,
        body: None | Presence | Unset = UNSET,
    ) -> NewRecoveryCodes:
        """Create ten new recovery codes."""
        client = self._client
        return cast(
            NewRecoveryCodes,
            users_replace_recovery_codes.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def list_trusted_devices(
        self,
    ) -> TrustedDevices:
        """List the devices that skip the second factor, newest first."""
        client = self._client
        return cast(
            TrustedDevices,
            users_list_trusted_devices.sync_detailed(
                client=client,
            ).parsed,
        )

    def forget_trusted_device(
        self,
        device_id: str,
    ) -> None:
        """Remove a trusted device."""
        client = self._client
        return cast(
            None,
            users_forget_trusted_device.sync_detailed(
                device_id=device_id,
                client=client,
            ).parsed,
        )

    def begin_sms(
        self,
        *,
        body: NewSmsRequest,
    ) -> FactorId:
        """Set up a phone number as a second factor."""
        client = self._client
        return cast(
            FactorId,
            users_begin_sms.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def confirm_sms(
        self,
        factor_id: str,
        *,
        body: TotpCode,
    ) -> Confirmed:
        """Confirm a phone number with a code."""
        client = self._client
        return cast(
            Confirmed,
            users_confirm_sms.sync_detailed(
                factor_id=factor_id,
                client=client,
                body=body,
            ).parsed,
        )

    def resend_sms(
        self,
        factor_id: str,
    ) -> FactorId:
        """Send a new code to a phone number that is not confirmed yet."""
        client = self._client
        return cast(
            FactorId,
            users_resend_sms.sync_detailed(
                factor_id=factor_id,
                client=client,
            ).parsed,
        )

    def list_api_keys(
        self,
    ) -> ApiKeys:
        """List your API keys, newest first, without the keys themselves."""
        client = self._client
        return cast(
            ApiKeys,
            users_list_api_keys.sync_detailed(
                client=client,
            ).parsed,
        )

    def create_api_key(
        self,
        *,
        body: NewApiKey,
    ) -> CreatedApiKey:
        """Create an API key, with which a program acts for you within its scopes."""
        client = self._client
        return cast(
            CreatedApiKey,
            users_create_api_key.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def delete_api_key(
        self,
        key_id: str,
    ) -> None:
        """Delete an API key."""
        client = self._client
        return cast(
            None,
            users_delete_api_key.sync_detailed(
                key_id=key_id,
                client=client,
            ).parsed,
        )

    def rename_api_key(
        self,
        key_id: str,
        *,
        body: RenamedApiKey,
    ) -> ApiKey:
        """Rename an API key."""
        client = self._client
        return cast(
            ApiKey,
            users_rename_api_key.sync_detailed(
                key_id=key_id,
                client=client,
                body=body,
            ).parsed,
        )

    def rotate_api_key(
        self,
        key_id: str,
        *,
        body: ApiKeyRotation | None | Unset = UNSET,
    ) -> CreatedApiKey:
        """Replace an API key by a new one with the same id, scopes and end."""
        client = self._client
        return cast(
            CreatedApiKey,
            users_rotate_api_key.sync_detailed(
                key_id=key_id,
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def list_grants(
        self,
    ) -> Grants:
        """List the applications that you have granted access to, newest first."""
        client = self._client
        return cast(
            Grants,
            users_list_grants.sync_detailed(
                client=client,
            ).parsed,
        )

    def end_grant(
        self,
        client_id: str,
    ) -> None:
        """End the access of an application, and all its tokens for you."""
        client = self._client
        return cast(
            None,
            users_end_grant.sync_detailed(
                client_id=client_id,
                client=client,
            ).parsed,
        )
