"""What the service can do about `oauth2`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.body_oauth_2_introspect import BodyOauth2Introspect
from ...models.body_oauth_2_revoke import BodyOauth2Revoke
from ...models.configuration import Configuration
from ...models.introspection import Introspection
from ...models.key_set import KeySet
from ...models.o_auth_problem import OAuthProblem
from ...types import UNSET, Unset
from . import oauth2_configuration, oauth2_introspect, oauth2_jwks, oauth2_revoke


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def introspect(
        self,
        *,
        body: BodyOauth2Introspect,
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
        body: BodyOauth2Revoke,
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
