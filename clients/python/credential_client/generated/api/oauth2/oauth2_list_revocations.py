from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.revocations import Revocations
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    since: int | None | Unset = UNSET,
    if_none_match: str | Unset = "",
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match

    params: dict[str, Any] = {}

    json_since: int | None | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    else:
        json_since = since
    params["since"] = json_since

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/.well-known/revocations",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | Revocations | None:
    if response.status_code == 200:
        response_200 = Revocations.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Problem | Revocations]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    since: int | None | Unset = UNSET,
    if_none_match: str | Unset = "",
) -> Response[Any | Problem | Revocations]:
    """List the sessions and users whose access tokens were revoked before they expired

     List the sessions and users whose access tokens were revoked before they expired.

    For services that verify access tokens with the published keys. The list contains what was revoked
    within the
    longest lifetime of an access token. Not available with HS256.

    Args:
        since (int | None | Unset): The `version` of an earlier response: list only what was added
            since.
        if_none_match (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Revocations]
    """

    kwargs = _get_kwargs(
        since=since,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    since: int | None | Unset = UNSET,
    if_none_match: str | Unset = "",
) -> Any | Problem | Revocations | None:
    """List the sessions and users whose access tokens were revoked before they expired

     List the sessions and users whose access tokens were revoked before they expired.

    For services that verify access tokens with the published keys. The list contains what was revoked
    within the
    longest lifetime of an access token. Not available with HS256.

    Args:
        since (int | None | Unset): The `version` of an earlier response: list only what was added
            since.
        if_none_match (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Revocations
    """

    return sync_detailed(
        client=client,
        since=since,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    since: int | None | Unset = UNSET,
    if_none_match: str | Unset = "",
) -> Response[Any | Problem | Revocations]:
    """List the sessions and users whose access tokens were revoked before they expired

     List the sessions and users whose access tokens were revoked before they expired.

    For services that verify access tokens with the published keys. The list contains what was revoked
    within the
    longest lifetime of an access token. Not available with HS256.

    Args:
        since (int | None | Unset): The `version` of an earlier response: list only what was added
            since.
        if_none_match (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Revocations]
    """

    kwargs = _get_kwargs(
        since=since,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    since: int | None | Unset = UNSET,
    if_none_match: str | Unset = "",
) -> Any | Problem | Revocations | None:
    """List the sessions and users whose access tokens were revoked before they expired

     List the sessions and users whose access tokens were revoked before they expired.

    For services that verify access tokens with the published keys. The list contains what was revoked
    within the
    longest lifetime of an access token. Not available with HS256.

    Args:
        since (int | None | Unset): The `version` of an earlier response: list only what was added
            since.
        if_none_match (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Revocations
    """

    return (
        await asyncio_detailed(
            client=client,
            since=since,
            if_none_match=if_none_match,
        )
    ).parsed
