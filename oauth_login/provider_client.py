"""What is asked of a provider: where its doors are, what a code is worth, and whom its tokens name.

A provider is trusted with who somebody is, and with nothing else: all that is asked at one time ends after five
seconds, no answer is read beyond a mebibyte, and whatever cannot be understood is an OauthError.
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
from oauth_login import id_tokens
from oauth_login.schemas import ProviderAnswer
from settings.loading import settings
from settings.oauth_providers import FlowSecrets, Profile, Provider
from telemetry import logs

T = TypeVar("T")

log = logs.logger()
SECONDS_A_DISCOVERY_IS_KEPT = 3600
SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")  # OpenID Connect Core 1.0, 2


_http_url = TypeAdapter(HttpUrl)
Url = Annotated[str, AfterValidator(lambda text: str(_http_url.validate_python(text)))]


class Server(BaseModel):
    """The doors of a provider, as its discovery document tells them (OpenID Connect Discovery 1.0, 3)."""

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
    """Where a provider sends the browser back to: what is registered there."""
    return f"{settings.public_base_url}/oauth/{provider.name}/callback"


def authorization_url(provider: Provider, state: str, asked: FlowSecrets, *, reauthenticate: bool = False) -> str:
    """Where the browser is sent (RFC 6749, 4.1.1). Raises OauthError when the provider cannot be asked for its
    doors.
    """
    server = _in_time(provider, _server, provider)
    with_nonce = {"nonce": asked.nonce} if provider.issuer else {}
    asks_again = {"prompt": "login", "max_age": 0} if reauthenticate and provider.issuer else {}
    posted = {"response_mode": "form_post"} if provider.posts_its_answer else {}
    url, _ = _client(provider).create_authorization_url(
        server.authorization_endpoint, state, asked.verifier, **with_nonce, **posted, **asks_again
    )
    return str(url)


def profile(provider: Provider, answer: ProviderAnswer, asked: FlowSecrets) -> Profile:
    """Whom the provider says the owner of this code is. Raises OauthError."""
    return _in_time(provider, _profile, provider, answer, asked)


def _in_time(provider: Provider, work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Run it on the event loop, which alone can be told to stop at any point: a provider may send a byte a second."""

    try:
        return http_client.within_deadline(work, *arguments)
    except TimeoutError:
        log.warning("a provider is slow", provider=provider.name)
        raise errors.OauthError(f"{provider.title} did not answer in time. Start again in a moment.") from None
    except OAuthError as refused:  # a code that is used or expired, or a secret that is wrong
        log.warning("a provider refuses", provider=provider.name, error=_short(refused.error))
    except Exception as error:  # whatever a provider sends, it is its fault and not ours
        log.warning("a provider talks rubbish", provider=provider.name, error=_short(error), kind=type(error).__name__)
    raise errors.OauthError(f"{provider.title} did not answer as it should. Start again in a moment.")


def _short(error: object) -> str:
    # Other exceptions may quote an answer, or an address with a token in its query.
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
    kept = _servers.get(provider.issuer)
    if kept and time.monotonic() - kept[0] < SECONDS_A_DISCOVERY_IS_KEPT:
        return kept[1]
    async with _client(provider) as http:
        document = await _json(http, _discovery_url(provider), withhold_token=True)
    # Many servers write null or "" for what they do not have.
    server = Server.model_validate({name: value for name, value in dict(document).items() if value not in (None, "")})
    _demand_its_own(provider, server)
    _servers[provider.issuer] = (time.monotonic(), server)
    return server


def _discovery_url(provider: Provider) -> str:
    return provider.discovery_url or f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"


def _demand_its_own(provider: Provider, server: Server) -> None:
    """A document speaks for its own issuer alone, and leads from https to nothing less (Discovery 1.0, 4.3)."""
    own, told = provider.issuer.rstrip("/"), server.issuer.rstrip("/")
    if provider.issuer_is_a_template:  # its tenant may have a name, such as `common`, where the document has its id
        own, told = (re.sub(r"(https?://[^/]+)/[^/]+", r"\1/{tenantid}", issuer, count=1) for issuer in (own, told))
    if own != told:
        raise InvalidResponse("the discovery document is another issuer's")
    doors = (server.authorization_endpoint, server.token_endpoint, server.jwks_uri, server.userinfo_endpoint)
    if provider.issuer.startswith("https:") and not all(door.startswith("https:") for door in doors if door):
        raise InvalidResponse("the discovery document leads away from https")


# ------------------------------------------------------------------------------------------------------ code to profile


async def _profile(provider: Provider, answer: ProviderAnswer, asked: FlowSecrets) -> Profile:
    server = await _server(provider)
    if answer.iss is None and server.authorization_response_iss_parameter_supported:
        raise InvalidResponse("the callback names no issuer")
    if answer.iss is not None and server.issuer and not provider.issuer_is_a_template and answer.iss != server.issuer:
        raise InvalidResponse("the callback is another issuer's")  # RFC 9207
    async with _client(provider) as http:
        token = await http.fetch_token(
            server.token_endpoint,
            grant_type="authorization_code",
            code=answer.code,
            redirect_uri=callback_url(provider),
            auth=_shown(provider, server),
            **_verifier(provider, server, asked),
        )
        if not isinstance(token.get("access_token"), str):
            raise InvalidResponse("there is no access token")
        http.token = {"access_token": token["access_token"], "token_type": "Bearer"}
        told = await (_claims if provider.issuer else _answers)(http, provider, server, token, asked)
    return _sane(provider.read(*told), answer, _issuer_of(provider, told), _auth_time(provider, told))


def _issuer_of(provider: Provider, told: list[Any]) -> str:
    """Return whose subject id it is: the issuer of the id_token, or the origin of a provider without one."""
    parts = urlsplit(provider.authorization_endpoint)
    return str(told[0]["iss"]) if provider.issuer else f"{parts.scheme}://{parts.netloc}"


def _auth_time(provider: Provider, told: list[Any]) -> int | None:
    claimed = told[0].get("auth_time") if provider.issuer else None
    return claimed if type(claimed) is int else None


def _shown(provider: Provider, server: Server) -> httpx2.BasicAuth | None:
    """How the secret is shown.

    In a header, each part as in a form (RFC 6749, 2.3.1), or in the form where no header is taken.
    """
    if "client_secret_basic" not in server.token_endpoint_auth_methods_supported:
        return None
    return httpx2.BasicAuth(quote_plus(provider.client_id), quote_plus(provider.client_secret))


def _verifier(provider: Provider, server: Server, asked: FlowSecrets) -> dict[str, str]:
    takes_it = provider.takes_an_unannounced_verifier or "S256" in server.code_challenge_methods_supported
    return {"code_verifier": asked.verifier} if takes_it else {}


async def _answers(
    http: AsyncOAuth2Client, provider: Provider, server: Server, token: dict[str, Any], asked: FlowSecrets
) -> list[Any]:
    """What a provider without id_tokens tells, one answer for each address; None where it keeps one from us."""
    access_token = token["access_token"]
    proof = hmac.new(provider.client_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
    shown = {"access_token": access_token, "appsecret_proof": proof} if provider.proves_its_secret else {}
    return [await _json(http, errors.with_query(url, **shown), kept_back=(403, 404)) for url in provider.profile_urls]


async def _claims(
    http: AsyncOAuth2Client, provider: Provider, server: Server, token: dict[str, Any], asked: FlowSecrets
) -> list[Any]:
    """The claims of the id_token, with those of the userinfo where it says too little."""

    async def fetch(url: str) -> Any:
        return await _json(http, url, withhold_token=True)

    issuer = id_tokens.Issuer(server.issuer, str(server.jwks_uri), server.id_token_signing_alg_values_supported)
    claims = await id_tokens.read(str(token["id_token"]), provider, issuer, asked.nonce, fetch)
    if "email" not in claims and server.userinfo_endpoint:
        more = await _userinfo(http, provider, server, issuer, fetch)
        if more.get("sub") != claims["sub"]:
            raise InvalidResponse("the userinfo is somebody else's")  # OpenID Connect Core 1.0, 5.3.2
        claims = {**claims, **more}  # who tells the address also tells whether it was verified
    return [claims]


async def _userinfo(
    http: AsyncOAuth2Client, provider: Provider, server: Server, issuer: id_tokens.Issuer, fetch: id_tokens.Fetch
) -> dict[str, Any]:
    """Return the userinfo: JSON, or a signed JWT (OpenID Connect Core 1.0, 5.3.2)."""
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
    """Return a token response as JSON, where the server sends a form, as some did before RFC 6749."""
    if _media_type(response) != "application/x-www-form-urlencoded":
        return response
    return httpx2.Response(response.status_code, json=dict(parse_qsl(response.text)), request=response.request)


def _media_type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


async def _json(http: AsyncOAuth2Client, url: str, kept_back: tuple[int, ...] = (), **options: Any) -> Any:
    response = await _get(http, url, kept_back, **options)
    return None if response.status_code in kept_back else json.loads(response.content)


async def _get(http: AsyncOAuth2Client, url: str, kept_back: tuple[int, ...] = (), **options: Any) -> httpx2.Response:
    response: httpx2.Response = await http.request("GET", url, **options)
    if response.status_code not in (200, *kept_back):
        raise InvalidResponse(f"{urlsplit(url).path} answers {response.status_code}")
    return response


def _sane(told: Profile, answer: ProviderAnswer, issuer: str, auth_time: int | None) -> Profile:
    """The same, with an address that may have an account or none, and a name or none.

    Raises InvalidResponse where nobody is named.
    """
    if not SUBJECT.fullmatch(told.subject):
        raise InvalidResponse("nobody is named")
    email = None
    if isinstance(told.email, str) and len(told.email) <= schemas.EMAIL_MAX_LENGTH:
        with contextlib.suppress(ValueError):
            email = schemas.new_email(told.email)
    name = told.name if isinstance(told.name, str) else _posted_name(answer)
    return Profile(told.subject, email, told.email_verified and email is not None, name, issuer, auth_time)


def _posted_name(answer: ProviderAnswer) -> str | None:
    """Apple tells a name once, beside the code and signed by nobody: good enough to be shown."""
    try:
        name = json.loads(answer.user)["name"]
        return " ".join(filter(None, (name.get("firstName"), name.get("lastName"))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
