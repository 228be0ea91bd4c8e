from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.clients import Clients
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    query: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_query: None | str | Unset
    if isinstance(query, Unset):
        json_query = UNSET
    else:
        json_query = query
    params["query"] = json_query

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/admin/clients",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Clients | Problem | None:
    if response.status_code == 200:
        response_200 = Clients.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Clients | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    query: None | str | Unset = UNSET,
) -> Response[Clients | Problem]:
    """List the OAuth clients, newest first, without their secrets

     List the OAuth clients, newest first, without their secrets. Requires `clients:read`.

    Args:
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        query (None | str | Unset): The beginning of a name.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Clients | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        query=query,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    query: None | str | Unset = UNSET,
) -> Clients | Problem | None:
    """List the OAuth clients, newest first, without their secrets

     List the OAuth clients, newest first, without their secrets. Requires `clients:read`.

    Args:
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        query (None | str | Unset): The beginning of a name.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Clients | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        query=query,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    query: None | str | Unset = UNSET,
) -> Response[Clients | Problem]:
    """List the OAuth clients, newest first, without their secrets

     List the OAuth clients, newest first, without their secrets. Requires `clients:read`.

    Args:
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        query (None | str | Unset): The beginning of a name.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Clients | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        query=query,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    query: None | str | Unset = UNSET,
) -> Clients | Problem | None:
    """List the OAuth clients, newest first, without their secrets

     List the OAuth clients, newest first, without their secrets. Requires `clients:read`.

    Args:
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        query (None | str | Unset): The beginning of a name.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Clients | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            query=query,
        )
    ).parsed
