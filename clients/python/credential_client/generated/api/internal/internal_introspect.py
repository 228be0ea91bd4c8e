from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.introspection import Introspection
from ...models.introspection_request import IntrospectionRequest
from ...models.introspections import Introspections
from ...models.problem import Problem
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: IntrospectionRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/internal/introspect",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Introspection | Introspections | Problem | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> Introspection | Introspections:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = Introspection.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = Introspections.from_dict(data)

            return response_200_type_1

        response_200 = _parse_response_200(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Introspection | Introspections | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Response[Introspection | Introspections | Problem]:
    """Introspect an access token, or up to 100 in one request (RFC 7662)

     Introspect an access token, or up to 100 in one request (RFC 7662).

    Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in
    the same order.
    The session and the account are looked up for each request.

    Args:
        body (IntrospectionRequest): The tokens to introspect: one as `token`, or up to 100 as
            `tokens`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Introspection | Introspections | Problem]
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
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Introspection | Introspections | Problem | None:
    """Introspect an access token, or up to 100 in one request (RFC 7662)

     Introspect an access token, or up to 100 in one request (RFC 7662).

    Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in
    the same order.
    The session and the account are looked up for each request.

    Args:
        body (IntrospectionRequest): The tokens to introspect: one as `token`, or up to 100 as
            `tokens`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Introspection | Introspections | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Response[Introspection | Introspections | Problem]:
    """Introspect an access token, or up to 100 in one request (RFC 7662)

     Introspect an access token, or up to 100 in one request (RFC 7662).

    Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in
    the same order.
    The session and the account are looked up for each request.

    Args:
        body (IntrospectionRequest): The tokens to introspect: one as `token`, or up to 100 as
            `tokens`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Introspection | Introspections | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Introspection | Introspections | Problem | None:
    """Introspect an access token, or up to 100 in one request (RFC 7662)

     Introspect an access token, or up to 100 in one request (RFC 7662).

    Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in
    the same order.
    The session and the account are looked up for each request.

    Args:
        body (IntrospectionRequest): The tokens to introspect: one as `token`, or up to 100 as
            `tokens`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Introspection | Introspections | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
