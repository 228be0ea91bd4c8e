"""Build the content security policy of a hosted page."""

from collections.abc import Iterable, Mapping
from typing import Any

from hosted_pages import destinations
from web import templates


def headers(everything: Mapping[str, Any], forms: Iterable[str], images: Iterable[str | None]) -> dict[str, str]:
    """Return the header with the policy of a page.

    everything: the context of the page.
    forms: URLs that the response to a form may redirect to, in addition to the destination of the login.
    images: URLs of images, in addition to the picture of the user.
    """
    picture = getattr(everything["current_user"], "picture_url", None)
    destination = destinations.leads_to(everything["form_values"].get("next", ""))
    widget = everything["captcha"].sources if everything["captcha"] else {}
    policy = templates.policy(
        images=[destinations.origin_of(url) for url in (picture, *images) if url],
        forms=[destinations.origin_of(url) for url in (destination, *forms) if url],
        widget=widget,
    )
    return {"Content-Security-Policy": policy}
