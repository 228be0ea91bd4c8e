"""What the service can do about `oauth2`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.configuration import Configuration
from ...models.device_authorization import DeviceAuthorization
from ...models.introspection import Introspection
from ...models.key_set import KeySet
from ...models.o_auth_problem import OAuthProblem
from ...models.oauth_2_authorize_device_device_form import (
    Oauth2AuthorizeDeviceDeviceForm,
)
from ...models.oauth_2_change_registration_body import Oauth2ChangeRegistrationBody
from ...models.oauth_2_introspect_received_token import Oauth2IntrospectReceivedToken
from ...models.oauth_2_push_authorization_form import Oauth2PushAuthorizationForm
from ...models.oauth_2_register_body import Oauth2RegisterBody
from ...models.oauth_2_revoke_received_token import Oauth2RevokeReceivedToken
from ...models.oauth_2_token_token_form import Oauth2TokenTokenForm
from ...models.protected_resource import ProtectedResource
from ...models.pushed_request import PushedRequest
from ...models.registered_client import RegisteredClient
from ...models.revocations import Revocations
from ...models.token_response import TokenResponse
from ...models.user_info import UserInfo
from ...types import UNSET, Unset
from . import (
    oauth2_authorize_device,
    oauth2_change_registration,
    oauth2_configuration,
    oauth2_get_userinfo,
    oauth2_introspect,
    oauth2_jwks,
    oauth2_list_revocations,
    oauth2_post_userinfo,
    oauth2_protected_resource,
    oauth2_push,
    oauth2_read_registration,
    oauth2_register,
    oauth2_remove_registration,
    oauth2_revoke,
    oauth2_token,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def list_revocations(
        self,
        *,
        since: int | None | Unset = UNSET,
        if_none_match: str | Unset = "",
    ) -> Revocations:
        """List the sessions and users whose access tokens were revoked before they expired."""
        client = self._client
        return cast(
            Revocations,
            oauth2_list_revocations.sync_detailed(
                client=client,
                since=since,
                if_none_match=if_none_match,
            ).parsed,
        )

    def token(
        self,
        *,
        body: Oauth2TokenTokenForm,
    ) -> TokenResponse:
        """Get tokens for a code, a refresh token, a device code or a client (RFC 6749)."""
        client = self._client
        return cast(
            TokenResponse,
            oauth2_token.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def push(
        self,
        *,
        body: Oauth2PushAuthorizationForm,
    ) -> PushedRequest:
        """Push an authorization request, and get its `request_uri` (RFC 9126)."""
        client = self._client
        return cast(
            PushedRequest,
            oauth2_push.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def get_userinfo(
        self,
    ) -> UserInfo:
        """Get the claims of the user of an access token with the scope `openid`."""
        client = self._client
        return cast(
            UserInfo,
            oauth2_get_userinfo.sync_detailed(
                client=client,
            ).parsed,
        )

    def post_userinfo(
        self,
    ) -> UserInfo:
        """Get the claims of the user, with the access token in the header or the form."""
        client = self._client
        return cast(
            UserInfo,
            oauth2_post_userinfo.sync_detailed(
                client=client,
            ).parsed,
        )

    def protected_resource(
        self,
    ) -> ProtectedResource:
        """Get the metadata of the service's own API as a protected resource (RFC 9728)."""
        client = self._client
        return cast(
            ProtectedResource,
            oauth2_protected_resource.sync_detailed(
                client=client,
            ).parsed,
        )

    def register(
        self,
        *,
        body: Oauth2RegisterBody,
    ) -> RegisteredClient:
        """Register an application (RFC 7591)."""
        client = self._client
        return cast(
            RegisteredClient,
            oauth2_register.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def read_registration(
        self,
        client_id: str,
    ) -> RegisteredClient:
        """Get the registration of a client (RFC 7592)."""
        client = self._client
        return cast(
            RegisteredClient,
            oauth2_read_registration.sync_detailed(
                client_id=client_id,
                client=client,
            ).parsed,
        )

    def change_registration(
        self,
        client_id: str,
        *,
        body: Oauth2ChangeRegistrationBody,
    ) -> RegisteredClient:
        """Replace the metadata of a client (RFC 7592)."""
        client = self._client
        return cast(
            RegisteredClient,
            oauth2_change_registration.sync_detailed(
                client_id=client_id,
                client=client,
                body=body,
            ).parsed,
        )

    def remove_registration(
        self,
        client_id: str,
    ) -> None:
        """Delete a client with its grants and tokens (RFC 7592)."""
        client = self._client
        return cast(
            None,
            oauth2_remove_registration.sync_detailed(
                client_id=client_id,
                client=client,
            ).parsed,
        )

    def authorize_device(
        self,
        *,
        body: Oauth2AuthorizeDeviceDeviceForm,
    ) -> DeviceAuthorization:
        """Get codes for a device without a browser (RFC 8628)."""
        client = self._client
        return cast(
            DeviceAuthorization,
            oauth2_authorize_device.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def introspect(
        self,
        *,
        body: Oauth2IntrospectReceivedToken,
    ) -> Introspection:
        """Introspect an access token (RFC 7662)."""
        client = self._client
        return cast(
            Introspection,
            oauth2_introspect.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def revoke(
        self,
        *,
        body: Oauth2RevokeReceivedToken,
    ) -> Any:
        """Revoke the session of an access or refresh token (RFC 7009)."""
        client = self._client
        return cast(
            Any,
            oauth2_revoke.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def jwks(
        self,
    ) -> KeySet:
        """Get the public keys that verify access tokens (RFC 7517)."""
        client = self._client
        return cast(
            KeySet,
            oauth2_jwks.sync_detailed(
                client=client,
            ).parsed,
        )

    def configuration(
        self,
    ) -> Configuration:
        """Get the authorization server metadata (RFC 8414)."""
        client = self._client
        return cast(
            Configuration,
            oauth2_configuration.sync_detailed(
                client=client,
            ).parsed,
        )
