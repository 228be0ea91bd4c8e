from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.admin_list_deliveries_status_type_0 import AdminListDeliveriesStatusType0
from ...models.problem import Problem
from ...models.webhook_deliveries import WebhookDeliveries
from ...types import UNSET, Response, Unset


def _get_kwargs(
    webhook_id: int,
    *,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_status: None | str | Unset
    if isinstance(status, Unset):
        json_status = UNSET
    elif isinstance(status, AdminListDeliveriesStatusType0):
        json_status = status.value
    else:
        json_status = status
    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/admin/webhooks/{webhook_id}/deliveries".format(
            webhook_id=quote(str(webhook_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WebhookDeliveries | None:
    if response.status_code == 200:
        response_200 = WebhookDeliveries.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[Problem | WebhookDeliveries]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    webhook_id: int,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
) -> Response[Problem | WebhookDeliveries]:
    """List the deliveries of a webhook, newest first

     List the deliveries of a webhook, newest first. Requires `webhooks:read`.

    Args:
        webhook_id (int): The webhook's id.
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        status (AdminListDeliveriesStatusType0 | None | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDeliveries]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook_id: int,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
) -> Problem | WebhookDeliveries | None:
    """List the deliveries of a webhook, newest first

     List the deliveries of a webhook, newest first. Requires `webhooks:read`.

    Args:
        webhook_id (int): The webhook's id.
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        status (AdminListDeliveriesStatusType0 | None | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDeliveries
    """

    return sync_detailed(
        webhook_id=webhook_id,
        client=client,
        limit=limit,
        cursor=cursor,
        status=status,
    ).parsed


async def asyncio_detailed(
    webhook_id: int,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
) -> Response[Problem | WebhookDeliveries]:
    """List the deliveries of a webhook, newest first

     List the deliveries of a webhook, newest first. Requires `webhooks:read`.

    Args:
        webhook_id (int): The webhook's id.
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        status (AdminListDeliveriesStatusType0 | None | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDeliveries]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook_id: int,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    status: AdminListDeliveriesStatusType0 | None | Unset = UNSET,
) -> Problem | WebhookDeliveries | None:
    """List the deliveries of a webhook, newest first

     List the deliveries of a webhook, newest first. Requires `webhooks:read`.

    Args:
        webhook_id (int): The webhook's id.
        limit (int | Unset): Number of items on a page. Default: 50.
        cursor (None | str | Unset): The `next_cursor` of the previous page.
        status (AdminListDeliveriesStatusType0 | None | Unset): Only deliveries with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDeliveries
    """

    return (
        await asyncio_detailed(
            webhook_id=webhook_id,
            client=client,
            limit=limit,
            cursor=cursor,
            status=status,
        )
    ).parsed
