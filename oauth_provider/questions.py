"""Sign what a page asked a user, so that the answer grants at most what the user saw, and only in that session."""

from core import signing
from oauth_provider import consent
from oauth_provider.authorization import Wanted
from oauth_provider.consent import Visitor

MAX_LENGTH = 4096  # of the signed text: longer than all scopes of a client


def sign(label: str, question: str, asked: Wanted, who: Visitor) -> str:
    """Return the field of the form: the question, the session and the scopes that the page shows.

    question: the id of the request or device.
    """
    return signing.sign(
        label, f"{question}.{who.session_id}.{' '.join(consent.scopes_for(asked, who.row))}", salted=True
    )


def read(label: str, raw: str, who: Visitor) -> tuple[str, tuple[str, ...]] | None:
    """Return the question and the scopes that the page showed in this session, or None."""
    signed = signing.unsign(label, raw)
    if signed is None or signed.unsalted or signed.value.count(".") < 2:
        return None
    question, session_id, shown = signed.value.split(".", 2)
    return (question, tuple(shown.split())) if session_id == who.session_id else None
