from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.o_auth_problem import OAuthProblem
from ...models.token_request import TokenRequest
from ...models.tokens import Tokens
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: TokenRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/token",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> OAuthProblem | Tokens | None:
    if response.status_code == 200:
        response_200 = Tokens.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = OAuthProblem.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = OAuthProblem.from_dict(response.json())

        return response_403

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
) -> Response[OAuthProblem | Tokens]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Response[OAuthProblem | Tokens]:
    """Get tokens with an OAuth 2 grant

     Get tokens with an OAuth 2 grant.

    Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the
    Authorize button
    of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.

    Args:
        body (TokenRequest): A token request (RFC 6749). `scope`, `client_id` and `client_secret`
            are ignored.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | Tokens]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> OAuthProblem | Tokens | None:
    """Get tokens with an OAuth 2 grant

     Get tokens with an OAuth 2 grant.

    Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the
    Authorize button
    of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.

    Args:
        body (TokenRequest): A token request (RFC 6749). `scope`, `client_id` and `client_secret`
            are ignored.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | Tokens
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Response[OAuthProblem | Tokens]:
    """Get tokens with an OAuth 2 grant

     Get tokens with an OAuth 2 grant.

    Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the
    Authorize button
    of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.

    Args:
        body (TokenRequest): A token request (RFC 6749). `scope`, `client_id` and `client_secret`
            are ignored.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | Tokens]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> OAuthProblem | Tokens | None:
    """Get tokens with an OAuth 2 grant

     Get tokens with an OAuth 2 grant.

    Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the
    Authorize button
    of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.

    Args:
        body (TokenRequest): A token request (RFC 6749). `scope`, `client_id` and `client_secret`
            are ignored.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | Tokens
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
