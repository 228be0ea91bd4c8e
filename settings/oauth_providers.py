"""Define the OAuth and OpenID Connect providers: a record for each, with a pure function from its claims to a Profile.

A new OpenID Connect server needs no code: list it in OIDC_PROVIDERS. A provider of another kind is one more record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from settings.loading import settings
from settings.production_rules import AS_PRINTED
from settings.value_types import BUILT_IN_PROVIDERS

FACEBOOK_VERSION = "v26.0"


class FlowSecrets(NamedTuple):
    """The secrets of one OAuth flow: the PKCE verifier (RFC 7636) and the nonce (OpenID Connect Core 1.0, 3.1.2.1)."""

    verifier: str
    nonce: str


@dataclass(frozen=True)
class Profile:
    """The user's identity as the provider asserts it.

    `email_verified` has no default, so that each new provider must decide whether it verifies email addresses.
    """

    subject: str
    email: str | None
    email_verified: bool
    name: str | None
    issuer: str = ""
    auth_time: int | None = None  # when the user last authenticated, if the provider says so


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The static configuration of a provider.

    A provider with an `issuer` uses OpenID Connect: its endpoints come from its discovery document.
    """

    name: str
    title: str
    client_id: str
    client_secret: str
    scope: str
    read: Callable[..., Profile]
    issuer: str = ""
    discovery_url: str = ""  # if the document is not below the issuer
    # For plain OAuth 2.0: the endpoints, and the profile URLs to request with the access token, in this order.
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    profile_urls: tuple[str, ...] = ()
    proves_its_secret: bool = False  # Facebook: each request contains an HMAC over the token
    posts_its_answer: bool = False  # Apple: the callback is a cross-site form post
    echoes_the_nonce: bool = True
    takes_an_unannounced_verifier: bool = True
    issuer_is_a_template: bool = False  # Microsoft: the issuer contains the tenant id


def configured() -> dict[str, Provider]:
    """Return the enabled providers by name: those with a client id, and a client secret that is not a placeholder."""
    return {
        provider.name: provider
        for provider in (*_built_in(), *_others())
        if provider.client_id and provider.client_secret and not AS_PRINTED.search(provider.client_secret)
    }


def title_of(name: str) -> str:
    """Return the display name of a provider, even if it is no longer enabled."""
    provider = configured().get(name)
    return provider.title if provider else BUILT_IN_PROVIDERS.get(name, name.title())


def _built_in() -> Iterator[Provider]:
    plain = {"scope": "openid email profile", "read": openid_profile}
    yield _known("google", issuer=settings.google_issuer, **plain)
    graph = f"{settings.facebook_graph_url}/{FACEBOOK_VERSION}"
    yield _known(
        "facebook",
        authorization_endpoint=f"{settings.facebook_base_url}/{FACEBOOK_VERSION}/dialog/oauth",
        token_endpoint=f"{graph}/oauth/access_token",
        profile_urls=(f"{graph}/me?fields=id,name,email",),
        proves_its_secret=True,
        scope="email public_profile",
        read=facebook_profile,
    )
    yield _known(
        "github",
        authorization_endpoint=f"{settings.github_base_url}/login/oauth/authorize",
        token_endpoint=f"{settings.github_base_url}/login/oauth/access_token",
        profile_urls=(f"{settings.github_api_url}/user", f"{settings.github_api_url}/user/emails"),
        scope="read:user user:email",
        read=github_profile,
    )
    yield _known(
        "microsoft",
        issuer=settings.microsoft_issuer,
        issuer_is_a_template=True,
        **plain | {"read": microsoft_profile},
    )
    yield _known(
        "linkedin",
        issuer=settings.linkedin_issuer,
        echoes_the_nonce=False,
        takes_an_unannounced_verifier=False,
        **plain,
    )
    yield _known("apple", issuer=settings.apple_issuer, posts_its_answer=True, **plain | {"scope": "openid email name"})


def _known(name: str, **more: Any) -> Provider:
    return Provider(
        name=name,
        title=BUILT_IN_PROVIDERS[name],
        client_id=getattr(settings, f"{name}_client_id"),
        client_secret=getattr(settings, f"{name}_client_secret"),
        **more,
    )


def _others() -> list[Provider]:
    return [
        Provider(
            name=server.name,
            title=server.name.replace("-", " ").replace("_", " ").title(),
            client_id=server.client_id,
            client_secret=server.client_secret,
            issuer=server.issuer,
            discovery_url=server.discovery_url,
            scope=server.scopes,
            read=openid_profile,
        )
        for server in settings.oidc_providers
    ]


# ------------------------------------------------------------------------------------------------------------- profiles


def _is_true(value: object) -> bool:
    """Return whether a claim is `true`, or `"true"` as some servers write it; the number 1 does not count."""
    return value is True or value == "true"


def _first(values: object) -> Any:
    return values[0] if isinstance(values, list) and values else None


def openid_profile(claims: dict[str, Any]) -> Profile:
    """Return the profile from the claims of an ID token and UserInfo response (OpenID Connect Core 1.0, 5.1)."""
    return Profile(
        subject=claims["sub"],
        email=claims.get("email") or _first(claims.get("emails")),  # `emails`: Azure AD B2C, which verifies none
        email_verified=_is_true(claims.get("email_verified")) and bool(claims.get("email")),
        name=claims.get("name"),
    )


def microsoft_profile(claims: dict[str, Any]) -> Profile:
    """Return the profile from Microsoft's claims.

    Tenants can set `email` freely. Only `xms_edov` says that Microsoft verified the owner of the domain.
    """
    return Profile(
        subject=claims["sub"],
        email=claims.get("email"),
        email_verified=claims.get("xms_edov") in (True, 1, "1", "true"),
        name=claims.get("name"),
    )


def facebook_profile(person: dict[str, Any]) -> Profile:
    """Return the profile from Facebook, which does not say whether the email address is verified."""
    return Profile(subject=person["id"], email=person.get("email"), email_verified=False, name=person.get("name"))


def github_profile(person: dict[str, Any], addresses: list[dict[str, Any]] | None) -> Profile:
    """Return the profile from GitHub with the primary email address. Without access to the list, it is unverified."""
    primary = next((address for address in addresses or [] if address.get("primary") is True), None)
    return Profile(
        subject=str(int(person["id"])),
        email=primary["email"] if primary else person.get("email"),
        email_verified=primary is not None and primary.get("verified") is True,
        name=person.get("name") or person.get("login"),
    )
