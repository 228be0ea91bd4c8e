from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.o_auth_problem import OAuthProblem
from ...models.oauth_2_register_body import Oauth2RegisterBody
from ...models.registered_client import RegisteredClient
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: Oauth2RegisterBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth2/register",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OAuthProblem | RegisteredClient | None:
    if response.status_code == 201:
        response_201 = RegisteredClient.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = OAuthProblem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = OAuthProblem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = OAuthProblem.from_dict(response.json())

        return response_404

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
) -> Response[OAuthProblem | RegisteredClient]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2RegisterBody,
) -> Response[OAuthProblem | RegisteredClient]:
    """Register an application (RFC 7591)

     Register an application (RFC 7591).

    `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a
    bearer token.
    With `open`, only public clients can register. The `registration_access_token` of the response
    manages the
    registration (RFC 7592): with `open`, as soon as a user has allowed the application something.

    Args:
        body (Oauth2RegisterBody): The metadata of RFC 7591, section 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | RegisteredClient]
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
    body: Oauth2RegisterBody,
) -> OAuthProblem | RegisteredClient | None:
    """Register an application (RFC 7591)

     Register an application (RFC 7591).

    `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a
    bearer token.
    With `open`, only public clients can register. The `registration_access_token` of the response
    manages the
    registration (RFC 7592): with `open`, as soon as a user has allowed the application something.

    Args:
        body (Oauth2RegisterBody): The metadata of RFC 7591, section 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | RegisteredClient
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2RegisterBody,
) -> Response[OAuthProblem | RegisteredClient]:
    """Register an application (RFC 7591)

     Register an application (RFC 7591).

    `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a
    bearer token.
    With `open`, only public clients can register. The `registration_access_token` of the response
    manages the
    registration (RFC 7592): with `open`, as soon as a user has allowed the application something.

    Args:
        body (Oauth2RegisterBody): The metadata of RFC 7591, section 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | RegisteredClient]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2RegisterBody,
) -> OAuthProblem | RegisteredClient | None:
    """Register an application (RFC 7591)

     Register an application (RFC 7591).

    `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a
    bearer token.
    With `open`, only public clients can register. The `registration_access_token` of the response
    manages the
    registration (RFC 7592): with `open`, as soon as a user has allowed the application something.

    Args:
        body (Oauth2RegisterBody): The metadata of RFC 7591, section 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | RegisteredClient
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
