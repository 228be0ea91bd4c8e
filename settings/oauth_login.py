"""Define the settings of login with Google and other providers."""

from pydantic import BaseModel, ConfigDict

from settings import addresses
from settings.declaration import SettingsGroup, setting


class OpenIdServer(BaseModel):
    """One of OIDC_PROVIDERS.

    discovery_url: the URL of the discovery document, if it is not below the issuer, as with Azure AD B2C.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    issuer: addresses.IssuerUrl
    client_id: str
    client_secret: str
    scopes: str = "openid email profile"
    discovery_url: addresses.BaseUrl = ""


class OAuthLoginSettings(SettingsGroup):
    """Login with OAuth and OpenID Connect providers."""

    oauth_redirect_uris: addresses.RedirectUris = setting(
        (),
        "Allowed values of `redirect_to` in OAuth logins, comma-separated: exact URLs, also with the scheme of an "
        "app such as `com.example.app:/signed-in`, or origins. If it is not set, "
        "the frontend's origin.",
    )
    oidc_providers: tuple[OpenIdServer, ...] = setting(
        (),
        "Names of additional OpenID Connect servers, comma-separated. Each requires `OIDC_<NAME>_ISSUER`, "
        "`OIDC_<NAME>_CLIENT_ID` and `OIDC_<NAME>_CLIENT_SECRET`, and accepts `OIDC_<NAME>_SCOPES` and, if the "
        "discovery document is not below the issuer, `OIDC_<NAME>_DISCOVERY_URL`.",
    )
    google_client_id: str = setting("", "Client id at Google. With its secret, it enables login with Google.")
    google_client_secret: str = setting("", "Client secret at Google.", sensitive=True)
    google_issuer: addresses.IssuerUrl = setting("https://accounts.google.com", "Issuer of Google.")
    facebook_client_id: str = setting("", "Client id at Facebook. With its secret, it enables login with Facebook.")
    facebook_client_secret: str = setting("", "Client secret at Facebook.", sensitive=True)
    facebook_base_url: addresses.BaseUrl = setting("https://www.facebook.com", "URL of Facebook's authorization pages.")
    facebook_graph_url: addresses.BaseUrl = setting("https://graph.facebook.com", "URL of Facebook's Graph API.")
    github_client_id: str = setting("", "Client id at GitHub. With its secret, it enables login with GitHub.")
    github_client_secret: str = setting("", "Client secret at GitHub.", sensitive=True)
    github_base_url: addresses.BaseUrl = setting("https://github.com", "URL of GitHub, or of an enterprise server.")
    github_api_url: addresses.BaseUrl = setting(
        "https://api.github.com",
        "URL of GitHub's API; `/api/v3` on an enterprise server.",
    )
    microsoft_client_id: str = setting("", "Client id at Microsoft. With its secret, it enables login with Microsoft.")
    microsoft_client_secret: str = setting("", "Client secret at Microsoft.", sensitive=True)
    microsoft_issuer: addresses.IssuerUrl = setting(
        "https://login.microsoftonline.com/common/v2.0",
        "Issuer of Microsoft. With a tenant id in place of `common`, only users of that tenant can log in.",
    )
    linkedin_client_id: str = setting("", "Client id at LinkedIn. With its secret, it enables login with LinkedIn.")
    linkedin_client_secret: str = setting("", "Client secret at LinkedIn.", sensitive=True)
    linkedin_issuer: addresses.IssuerUrl = setting("https://www.linkedin.com/oauth", "Issuer of LinkedIn.")
    apple_client_id: str = setting("", "Services ID at Apple. With its secret, it enables login with Apple.")
    apple_client_secret: str = setting(
        "",
        "Client secret at Apple: a JWT that is valid for at most six months. `python manage.py apple-client-secret` "
        "prints one.",
        sensitive=True,
    )
    apple_issuer: addresses.IssuerUrl = setting("https://appleid.apple.com", "Issuer of Apple.")
