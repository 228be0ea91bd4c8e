"""Read the development mailbox: the emails that would be sent if there were a mail server."""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import email_utils
import schemas_service

Tab = Literal["html", "text", "headers", "source"]
LINK = re.compile(r"https?://\S+[?&]token=\S+")
CODE = re.compile(r"^ +(\d{6})$", re.M)


class Listed(NamedTuple):
    """An email in the list.

    links: the path and the URL of each link with a token.
    code: the code in it, if there is one.
    """

    email: schemas_service.SentMail
    links: list[tuple[str, str]]
    code: str | None


def all_emails() -> list[schemas_service.SentMail]:
    """Return the newest emails, newest first."""
    return [
        schemas_service.SentMail(id=email.id, to=email.recipient, created_at=email.created_at, **content._asdict())
        for email, content in email_utils.mailbox()
    ]


def listed() -> Iterator[Listed]:
    """Yield the newest emails with their links and codes."""
    for email in all_emails():
        code = CODE.search(email.text)
        links = [(urlsplit(url).path, url) for url in LINK.findall(email.text)]
        yield Listed(email, links, code[1] if code else None)


def opened(email_id: int) -> dict[str, Any]:
    """Return the HTML, text, headers and source of an email. Raises NotFound."""
    email, message = email_utils.in_mailbox(email_id)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text and html
    return {
        "email": email,
        "subject": message["Subject"],
        "text": text.get_content(),
        # Its links open in a new tab, because the frame must not open them.
        "html": html.get_content().replace("<head>", '<head><base target="_blank">', 1),
        "headers": [(name, str(value)) for name, value in message.items()],
        "source": message.as_string(),
    }
