"""Typed client for the Credential Management Service, with token storage and refresh.

    from credential_client import Problem, Service, models

    service = Service("http://localhost:8000")
    service.auth.login(body=models.LogIn(email="alice@example.com", password="a horse, a battery"))
    print(service.users.me().username)

Operations are named as in the OpenAPI document. An operation returns the response body, or raises a Problem.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from .generated import models
from .generated.api import admin, auth, internal, oauth, oauth2, system, users
from .generated.client import AuthenticatedClient
from .problem import CaptchaRequired, MfaRequired, Problem, ReauthenticationRequired
from .session import Http, Session

__all__ = [
    "CaptchaRequired",
    "MfaRequired",
    "Problem",
    "ReauthenticationRequired",
    "Service",
    "Session",
    "models",
    "with_reauthentication",
]
Result = TypeVar("Result")


class Service:
    """All operations of the service, and the session that they share. Instances are thread-safe.

    tokens: the stored tokens of an earlier session, to continue it.
    service_token: authenticates your service for the operations of `internal` and `oauth2`.
    device_token: the token of a trusted device.
    """

    def __init__(
        self,
        url: str,
        *,
        tokens: dict[str, Any] | None = None,
        service_token: str | None = None,
        device_token: str | None = None,
    ) -> None:
        self.session = Session(url, tokens, device_token)
        headers = {"X-Service-Token": service_token} if service_token else {}
        client = AuthenticatedClient(url, token="").set_httpx_client(
            Http(base_url=url, auth=self.session, headers=headers, timeout=30)
        )
        self.admin, self.auth, self.internal = (
            admin.Operations(client),
            auth.Operations(client),
            internal.Operations(client),
        )
        self.oauth, self.oauth2 = oauth.Operations(client), oauth2.Operations(client)
        self.system, self.users = system.Operations(client), users.Operations(client)


def with_reauthentication(
    service: Service, action: Callable[[], Result], ask: Callable[[ReauthenticationRequired], models.Presence]
) -> Result:
    """Run an action. If it requires a recent login, re-authenticate with the result of `ask`, and run it again.

    ask: receives the error, whose `factors` lists the factors of the account.
    """
    try:
        return action()
    except ReauthenticationRequired as problem:
        service.auth.reauthenticate(body=ask(problem))
    return action()
