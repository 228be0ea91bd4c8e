from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.sent_mail import SentMail
from ...models.system_mailbox_format import SystemMailboxFormat
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value

    params["format"] = json_format_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/dev/mailbox",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[SentMail] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = SentMail.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | list[SentMail]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
) -> Response[Problem | list[SentMail]]:
    """List the emails in the development mailbox, newest first

     List the emails in the development mailbox, newest first.

    The response is a page, or JSON with `?format=json`. Available only in development without an SMTP
    server.

    Args:
        format_ (SystemMailboxFormat | Unset):  Default: SystemMailboxFormat.HTML.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[SentMail]]
    """

    kwargs = _get_kwargs(
        format_=format_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
) -> Problem | list[SentMail] | None:
    """List the emails in the development mailbox, newest first

     List the emails in the development mailbox, newest first.

    The response is a page, or JSON with `?format=json`. Available only in development without an SMTP
    server.

    Args:
        format_ (SystemMailboxFormat | Unset):  Default: SystemMailboxFormat.HTML.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[SentMail]
    """

    return sync_detailed(
        client=client,
        format_=format_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
) -> Response[Problem | list[SentMail]]:
    """List the emails in the development mailbox, newest first

     List the emails in the development mailbox, newest first.

    The response is a page, or JSON with `?format=json`. Available only in development without an SMTP
    server.

    Args:
        format_ (SystemMailboxFormat | Unset):  Default: SystemMailboxFormat.HTML.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[SentMail]]
    """

    kwargs = _get_kwargs(
        format_=format_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    format_: SystemMailboxFormat | Unset = SystemMailboxFormat.HTML,
) -> Problem | list[SentMail] | None:
    """List the emails in the development mailbox, newest first

     List the emails in the development mailbox, newest first.

    The response is a page, or JSON with `?format=json`. Available only in development without an SMTP
    server.

    Args:
        format_ (SystemMailboxFormat | Unset):  Default: SystemMailboxFormat.HTML.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[SentMail]
    """

    return (
        await asyncio_detailed(
            client=client,
            format_=format_,
        )
    ).parsed
