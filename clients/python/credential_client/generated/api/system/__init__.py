"""What the service can do about `system`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.health import Health
from ...models.passkey_endpoints import PasskeyEndpoints
from ...models.readiness import Readiness
from ...models.related_origins import RelatedOrigins
from ...models.sent_mail import SentMail
from ...models.system_mailbox_format import SystemMailboxFormat
from ...models.welcome import Welcome
from ...types import UNSET, Unset
from . import (
    system_health,
    system_mailbox,
    system_passkey_endpoints,
    system_read_metrics,
    system_ready,
    system_related_origins,
    system_security_contact,
    system_welcome,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def related_origins(
        self,
    ) -> RelatedOrigins:
        """List the origins whose pages may use passkeys."""
        client = self._client
        return cast(
            RelatedOrigins,
            system_related_origins.sync_detailed(
                client=client,
            ).parsed,
        )

    def passkey_endpoints(
        self,
    ) -> PasskeyEndpoints:
        """Get the pages on which passkeys are managed."""
        client = self._client
        return cast(
            PasskeyEndpoints,
            system_passkey_endpoints.sync_detailed(
                client=client,
            ).parsed,
        )

    def welcome(
        self,
    ) -> Welcome:
        """Get the name and version of the service."""
        client = self._client
        return cast(
            Welcome,
            system_welcome.sync_detailed(
                client=client,
            ).parsed,
        )

    def security_contact(
        self,
    ) -> str:
        """Get the security contact (RFC 9116)."""
        client = self._client
        return cast(
            str,
            system_security_contact.sync_detailed(
                client=client,
            ).parsed,
        )

    def health(
        self,
    ) -> Health:
        """Check liveness."""
        client = self._client
        return cast(
            Health,
            system_health.sync_detailed(
                client=client,
            ).parsed,
        )

    def ready(
        self,
    ) -> Readiness:
        """Check readiness."""
        client = self._client
        return cast(
            Readiness,
            system_ready.sync_detailed(
                client=client,
            ).parsed,
        )

    def read_metrics(
        self,
        *,
        authorization: str | Unset = "",
    ) -> str:
        """Get metrics in the Prometheus format, summed over all workers."""
        client = self._client
        return cast(
            str,
            system_read_metrics.sync_detailed(
                client=client,
                authorization=authorization,
            ).parsed,
        )

    def mailbox(
        self,
        *,
        format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
    ) -> list[SentMail]:
        """List the emails in the development mailbox, newest first."""
        client = self._client
        return cast(
            list[SentMail],
            system_mailbox.sync_detailed(
                client=client,
                format_=format_,
            ).parsed,
        )
