from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.sign_up import SignUp
from ...models.sign_up_accepted import SignUpAccepted
from ...models.signed_up import SignedUp
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: SignUp,
    use_cookies: bool | Unset = False,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/auth/signup",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SignUpAccepted | SignedUp | None:
    if response.status_code == 201:
        response_201 = SignedUp.from_dict(response.json())

        return response_201

    if response.status_code == 202:
        response_202 = SignUpAccepted.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[Problem | SignUpAccepted | SignedUp]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SignUp,
    use_cookies: bool | Unset = False,
) -> Response[Problem | SignUpAccepted | SignedUp]:
    """Sign up with email and password

     Sign up with email and password. If the account may log in immediately, the response contains its
    tokens.

    With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the
    account is
    created with the link or code in the email (`POST /auth/magic-link/confirm`).

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (SignUp):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SignUpAccepted | SignedUp]
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
    body: SignUp,
    use_cookies: bool | Unset = False,
) -> Problem | SignUpAccepted | SignedUp | None:
    """Sign up with email and password

     Sign up with email and password. If the account may log in immediately, the response contains its
    tokens.

    With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the
    account is
    created with the link or code in the email (`POST /auth/magic-link/confirm`).

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (SignUp):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SignUpAccepted | SignedUp
    """

    return sync_detailed(
        client=client,
        body=body,
        use_cookies=use_cookies,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SignUp,
    use_cookies: bool | Unset = False,
) -> Response[Problem | SignUpAccepted | SignedUp]:
    """Sign up with email and password

     Sign up with email and password. If the account may log in immediately, the response contains its
    tokens.

    With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the
    account is
    created with the link or code in the email (`POST /auth/magic-link/confirm`).

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (SignUp):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SignUpAccepted | SignedUp]
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
    body: SignUp,
    use_cookies: bool | Unset = False,
) -> Problem | SignUpAccepted | SignedUp | None:
    """Sign up with email and password

     Sign up with email and password. If the account may log in immediately, the response contains its
    tokens.

    With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the
    account is
    created with the link or code in the email (`POST /auth/magic-link/confirm`).

    Args:
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning them
            in the body. Default: False.
        body (SignUp):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SignUpAccepted | SignedUp
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            use_cookies=use_cookies,
        )
    ).parsed
