from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.message import Message
from ...models.problem import Problem
from ...models.secure_account import SecureAccount
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: SecureAccount,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/secure-account",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Message | Problem | None:
    if response.status_code == 200:
        response_200 = Message.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Message | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SecureAccount,
) -> Response[Message | Problem]:
    """Secure an account after an unauthorized password reset

     Secure an account after an unauthorized password reset.

    Send the `token` from the email about the password reset. All sessions end, linked providers are
    removed, and all
    open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
    /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72
    hours, unless
    someone logs in with one of them before.

    Args:
        body (SecureAccount): The token of the link, and a factor to remove the account's other
            factors immediately.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Message | Problem]
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
    body: SecureAccount,
) -> Message | Problem | None:
    """Secure an account after an unauthorized password reset

     Secure an account after an unauthorized password reset.

    Send the `token` from the email about the password reset. All sessions end, linked providers are
    removed, and all
    open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
    /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72
    hours, unless
    someone logs in with one of them before.

    Args:
        body (SecureAccount): The token of the link, and a factor to remove the account's other
            factors immediately.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Message | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SecureAccount,
) -> Response[Message | Problem]:
    """Secure an account after an unauthorized password reset

     Secure an account after an unauthorized password reset.

    Send the `token` from the email about the password reset. All sessions end, linked providers are
    removed, and all
    open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
    /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72
    hours, unless
    someone logs in with one of them before.

    Args:
        body (SecureAccount): The token of the link, and a factor to remove the account's other
            factors immediately.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Message | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: SecureAccount,
) -> Message | Problem | None:
    """Secure an account after an unauthorized password reset

     Secure an account after an unauthorized password reset.

    Send the `token` from the email about the password reset. All sessions end, linked providers are
    removed, and all
    open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
    /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72
    hours, unless
    someone logs in with one of them before.

    Args:
        body (SecureAccount): The token of the link, and a factor to remove the account's other
            factors immediately.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Message | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
