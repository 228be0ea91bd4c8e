"""Check the domain of the access cookie."""

from typing import Any
from urllib.parse import urlsplit


def violations(found: Any) -> list[str]:
    """Return a line if the service may not set cookies for COOKIE_DOMAIN, which browsers would reject."""
    host, domain = urlsplit(found.public_base_url).hostname or "", found.cookie_domain
    if not domain or host == domain or host.endswith(f".{domain}"):
        return [f"COOKIE_DOMAIN: {domain} is a top-level domain"] if domain and "." not in domain else []
    return [f"COOKIE_DOMAIN: must be {host}, the host of PUBLIC_BASE_URL, or a parent domain of it"]
