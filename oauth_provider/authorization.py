"""Read and check an authorization request (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import errors
from oauth_provider import client_rules, oauth_errors, scopes, unregistered
from oauth_provider.schemas import CODE
from sessions import signed_tokens
from settings.loading import settings

MAX_PARAMETER_LENGTH = 4096
PROMPTS = {"none", "login", "consent", "select_account"}
CODE_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
MAX_AGE = re.compile(r"[0-9]{1,9}", re.ASCII)
REPEATABLE = ("resource",)
Parameters = Mapping[str, Sequence[str]]


class Wanted(Protocol):
    """What a client asks a user for, from a browser or a device."""

    @property
    def client(self) -> Any: ...
    @property
    def scopes(self) -> tuple[str, ...]: ...
    @property
    def resources(self) -> tuple[str, ...]: ...


class Asked(NamedTuple):
    """A valid authorization request.

    scopes: those that the client may request of those that it asked for.
    subject: the `sub` of the user that the client expects (`id_token_hint`).
    stored: the id of its row, if it is stored.
    since: when the client asked. A login since then is recent enough for `prompt=login` and any `max_age`.
    """

    client: Any
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    resources: tuple[str, ...]
    code_challenge: str
    nonce: str | None
    prompt: frozenset[str]
    max_age: int | None
    acr_values: tuple[str, ...]
    login_hint: str | None
    ui_locales: str | None
    subject: str | None
    jkt: str | None
    since: datetime
    stored: str | None = None

    def back_to(self, **values: str) -> str:
        """Return the URL of the client with these parameters of the response (RFC 6749, 4.1.2; RFC 9207)."""
        return _back_to(self.redirect_uri, self.state, **values)

    def refused(self, error: errors.ServiceError) -> errors.ServiceError:
        """Return an error that the client is told by redirect."""
        error.back_to = self.back_to()
        return error


def _back_to(redirect_uri: str, state: str | None, **values: str) -> str:
    state_ = {} if state is None else {"state": state}
    return errors.with_query(redirect_uri, **values, **state_, iss=settings.jwt_issuer)


def client_of(parameters: Parameters) -> Any:
    """Return the client of a request. Raises InvalidOAuthRequest, InvalidClient, InvalidClientDocument."""
    client_id = _one(parameters, "client_id")
    client = unregistered.find(client_id)
    if client is None:
        error = oauth_errors.InvalidOAuthRequest if client_id is None else oauth_errors.InvalidClient
        raise error() if client_id is None else _as_page(error())
    return client


def _as_page(error: errors.ServiceError) -> errors.ServiceError:
    error.status = 400  # a page, without a challenge
    return error


def read(parameters: Parameters, client: Any, since: datetime, *, pushed: bool) -> Asked:
    """Return the request if it is valid.

    pushed: whether the client pushed it, and has authenticated.

    Until the redirect URI is known to be that of the client, errors are not sent there. Raises InvalidOAuthRequest,
    and, with `back_to`, all others of this module.
    """
    state, redirect_uri = _one(parameters, "state"), _redirect_uri(parameters, client)
    try:
        return _read(parameters, client, (redirect_uri, state, since), pushed=pushed)
    except oauth_errors.OAuthProviderError as error:
        error.back_to = _back_to(redirect_uri, state)
        raise


def _redirect_uri(parameters: Parameters, client: Any) -> str:
    given = _one(parameters, "redirect_uri")
    if given is None and len(client.redirect_uris) == 1:
        return str(client.redirect_uris[0])
    if given is None or not any(client_rules.matches(each, given) for each in client.redirect_uris):
        raise oauth_errors.InvalidOAuthRequest("The redirect_uri is not one that the application has registered.")
    return given


def _read(parameters: Parameters, client: Any, known: tuple[str, str | None, datetime], *, pushed: bool) -> Asked:
    redirect_uri, state, since = known
    _require_form(parameters, client, pushed=pushed)
    prompt = frozenset((_one(parameters, "prompt") or "").split())
    if not prompt <= PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise oauth_errors.InvalidOAuthRequest("The prompt is invalid.")
    max_age = _one(parameters, "max_age")
    if max_age is not None and not MAX_AGE.fullmatch(max_age):
        raise oauth_errors.InvalidOAuthRequest("The max_age must be a number of seconds.")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        state=state,
        scopes=granted_scopes(client, _one(parameters, "scope")),
        resources=granted_resources(client, parameters.get("resource", ())),
        code_challenge=_code_challenge(parameters),
        nonce=_one(parameters, "nonce"),
        prompt=prompt,
        max_age=None if max_age is None else int(max_age),
        acr_values=tuple((_one(parameters, "acr_values") or "").split()),
        login_hint=_one(parameters, "login_hint"),
        ui_locales=_one(parameters, "ui_locales"),
        subject=_subject(_one(parameters, "id_token_hint"), client),
        jkt=_one(parameters, "dpop_jkt"),
        since=since,
    )


def _require_form(parameters: Parameters, client: Any, *, pushed: bool) -> None:
    if repeated := [name for name, values in parameters.items() if len(values) > 1 and name not in REPEATABLE]:
        raise oauth_errors.InvalidOAuthRequest(f"Send each parameter only once: {repeated[0]}"[:200])
    if sum(len(name) + sum(map(len, values)) for name, values in parameters.items()) > MAX_PARAMETER_LENGTH:
        raise oauth_errors.InvalidOAuthRequest("The parameters are too long.")
    if "request" in parameters:
        raise oauth_errors.RequestNotSupported()
    response_type = _one(parameters, "response_type")
    if response_type is None:
        raise oauth_errors.InvalidOAuthRequest("The response_type is missing.")
    if response_type != "code":
        raise oauth_errors.UnsupportedResponseType()
    if _one(parameters, "response_mode") not in (None, "query"):
        raise oauth_errors.InvalidOAuthRequest("The response_mode must be query.")
    if CODE not in client.grant_types:
        raise oauth_errors.UnauthorizedClient()
    if client.require_par and not pushed:
        raise oauth_errors.InvalidOAuthRequest("The client must push its authorization requests.")


def _code_challenge(parameters: Parameters) -> str:
    challenge = _one(parameters, "code_challenge")
    if _one(parameters, "code_challenge_method") != "S256" or not CODE_CHALLENGE.fullmatch(challenge or ""):
        raise oauth_errors.InvalidOAuthRequest("PKCE is required: a code_challenge with the method S256.")
    return str(challenge)


def granted_scopes(client: Any, asked: str | None) -> tuple[str, ...]:
    """Return the scopes that a client gets: its default ones, or those that it may request of the ones it asked for.

    Unknown scopes are ignored (OpenID Connect Core 1.0, section 3.1.2.1). Raises InvalidScope if none is left.
    """
    may = tuple(scope for scope in client.scopes if scope not in scopes.RESERVED)
    if not (asked or "").strip():
        return may
    found = tuple(scope for scope in scopes.split(asked) if scope in may)
    if not found:
        raise oauth_errors.InvalidScope()
    return found


def granted_resources(client: Any, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the resources that a client asked for. Raises InvalidTarget for one that it may not."""
    found = allowed_resources(client, asked)
    if len(found) < len(set(asked)):
        raise oauth_errors.InvalidTarget()
    return found


def allowed_resources(client: Any, resources: Sequence[str]) -> tuple[str, ...]:
    """Return those of these resources for which a client may request tokens."""
    allowed = {*client.resources, *settings.oauth_resources, settings.jwt_issuer}
    return tuple(each for each in dict.fromkeys(resources) if each in allowed)


def _subject(id_token_hint: str | None, client: Any) -> str | None:
    """Return the `sub` of an ID token for this client, expired or not. Raises InvalidOAuthRequest."""
    if id_token_hint is None:
        return None
    claims = signed_tokens.read(id_token_hint, "jwt")
    if claims is None or claims.get("aud") != client.client_id:
        raise oauth_errors.InvalidOAuthRequest("The id_token_hint is not an ID token for this client.")
    return str(claims["sub"])


def _one(parameters: Parameters, name: str) -> str | None:
    """Return a parameter, or None. One without a value counts as omitted (RFC 6749, section 3.1)."""
    values = parameters.get(name) or ("",)
    return values[0] or None
