"""Define the hosted pages of the applications that the user has granted access to."""

from typing import Annotated

from fastapi import Path, Request, Response

import routes
import schemas
from audit import Caller
from database import Db
from hosted_pages import rendering
from oauth_provider import grants
from routes import hosted_pages
from sessions.current_user import CurrentUser

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
APPLICATIONS = "/account/applications"
GrantId = Annotated[schemas.PublicId, Path()]


@router.get(APPLICATIONS)
def applications_page(request: Request, who: CurrentUser) -> Response:
    found = grants.shown_of(who.user.id)
    return rendering.show(request, "applications", current_user=who.user, applications=found)


@router.get(f"{APPLICATIONS}/{{grant_id}}")
def application_page(grant_id: GrantId, request: Request, who: CurrentUser) -> Response:
    found = grants.shown(grants.one_of(who, grant_id))
    return rendering.show(request, "end_application", current_user=who.user, application=found)


@router.post(f"{APPLICATIONS}/{{grant_id}}")
def end_application(grant_id: GrantId, db: Db, caller: Caller, who: CurrentUser) -> Response:
    grants.end(db, caller, who, grants.one_of(who, grant_id).client_id)
    return rendering.redirect(APPLICATIONS, "application_ended")
