from http import HTTPStatus
from typing import Any, Literal, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.authorization_url import AuthorizationUrl
from ...models.presence import Presence
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    provider: str,
    *,
    body: None | Presence | Unset = UNSET,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_redirect_to: None | str | Unset
    if isinstance(redirect_to, Unset):
        json_redirect_to = UNSET
    else:
        json_redirect_to = redirect_to
    params["redirect_to"] = json_redirect_to

    json_prompt: Literal["login"] | None | Unset
    if isinstance(prompt, Unset):
        json_prompt = UNSET
    else:
        json_prompt = prompt
    params["prompt"] = json_prompt

    json_code_challenge: None | str | Unset
    if isinstance(code_challenge, Unset):
        json_code_challenge = UNSET
    else:
        json_code_challenge = code_challenge
    params["code_challenge"] = json_code_challenge

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth/{provider}/link".format(
            provider=quote(str(provider), safe=""),
        ),
        "params": params,
    }

    if isinstance(body, Presence):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AuthorizationUrl | Problem | None:
    if response.status_code == 200:
        response_200 = AuthorizationUrl.from_dict(response.json())

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
) -> Response[AuthorizationUrl | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    provider: str,
    *,
    client: AuthenticatedClient,
    body: None | Presence | Unset = UNSET,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Response[AuthorizationUrl | Problem]:
    """Link a provider to your account

     Link a provider to your account.

    Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send
    the request
    with credentials included.

    Args:
        provider (str): One of `GET /oauth/providers`.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).
        body (None | Presence | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuthorizationUrl | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        body=body,
        redirect_to=redirect_to,
        prompt=prompt,
        code_challenge=code_challenge,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    provider: str,
    *,
    client: AuthenticatedClient,
    body: None | Presence | Unset = UNSET,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> AuthorizationUrl | Problem | None:
    """Link a provider to your account

     Link a provider to your account.

    Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send
    the request
    with credentials included.

    Args:
        provider (str): One of `GET /oauth/providers`.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).
        body (None | Presence | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuthorizationUrl | Problem
    """

    return sync_detailed(
        provider=provider,
        client=client,
        body=body,
        redirect_to=redirect_to,
        prompt=prompt,
        code_challenge=code_challenge,
    ).parsed


async def asyncio_detailed(
    provider: str,
    *,
    client: AuthenticatedClient,
    body: None | Presence | Unset = UNSET,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Response[AuthorizationUrl | Problem]:
    """Link a provider to your account

     Link a provider to your account.

    Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send
    the request
    with credentials included.

    Args:
        provider (str): One of `GET /oauth/providers`.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).
        body (None | Presence | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuthorizationUrl | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        body=body,
        redirect_to=redirect_to,
        prompt=prompt,
        code_challenge=code_challenge,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    provider: str,
    *,
    client: AuthenticatedClient,
    body: None | Presence | Unset = UNSET,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> AuthorizationUrl | Problem | None:
    """Link a provider to your account

     Link a provider to your account.

    Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send
    the request
    with credentials included.

    Args:
        provider (str): One of `GET /oauth/providers`.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).
        body (None | Presence | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuthorizationUrl | Problem
    """

    return (
        await asyncio_detailed(
            provider=provider,
            client=client,
            body=body,
            redirect_to=redirect_to,
            prompt=prompt,
            code_challenge=code_challenge,
        )
    ).parsed
