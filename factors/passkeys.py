"""Register passkeys, and verify their assertions (WebAuthn Level 3, sections 7.1 and 7.2)."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
from core import webauthn_json
from core.client_address import CallerInfo
from factors import authenticator_names, ceremonies, management, recovery_codes
from factors.models import Passkey
from factors.schemas import CeremonyOptions, Confirmed, NewPasskey
from models import User
from sessions import sessions
from sessions.current_user import Current
from settings.loading import settings

CREDENTIAL_ID = re.compile(r"[\w-]{1,1366}", re.ASCII)
ES256, EDDSA, RS256 = -7, -8, -257  # COSE algorithms (RFC 9053, RFC 8812)
RSA_BITS, RSA_EXPONENT = range(2048, 4097), 65537
MAX_NAME = 64
MAX_CREDENTIAL_ID = 1023  # bytes (WebAuthn Level 3, section 4)
ALGORITHMS = (EDDSA, ES256, RS256)


class Rejected(Exception):
    """The response of the authenticator is not valid."""


class Answer(NamedTuple):
    """A verified assertion: the passkey, and whether it verified the user, for example with a PIN or a fingerprint."""

    passkey: Passkey
    verified_user: bool

    @property
    def amr(self) -> tuple[str, ...]:
        """Return its authentication methods (RFC 8176)."""
        return ("pop", "user", sessions.MFA) if self.verified_user else ("pop",)


def require_enabled() -> None:
    """Require that passkeys are available, which needs a frontend with a host name. Raises NotFound."""
    if not settings.webauthn_rp_id:
        raise errors.NotFound()


# ----------------------------------------------------------------------------------------------------------------- add


def creation_options(db: Session, who: Current, user: User) -> CeremonyOptions:
    """Return the options to create a passkey for a locked account. Raises NotFound, Conflict."""
    require_enabled()
    management.require_room(db, user)
    ceremony = ceremonies.issue("register", who.session_id)
    handle = recovery_codes.profile(db, user).user_handle
    shown = {"id": handle, "name": user.email, "displayName": user.username}
    return _creation_options(ceremony, shown, "preferred", _of(db, user))


def sign_up_options(subject: str, shown: dict[str, str]) -> CeremonyOptions:
    """Return the options to create the passkey of a sign-up, which must verify the user. Raises NotFound.

    subject: what the ceremony is issued for. shown: the `id`, `name` and `displayName` of the new user.
    """
    require_enabled()
    return _creation_options(ceremonies.issue("sign_up", subject), shown, "required")


def _creation_options(
    ceremony: str, shown: dict[str, str], verification: str, excluded: Sequence[Passkey] = ()
) -> CeremonyOptions:
    options = {
        "rp": {"id": settings.webauthn_rp_id, "name": settings.app_name},
        "user": shown,
        "challenge": _base64url(ceremonies.challenge_of(ceremony)),
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
        "timeout": ceremonies.MINUTES_TO_ANSWER * 60_000,
        "excludeCredentials": _descriptors(excluded),
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": verification},
        "attestation": "none",
        "extensions": {"credProps": True},
    }
    return CeremonyOptions(ceremony=ceremony, options=options)


def add(db: Session, caller: CallerInfo, who: Current, body: NewPasskey) -> Confirmed:
    """Add a passkey to the account of the current user. The session is raised to `aal2`.

    Raises InvalidCredential, Conflict.
    """
    user = auth.lock_current(db, who)
    management.require_room(db, user)
    try:
        challenge = ceremonies.redeem(db, "register", body.ceremony, who.session_id)
    except ceremonies.Invalid:
        raise expired() from None
    columns = verify_new(db, caller, body.credential, challenge)
    passkey = Passkey(account_id=user.id, last_used_at=models.now(), **columns)
    passkey.name = body.name or passkey.name
    return management.add(db, caller, who, passkey, ("pop", "user") if passkey.verifies_user else ("pop",))


def expired() -> errors.InvalidCredential:
    """Return the error for a ceremony that is not valid."""
    return errors.InvalidCredential("This request has expired or was already completed. Start again.")


def verify_new(
    db: Session,
    caller: CallerInfo,
    credential: webauthn_json.PasskeyCredential,
    challenge: bytes,
    *,
    must_verify_user: bool = False,
) -> dict[str, Any]:
    """Verify a new credential, and return the columns of its passkey, with a name. Raises InvalidCredential.

    must_verify_user: whether the authenticator must have verified the user, for example with a PIN or a fingerprint.
    """
    import webauthn
    from webauthn.helpers import cose

    try:
        verified = webauthn.verify_registration_response(
            credential=_json_of(credential),
            expected_challenge=challenge,
            expected_rp_id=settings.webauthn_rp_id,
            expected_origin=list(settings.webauthn_origins),
            require_user_verification=must_verify_user,
            supported_pub_key_algs=[cose.COSEAlgorithmIdentifier(each) for each in ALGORITHMS],
        )
        _require_same_page(credential)
        _require_usable(verified)
    except Exception:  # the parsers of the library raise many classes for malformed input
        raise errors.InvalidCredential() from None
    credential_id = _base64url(verified.credential_id)
    if is_known(db, credential_id):
        raise errors.InvalidCredential("This passkey has already been added.")
    agent_name = sessions.device_name(caller.user_agent)[:MAX_NAME]  # the client chooses its length
    return {
        "name": authenticator_names.NAMES.get(verified.aaguid) or agent_name,
        "credential_id": credential_id,
        "public_key": _base64url(verified.credential_public_key),
        "sign_count": verified.sign_count,
        "aaguid": verified.aaguid,
        "transports": credential.response.transports or [],
        "verifies_user": verified.user_verified,
        "backed_up": verified.credential_backed_up,
    }


def is_known(db: Session, credential_id: str) -> bool:
    """Return whether an account has a passkey with this credential id."""
    return db.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None


def add_at_sign_up(db: Session, caller: CallerInfo, user: User, handle: str, columns: dict[str, Any]) -> bool:
    """Add the passkey of a sign-up to its locked account, and return whether it was added.

    handle: the user handle that the authenticator stores. The account has no other factors.
    """
    if is_known(db, columns["credential_id"]):
        return False  # it was added to another account in the meantime
    recovery_codes.profile(db, user).user_handle = handle
    passkey = Passkey(account_id=user.id, last_used_at=models.now(), **columns)
    management.add_at_sign_up(db, caller, user, passkey)
    return True


# -------------------------------------------------------------------------------------------------------------- verify


def request_options(purpose: str, subject: str = "", allowed: Sequence[Passkey] | None = None) -> CeremonyOptions:
    """Return the options to use a passkey: any passkey for this site, or one of those allowed. Raises NotFound."""
    require_enabled()
    ceremony = ceremonies.issue(purpose, subject)
    options: dict[str, Any] = {
        "challenge": _base64url(ceremonies.challenge_of(ceremony)),
        "rpId": settings.webauthn_rp_id,
        "timeout": ceremonies.MINUTES_TO_ANSWER * 60_000,
        "userVerification": "preferred",
    }
    if allowed is not None:
        options["allowCredentials"] = _descriptors(allowed)
    return CeremonyOptions(ceremony=ceremony, options=options)


def of_account(db: Session, account: int, *, but: str | None = None) -> Sequence[Passkey]:
    """Return the passkeys of an account, except one."""
    return db.scalars(select(Passkey).where(Passkey.account_id == account, Passkey.id != (but or ""))).all()


def _of(db: Session, user: User) -> Sequence[Passkey]:
    return of_account(db, user.id)


def find(db: Session, credential: webauthn_json.PasskeyCredential) -> Passkey | None:
    """Return the passkey with this credential id, of any account."""
    if not CREDENTIAL_ID.fullmatch(credential.id):
        return None
    found = select(Passkey).where(Passkey.credential_id == credential.id)
    return db.scalar(found.execution_options(populate_existing=True))


def verify(
    db: Session,
    caller: CallerInfo,
    passkey: Passkey,
    credential: webauthn_json.PasskeyCredential,
    challenge: bytes,
) -> Answer:
    """Verify the assertion of a passkey of a locked account, and record its use. Raises Rejected.

    A counter that does not advance shows that the passkey was copied: it is removed, and the owner is notified.
    """
    import webauthn

    user = db.get_one(User, passkey.account_id)
    handle = credential.response.userHandle
    if handle is not None and handle.rstrip("=") != recovery_codes.profile(db, user).user_handle:
        raise Rejected
    try:
        verified = webauthn.verify_authentication_response(
            credential=_json_of(credential),
            expected_challenge=challenge,
            expected_rp_id=settings.webauthn_rp_id,
            expected_origin=list(settings.webauthn_origins),
            credential_public_key=_bytes(str(passkey.public_key)),
            credential_current_sign_count=0,  # compared below, after the signature
        )
        _require_same_page(credential)
    except Exception:  # the parsers of the library raise many classes for malformed input
        raise Rejected from None
    known, new = passkey.sign_count or 0, verified.new_sign_count
    if (known or new) and new <= known:
        _remove_copied(db, caller, user, passkey)
        raise Rejected
    passkey.sign_count, passkey.last_used_at, passkey.backed_up = new, models.now(), verified.credential_backed_up
    db.flush()
    return Answer(passkey, verified.user_verified)


def _remove_copied(db: Session, caller: CallerInfo, user: User, passkey: Passkey) -> None:
    audit.record(db, caller, "factor.copied", user.user_id, factor_id=passkey.id, type="passkey")
    email_utils.queue(db, "passkey_copied", user, name=passkey.name)
    management.end_copied(db, user, passkey)


def _require_same_page(credential: webauthn_json.PasskeyCredential) -> None:
    """Reject a response from a frame of another site (WebAuthn Level 3, section 5.8.1)."""
    if json.loads(_bytes(credential.response.clientDataJSON)).get("crossOrigin"):
        raise Rejected


def _require_usable(verified: Any) -> None:
    """Reject a credential that could not be used later: its id is too long, or its key is invalid or weak."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography

    key = decoded_public_key_to_cryptography(decode_credential_public_key(verified.credential_public_key))
    weak = isinstance(key, rsa.RSAPublicKey) and not (
        key.key_size in RSA_BITS and key.public_numbers().e == RSA_EXPONENT
    )
    if weak or len(verified.credential_id) > MAX_CREDENTIAL_ID:
        raise Rejected


def _json_of(credential: webauthn_json.PasskeyCredential) -> dict[str, Any]:
    return credential.model_dump(exclude_none=True)


def _descriptors(passkeys: Sequence[Passkey]) -> list[dict[str, Any]]:
    return [
        {"type": "public-key", "id": each.credential_id} | ({"transports": each.transports} if each.transports else {})
        for each in passkeys
    ]


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
