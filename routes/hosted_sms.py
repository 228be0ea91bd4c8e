"""Define the hosted pages of text messages: a phone as a second factor, and buttons that send a code."""

from typing import Annotated

from fastapi import Form, Request, Response

import auth
import routes
from audit import Caller
from credentials import passwords
from database import Db
from factors import sms
from factors.schemas import NewSmsRequest, TotpCode
from hosted_pages import destinations, factor_context, forms, rendering, texts
from routes import hosted_factors, hosted_pages
from routes.hosted_factors import FactorId
from sessions import reauthentication
from sessions.current_user import EnrollingUser
from web.rate_limits import limit

router = routes.router(tags=["pages"], include_in_schema=False, dependencies=hosted_pages.same_site)
SMS = f"{hosted_factors.FACTORS}/sms"


@router.post(f"{rendering.SECOND_STEP}/sms", dependencies=[limit("token")])
def send_second_step_code(_form: Annotated[forms.BackForm, Form()], request: Request, db: Db) -> Response:
    sms.send_for_login(db, factor_context.pending(request), None)
    return rendering.ask_for_code(request)


@router.post("/account/reauthenticate/sms", dependencies=[limit("token")])
def send_reauthentication_code(body: Annotated[forms.BackForm, Form()], db: Db, who: EnrollingUser) -> Response:
    sms.send_for_reauthentication(db, who, None)
    return rendering.redirect(destinations.safe_path(body.back.partition("?")[0]), "code_sent")


@router.get(SMS)
def sms_page(request: Request, who: EnrollingUser) -> Response:
    return rendering.show_form(request, "new_sms", who)


@router.post(SMS, dependencies=[limit("login")])
@passwords.hashes
def begin_sms(
    body: Annotated[NewSmsRequest, Form()], request: Request, db: Db, caller: Caller, who: EnrollingUser
) -> Response:
    reauthentication.require(db, caller, who, body)
    begun = sms.begin(db, auth.lock_current(db, who), body)
    return rendering.show(request, "confirm_sms", current_user=who.user, factor_id=begun.id, phone=body.phone)


@router.post(f"{SMS}/{{factor_id}}", dependencies=[limit("login")])
def confirm_sms(
    factor_id: FactorId,
    body: Annotated[TotpCode, Form()],
    request: Request,
    db: Db,
    caller: Caller,
    who: EnrollingUser,
) -> Response:
    confirmed = sms.confirm(db, caller, who, factor_id, body.code)
    return rendering.show_recovery_codes(request, confirmed.recovery_codes, rendering.FACTORS, "factor_added")


@router.post(f"{SMS}/{{factor_id}}/resend", dependencies=[limit("login")])
def resend_sms(
    factor_id: FactorId, body: Annotated[forms.PhoneForm, Form()], request: Request, db: Db, who: EnrollingUser
) -> Response:
    sms.resend(db, who, factor_id)
    return rendering.show(
        request,
        "confirm_sms",
        current_user=who.user,
        factor_id=factor_id,
        phone=body.phone,
        message=texts.MESSAGES["code_sent"],
    )
