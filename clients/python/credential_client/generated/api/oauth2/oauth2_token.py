from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.o_auth_problem import OAuthProblem
from ...models.oauth_2_token_token_form import Oauth2TokenTokenForm
from ...models.token_response import TokenResponse
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: Oauth2TokenTokenForm,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth2/token",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OAuthProblem | TokenResponse | None:
    if response.status_code == 200:
        response_200 = TokenResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = OAuthProblem.from_dict(response.json())

        return response_400

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
) -> Response[OAuthProblem | TokenResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2TokenTokenForm,
) -> Response[OAuthProblem | TokenResponse]:
    """Get tokens for a code, a refresh token, a device code or a client (RFC 6749)

     Get tokens for a code, a refresh token, a device code or a client (RFC 6749).

    Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public,
    with `client_id`.

    Args:
        body (Oauth2TokenTokenForm): The parameters of a token request. Each grant type needs its
            own; resource may be repeated.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | TokenResponse]
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
    body: Oauth2TokenTokenForm,
) -> OAuthProblem | TokenResponse | None:
    """Get tokens for a code, a refresh token, a device code or a client (RFC 6749)

     Get tokens for a code, a refresh token, a device code or a client (RFC 6749).

    Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public,
    with `client_id`.

    Args:
        body (Oauth2TokenTokenForm): The parameters of a token request. Each grant type needs its
            own; resource may be repeated.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | TokenResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2TokenTokenForm,
) -> Response[OAuthProblem | TokenResponse]:
    """Get tokens for a code, a refresh token, a device code or a client (RFC 6749)

     Get tokens for a code, a refresh token, a device code or a client (RFC 6749).

    Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public,
    with `client_id`.

    Args:
        body (Oauth2TokenTokenForm): The parameters of a token request. Each grant type needs its
            own; resource may be repeated.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | TokenResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2TokenTokenForm,
) -> OAuthProblem | TokenResponse | None:
    """Get tokens for a code, a refresh token, a device code or a client (RFC 6749)

     Get tokens for a code, a refresh token, a device code or a client (RFC 6749).

    Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public,
    with `client_id`.

    Args:
        body (Oauth2TokenTokenForm): The parameters of a token request. Each grant type needs its
            own; resource may be repeated.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | TokenResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
