from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bearer_token import BearerToken
from ...models.presence import Presence
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: Presence,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/reauthenticate",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BearerToken | Problem | None:
    if response.status_code == 200:
        response_200 = BearerToken.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[BearerToken | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: Presence,
    use_cookies: bool | Unset = False,
) -> Response[BearerToken | Problem]:
    """Authenticate again in the current session, and get a new access token (RFC 9470)

     Authenticate again in the current session, and get a new access token (RFC 9470).

    Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`.
    The refresh
    token remains valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Presence): The current password, and a factor if the account has one.

            Both can be omitted if the last login is at most five minutes old. For an account with a
            factor, that login must
            have used two factors.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BearerToken | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        use_cookies=use_cookies,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: Presence,
    use_cookies: bool | Unset = False,
) -> BearerToken | Problem | None:
    """Authenticate again in the current session, and get a new access token (RFC 9470)

     Authenticate again in the current session, and get a new access token (RFC 9470).

    Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`.
    The refresh
    token remains valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Presence): The current password, and a factor if the account has one.

            Both can be omitted if the last login is at most five minutes old. For an account with a
            factor, that login must
            have used two factors.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BearerToken | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: Presence,
    use_cookies: bool | Unset = False,
) -> Response[BearerToken | Problem]:
    """Authenticate again in the current session, and get a new access token (RFC 9470)

     Authenticate again in the current session, and get a new access token (RFC 9470).

    Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`.
    The refresh
    token remains valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Presence): The current password, and a factor if the account has one.

            Both can be omitted if the last login is at most five minutes old. For an account with a
            factor, that login must
            have used two factors.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BearerToken | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        use_cookies=use_cookies,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: Presence,
    use_cookies: bool | Unset = False,
) -> BearerToken | Problem | None:
    """Authenticate again in the current session, and get a new access token (RFC 9470)

     Authenticate again in the current session, and get a new access token (RFC 9470).

    Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`.
    The refresh
    token remains valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Presence): The current password, and a factor if the account has one.

            Both can be omitted if the last login is at most five minutes old. For an account with a
            factor, that login must
            have used two factors.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BearerToken | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            use_cookies=use_cookies,
        )
    ).parsed
