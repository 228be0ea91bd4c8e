from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.linked import Linked
from ...models.problem import Problem
from ...models.tokens import Tokens
from ...types import UNSET, Response, Unset


def _get_kwargs(
    provider: str,
    *,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: None | str | Unset = UNSET,
    user: str | Unset = "",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["state"] = state

    params["code"] = code

    params["error"] = error

    json_iss: None | str | Unset
    if isinstance(iss, Unset):
        json_iss = UNSET
    else:
        json_iss = iss
    params["iss"] = json_iss

    params["user"] = user

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/oauth/{provider}/callback".format(
            provider=quote(str(provider), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Linked | Tokens | Problem | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> Linked | Tokens:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = Tokens.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = Linked.from_dict(data)

            return response_200_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 302:
        response_302 = cast(Any, None)
        return response_302

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[Any | Linked | Tokens | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: None | str | Unset = UNSET,
    user: str | Unset = "",
) -> Response[Any | Linked | Tokens | Problem]:
    """Finish an OAuth flow

     Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL.

    Args:
        provider (str): One of `GET /oauth/providers`.
        state (str | Unset): The state of the authorization request. Default: ''.
        code (str | Unset): The authorization code. Default: ''.
        error (str | Unset): The error code, if the provider or the user denied the login.
            Default: ''.
        iss (None | str | Unset): The issuer of the response.
        user (str | Unset): The user's name. Sent only by Apple, with the first login. Default:
            ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Linked | Tokens | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        state=state,
        code=code,
        error=error,
        iss=iss,
        user=user,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: None | str | Unset = UNSET,
    user: str | Unset = "",
) -> Any | Linked | Tokens | Problem | None:
    """Finish an OAuth flow

     Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL.

    Args:
        provider (str): One of `GET /oauth/providers`.
        state (str | Unset): The state of the authorization request. Default: ''.
        code (str | Unset): The authorization code. Default: ''.
        error (str | Unset): The error code, if the provider or the user denied the login.
            Default: ''.
        iss (None | str | Unset): The issuer of the response.
        user (str | Unset): The user's name. Sent only by Apple, with the first login. Default:
            ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Linked | Tokens | Problem
    """

    return sync_detailed(
        provider=provider,
        client=client,
        state=state,
        code=code,
        error=error,
        iss=iss,
        user=user,
    ).parsed


async def asyncio_detailed(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: None | str | Unset = UNSET,
    user: str | Unset = "",
) -> Response[Any | Linked | Tokens | Problem]:
    """Finish an OAuth flow

     Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL.

    Args:
        provider (str): One of `GET /oauth/providers`.
        state (str | Unset): The state of the authorization request. Default: ''.
        code (str | Unset): The authorization code. Default: ''.
        error (str | Unset): The error code, if the provider or the user denied the login.
            Default: ''.
        iss (None | str | Unset): The issuer of the response.
        user (str | Unset): The user's name. Sent only by Apple, with the first login. Default:
            ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Linked | Tokens | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        state=state,
        code=code,
        error=error,
        iss=iss,
        user=user,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: None | str | Unset = UNSET,
    user: str | Unset = "",
) -> Any | Linked | Tokens | Problem | None:
    """Finish an OAuth flow

     Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL.

    Args:
        provider (str): One of `GET /oauth/providers`.
        state (str | Unset): The state of the authorization request. Default: ''.
        code (str | Unset): The authorization code. Default: ''.
        error (str | Unset): The error code, if the provider or the user denied the login.
            Default: ''.
        iss (None | str | Unset): The issuer of the response.
        user (str | Unset): The user's name. Sent only by Apple, with the first login. Default:
            ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Linked | Tokens | Problem
    """

    return (
        await asyncio_detailed(
            provider=provider,
            client=client,
            state=state,
            code=code,
            error=error,
            iss=iss,
            user=user,
        )
    ).parsed
