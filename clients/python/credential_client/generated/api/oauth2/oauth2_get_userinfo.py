from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.o_auth_problem import OAuthProblem
from ...models.user_info import UserInfo
from ...types import UNSET, Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/oauth2/userinfo",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OAuthProblem | UserInfo | None:
    if response.status_code == 200:
        response_200 = UserInfo.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = OAuthProblem.from_dict(response.json())

        return response_401

    if response.status_code == 413:
        response_413 = OAuthProblem.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = OAuthProblem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = OAuthProblem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OAuthProblem | UserInfo]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[OAuthProblem | UserInfo]:
    """Get the claims of the user of an access token with the scope `openid`

     Get the claims of the user of an access token with the scope `openid`.

    See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | UserInfo]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> OAuthProblem | UserInfo | None:
    """Get the claims of the user of an access token with the scope `openid`

     Get the claims of the user of an access token with the scope `openid`.

    See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | UserInfo
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[OAuthProblem | UserInfo]:
    """Get the claims of the user of an access token with the scope `openid`

     Get the claims of the user of an access token with the scope `openid`.

    See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | UserInfo]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> OAuthProblem | UserInfo | None:
    """Get the claims of the user of an access token with the scope `openid`

     Get the claims of the user of an access token with the scope `openid`.

    See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | UserInfo
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
