from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.client_fields import ClientFields
from ...models.created_o_auth_client import CreatedOAuthClient
from ...models.problem import Problem
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: ClientFields,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/admin/clients",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CreatedOAuthClient | Problem | None:
    if response.status_code == 201:
        response_201 = CreatedOAuthClient.from_dict(response.json())

        return response_201

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
) -> Response[CreatedOAuthClient | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ClientFields,
) -> Response[CreatedOAuthClient | Problem]:
    """Create an OAuth client: an application that logs users in with this service

     Create an OAuth client: an application that logs users in with this service. Requires
    `clients:write`.

    The response contains its secret, which is not shown again. You can grant it only permissions that
    you hold.

    Args:
        body (ClientFields): What an administrator decides about a client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedOAuthClient | Problem]
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
    body: ClientFields,
) -> CreatedOAuthClient | Problem | None:
    """Create an OAuth client: an application that logs users in with this service

     Create an OAuth client: an application that logs users in with this service. Requires
    `clients:write`.

    The response contains its secret, which is not shown again. You can grant it only permissions that
    you hold.

    Args:
        body (ClientFields): What an administrator decides about a client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedOAuthClient | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ClientFields,
) -> Response[CreatedOAuthClient | Problem]:
    """Create an OAuth client: an application that logs users in with this service

     Create an OAuth client: an application that logs users in with this service. Requires
    `clients:write`.

    The response contains its secret, which is not shown again. You can grant it only permissions that
    you hold.

    Args:
        body (ClientFields): What an administrator decides about a client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedOAuthClient | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ClientFields,
) -> CreatedOAuthClient | Problem | None:
    """Create an OAuth client: an application that logs users in with this service

     Create an OAuth client: an application that logs users in with this service. Requires
    `clients:write`.

    The response contains its secret, which is not shown again. You can grant it only permissions that
    you hold.

    Args:
        body (ClientFields): What an administrator decides about a client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedOAuthClient | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
