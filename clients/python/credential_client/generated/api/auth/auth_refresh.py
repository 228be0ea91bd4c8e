from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.refresh import Refresh
from ...models.tokens import Tokens
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: None | Refresh | Unset = UNSET,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/refresh",
        "params": params,
    }

    if isinstance(body, Refresh):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Tokens | None:
    if response.status_code == 200:
        response_200 = Tokens.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Tokens]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: None | Refresh | Unset = UNSET,
    use_cookies: bool | Unset = False,
) -> Response[Problem | Tokens]:
    """Exchange a refresh token for new tokens

     Exchange a refresh token for new tokens.

    For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one
    ends the session.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Tokens]
    """

    kwargs = _get_kwargs(
        body=body,
        use_cookies=use_cookies,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: None | Refresh | Unset = UNSET,
    use_cookies: bool | Unset = False,
) -> Problem | Tokens | None:
    """Exchange a refresh token for new tokens

     Exchange a refresh token for new tokens.

    For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one
    ends the session.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Tokens
    """

    return sync_detailed(
        client=client,
        body=body,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: None | Refresh | Unset = UNSET,
    use_cookies: bool | Unset = False,
) -> Response[Problem | Tokens]:
    """Exchange a refresh token for new tokens

     Exchange a refresh token for new tokens.

    For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one
    ends the session.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Tokens]
    """

    kwargs = _get_kwargs(
        body=body,
        use_cookies=use_cookies,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: None | Refresh | Unset = UNSET,
    use_cookies: bool | Unset = False,
) -> Problem | Tokens | None:
    """Exchange a refresh token for new tokens

     Exchange a refresh token for new tokens.

    For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one
    ends the session.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Tokens
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            use_cookies=use_cookies,
        )
    ).parsed
