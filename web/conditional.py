"""Compare the ETag of a response with what the client already has (RFC 9110, section 13.1.2)."""


def matches(if_none_match: str, etag: str) -> bool:
    """Return whether `If-None-Match` names an ETag. The comparison is weak."""
    names = (name.strip().removeprefix("W/") for name in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in names
