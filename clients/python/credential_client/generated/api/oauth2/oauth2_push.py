from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.o_auth_problem import OAuthProblem
from ...models.oauth_2_push_authorization_form import Oauth2PushAuthorizationForm
from ...models.pushed_request import PushedRequest
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: Oauth2PushAuthorizationForm,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth2/par",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OAuthProblem | PushedRequest | None:
    if response.status_code == 201:
        response_201 = PushedRequest.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = OAuthProblem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = OAuthProblem.from_dict(response.json())

        return response_401

    if response.status_code == 413:
        response_413 = OAuthProblem.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = OAuthProblem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = OAuthProblem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OAuthProblem | PushedRequest]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2PushAuthorizationForm,
) -> Response[OAuthProblem | PushedRequest]:
    """Push an authorization request, and get its `request_uri` (RFC 9126)

     Push an authorization request, and get its `request_uri` (RFC 9126).

    The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.

    Args:
        body (Oauth2PushAuthorizationForm): The parameters of an authorization request, and the
            authentication of the client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | PushedRequest]
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
    client: AuthenticatedClient | Client,
    body: Oauth2PushAuthorizationForm,
) -> OAuthProblem | PushedRequest | None:
    """Push an authorization request, and get its `request_uri` (RFC 9126)

     Push an authorization request, and get its `request_uri` (RFC 9126).

    The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.

    Args:
        body (Oauth2PushAuthorizationForm): The parameters of an authorization request, and the
            authentication of the client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | PushedRequest
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2PushAuthorizationForm,
) -> Response[OAuthProblem | PushedRequest]:
    """Push an authorization request, and get its `request_uri` (RFC 9126)

     Push an authorization request, and get its `request_uri` (RFC 9126).

    The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.

    Args:
        body (Oauth2PushAuthorizationForm): The parameters of an authorization request, and the
            authentication of the client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OAuthProblem | PushedRequest]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Oauth2PushAuthorizationForm,
) -> OAuthProblem | PushedRequest | None:
    """Push an authorization request, and get its `request_uri` (RFC 9126)

     Push an authorization request, and get its `request_uri` (RFC 9126).

    The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.

    Args:
        body (Oauth2PushAuthorizationForm): The parameters of an authorization request, and the
            authentication of the client.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OAuthProblem | PushedRequest
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
