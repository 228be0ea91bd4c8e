"""Define the routes of factors: the second step of a login, passkeys, and the factors of an account."""

from typing import Annotated

from fastapi import Path

import auth
import errors
import routes
import schemas
from audit import Caller
from credentials import passwords
from database import Db
from factors import management, passkeys, recovery_codes, second_step, totp, trusted_devices
from factors.schemas import (
    CeremonyOptions,
    Confirmed,
    FactorOut,
    Factors,
    MfaToken,
    NewPasskey,
    NewRecoveryCodes,
    NewTotp,
    NewTotpRequest,
    PasskeyEndpoints,
    PasskeyLogin,
    RelatedOrigins,
    Renamed,
    SecondStep,
    TotpCode,
    TrustedDevices,
)
from sessions import reauthentication, sessions, tokens
from sessions.current_user import CurrentUser, EnrollingUser, requires
from settings.loading import settings
from web.cookies import Carrier
from web.openapi import documented
from web.rate_limits import limit

login = routes.router(prefix="/auth", tags=["auth"])
own = routes.router(prefix="/users/me", tags=["users"], responses=documented(errors.NotAuthenticated))
administration = routes.router(
    prefix="/admin/users/{user_id}/factors",
    tags=["admin"],
    responses=documented(errors.NotAuthenticated, errors.Forbidden),
)
well_known = routes.router(prefix="/.well-known", tags=["system"])
FactorId = Annotated[schemas.PublicId, Path(description="One of `GET /users/me/factors`.")]
DeviceId = Annotated[schemas.PublicId, Path(description="One of `GET /users/me/trusted-devices`.")]
UserId = Annotated[schemas.PublicId, Path(description="The account's public id.")]


routes.register_ids("factor", "sms")

# --------------------------------------------------------------------------------------------------------------- log in


@login.post(
    "/mfa",
    dependencies=[limit("login")],
    response_model_exclude_none=True,
    responses=documented(
        errors.WrongFactor,
        errors.InvalidMfaToken,
        errors.AccountDisabled,
        errors.EmailNotVerified,
        errors.CrossSiteRequest,
        errors.ValidationFailed,
    ),
)
def complete_login(body: SecondStep, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Complete a login with the second factor.

    Send the `mfa_token` of the 403 `mfa_required` with a `code`, a `recovery_code`, or a `ceremony` and its
    `credential`. After five wrong attempts, the login must start again.
    """
    return carrier.deliver(second_step.complete(db, caller, body))


@login.post(
    "/mfa/options",
    dependencies=[limit("token")],
    responses=documented(errors.InvalidMfaToken, errors.NotFound, errors.ValidationFailed),
)
def second_step_options(body: MfaToken, db: Db) -> CeremonyOptions:
    """Get the options to use a passkey or security key as the second factor."""
    return second_step.options(db, body.mfa_token)


@login.post("/passkeys/options", responses=documented(errors.NotFound))
def passkey_options() -> CeremonyOptions:
    """Get the options to log in with a passkey.

    They also work with `mediation: "conditional"`. They do not depend on an account, so they disclose none.
    """
    return passkeys.request_options("login")


@login.post(
    "/passkeys",
    dependencies=[limit("login")],
    response_model_exclude_none=True,
    responses=documented(
        errors.InvalidCredentials,
        errors.EmailNotVerified,
        errors.MfaRequired,
        errors.CrossSiteRequest,
        errors.ValidationFailed,
    ),
)
def log_in_with_passkey(body: PasskeyLogin, db: Db, caller: Caller, carrier: Carrier) -> schemas.Tokens:
    """Log in with a passkey.

    A passkey that did not verify the user, such as a security key without a PIN, counts as one factor.
    """
    return carrier.deliver(second_step.passkey_login(db, caller, body))


@login.post(
    "/reauthenticate",
    dependencies=[limit("login")],
    response_model_exclude_none=True,
    responses=documented(
        errors.NotAuthenticated, errors.ReauthenticationRequired, errors.ValidationFailed, errors.Overloaded
    ),
)
@passwords.hashes
def reauthenticate(
    body: schemas.Presence, db: Db, caller: Caller, carrier: Carrier, who: EnrollingUser
) -> schemas.BearerToken:
    """Authenticate again in the current session, and get a new access token (RFC 9470).

    Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`. The refresh
    token remains valid.
    """
    authentication = reauthentication.renew(db, caller, who, body)
    user = auth.lock_current(db, who)
    expires_at = sessions.expiry_of(db, who.session_id)
    return carrier.deliver_access_token(tokens.access_token(user, who.session_id, authentication, expires_at))


@login.post("/reauthenticate/options", responses=documented(errors.NotAuthenticated, errors.NotFound))
def reauthentication_options(db: Db, who: EnrollingUser) -> CeremonyOptions:
    """Get the options to use a passkey for re-authentication."""
    return second_step.reauthentication_options(db, who)


# ------------------------------------------------------------------------------------------------------------- factors


@own.get("/factors")
def list_factors(who: EnrollingUser) -> Factors:
    """List your second factors and passkeys."""
    return management.of_account(who.user.id, who.user.roles)


@own.post(
    "/factors/totp",
    status_code=201,
    dependencies=[limit("login")],
    responses=documented(errors.ReauthenticationRequired, errors.Conflict, errors.ValidationFailed, errors.Overloaded),
)
@passwords.hashes
def begin_totp(db: Db, caller: Caller, who: EnrollingUser, body: NewTotpRequest | None = None) -> NewTotp:
    """Set up an authenticator app.

    It takes effect once it is confirmed with a code, within 15 minutes. A new one replaces an unconfirmed one.
    """
    reauthentication.require(db, caller, who, body)
    return totp.begin(db, auth.lock_current(db, who), body.name if body else None)


@own.post(
    "/factors/totp/{factor_id}/confirm",
    dependencies=[limit("login")],
    responses=documented(errors.InvalidCode, errors.NotFound, errors.ValidationFailed),
)
def confirm_totp(factor_id: FactorId, body: TotpCode, db: Db, caller: Caller, who: EnrollingUser) -> Confirmed:
    """Confirm an authenticator app with a code that it shows.

    The session is raised to `aal2`. For the account's first factor, the response contains ten recovery codes.
    """
    return totp.confirm(db, caller, who, factor_id, body.code)


@own.post(
    "/factors/passkeys/options",
    dependencies=[limit("login")],
    responses=documented(
        errors.ReauthenticationRequired, errors.NotFound, errors.Conflict, errors.ValidationFailed, errors.Overloaded
    ),
)
@passwords.hashes
def new_passkey_options(
    db: Db, caller: Caller, who: EnrollingUser, body: schemas.Presence | None = None
) -> CeremonyOptions:
    """Get the options to create a passkey."""
    reauthentication.require(db, caller, who, body)
    return passkeys.creation_options(db, who, auth.lock_current(db, who))


@own.post(
    "/factors/passkeys",
    status_code=201,
    dependencies=[limit("login")],
    responses=documented(errors.InvalidCredential, errors.Conflict, errors.ValidationFailed),
)
def add_passkey(body: NewPasskey, db: Db, caller: Caller, who: EnrollingUser) -> Confirmed:
    """Add a passkey or security key.

    If `name` is omitted, it is named after its authenticator or this device. For the account's first factor, the
    response contains ten recovery codes.
    """
    return passkeys.add(db, caller, who, body)


@own.patch("/factors/{factor_id:factor}", responses=documented(errors.NotFound, errors.ValidationFailed))
def rename_factor(factor_id: FactorId, body: Renamed, db: Db, caller: Caller, who: CurrentUser) -> FactorOut:
    """Rename a factor."""
    return management.rename(db, caller, who, factor_id, body.name)


@own.delete(
    "/factors/{factor_id:factor}",
    status_code=204,
    dependencies=[limit("login")],
    responses=documented(
        errors.ReauthenticationRequired,
        errors.MfaRequiredByPolicy,
        errors.NotFound,
        errors.LastCredential,
        errors.ValidationFailed,
        errors.Overloaded,
    ),
)
@passwords.hashes
def remove_factor(
    factor_id: FactorId, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> None:
    """Remove a factor. With the last one, the recovery codes are removed too."""
    reauthentication.require(db, caller, who, body)
    management.remove(db, caller, who, factor_id)


@own.post(
    "/recovery-codes",
    dependencies=[limit("login")],
    responses=documented(errors.ReauthenticationRequired, errors.NotFound, errors.ValidationFailed, errors.Overloaded),
)
@passwords.hashes
def replace_recovery_codes(
    db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> NewRecoveryCodes:
    """Create ten new recovery codes. The old ones stop working."""
    reauthentication.require(db, caller, who, body)
    return NewRecoveryCodes(recovery_codes=recovery_codes.replace(db, caller, auth.lock_current(db, who)))


@own.get("/trusted-devices")
def list_trusted_devices(who: CurrentUser) -> TrustedDevices:
    """List the devices that skip the second factor, newest first."""
    return TrustedDevices(items=list(trusted_devices.of_account(who.user.id)))


@own.delete(
    "/trusted-devices/{device_id}", status_code=204, responses=documented(errors.NotFound, errors.ValidationFailed)
)
def forget_trusted_device(device_id: DeviceId, db: Db, caller: Caller, who: CurrentUser) -> None:
    """Remove a trusted device. Its next login requires the second factor."""
    trusted_devices.forget(db, caller, auth.lock_current(db, who), device_id)


# ------------------------------------------------------------------------------------------------------ administration


@administration.get("", dependencies=[requires("users:read")], responses=documented(errors.NotFound))
def list_user_factors(user_id: UserId) -> Factors:
    """List the factors of an account. Requires `users:read`."""
    return management.of_user(user_id)


@administration.delete(
    "",
    status_code=204,
    dependencies=[requires("users:write"), limit("login")],
    responses=documented(
        errors.ReauthenticationRequired, errors.MfaRequiredByPolicy, errors.NotFound, errors.Overloaded
    ),
)
@passwords.hashes
def reset_factors(
    user_id: UserId, db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None
) -> None:
    """Remove all factors, recovery codes and trusted devices of an account. Requires `users:write`.

    All sessions end, and the owner is notified. Use it for users who have lost all factors, after you have verified
    their identity.
    """
    reauthentication.require(db, caller, who, body)
    management.reset_by_administrator(db, caller, who, user_id)


# ---------------------------------------------------------------------------------------------------------- well-known


@well_known.get("/webauthn")
async def related_origins() -> RelatedOrigins:
    """List the origins whose pages may use passkeys.

    See WebAuthn Level 3, section 5.11.
    """
    return RelatedOrigins(origins=[origin for origin in settings.webauthn_origins if "://" in origin])


@well_known.get("/passkey-endpoints")
async def passkey_endpoints() -> PasskeyEndpoints:
    """Get the pages on which passkeys are managed.

    For password managers: see the W3C document A Well-Known URL for Relying Party Passkey Endpoints.
    """
    url = f"{settings.frontend_base_url}/account/factors"
    return PasskeyEndpoints(enroll=url, manage=url)
