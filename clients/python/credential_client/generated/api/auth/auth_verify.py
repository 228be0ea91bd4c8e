from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.auth_verify_acr_item import AuthVerifyAcrItem
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    permission: list[str] | Unset = UNSET,
    role: list[str] | Unset = UNSET,
    acr: list[AuthVerifyAcrItem] | Unset = UNSET,
    login: list[str] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_permission: list[str] | Unset = UNSET
    if not isinstance(permission, Unset):
        json_permission = permission

    params["permission"] = json_permission

    json_role: list[str] | Unset = UNSET
    if not isinstance(role, Unset):
        json_role = role

    params["role"] = json_role

    json_acr: list[str] | Unset = UNSET
    if not isinstance(acr, Unset):
        json_acr = []
        for acr_item_data in acr:
            acr_item = acr_item_data.value
            json_acr.append(acr_item)

    params["acr"] = json_acr

    json_login: list[str] | Unset = UNSET
    if not isinstance(login, Unset):
        json_login = login

    params["login"] = json_login

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/auth/verify",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | None:
    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

    if response.status_code == 302:
        response_302 = cast(Any, None)
        return response_302

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
    permission: list[str] | Unset = UNSET,
    role: list[str] | Unset = UNSET,
    acr: list[AuthVerifyAcrItem] | Unset = UNSET,
    login: list[str] | Unset = UNSET,
) -> Response[Any | Problem]:
    """Verify a request for a reverse proxy

     Verify a request for a reverse proxy.

    For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
    Takes an access token, the access cookie or an API key, with any method. The headers of the response
    say who sends
    the request; each is always sent, so that a proxy overwrites what the client sent.

    Args:
        permission (list[str] | Unset): A permission that the user, or the API key, must have.
        role (list[str] | Unset): A role that the user must have. An API key has none.
        acr (list[AuthVerifyAcrItem] | Unset): `aal2`: the session must have used two factors.
        login (list[str] | Unset): `redirect`: a browser without a session gets 302 to the hosted
            login instead of 401.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        permission=permission,
        role=role,
        acr=acr,
        login=login,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    permission: list[str] | Unset = UNSET,
    role: list[str] | Unset = UNSET,
    acr: list[AuthVerifyAcrItem] | Unset = UNSET,
    login: list[str] | Unset = UNSET,
) -> Any | Problem | None:
    """Verify a request for a reverse proxy

     Verify a request for a reverse proxy.

    For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
    Takes an access token, the access cookie or an API key, with any method. The headers of the response
    say who sends
    the request; each is always sent, so that a proxy overwrites what the client sent.

    Args:
        permission (list[str] | Unset): A permission that the user, or the API key, must have.
        role (list[str] | Unset): A role that the user must have. An API key has none.
        acr (list[AuthVerifyAcrItem] | Unset): `aal2`: the session must have used two factors.
        login (list[str] | Unset): `redirect`: a browser without a session gets 302 to the hosted
            login instead of 401.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        client=client,
        permission=permission,
        role=role,
        acr=acr,
        login=login,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    permission: list[str] | Unset = UNSET,
    role: list[str] | Unset = UNSET,
    acr: list[AuthVerifyAcrItem] | Unset = UNSET,
    login: list[str] | Unset = UNSET,
) -> Response[Any | Problem]:
    """Verify a request for a reverse proxy

     Verify a request for a reverse proxy.

    For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
    Takes an access token, the access cookie or an API key, with any method. The headers of the response
    say who sends
    the request; each is always sent, so that a proxy overwrites what the client sent.

    Args:
        permission (list[str] | Unset): A permission that the user, or the API key, must have.
        role (list[str] | Unset): A role that the user must have. An API key has none.
        acr (list[AuthVerifyAcrItem] | Unset): `aal2`: the session must have used two factors.
        login (list[str] | Unset): `redirect`: a browser without a session gets 302 to the hosted
            login instead of 401.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        permission=permission,
        role=role,
        acr=acr,
        login=login,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    permission: list[str] | Unset = UNSET,
    role: list[str] | Unset = UNSET,
    acr: list[AuthVerifyAcrItem] | Unset = UNSET,
    login: list[str] | Unset = UNSET,
) -> Any | Problem | None:
    """Verify a request for a reverse proxy

     Verify a request for a reverse proxy.

    For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
    Takes an access token, the access cookie or an API key, with any method. The headers of the response
    say who sends
    the request; each is always sent, so that a proxy overwrites what the client sent.

    Args:
        permission (list[str] | Unset): A permission that the user, or the API key, must have.
        role (list[str] | Unset): A role that the user must have. An API key has none.
        acr (list[AuthVerifyAcrItem] | Unset): `aal2`: the session must have used two factors.
        login (list[str] | Unset): `redirect`: a browser without a session gets 302 to the hosted
            login instead of 401.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            permission=permission,
            role=role,
            acr=acr,
            login=login,
        )
    ).parsed
