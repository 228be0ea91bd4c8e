"""Render the pages of the console about OAuth clients, also again after an error of their forms."""

from typing import Any

from fastapi import Request, Response

import errors
from console import client_forms, filters
from console.rendering import form, show
from oauth_provider import clients
from oauth_provider.schemas import ClientFilters
from sessions.current_user import Current

SECTION = "clients"


def all_clients(request: Request, who: Current) -> Response:
    chosen = filters.read(ClientFilters, request)
    found, cursor = clients.page_of(chosen)
    return show(
        request,
        who,
        "clients",
        SECTION,
        clients=found,
        chosen=chosen,
        older=filters.as_query(chosen, cursor=cursor) if cursor else None,
        newest=filters.as_query(chosen) if chosen.cursor else None,
    )


def new_client(request: Request, who: Current) -> Response:
    return show(request, who, "client_form", SECTION, client=None, **client_forms.choices(who))


def client(request: Request, who: Current) -> Response:
    return show(request, who, "client", SECTION, client=_of(request), has_secret=clients.has_secret(_of(request)))


def edit_client(request: Request, who: Current) -> Response:
    return show(request, who, "client_form", SECTION, client=_of(request), **client_forms.choices(who))


def rotate_secret(request: Request, who: Current) -> Response:
    return show(request, who, "rotate_client_secret", SECTION, client=_of(request))


def delete_client(request: Request, who: Current) -> Response:
    return show(request, who, "delete_client", SECTION, client=_of(request))


def created(request: Request, who: Current, made: Any) -> Response:
    """Show the secret of a client, which is not shown again."""
    return show(request, who, "client_secret", SECTION, client=made, form_values={}, sent=None)


def _of(request: Request) -> Any:
    """Return the client of a page. Raises NotFound."""
    found = clients.by_pk(str(request.path_params["client_pk"]))
    if found is None:
        raise errors.NotFound()
    return found


form("/clients/new", new_client)
form("/clients/{client_pk}/edit", edit_client)
form("/clients/{client_pk}/rotate-secret", rotate_secret)
form("/clients/{client_pk}/delete", delete_client)
