from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.link_proof import LinkProof
from ...models.logged_in import LoggedIn
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: LinkProof,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/magic-link/confirm",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> LoggedIn | Problem | None:
    if response.status_code == 200:
        response_200 = LoggedIn.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[LoggedIn | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LinkProof,
    use_cookies: bool | Unset = False,
) -> Response[LoggedIn | Problem]:
    """Log in with the `token` of the link, or with `email` and `code`

     Log in with the `token` of the link, or with `email` and `code`.

    Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it,
    the response is
    403 `other_device`, and the link and the code remain valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (LinkProof): Either the token of the link, or the email address and the code; and the
            flow, unless it is sent as a cookie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LoggedIn | Problem]
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
    body: LinkProof,
    use_cookies: bool | Unset = False,
) -> LoggedIn | Problem | None:
    """Log in with the `token` of the link, or with `email` and `code`

     Log in with the `token` of the link, or with `email` and `code`.

    Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it,
    the response is
    403 `other_device`, and the link and the code remain valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (LinkProof): Either the token of the link, or the email address and the code; and the
            flow, unless it is sent as a cookie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LoggedIn | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LinkProof,
    use_cookies: bool | Unset = False,
) -> Response[LoggedIn | Problem]:
    """Log in with the `token` of the link, or with `email` and `code`

     Log in with the `token` of the link, or with `email` and `code`.

    Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it,
    the response is
    403 `other_device`, and the link and the code remain valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (LinkProof): Either the token of the link, or the email address and the code; and the
            flow, unless it is sent as a cookie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LoggedIn | Problem]
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
    body: LinkProof,
    use_cookies: bool | Unset = False,
) -> LoggedIn | Problem | None:
    """Log in with the `token` of the link, or with `email` and `code`

     Log in with the `token` of the link, or with `email` and `code`.

    Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it,
    the response is
    403 `other_device`, and the link and the code remain valid.

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (LinkProof): Either the token of the link, or the email address and the code; and the
            flow, unless it is sent as a cookie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LoggedIn | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            use_cookies=use_cookies,
        )
    ).parsed
