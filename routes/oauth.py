"""/oauth: sign in with a provider, and link one to an account."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

import errors
import routes
import schemas
from audit import Caller
from auth import CurrentUser
from credentials import passwords
from database import Db
from oauth_login import flow, identities, linking
from oauth_login.flow import CallbackResult, Redirect, uses_provider
from oauth_login.schemas import AuthorizationUrl, ExchangeCode, Identity, Linked, ListedProvider, ProviderAnswer
from settings import oauth_providers
from settings.loading import settings
from web import cookies, templates
from web.cookies import Carrier
from web.openapi import documented
from web.rate_limits import limit

router = routes.router(prefix="/oauth", tags=["oauth"])
own_identities = routes.router(
    prefix="/users/me/identities", tags=["users"], responses=documented(errors.NotAuthenticated)
)


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
    prompt: Annotated[
        Literal["login"] | None,
        Query(
            description="`login` makes the provider ask the user again. Only such a login counts as re-authentication, "
            "where the provider's id_token says when it asked (`auth_time`)."
        ),
    ] = None,
    code_challenge: Annotated[
        str | None,
        Query(description="S256 of a verifier, which `POST /oauth/exchange` then demands (RFC 7636)."),
    ] = None,
) -> flow.StartRequest:
    return flow.StartRequest(
        provider,
        redirect_to,
        cookies.browser_of(request, provider),
        cookies.prefix_of(request),
        reauthenticate=prompt == "login",
        code_challenge=code_challenge,
    )


Wish = Annotated[flow.StartRequest, Depends(_wish)]
UseCookies = Annotated[bool, Query(description="Bring the tokens as `HttpOnly` cookies; there is no `code` then.")]
LEAVES: dict[int | str, dict[str, Any]] = {
    302: {
        "description": "To the provider; where that is out of reach and there is a `redirect_to`, back there with "
        "`?error=`."
    }
}
REFUSED = documented(errors.OauthError, errors.NotFound, errors.Overloaded)
ARRIVES: dict[int | str, dict[str, Any]] = {
    200: {"model": schemas.Tokens | Linked, "description": "The tokens, or what was linked."},
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
async def list_providers() -> list[ListedProvider]:
    """With whom one may sign in here."""
    own = settings.public_base_url
    return [
        ListedProvider(name=provider.name, title=provider.title, login_url=f"{own}/oauth/{provider.name}")
        for provider in oauth_providers.configured().values()
    ]


@router.post(
    "/exchange",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=documented(errors.InvalidToken, errors.AccountDisabled, errors.EmailNotVerified, errors.CrossSiteRequest),
)
def exchange(body: ExchangeCode, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Turn the `code` with which a login returned into tokens. It lives for 60 seconds and works once."""
    return carrier.deliver(flow.exchange(db, caller, body.code, body.code_verifier))


@router.get("/{provider}", status_code=302, response_class=RedirectResponse, responses={**LEAVES, **REFUSED})
@uses_provider
def start(wish: Wish, request: Request, use_cookies: UseCookies = False) -> Response:
    """Sign in with a provider. Lead the browser here, as a link and not as a call of a script.

    It comes back to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with `?error=<code>`. Without
    a `redirect_to` the callback answers with the tokens.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Another site must not log a user in without a click of theirs (login CSRF; ASVS 5.0, 7.6.2).
        return templates.page(request, "continue_login.html", title=flow.provider_named(wish.provider).title)
    departure = flow.start(wish, use_cookies=use_cookies)
    return known(RedirectResponse(departure.url, 302), departure)


@router.post(
    "/{provider}/link",
    dependencies=[limit("login")],
    response_model=AuthorizationUrl,
    responses={**REFUSED, **documented(errors.NotAuthenticated, errors.ReauthenticationRequired)},
)
@uses_provider
def link_provider(
    wish: Wish, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> Response:
    """Link a provider to one's own account.

    Lead the browser to the `authorization_url`. Call it with credentials included, for its cookie.
    """
    departure = flow.start_linking(db, caller, who, wish, body.password if body else None)
    return known(JSONResponse({"authorization_url": departure.url}), departure)


@router.get("/{provider}/callback", dependencies=[limit("token")], response_class=Response, responses=ARRIVES)
@uses_provider
def callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[ProviderAnswer, Query()]
) -> Response:
    """Where a provider sends the browser back to. Nobody else calls this."""
    return _arrived(flow.finish(db, caller, provider, returned, cookies.browser_of(request, provider)))


@router.post(
    "/{provider}/callback",
    dependencies=[limit("token")],
    response_class=Response,
    responses={**ARRIVES, **documented(errors.MethodNotAllowed)},
)
@uses_provider
def posted_callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[ProviderAnswer, Form()]
) -> Response:
    """The same for Apple, which sends a form."""
    flow.require_form_post(provider)
    return _arrived(flow.finish(db, caller, provider, returned, cookies.browser_of(request, provider)))


def known(response: Response, departure: Redirect) -> Response:
    provider = departure.provider
    cookies.remember_browser(
        response, departure.browser, provider.name, flow.FLOW_SECONDS, across_sites=provider.posts_its_answer
    )
    return response


def _arrived(arrival: CallbackResult) -> Response:
    carried, answer = Response(), arrival.answer
    if isinstance(answer, schemas.Tokens) and arrival.in_cookies_under is not None:
        answer = cookies.set_tokens(carried, arrival.in_cookies_under, answer)
    if arrival.redirect_to:
        response: Response = RedirectResponse(arrival.redirect_to, 302)
    else:
        response = JSONResponse(answer.model_dump(exclude_none=True) if answer else None)
    response.raw_headers += [header for header in carried.raw_headers if header[0] == b"set-cookie"]
    return response


@own_identities.get("")
def list_identities(who: CurrentUser) -> list[Identity]:
    """The providers that are linked to the account, the first one first."""
    return [Identity(**row._mapping) for row in identities.list_of(who.user.id)]


@own_identities.delete(
    "/{provider}",
    status_code=204,
    dependencies=[limit("login")],
    responses=documented(
        errors.ReauthenticationRequired,
        errors.NotFound,
        errors.LastCredential,
        errors.ValidationFailed,
        errors.Overloaded,
    ),
)
@passwords.hashes
def unlink_provider(
    provider: Annotated[schemas.PublicId, Path(examples=["google"])],
    db: Db,
    caller: Caller,
    who: CurrentUser,
    body: schemas.Presence | None = None,
) -> None:
    """Take a provider off the account. The last way into it stays."""
    linking.unlink(db, caller, who, provider, body.password if body else None)
