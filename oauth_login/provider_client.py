"""Send the requests of an OAuth flow to a provider: discovery, code exchange and profile.

A provider is trusted only with the identity of its users: all requests of a step end after five seconds, responses are
limited to one mebibyte, and an invalid response becomes an OauthError.
"""

import contextlib
import hashlib
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, quote_plus, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from pydantic import AfterValidator, BaseModel, HttpUrl, TypeAdapter

import errors
import schemas
from core import http_client
from core.http_client import InvalidResponse
from languages import translation
from oauth_login import id_tokens
from oauth_login.schemas import ProviderAnswer
from settings.loading import settings
from settings.oauth_providers import FlowSecrets, Profile, Provider
from telemetry import logs

T = TypeVar("T")

log = logs.logger()
SECONDS_DISCOVERY_IS_CACHED = 3600
SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")  # OpenID Connect Core 1.0, 2


_http_url = TypeAdapter(HttpUrl)
Url = Annotated[str, AfterValidator(lambda text: str(_http_url.validate_python(text)))]


class Server(BaseModel):
    """The endpoints of a provider, from its discovery document (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: Url
    token_endpoint: Url
    jwks_uri: Url | None = None
    userinfo_endpoint: Url | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    userinfo_signing_alg_values_supported: list[str] = []
    code_challenge_methods_supported: list[str] = []
    authorization_response_iss_parameter_supported: bool = False


def callback_url(provider: Provider) -> str:
    """Return the URL that the provider redirects to, as registered there."""
    return f"{settings.public_base_url}/oauth/{provider.name}/callback"


def authorization_url(provider: Provider, state: str, secrets: FlowSecrets, *, reauthenticate: bool = False) -> str:
    """Return the URL that starts the flow at the provider (RFC 6749, 4.1.1). Raises OauthError."""
    server = _request(provider, _server, provider)
    nonce = {"nonce": secrets.nonce} if provider.issuer else {}
    reauthentication = {"prompt": "login", "max_age": 0} if reauthenticate and provider.issuer else {}
    response_mode = {"response_mode": "form_post"} if provider.posts_its_answer else {}
    url, _ = _client(provider).create_authorization_url(
        server.authorization_endpoint, state, secrets.verifier, **nonce, **response_mode, **reauthentication
    )
    return str(url)


def profile(provider: Provider, returned: ProviderAnswer, secrets: FlowSecrets) -> Profile:
    """Exchange a code, and return the profile of its user. Raises OauthError."""
    return _request(provider, _profile, provider, returned, secrets)


def _request(provider: Provider, work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Run requests on the event loop within the deadline, and convert all errors to OauthError."""

    try:
        return http_client.within_deadline(work, *arguments)
    except TimeoutError:
        log.warning("provider timeout", provider=provider.name)
        raise errors.OauthError(
            translation.mark("%(provider)s did not respond in time. Try again in a moment.", provider=provider.title)
        ) from None
    except OAuthError as error:  # a used or expired code, or a wrong secret
        log.warning("provider rejected the request", provider=provider.name, error=_description(error.error))
    except Exception as error:  # invalid responses cause many types of errors
        log.warning(
            "invalid response of provider", provider=provider.name, error=_description(error), kind=type(error).__name__
        )
    raise errors.OauthError(
        translation.mark("%(provider)s sent an invalid response. Try again in a moment.", provider=provider.title)
    )


def _description(error: object) -> str:
    # Other exceptions may quote a response, or a URL with a token in its query.
    return str(error)[:100] if isinstance(error, InvalidResponse | id_tokens.InvalidIdToken | str) else ""


# ------------------------------------------------------------------------------------------------------------ discovery

_servers: dict[str, tuple[float, Server]] = {}


async def _server(provider: Provider) -> Server:
    if not provider.issuer:
        return Server(
            issuer="",
            authorization_endpoint=provider.authorization_endpoint,
            token_endpoint=provider.token_endpoint,
            token_endpoint_auth_methods_supported=["client_secret_post"],
        )
    cached = _servers.get(_discovery_url(provider))
    if cached and time.monotonic() - cached[0] < SECONDS_DISCOVERY_IS_CACHED:
        return cached[1]
    async with _client(provider) as http:
        document = await _json(http, _discovery_url(provider), withhold_token=True)
    # Many servers send null or "" for missing values.
    server = Server.model_validate({name: value for name, value in dict(document).items() if value not in (None, "")})
    _require_valid(provider, server)
    _servers[_discovery_url(provider)] = (time.monotonic(), server)
    return server


def _discovery_url(provider: Provider) -> str:
    return provider.discovery_url or f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"


def _require_valid(provider: Provider, server: Server) -> None:
    """Require the expected issuer, and https endpoints for an https issuer (OpenID Connect Discovery 1.0, 4.3)."""
    expected, actual = provider.issuer.rstrip("/"), server.issuer.rstrip("/")
    if (
        provider.issuer_is_a_template
    ):  # the configured tenant may be a name such as `common`, the document contains its id
        expected, actual = (
            re.sub(r"(https?://[^/]+)/[^/]+", r"\1/{tenantid}", issuer, count=1) for issuer in (expected, actual)
        )
    if expected != actual:
        raise InvalidResponse("the discovery document is from another issuer")
    endpoints = (server.authorization_endpoint, server.token_endpoint, server.jwks_uri, server.userinfo_endpoint)
    if provider.issuer.startswith("https:") and not all(
        endpoint.startswith("https:") for endpoint in endpoints if endpoint
    ):
        raise InvalidResponse("the discovery document contains endpoints without https")


# ------------------------------------------------------------------------------------------------------ code to profile


async def _profile(provider: Provider, returned: ProviderAnswer, secrets: FlowSecrets) -> Profile:
    server = await _server(provider)
    if returned.iss is None and server.authorization_response_iss_parameter_supported:
        raise InvalidResponse("the callback has no issuer")
    if (
        returned.iss is not None
        and server.issuer
        and not provider.issuer_is_a_template
        and returned.iss != server.issuer
    ):
        raise InvalidResponse("the callback is from another issuer")  # RFC 9207
    async with _client(provider) as http:
        token = await http.fetch_token(
            server.token_endpoint,
            grant_type="authorization_code",
            code=returned.code,
            redirect_uri=callback_url(provider),
            auth=_client_auth(provider, server),
            **_verifier(provider, server, secrets),
        )
        if not isinstance(token.get("access_token"), str):
            raise InvalidResponse("the token response has no access token")
        http.token = {"access_token": token["access_token"], "token_type": "Bearer"}
        responses = await (_claims if provider.issuer else _profile_responses)(http, provider, server, token, secrets)
    return _validated(
        provider.read(*responses), returned, _issuer_of(provider, responses), _auth_time(provider, responses)
    )


def _issuer_of(provider: Provider, responses: list[Any]) -> str:
    """Return the issuer of the subject id: the issuer of the ID token, or else the origin of the provider."""
    parts = urlsplit(provider.authorization_endpoint)
    return str(responses[0]["iss"]) if provider.issuer else f"{parts.scheme}://{parts.netloc}"


def _auth_time(provider: Provider, responses: list[Any]) -> int | None:
    claimed = responses[0].get("auth_time") if provider.issuer else None
    return claimed if type(claimed) is int else None


def _client_auth(provider: Provider, server: Server) -> httpx2.BasicAuth | None:
    """Return the client authentication: HTTP Basic (RFC 6749, 2.3.1), or None if the secret is sent in the form."""
    if "client_secret_basic" not in server.token_endpoint_auth_methods_supported:
        return None
    return httpx2.BasicAuth(quote_plus(provider.client_id), quote_plus(provider.client_secret))


def _verifier(provider: Provider, server: Server, secrets: FlowSecrets) -> dict[str, str]:
    is_supported = provider.takes_an_unannounced_verifier or "S256" in server.code_challenge_methods_supported
    return {"code_verifier": secrets.verifier} if is_supported else {}


async def _profile_responses(
    http: AsyncOAuth2Client, provider: Provider, server: Server, token: dict[str, Any], secrets: FlowSecrets
) -> list[Any]:
    """Return the profile of a provider without ID tokens: a response for each URL, or None if access was denied."""
    access_token = token["access_token"]
    proof = hmac.new(provider.client_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
    parameters = {"access_token": access_token, "appsecret_proof": proof} if provider.proves_its_secret else {}
    return [await _json(http, errors.with_query(url, **parameters), denied=(403, 404)) for url in provider.profile_urls]


async def _claims(
    http: AsyncOAuth2Client, provider: Provider, server: Server, token: dict[str, Any], secrets: FlowSecrets
) -> list[Any]:
    """Return the claims of the ID token, completed with the userinfo claims if it has no email address."""

    async def fetch(url: str) -> Any:
        return await _json(http, url, withhold_token=True)

    issuer = id_tokens.Issuer(server.issuer, str(server.jwks_uri), server.id_token_signing_alg_values_supported)
    claims = await id_tokens.read(str(token["id_token"]), provider, issuer, secrets.nonce, fetch)
    if not claims.get("email") and server.userinfo_endpoint:
        userinfo = await _userinfo(http, provider, server, issuer, fetch)
        if userinfo.get("sub") != claims["sub"]:
            raise InvalidResponse("the userinfo is of another user")  # OpenID Connect Core 1.0, 5.3.2
        # `email` and `email_verified` come from the same source; keep `iss` and `auth_time` of the ID token.
        claims = {**userinfo, **claims, **{name: userinfo.get(name) for name in ("email", "email_verified")}}
    return [claims]


async def _userinfo(
    http: AsyncOAuth2Client, provider: Provider, server: Server, issuer: id_tokens.Issuer, fetch: id_tokens.Fetch
) -> dict[str, Any]:
    """Return the userinfo, sent as JSON or as a signed JWT (OpenID Connect Core 1.0, 5.3.2)."""
    response = await _get(http, str(server.userinfo_endpoint))
    if _media_type(response) != "application/jwt":
        return dict(json.loads(response.content))
    announced = server.userinfo_signing_alg_values_supported or issuer.algorithms
    signed = issuer._replace(algorithms=announced)
    return await id_tokens.read_userinfo(response.text.strip(), provider, signed, fetch)


# ----------------------------------------------------------------------------------------------------------------- HTTP


def _client(provider: Provider) -> AsyncOAuth2Client:
    client = AsyncOAuth2Client(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method="client_secret_post",
        scope=provider.scope,
        redirect_uri=callback_url(provider),
        code_challenge_method="S256",
        **http_client.options(),
    )
    client.register_compliance_hook("access_token_response", _as_json)
    return client


def _as_json(response: httpx2.Response) -> httpx2.Response:
    """Convert a token response that is sent as a form, which some servers did before RFC 6749, to JSON."""
    if _media_type(response) != "application/x-www-form-urlencoded":
        return response
    return httpx2.Response(response.status_code, json=dict(parse_qsl(response.text)), request=response.request)


def _media_type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


async def _json(http: AsyncOAuth2Client, url: str, denied: tuple[int, ...] = (), **options: Any) -> Any:
    response = await _get(http, url, denied, **options)
    return None if response.status_code in denied else json.loads(response.content)


async def _get(http: AsyncOAuth2Client, url: str, denied: tuple[int, ...] = (), **options: Any) -> httpx2.Response:
    response: httpx2.Response = await http.request("GET", url, **options)
    if response.status_code not in (200, *denied):
        raise InvalidResponse(f"{urlsplit(url).path} responds with {response.status_code}")
    return response


def _validated(profile: Profile, returned: ProviderAnswer, issuer: str, auth_time: int | None) -> Profile:
    """Return a profile with a valid email address and name, or None for each.

    Raises InvalidResponse if the subject id is invalid.
    """
    if not SUBJECT.fullmatch(profile.subject):
        raise InvalidResponse("the subject id is invalid")
    email = None
    if isinstance(profile.email, str) and len(profile.email) <= schemas.EMAIL_MAX_LENGTH:
        with contextlib.suppress(ValueError):
            email = schemas.new_email(profile.email)
    name = profile.name if isinstance(profile.name, str) else _posted_name(returned)
    return Profile(profile.subject, email, profile.email_verified and email is not None, name, issuer, auth_time)


def _posted_name(returned: ProviderAnswer) -> str | None:
    """Return the name that Apple sends once with the code. It is not signed, but sufficient as a display name."""
    try:
        name = json.loads(returned.user)["name"]
        return " ".join(filter(None, (name.get("firstName"), name.get("lastName"))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
