"""Define /oauth: log in with a provider, and link a provider to an account."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

import errors
import routes
import schemas
from audit import Caller
from credentials import passwords
from database import Db
from oauth_login import flow, identities, linking
from oauth_login.flow import CallbackResult, Redirect, uses_provider
from oauth_login.schemas import AuthorizationUrl, ExchangeCode, Identity, Linked, ListedProvider, ProviderAnswer
from sessions.current_user import CurrentUser
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


async def _start_request(
    provider: Provider,
    request: Request,
    redirect_to: Annotated[
        str | None,
        Query(description="Where the flow ends: one of OAUTH_REDIRECT_URIS, or a URL below one of its origins."),
    ] = None,
    prompt: Annotated[
        Literal["login"] | None,
        Query(
            description="`login` asks the provider to authenticate the user again. Only such a login counts as recent, "
            "and only if the provider's ID token contains `auth_time`."
        ),
    ] = None,
    code_challenge: Annotated[
        str | None,
        Query(description="S256 of a verifier, which `POST /oauth/exchange` then requires (RFC 7636)."),
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


StartRequest = Annotated[flow.StartRequest, Depends(_start_request)]
UseCookies = Annotated[bool, Query(description="Set the tokens as `HttpOnly` cookies instead of returning a `code`.")]
STARTS: dict[int | str, dict[str, Any]] = {
    302: {
        "description": "Redirect to the provider. If the provider cannot be reached: redirect to `redirect_to`, if "
        "there is one, with `?error=`."
    }
}
FLOW_ERRORS = documented(errors.OauthError, errors.NotFound, errors.Overloaded)
FINISHES: dict[int | str, dict[str, Any]] = {
    200: {"model": schemas.Tokens | Linked, "description": "The tokens, or the linked provider."},
    302: {"description": "Redirect to `redirect_to`, if there is one, with `?code=`, `?linked=` or `?error=`."},
    **documented(
        errors.OauthError,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.MfaRequired,
        errors.NotFound,
        errors.LinkRequired,
        errors.AlreadyLinked,
        errors.Overloaded,
    ),
}


@router.get("/providers")
async def list_providers() -> list[ListedProvider]:
    """List the configured OAuth providers."""
    base_url = settings.public_base_url
    return [
        ListedProvider(name=provider.name, title=provider.title, login_url=f"{base_url}/oauth/{provider.name}")
        for provider in oauth_providers.configured().values()
    ]


@router.post(
    "/exchange",
    dependencies=[limit("token")],
    response_model_exclude_none=True,
    responses=documented(
        errors.InvalidToken,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.MfaRequired,
        errors.CrossSiteRequest,
    ),
)
def exchange(body: ExchangeCode, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Exchange a one-time code for tokens.

    The code of a login with a provider is valid for 60 seconds and works once.
    """
    return carrier.deliver(flow.exchange(db, caller, body))


@router.get("/{provider}", status_code=302, response_class=RedirectResponse, responses={**STARTS, **FLOW_ERRORS})
@uses_provider
def start(start_request: StartRequest, request: Request, use_cookies: UseCookies = False) -> Response:
    """Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.

    The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with `?error=<code>`.
    Without `redirect_to` the callback responds with the tokens.
    """
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Another site must not log a user in without a click by the user (login CSRF; ASVS 5.0, 7.6.2).
        return templates.page(
            request, "continue_login.html", {"title": flow.provider_named(start_request.provider).title}
        )
    redirect = flow.start(start_request, use_cookies=use_cookies)
    return remember_browser(RedirectResponse(redirect.url, 302), redirect)


@router.post(
    "/{provider}/link",
    dependencies=[limit("login")],
    response_model=AuthorizationUrl,
    responses={**FLOW_ERRORS, **documented(errors.NotAuthenticated, errors.ReauthenticationRequired)},
)
@uses_provider
def link_provider(
    start_request: StartRequest, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> Response:
    """Link a provider to your account.

    Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send the request
    with credentials included.
    """
    redirect = flow.start_linking(db, caller, who, start_request, body)
    return remember_browser(JSONResponse({"authorization_url": redirect.url}), redirect)


@router.get("/{provider}/callback", dependencies=[limit("token")], response_class=Response, responses=FINISHES)
@uses_provider
def callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[ProviderAnswer, Query()]
) -> Response:
    """Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL."""
    return _callback_response(
        request, flow.finish(db, caller, provider, returned, cookies.browser_of(request, provider))
    )


@router.post(
    "/{provider}/callback",
    dependencies=[limit("token")],
    response_class=Response,
    responses={**FINISHES, **documented(errors.MethodNotAllowed)},
)
@uses_provider
def posted_callback(
    provider: Provider, request: Request, db: Db, caller: Caller, returned: Annotated[ProviderAnswer, Form()]
) -> Response:
    """Finish an OAuth flow of a provider that posts a form, such as Apple."""
    flow.require_form_post(provider)
    return _callback_response(
        request, flow.finish(db, caller, provider, returned, cookies.browser_of(request, provider))
    )


def remember_browser(response: Response, redirect: Redirect) -> Response:
    """Return the response with the cookie that binds the OAuth flow to this browser."""
    provider = redirect.provider
    cookies.remember_browser(
        response, redirect.browser, provider.name, flow.FLOW_SECONDS, across_sites=provider.posts_its_answer
    )
    return response


def _callback_response(request: Request, result: CallbackResult) -> Response:
    cookie_response, body = Response(), result.body
    if isinstance(body, schemas.Tokens):
        if result.in_cookies_under is not None:
            body = cookies.set_tokens(cookie_response, result.in_cookies_under, body)
        else:
            body = cookies.move_device_token(request, cookie_response, body)
    if result.redirect_to:
        response: Response = RedirectResponse(result.redirect_to, 302)
    else:
        response = JSONResponse(body.model_dump(exclude_none=True) if body else None)
    response.raw_headers += [header for header in cookie_response.raw_headers if header[0] == b"set-cookie"]
    return response


@own_identities.get("")
def list_identities(who: CurrentUser) -> list[Identity]:
    """List linked identities, oldest first."""
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
    """Unlink a provider. The last login method of an account cannot be removed."""
    linking.unlink(db, caller, who, provider, body)
