"""The capability record of factors: second factors, passkeys, recovery codes, trusted devices."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.capability import ANYONE, USER, Capability, Expired, Section
from factors import models
from languages import translation
from settings import groups


def _export() -> list[Section]:
    from sqlalchemy import select

    from factors import schemas

    factor, phone, device, profile = (
        models.Factor,
        models.Factor.__table__.c.phone,
        models.TrustedDevice,
        models.FactorProfile,
    )
    code, login = models.RecoveryCode, models.PendingLogin
    return [
        Section(
            "factors",
            schemas.HeldFactor,
            lambda user: select(
                factor.id, factor.type, factor.name, phone, factor.created_at, factor.last_used_at
            ).where(factor.account_id == user.id, factor.unconfirmed_until.is_(None)),
            "factors",
            "The second factors and passkeys of the account, without their secrets.",
        ),
        Section(
            "recovery_codes",
            schemas.HeldRecoveryCode,
            lambda user: select(code.created_at).where(code.account_id == user.id),
            "recovery_codes",
        ),
        Section(
            "trusted_devices",
            schemas.HeldDevice,
            lambda user: select(
                device.id, device.user_agent, device.created_at, device.last_used_at, device.expires_at
            ).where(device.account_id == user.id),
            "trusted_devices",
        ),
        Section(
            "factor_profiles",
            schemas.HeldProfile,
            lambda user: select(profile.removal_due_at).where(profile.account_id == user.id),
            "factor_profiles",
            "When the factors are removed, after a request without one.",
        ),
        Section(
            "pending_logins",
            schemas.HeldLogin,
            lambda user: select(login.method, login.expires_at).where(login.account_id == user.id),
            "pending_logins",
            "Logins that wait for a second factor.",
        ),
    ]


def _erase(db: Any, user: Any) -> None:
    from credentials import throttling

    throttling.forget_factors(db, user.user_id)


def _cleanup(now: datetime) -> Iterable[Expired]:
    yield Expired("unconfirmed_factors", models.Factor, models.Factor.unconfirmed_until < now)
    yield Expired("trusted_devices", models.TrustedDevice, models.TrustedDevice.expires_at < now)
    yield Expired("pending_logins", models.PendingLogin, models.PendingLogin.expires_at < now)
    yield Expired("used_ceremonies", models.UsedCeremony, models.UsedCeremony.expires_at < now)


def _login_methods(db: Any, user: Any) -> int:
    if not user.has_factors:
        return 0
    from sqlalchemy import func, select

    passkey = models.Passkey
    alone = (
        select(func.count()).select_from(passkey).where(passkey.account_id == user.id, passkey.verifies_user.is_(True))
    )
    return int(db.scalar(alone) or 0)


def _other_logins(db: Any, user: Any) -> Sequence[str]:
    if not user.has_factors:
        return ()
    from factors import management

    return management.names_of(db, user)


def _challenge(db: Any, caller: Any, user: Any, login: Any) -> str | None:
    if not user.has_factors:
        return None
    from factors import second_step

    return second_step.challenge(db, caller, user, login)


def _factor_types(db: Any, account: int) -> Sequence[str]:
    from factors import management

    return management.types_of(account, db)


def _verify_factor(caller: Any, who: Any, proof: Any) -> Sequence[str] | None:
    from factors import second_step

    return second_step.verify_in_session(caller, who, proof)


def _prove_factor(caller: Any, account: int, proof: Any) -> str | None:
    if proof.code is None and proof.recovery_code is None and proof.credential is None:
        return None
    from factors import management, second_step

    if not management.types_of(account):
        return None
    return second_step.verify_without_session(caller, account, proof)


def _secure(db: Any, caller: Any, user: Any, proven: str | None) -> None:
    if user.has_factors:
        from factors import removal

        removal.secure(db, caller, user, proven)


def _maintain(batch: int) -> dict[str, int]:
    from factors import removal, sealing

    return {"removed_factors": removal.remove_due(batch), "sealed_factors": sealing.renew(batch)}


def _on_credentials_changed(db: Any, user: Any, change: Any) -> None:
    if user.has_factors or change.removes_unproven_credentials:
        from factors import management

        management.on_credentials_changed(db, user, change)


def _on_logged_out_everywhere(db: Any, user: Any, _api_keys: bool) -> None:
    if user.has_factors:
        from factors import trusted_devices

        trusted_devices.forget_all(db, user)


CAPABILITY = Capability(
    name="factors",
    settings=(groups.FactorSettings,),
    tables=(
        "factors",
        "factor_profiles",
        "recovery_codes",
        "trusted_devices",
        "pending_logins",
        "used_ceremonies",
    ),
    audit_events={
        "factor.added": "The owner added a second factor or a passkey (`detail.type`).",
        "factor.confirmation_failed": "A code to confirm a new authenticator app was wrong. At most twenty an hour "
        "are recorded.",
        "factor.renamed": "The owner renamed a factor.",
        "factor.removed": "A factor was removed: by its owner, or with an email change that was undone.",
        "factor.copied": "The counter of a passkey did not advance, so it may have been copied; it was removed.",
        "factors.locked": "After a hundred wrong codes, second factors stopped working from one known network or from "
        "all unknown ones (`detail.known_network`).",
        "factors.removal_scheduled": "A link in an email was used to remove the factors without one of them: they are "
        "removed after 72 hours, unless someone logs in with one.",
        "factors.reset": "All factors were removed and all sessions ended: by an administrator, at the command line, "
        "or 72 hours after a request with a link.",
        "recovery_code.used": "A recovery code was used (`detail.left` says how many are left).",
        "recovery_codes.replaced": "The owner created new recovery codes; the old ones stopped working.",
        "trusted_device.removed": "The owner removed a trusted device.",
        "trusted_device.token_reused": "An old token of a trusted device was used again; the device was forgotten.",
    },
    emails={
        "factor_added": (),
        "factor_removed": (),
        "factors_locked": (),
        "factors_removal_scheduled": (),
        "factors_reset": (),
        "passkey_copied": (),
        "recovery_code_used": (),
        "recovery_codes_replaced": (),
        "trusted_device_ended": (),
    },
    notices={
        "factor_added": translation.mark("a second factor or passkey that was added to your account"),
        "factor_removed": translation.mark("a second factor or passkey that was removed from your account"),
        "factors_locked": translation.mark(
            "a hundred wrong codes, after which your second factors stopped working from some networks"
        ),
        "factors_removal_scheduled": translation.mark("a request to remove all your second factors"),
        "factors_reset": translation.mark("the removal of all your second factors"),
        "passkey_copied": translation.mark("a passkey that we removed because it may have been copied"),
        "recovery_code_used": translation.mark("a login with a recovery code"),
        "recovery_codes_replaced": translation.mark("new recovery codes"),
        "trusted_device_ended": translation.mark(
            "a trusted device that we removed because an old token was used again"
        ),
    },
    routers=(
        "routes.factors.login",
        "routes.factors.own",
        "routes.factors.administration",
        "routes.factors.well_known",
    ),
    access={
        "auth.complete_login": ANYONE,
        "auth.second_step_options": ANYONE,
        "auth.passkey_options": ANYONE,
        "auth.log_in_with_passkey": ANYONE,
        "auth.reauthenticate": USER,
        "auth.reauthentication_options": USER,
        "users.list_factors": USER,
        "users.begin_totp": USER,
        "users.confirm_totp": USER,
        "users.new_passkey_options": USER,
        "users.add_passkey": USER,
        "users.rename_factor": USER,
        "users.remove_factor": USER,
        "users.replace_recovery_codes": USER,
        "users.list_trusted_devices": USER,
        "users.forget_trusted_device": USER,
        "admin.list_user_factors": "users:read",
        "admin.reset_factors": "users:write",
        "system.related_origins": ANYONE,
        "system.passkey_endpoints": ANYONE,
    },
    open_to_keys={"admin.list_user_factors": "users:read"},
    export=_export,
    erase=_erase,
    cleanup=_cleanup,
    maintain=_maintain,
    login_methods=_login_methods,
    other_logins=_other_logins,
    challenge=_challenge,
    factor_types=_factor_types,
    verify_factor=_verify_factor,
    prove_factor=_prove_factor,
    secure=_secure,
    on_credentials_changed=_on_credentials_changed,
    on_logged_out_everywhere=_on_logged_out_everywhere,
)
