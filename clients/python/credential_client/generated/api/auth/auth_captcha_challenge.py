from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.challenge import Challenge
from ...models.problem import Problem
from ...types import UNSET, Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/auth/captcha",
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Challenge | Problem | None:
    if response.status_code == 200:
        response_200 = Challenge.from_dict(response.json())

        return response_200

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Challenge | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[Challenge | Problem]:
    """Get a proof of work, in the form of ALTCHA

     Get a proof of work, in the form of ALTCHA.

    Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The
    `captcha_token` is the
    Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within
    five minutes.
    Available only with `CAPTCHA_PROVIDER=altcha`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Challenge | Problem]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> Challenge | Problem | None:
    """Get a proof of work, in the form of ALTCHA

     Get a proof of work, in the form of ALTCHA.

    Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The
    `captcha_token` is the
    Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within
    five minutes.
    Available only with `CAPTCHA_PROVIDER=altcha`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Challenge | Problem
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[Challenge | Problem]:
    """Get a proof of work, in the form of ALTCHA

     Get a proof of work, in the form of ALTCHA.

    Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The
    `captcha_token` is the
    Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within
    five minutes.
    Available only with `CAPTCHA_PROVIDER=altcha`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Challenge | Problem]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> Challenge | Problem | None:
    """Get a proof of work, in the form of ALTCHA

     Get a proof of work, in the form of ALTCHA.

    Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The
    `captcha_token` is the
    Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within
    five minutes.
    Available only with `CAPTCHA_PROVIDER=altcha`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Challenge | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
