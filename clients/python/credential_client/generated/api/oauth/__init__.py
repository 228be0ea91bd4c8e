"""What the service can do about `oauth`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.authorization_url import AuthorizationUrl
from ...models.exchange_code import ExchangeCode
from ...models.linked import Linked
from ...models.listed_provider import ListedProvider
from ...models.presence import Presence
from ...models.provider_answer import ProviderAnswer
from ...models.tokens import Tokens
from ...types import UNSET, Unset
from . import (
    oauth_callback,
    oauth_exchange,
    oauth_link_provider,
    oauth_list_providers,
    oauth_posted_callback,
    oauth_start,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def list_providers(
        self,
    ) -> list[ListedProvider]:
        """List the configured OAuth providers."""
        client = self._client
        return cast(
            list[ListedProvider],
            oauth_list_providers.sync_detailed(
                client=client,
            ).parsed,
        )

    def exchange(
        self,
        *,
        body: ExchangeCode,
        use_cookies: bool | Unset = False,
    ) -> Tokens:
        """Exchange a one-time code for tokens."""
        client = self._client
        return cast(
            Tokens,
            oauth_exchange.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def start(
        self,
        provider: str,
        *,
        use_cookies: bool | Unset = False,
        redirect_to: None | str | Unset = UNSET,
        prompt: Literal["login"] | None | Unset = UNSET,
        code_challenge: None | str | Unset = UNSET,
    ) -> None:
        """Start an OAuth flow."""
        client = self._client
        return cast(
            None,
            oauth_start.sync_detailed(
                provider=provider,
                client=client,
                use_cookies=use_cookies,
                redirect_to=redirect_to,
                prompt=prompt,
                code_challenge=code_challenge,
            ).parsed,
        )

    def link_provider(
        self,
        provider: str,
        *,
        body: None | Presence | Unset = UNSET,
        redirect_to: None | str | Unset = UNSET,
        prompt: Literal["login"] | None | Unset = UNSET,
        code_challenge: None | str | Unset = UNSET,
    ) -> AuthorizationUrl:
        """Link a provider to your account."""
        client = self._client
        return cast(
            AuthorizationUrl,
            oauth_link_provider.sync_detailed(
                provider=provider,
                client=client,
                body=None if isinstance(body, Unset) else body,
                redirect_to=redirect_to,
                prompt=prompt,
                code_challenge=code_challenge,
            ).parsed,
        )

    def callback(
        self,
        provider: str,
        *,
        state: str | Unset = "",
        code: str | Unset = "",
        error: str | Unset = "",
        iss: None | str | Unset = UNSET,
        user: str | Unset = "",
    ) -> Linked | Tokens:
        """Finish an OAuth flow."""
        client = self._client
        return cast(
            Linked | Tokens,
            oauth_callback.sync_detailed(
                provider=provider,
                client=client,
                state=state,
                code=code,
                error=error,
                iss=iss,
                user=user,
            ).parsed,
        )

    def posted_callback(
        self,
        provider: str,
        *,
        body: ProviderAnswer,
    ) -> Linked | Tokens:
        """Finish an OAuth flow of a provider that posts a form, such as Apple."""
        client = self._client
        return cast(
            Linked | Tokens,
            oauth_posted_callback.sync_detailed(
                provider=provider,
                client=client,
                body=body,
            ).parsed,
        )
