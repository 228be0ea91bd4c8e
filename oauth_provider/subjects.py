"""Name users to clients: by `user_id`, or by a pairwise subject (OpenID Connect Core 1.0, section 8)."""

from typing import Any

from core import signing


def of(client: Any, user_id: str) -> str:
    """Return the `sub` of a user for a client, in every token and response.

    client: a row or object with `subject_type` and `sector`.

    A pairwise subject does not change when the root secret is replaced: clients know users by it.
    """
    if client.subject_type != "pairwise":
        return user_id
    return signing.permanent_fingerprint("pairwise_subject", f"{client.sector}\n{user_id}")
