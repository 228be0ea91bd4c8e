from http import HTTPStatus
from typing import Any, Literal, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    provider: str,
    *,
    use_cookies: bool | Unset = False,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["use_cookies"] = use_cookies

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
        "method": "get",
        "url": "/oauth/{provider}".format(
            provider=quote(str(provider), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | None:
    if response.status_code == 302:
        response_302 = cast(Any, None)
        return response_302

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    use_cookies: bool | Unset = False,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Start an OAuth flow

     Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.

    The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with
    `?error=<code>`.
    Without `redirect_to` the callback responds with the tokens.

    Args:
        provider (str): One of `GET /oauth/providers`.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning a
            `code`. Default: False.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        use_cookies=use_cookies,
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
    client: AuthenticatedClient | Client,
    use_cookies: bool | Unset = False,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Any | Problem | None:
    """Start an OAuth flow

     Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.

    The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with
    `?error=<code>`.
    Without `redirect_to` the callback responds with the tokens.

    Args:
        provider (str): One of `GET /oauth/providers`.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning a
            `code`. Default: False.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        provider=provider,
        client=client,
        use_cookies=use_cookies,
        redirect_to=redirect_to,
        prompt=prompt,
        code_challenge=code_challenge,
    ).parsed


async def asyncio_detailed(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    use_cookies: bool | Unset = False,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Start an OAuth flow

     Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.

    The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with
    `?error=<code>`.
    Without `redirect_to` the callback responds with the tokens.

    Args:
        provider (str): One of `GET /oauth/providers`.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning a
            `code`. Default: False.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        use_cookies=use_cookies,
        redirect_to=redirect_to,
        prompt=prompt,
        code_challenge=code_challenge,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    provider: str,
    *,
    client: AuthenticatedClient | Client,
    use_cookies: bool | Unset = False,
    redirect_to: None | str | Unset = UNSET,
    prompt: Literal["login"] | None | Unset = UNSET,
    code_challenge: None | str | Unset = UNSET,
) -> Any | Problem | None:
    """Start an OAuth flow

     Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.

    The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with
    `?error=<code>`.
    Without `redirect_to` the callback responds with the tokens.

    Args:
        provider (str): One of `GET /oauth/providers`.
        use_cookies (bool | Unset): Set the tokens as `HttpOnly` cookies instead of returning a
            `code`. Default: False.
        redirect_to (None | str | Unset): Where the flow ends: one of OAUTH_REDIRECT_URIS, or a
            URL below one of its origins.
        prompt (Literal['login'] | None | Unset): `login` asks the provider to authenticate the
            user again. Only such a login counts as recent, and only if the provider's ID token
            contains `auth_time`.
        code_challenge (None | str | Unset): S256 of a verifier, which `POST /oauth/exchange` then
            requires (RFC 7636).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            provider=provider,
            client=client,
            use_cookies=use_cookies,
            redirect_to=redirect_to,
            prompt=prompt,
            code_challenge=code_challenge,
        )
    ).parsed
