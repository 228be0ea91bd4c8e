from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.managed_user import ManagedUser
from ...models.problem import Problem
from ...models.user_change import UserChange
from ...types import UNSET, Response


def _get_kwargs(
    user_id: str,
    *,
    body: UserChange,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/admin/users/{user_id}".format(
            user_id=quote(str(user_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ManagedUser | Problem | None:
    if response.status_code == 200:
        response_200 = ManagedUser.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[ManagedUser | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: UserChange,
) -> Response[ManagedUser | Problem]:
    """Update an account: display name, email address, active and verified state

     Update an account: display name, email address, active and verified state. Requires `users:write`.

    A new email address counts as unverified, and both addresses are notified. To change your own email
    address, use
    `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.

    Args:
        user_id (str): The account's public id.
        body (UserChange): The fields to change.

            Omitted fields keep their values. `password` is the administrator's password, which is
            optional if their login is
            recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ManagedUser | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: UserChange,
) -> ManagedUser | Problem | None:
    """Update an account: display name, email address, active and verified state

     Update an account: display name, email address, active and verified state. Requires `users:write`.

    A new email address counts as unverified, and both addresses are notified. To change your own email
    address, use
    `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.

    Args:
        user_id (str): The account's public id.
        body (UserChange): The fields to change.

            Omitted fields keep their values. `password` is the administrator's password, which is
            optional if their login is
            recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ManagedUser | Problem
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: UserChange,
) -> Response[ManagedUser | Problem]:
    """Update an account: display name, email address, active and verified state

     Update an account: display name, email address, active and verified state. Requires `users:write`.

    A new email address counts as unverified, and both addresses are notified. To change your own email
    address, use
    `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.

    Args:
        user_id (str): The account's public id.
        body (UserChange): The fields to change.

            Omitted fields keep their values. `password` is the administrator's password, which is
            optional if their login is
            recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ManagedUser | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: UserChange,
) -> ManagedUser | Problem | None:
    """Update an account: display name, email address, active and verified state

     Update an account: display name, email address, active and verified state. Requires `users:write`.

    A new email address counts as unverified, and both addresses are notified. To change your own email
    address, use
    `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.

    Args:
        user_id (str): The account's public id.
        body (UserChange): The fields to change.

            Omitted fields keep their values. `password` is the administrator's password, which is
            optional if their login is
            recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ManagedUser | Problem
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            body=body,
        )
    ).parsed
