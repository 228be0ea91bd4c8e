from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.introspection import Introspection
from ...models.o_auth_problem import OAuthProblem
from ...models.oauth_2_introspect_received_token import Oauth2IntrospectReceivedToken
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: Oauth2IntrospectReceivedToken,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth2/introspect",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Introspection | OAuthProblem | None:
    if response.status_code == 200:
        response_200 = Introspection.from_dict(response.json())

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
) -> Response[Introspection | OAuthProblem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: Oauth2IntrospectReceivedToken,
) -> Response[Introspection | OAuthProblem]:
    """Introspect an access token (RFC 7662)

     Introspect an access token (RFC 7662).

    Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer
    token, or
    with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With
    `OIDC_PROVIDER`, a
    registered client also sees its own tokens, and an API those with its audience.

    Args:
        body (Oauth2IntrospectReceivedToken): A token that a service has received, to be
            introspected or revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Introspection | OAuthProblem]
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
    client: AuthenticatedClient,
    body: Oauth2IntrospectReceivedToken,
) -> Introspection | OAuthProblem | None:
    """Introspect an access token (RFC 7662)

     Introspect an access token (RFC 7662).

    Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer
    token, or
    with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With
    `OIDC_PROVIDER`, a
    registered client also sees its own tokens, and an API those with its audience.

    Args:
        body (Oauth2IntrospectReceivedToken): A token that a service has received, to be
            introspected or revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Introspection | OAuthProblem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: Oauth2IntrospectReceivedToken,
) -> Response[Introspection | OAuthProblem]:
    """Introspect an access token (RFC 7662)

     Introspect an access token (RFC 7662).

    Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer
    token, or
    with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With
    `OIDC_PROVIDER`, a
    registered client also sees its own tokens, and an API those with its audience.

    Args:
        body (Oauth2IntrospectReceivedToken): A token that a service has received, to be
            introspected or revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Introspection | OAuthProblem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: Oauth2IntrospectReceivedToken,
) -> Introspection | OAuthProblem | None:
    """Introspect an access token (RFC 7662)

     Introspect an access token (RFC 7662).

    Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer
    token, or
    with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With
    `OIDC_PROVIDER`, a
    registered client also sees its own tokens, and an API those with its audience.

    Args:
        body (Oauth2IntrospectReceivedToken): A token that a service has received, to be
            introspected or revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Introspection | OAuthProblem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
