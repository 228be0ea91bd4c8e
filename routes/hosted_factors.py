"""Define the hosted pages of second factors and passkeys: the second step of a login, and the factors of an account."""

from typing import Annotated

from fastapi import Form, Path, Request, Response

import auth
import routes
import schemas
from audit import Caller
from credentials import passwords
from database import Db
from factors import management, passkeys, recovery_codes, second_step, totp, trusted_devices
from factors.schemas import NewTotpRequest, Renamed, TotpCode
from hosted_pages import factor_context, forms, kept_destinations, provider_login, rendering
from oauth_login.schemas import ExchangeCode
from routes import hosted_pages
from sessions import reauthentication
from sessions.current_user import CurrentUser, EnrollingUser
from web import cookies
from web.rate_limits import limit

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
FactorId = Annotated[schemas.PublicId, Path()]
Presence = Annotated[schemas.Presence, Form()]
FACTORS, RECOVERY_CODES = "/account/factors", "/account/recovery-codes"


# -------------------------------------------------------------------------------------------------------------- log in


@router.get("/login/continue", dependencies=[limit("token")])
def continue_provider_login(db: Db, caller: Caller, code: schemas.Token = "") -> Response:
    """Continue a login with a provider whose account has a second factor. It cannot log anyone in by itself."""
    provider_login.require_second_step(db, caller, ExchangeCode(code=code))


@router.post("/login/passkey", dependencies=[limit("login")])
def log_in_with_passkey(
    body: Annotated[forms.PasskeyForm, Form()], request: Request, db: Db, caller: Caller
) -> Response:
    return rendering.log_in(request, second_step.passkey_login(db, caller, body.login()))


@router.get("/login/second-step")
def second_step_page(request: Request, db: Db) -> Response:
    return rendering.show(request, "second_step", **factor_context.second_step_page(db, request))


@router.post("/login/second-step", dependencies=[limit("login")])
def complete_login(body: Annotated[forms.SecondStepForm, Form()], request: Request, db: Db, caller: Caller) -> Response:
    mfa_token = factor_context.pending(request)
    response = rendering.log_in(request, second_step.complete(db, caller, body.second_step(mfa_token)))
    cookies.forget_pending_login(response)
    return response


# ------------------------------------------------------------------------------------------------------------- factors


@router.get(FACTORS)
def factors_page(request: Request, who: EnrollingUser) -> Response:
    if not who.must_enroll and (response := kept_destinations.end_enrolment(request)):
        return response
    return rendering.show(request, "factors", current_user=who.user, **factor_context.factors_page(who))


@router.get(f"{FACTORS}/totp")
def totp_page(request: Request, who: EnrollingUser) -> Response:
    return rendering.show_form(request, "new_totp", who)


@router.post(f"{FACTORS}/totp", dependencies=[limit("login")])
@passwords.hashes
def begin_totp(
    body: Annotated[NewTotpRequest, Form()], request: Request, db: Db, caller: Caller, who: EnrollingUser
) -> Response:
    reauthentication.require(db, caller, who, body)
    begun = totp.begin(db, auth.lock_current(db, who), body.name)
    context = factor_context.totp_page(begun.id, begun.secret, who.user.email)
    return rendering.show(request, "confirm_totp", current_user=who.user, **context)


@router.post(f"{FACTORS}/totp/{{factor_id}}", dependencies=[limit("login")])
def confirm_totp(
    factor_id: FactorId,
    body: Annotated[TotpCode, Form()],
    request: Request,
    db: Db,
    caller: Caller,
    who: EnrollingUser,
) -> Response:
    confirmed = totp.confirm(db, caller, who, factor_id, body.code)
    return rendering.show_recovery_codes(request, confirmed.recovery_codes, FACTORS, "factor_added")


@router.get(f"{FACTORS}/passkey")
def passkey_page(request: Request, who: EnrollingUser) -> Response:
    return rendering.show_form(request, "new_passkey", who)


@router.post(f"{FACTORS}/passkey", dependencies=[limit("login")])
@passwords.hashes
def begin_passkey(body: Presence, request: Request, db: Db, caller: Caller, who: EnrollingUser) -> Response:
    reauthentication.require(db, caller, who, body)
    options = passkeys.creation_options(db, who, auth.lock_current(db, who)).model_dump_json()
    return rendering.show(request, "create_passkey", current_user=who.user, passkey_options=options)


@router.post(f"{FACTORS}/passkey/new", dependencies=[limit("login")])
def add_passkey(
    body: Annotated[forms.NewPasskeyForm, Form()], request: Request, db: Db, caller: Caller, who: EnrollingUser
) -> Response:
    confirmed = passkeys.add(db, caller, who, body.passkey())
    return rendering.show_recovery_codes(request, confirmed.recovery_codes, FACTORS, "factor_added")


@router.get(f"{FACTORS}/{{factor_id}}/name")
def factor_name_page(factor_id: FactorId, request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "rename_factor", who, **factor_context.factor_named(who, factor_id))


@router.post(f"{FACTORS}/{{factor_id}}/name")
def rename_factor(
    factor_id: FactorId, body: Annotated[Renamed, Form()], db: Db, caller: Caller, who: CurrentUser
) -> Response:
    management.rename(db, caller, who, factor_id, body.name)
    return rendering.redirect(FACTORS, "factor_renamed")


@router.get(f"{FACTORS}/{{factor_id}}/remove")
def factor_removal_page(factor_id: FactorId, request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "remove_factor", who, **factor_context.factor_named(who, factor_id))


@router.post(f"{FACTORS}/{{factor_id}}/remove", dependencies=[limit("login")])
@passwords.hashes
def remove_factor(factor_id: FactorId, body: Presence, db: Db, caller: Caller, who: CurrentUser) -> Response:
    reauthentication.require(db, caller, who, body)
    management.remove(db, caller, who, factor_id)
    return rendering.redirect(FACTORS, "factor_removed")


@router.get(RECOVERY_CODES)
def recovery_codes_page(request: Request, who: CurrentUser) -> Response:
    return rendering.show_form(request, "new_recovery_codes", who)


@router.post(RECOVERY_CODES, dependencies=[limit("login")])
@passwords.hashes
def replace_recovery_codes(body: Presence, request: Request, db: Db, caller: Caller, who: CurrentUser) -> Response:
    reauthentication.require(db, caller, who, body)
    codes = recovery_codes.replace(db, caller, auth.lock_current(db, who))
    return rendering.show_recovery_codes(request, codes, FACTORS, "codes_replaced")


@router.post("/account/trusted-devices/{device_id}")
def forget_trusted_device(
    device_id: Annotated[schemas.PublicId, Path()], db: Db, caller: Caller, who: CurrentUser
) -> Response:
    trusted_devices.forget(db, caller, auth.lock_current(db, who), device_id)
    return rendering.redirect(FACTORS, "device_forgotten")
