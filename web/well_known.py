"""Find the metadata documents at the path that they have for an issuer with a path.

For `https://example.com/id`, RFC 8414 (section 3.1) and RFC 9728 (section 3.1) insert the name of the document before
the path: `/.well-known/oauth-authorization-server/id`. OpenID Connect Discovery 1.0 appends it instead.
"""

from urllib.parse import urlsplit

from settings.loading import settings

PREFIX = "/.well-known/"
NAMES = ("openid-configuration", "oauth-authorization-server", "oauth-protected-resource")


def canonical(path: str) -> str:
    """Return the path of the metadata document that a path names, or the path itself."""
    if not path.startswith(PREFIX):
        return path
    name, slash, inserted = path.removeprefix(PREFIX).rstrip("/").partition("/")
    is_issuers = name in NAMES and slash + inserted == urlsplit(settings.jwt_issuer).path.rstrip("/")
    return f"{PREFIX}{name}" if is_issuers else path
