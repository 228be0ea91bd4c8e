"""/oauth: sign in with a provider, and link one to an account."""

from typing import Annotated, Any

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

import cookies
import errors
import oauth
import oauth_providers
import routes
import schemas
from audit import Caller
from auth import CurrentUser
from cookies import Carrier
from database import Db
from oauth import Arrival, Departure
from oauth_client import asks_a_provider
from openapi import documented
from rate_limits import limit
from settings import settings

router = routes.router(prefix="/oauth", tags=["oauth"])


Provider = Annotated[str, Path(description="One of `GET /oauth/providers`.", examples=["google"])]


async def _wish(
    provider: Provider,
    request: Request,
    redirect_to: Annotated[
        str | None,
        Query(
            description="Where the browser goes in the end: one of OAUTH_REDIRECT_URIS, or below one of its origins."
        ),
    ] = None,
) -> oauth.Wish:
    return oauth.Wish(provider, redirect_to, cookies.browser_of(request, provider), cookies.prefix_of(request))


Wish = Annotated[oauth.Wish, Depends(_wish)]
UseCookies = Annotated[bool, Query(description="Bring the tokens as `HttpOnly` cookies; there is no `code` then.")]
LEAVES: dict[int | str, dict[str, Any]] = {
    302: {
        "description": "To the provider; where that is out of reach and there is a `redirect_to`, back there with `?error=`."
    }
}
REFUSED = documented(errors.OauthError, errors.NotFound, errors.Overloaded)
ARRIVES: dict[int | str, dict[str, Any]] = {
    200: {"model": schemas.Tokens | schemas.Linked, "description": "The tokens, or what was linked."},
    302: {"description": "Where there is a `redirect_to`: back there, with `?code=`, `?linked=` or `?error=`."},
    **documented(
        errors.OauthError,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.NotFound,
        errors.LinkRequired,
        errors.AlreadyLinked,
        errors.Overloaded,
    ),
}


@router.get("/providers")
async def list_providers() -> list[schemas.Provider]:
    """With whom one may sign in here."""
    own = settings.public_base_url
    return [
        schemas.Provider(name=provider.name, title=provider.title, login_url=f"{own}/oauth/{provider.name}")
        for provider in oauth_providers.configured().values()
    ]


@router.post(
    "/exchange",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=documented(errors.InvalidToken, errors.AccountDisabled, errors.EmailNotVerified, errors.CrossSiteRequest),
)
def exchange(body: schemas.ExchangeCode, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Turn the `code` with which a login returned into tokens. It lives for 60 seconds and works once."""
    return carrier.deliver(oauth.exchange(db, caller, body.code))


@router.get("/{provider}", status_code=302, response_class=RedirectResponse, responses={**LEAVES, **REFUSED})
@asks_a_provider
def start(wish: Wish, use_cookies: UseCookies = False) -> Response:
    """Sign in with a provider. Lead the browser here, as a link and not as a call of a script.

    It comes back to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with `?error=<code>`. Without a
    `redirect_to` the callback answers with the tokens.
    """
    departure = oauth.start(wish, use_cookies=use_cookies)
    return _known(RedirectResponse(departure.url, 302), departure)


@router.post(
    "/{provider}/link",
    dependencies=[limit("login")],
    response_model=schemas.AuthorizationUrl,
    responses={**REFUSED, **documented(errors.NotAuthenticated, errors.ReauthenticationRequired)},
)
@asks_a_provider
def link_provider(
    wish: Wish, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> Response:
    """Link a provider to one's own account. Lead the browser to the `authorization_url`. Call it with credentials included, for its cookie."""
    departure = oauth.start_linking(db, caller, who, wish, body.password if body else None)
    return _known(JSONResponse({"authorization_url": departure.url}), departure)


@router.get("/{provider}/callback", response_class=Response, responses=ARRIVES)
@asks_a_provider
def callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[schemas.ProviderAnswer, Query()]
) -> Response:
    """Where a provider sends the browser back to. Nobody else calls this."""
    return _arrived(oauth.finish(db, caller, provider, returned, cookies.browser_of(request, provider)))


@router.post(
    "/{provider}/callback", response_class=Response, responses={**ARRIVES, **documented(errors.MethodNotAllowed)}
)
@asks_a_provider
def posted_callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[schemas.ProviderAnswer, Form()]
) -> Response:
    """The same for Apple, which sends a form."""
    oauth.demand_posting(provider)
    return _arrived(oauth.finish(db, caller, provider, returned, cookies.browser_of(request, provider)))


def _known(response: Response, departure: Departure) -> Response:
    provider = departure.provider
    cookies.know_browser(
        response, departure.browser, provider.name, oauth.SECONDS_TO_COME_BACK, across_sites=provider.posts_its_answer
    )
    return response


def _arrived(arrival: Arrival) -> Response:
    carried, answer = Response(), arrival.answer
    if isinstance(answer, schemas.Tokens) and arrival.in_cookies_under is not None:
        answer = cookies.move_into_cookies(carried, arrival.in_cookies_under, answer)
    if arrival.redirect_to:
        response: Response = RedirectResponse(arrival.redirect_to, 302)
    else:
        response = JSONResponse(answer.model_dump(exclude_none=True) if answer else None)
    response.raw_headers += [header for header in carried.raw_headers if header[0] == b"set-cookie"]
    return response
