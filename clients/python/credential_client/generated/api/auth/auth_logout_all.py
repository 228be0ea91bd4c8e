from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.refresh import Refresh
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: None | Refresh | Unset = UNSET,
    api_keys: bool | Unset = False,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["api_keys"] = api_keys

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/logout-all",
        "params": params,
    }

    if isinstance(body, Refresh):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | None:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: None | Refresh | Unset = UNSET,
    api_keys: bool | Unset = False,
    use_cookies: bool | Unset = False,
) -> Response[Any | Problem]:
    """Log out of all sessions

     Log out of all sessions.

    Args:
        api_keys (bool | Unset): Whether your API keys end too. Default: False.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        api_keys=api_keys,
        use_cookies=use_cookies,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: None | Refresh | Unset = UNSET,
    api_keys: bool | Unset = False,
    use_cookies: bool | Unset = False,
) -> Any | Problem | None:
    """Log out of all sessions

     Log out of all sessions.

    Args:
        api_keys (bool | Unset): Whether your API keys end too. Default: False.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        api_keys=api_keys,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: None | Refresh | Unset = UNSET,
    api_keys: bool | Unset = False,
    use_cookies: bool | Unset = False,
) -> Response[Any | Problem]:
    """Log out of all sessions

     Log out of all sessions.

    Args:
        api_keys (bool | Unset): Whether your API keys end too. Default: False.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        api_keys=api_keys,
        use_cookies=use_cookies,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: None | Refresh | Unset = UNSET,
    api_keys: bool | Unset = False,
    use_cookies: bool | Unset = False,
) -> Any | Problem | None:
    """Log out of all sessions

     Log out of all sessions.

    Args:
        api_keys (bool | Unset): Whether your API keys end too. Default: False.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (None | Refresh | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            api_keys=api_keys,
            use_cookies=use_cookies,
        )
    ).parsed
