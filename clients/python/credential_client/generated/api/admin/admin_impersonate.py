from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bearer_token import BearerToken
from ...models.impersonate import Impersonate
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    user_id: str,
    *,
    body: Impersonate,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/admin/users/{user_id}/impersonate".format(
            user_id=quote(str(user_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BearerToken | Problem | None:
    if response.status_code == 200:
        response_200 = BearerToken.from_dict(response.json())

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
) -> Response[BearerToken | Problem]:
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
    body: Impersonate,
    use_cookies: bool | Unset = False,
) -> Response[BearerToken | Problem]:
    """Get an access token of another user, to see what they see

     Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
    authentication.

    The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for
    nothing that
    affects who has access to the account. The user is notified. In cookie mode, logging out returns to
    your session.

    Args:
        user_id (str): The account's public id.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Impersonate): Why you impersonate the user. `password` is yours, and is optional if
            your login is recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BearerToken | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
        use_cookies=use_cookies,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: Impersonate,
    use_cookies: bool | Unset = False,
) -> BearerToken | Problem | None:
    """Get an access token of another user, to see what they see

     Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
    authentication.

    The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for
    nothing that
    affects who has access to the account. The user is notified. In cookie mode, logging out returns to
    your session.

    Args:
        user_id (str): The account's public id.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Impersonate): Why you impersonate the user. `password` is yours, and is optional if
            your login is recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BearerToken | Problem
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        body=body,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: Impersonate,
    use_cookies: bool | Unset = False,
) -> Response[BearerToken | Problem]:
    """Get an access token of another user, to see what they see

     Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
    authentication.

    The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for
    nothing that
    affects who has access to the account. The user is notified. In cookie mode, logging out returns to
    your session.

    Args:
        user_id (str): The account's public id.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Impersonate): Why you impersonate the user. `password` is yours, and is optional if
            your login is recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BearerToken | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        body=body,
        use_cookies=use_cookies,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: AuthenticatedClient,
    body: Impersonate,
    use_cookies: bool | Unset = False,
) -> BearerToken | Problem | None:
    """Get an access token of another user, to see what they see

     Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
    authentication.

    The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for
    nothing that
    affects who has access to the account. The user is notified. In cookie mode, logging out returns to
    your session.

    Args:
        user_id (str): The account's public id.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (Impersonate): Why you impersonate the user. `password` is yours, and is optional if
            your login is recent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BearerToken | Problem
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            body=body,
            use_cookies=use_cookies,
        )
    ).parsed
