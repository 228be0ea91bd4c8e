"""Derive and check the host name and origins of passkeys (WebAuthn Level 3, sections 5.1.2 and 13.4.9)."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

APP = "android:apk-key-hash:"  # the origin of an Android app, which its signature identifies
HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_host_name(value: str) -> bool:
    """Return whether a value may be an RP ID: a host name in its ASCII form, and not an IP address."""
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        # Browsers read a last label of digits as part of an IPv4 address.
        return HOST.fullmatch(value) is not None and not value.rpartition(".")[2].isdigit()
    return False


def is_below(origin: str, rp_id: str) -> bool:
    """Return whether pages of an origin may use this RP ID: its host is the RP ID, or a subdomain of it."""
    host = urlsplit(origin).hostname or ""
    return bool(rp_id) and (origin.startswith(APP) or host == rp_id or host.endswith(f".{rp_id}"))


def derived(found: Any, frontend_url: str, public_url: str) -> dict[str, Any]:
    """Return the RP ID and the origins. By default, they are derived from the URLs. Both are empty without passkeys.

    An IP address cannot be an RP ID, so passkeys are then off.
    """
    host = urlsplit(frontend_url).hostname or ""
    rp_id = found.webauthn_rp_id or (host if is_host_name(host) else "")
    urls = dict.fromkeys(_origin_of(url) for url in (frontend_url, public_url))
    origins = found.webauthn_origins or tuple(url for url in urls if is_below(url, rp_id))
    return {"webauthn_rp_id": rp_id if origins else "", "webauthn_origins": origins if rp_id else ()}


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def violations(given: Any, found: Any) -> list[str]:
    """Return a line for each value that was set and contradicts the others. They stop startup in every environment.

    given: the settings as they were set. found: the same with derived values.
    """
    if given.webauthn_rp_id and not found.webauthn_origins:
        return ["WEBAUTHN_RP_ID: the frontend is not below this host; set WEBAUTHN_ORIGINS, or another host"]
    if given.webauthn_origins and not found.webauthn_rp_id:
        return ["WEBAUTHN_RP_ID: is not set, and FRONTEND_BASE_URL has no host name that can replace it"]
    foreign = [origin for origin in found.webauthn_origins if not is_below(origin, found.webauthn_rp_id)]
    return [f"WEBAUTHN_ORIGINS: {', '.join(foreign)} is not below WEBAUTHN_RP_ID, {found.webauthn_rp_id}"] * bool(
        foreign
    )


def warnings(found: Any) -> list[str]:
    """Return a warning if the hosted pages, or all pages, cannot use passkeys."""
    if not found.webauthn_rp_id:
        return ["WEBAUTHN_RP_ID: passkeys are off: FRONTEND_BASE_URL has no host name that they can be bound to"]
    if found.hosted_pages and not hosted_pages_may_use_passkeys(found):
        return [f"WEBAUTHN_RP_ID: the hosted pages offer no passkeys: they are not below {found.webauthn_rp_id}"]
    return []


def hosted_pages_may_use_passkeys(found: Any) -> bool:
    """Return whether the pages of this service are among the origins of passkeys."""
    return bool(found.webauthn_rp_id) and _origin_of(found.public_base_url) in found.webauthn_origins
