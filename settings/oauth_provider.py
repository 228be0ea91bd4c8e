"""The settings of the OAuth 2.1 and OpenID Connect provider, and their checks."""

from typing import Any, Literal

from settings import addresses
from settings.declaration import SettingsGroup, setting


class OAuthProviderSettings(SettingsGroup):
    """The OAuth 2.1 and OpenID Connect provider: login for your own applications."""

    oidc_provider: bool = setting(
        False,
        "Whether other applications can log users in with this service. Needs an asymmetric `ALGORITHM` and the hosted "
        "pages.",
    )
    subject_type: Literal["public", "pairwise"] = setting(
        "public",
        "The `sub` of clients that do not choose one: `public` (the `user_id`) or `pairwise` (a different value for "
        "each application).",
    )
    oauth_resources: addresses.Resources = setting(
        (),
        "URLs of APIs for which any client may request access tokens, comma-separated, such as the URL of an MCP "
        "server.",
    )
    dynamic_registration: Literal["off", "token", "open"] = setting(
        "off",
        "Whether applications may register themselves: `token` (with `DYNAMIC_REGISTRATION_TOKEN`), `open` (anyone; "
        "public clients only, always with consent) or `off`.",
    )
    dynamic_registration_token: str = setting(
        "", "The token that `DYNAMIC_REGISTRATION=token` requires, as a bearer token.", secret=True
    )
    dynamic_client_days: int = setting(
        30, "Days without use after which a client that registered itself is deleted.", ge=1, le=3650
    )
    client_id_metadata: bool = setting(
        False, "Whether a client may identify itself with the URL of its metadata document instead of registering."
    )


def violations(found: Any) -> list[str]:
    """Return a line for each setting with which the provider cannot start, in every environment."""
    if not found.oidc_provider:
        return []
    lines = []
    if found.algorithm == "HS256":
        lines.append(
            "OIDC_PROVIDER: needs ALGORITHM=ES256, RS256 or EdDSA, because every application that verifies HS256 "
            "tokens could also create them"
        )
    if found.jwt_audience == found.jwt_issuer:
        lines.append(
            "JWT_AUDIENCE: must differ from JWT_ISSUER with OIDC_PROVIDER=true, because the tokens of applications "
            "have the issuer as their audience"
        )
    if not found.hosted_pages:
        lines.append("HOSTED_PAGES: must be true with OIDC_PROVIDER=true, because users log in on the hosted pages")
    if found.dynamic_registration == "token" and not found.dynamic_registration_token:
        lines.append("DYNAMIC_REGISTRATION_TOKEN: is not set; DYNAMIC_REGISTRATION=token needs it")
    return lines
