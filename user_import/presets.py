"""Presets: the systems whose files can be imported, and which of their fields are ignored or lost.

For any other system, use the general format, or add a function to `systems.py` and a row here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from user_import import systems
from user_import.records import Record
from user_import.systems import Values


class Preset(NamedTuple):
    """A system and its files.

    signs: the field names, in lower case, by which its files are recognized.
    ignored: fields that have no meaning for an account of this service.
    lost, lost_credentials: fields that this service cannot store.
    flat: the function that flattens a nested record.
    """

    read: Callable[[Record, Mapping[str, str]], Values]
    signs: str
    ignored: str = ""
    lost: str = ""
    lost_credentials: str = ""
    flat: Callable[[Mapping[str, Any]], Values] = dict

    def values(self, record: Record, options: Mapping[str, str]) -> Values:
        """Return the values of an account, and mark the values in the record that are lost."""
        found = self.read(record, options)
        record.ignore(*self.ignored.split())
        record.lose_fields(*self.lost.split())
        record.lose_fields(*self.lost_credentials.split(), credential=True)
        return found


GENERAL = Preset(systems.general, "", "updated_at last_login")
PRESETS: Mapping[str, Preset] = {
    "auth0": Preset(
        systems.auth0,
        "passwordhash identities tenant logins_count last_ip",
        "tenant connection picture updated_at last_login last_ip logins_count locale password_set_date given_name "
        "family_name last_password_reset email_lower version username nickname",
        "user_metadata app_metadata phone_number",
        "multifactor guardian_authenticators mfa_factors",
    ),
    "better-auth": Preset(
        systems.better_auth,
        "emailverified twofactorenabled accounts banned createdat",
        "image updatedAt updated_at banReason ban_reason banExpires ban_expires username displayUsername",
        "phoneNumber phone_number role",
        "twoFactorEnabled two_factor_enabled twoFactor",
    ),
    "clerk": Preset(
        systems.clerk,
        "primary_email_address password_digest password_hasher verified_email_addresses",
        "unverified_email_addresses updated_at last_sign_in_at image_url profile_image_url external_id",
        "primary_phone_number verified_phone_numbers unverified_phone_numbers public_metadata private_metadata "
        "unsafe_metadata",
        "totp_secret backup_codes",
    ),
    "cognito": Preset(
        systems.cognito,
        "cognito:username attributes usercreatedate userstatus cognito:mfa_enabled",
        "UserLastModifiedDate UserPoolId updated_at phone_number_verified gender locale profile picture website "
        "zoneinfo middle_name nickname preferred_username",
        "phone_number address birthdate cognito:groups",
        "MFAOptions cognito:mfa_enabled UserMFASettingList PreferredMfaSetting",
        systems.with_attributes,
    ),
    "devise": Preset(
        systems.devise,
        "encrypted_password sign_in_count remember_created_at confirmation_sent_at reset_password_sent_at",
        "reset_password_token reset_password_sent_at remember_created_at sign_in_count updated_at current_sign_in_at "
        "last_sign_in_at current_sign_in_ip last_sign_in_ip confirmation_token confirmation_sent_at unconfirmed_email "
        "failed_attempts unlock_token invitation_token",
        "",
        "otp_secret encrypted_otp_secret otp_backup_codes",
    ),
    "django": Preset(
        systems.django,
        "date_joined is_staff is_superuser last_login model fields pk",
        "last_login is_staff model",
        "groups user_permissions",
        flat=systems.with_fields,
    ),
    "fastapi-users": Preset(
        systems.fastapi_users, "hashed_password is_superuser is_verified oauth_accounts", "updated_at"
    ),
    "firebase": Preset(
        systems.firebase,
        "localid emailverified provideruserinfo passwordhash displayname",
        "lastSignedInAt passwordUpdatedAt version validSince lastRefreshAt photoUrl",
        "phoneNumber customAttributes tenantId",
        "mfaInfo multiFactor",
    ),
    "keycloak": Preset(
        systems.keycloak,
        "createdtimestamp emailverified credentials disableablecredentialtypes",
        "totp notBefore origin access disableableCredentialTypes username",
        "attributes groups clientRoles requiredActions clientConsents federationLink realmRoles",
    ),
    "laravel": Preset(
        systems.laravel,
        "remember_token email_verified_at two_factor_secret current_team_id",
        "remember_token updated_at current_team_id profile_photo_path two_factor_confirmed_at",
        "",
        "two_factor_secret two_factor_recovery_codes",
    ),
    "supabase": Preset(
        systems.supabase,
        "encrypted_password raw_user_meta_data instance_id email_confirmed_at banned_until",
        "instance_id aud role updated_at last_sign_in_at confirmed_at is_sso_user invited_at confirmation_token "
        "confirmation_sent_at recovery_token recovery_sent_at email_change email_change_token_new "
        "email_change_token_current email_change_sent_at phone_change email_change_confirm_status phone_change_token "
        "phone_change_sent_at reauthentication_token reauthentication_sent_at phone_confirmed_at is_super_admin "
        "is_anonymous raw_app_meta_data app_metadata",
        "phone",
        "factors mfa_factors",
    ),
    "wordpress": Preset(
        systems.wordpress,
        "user_login user_pass user_email user_registered user_nicename",
        "user_nicename user_url user_activation_key user_status",
    ),
}


def suggested(record: Record) -> str | None:
    """Return the preset whose files have most of these names, if at least two of them."""
    counts = {name: len(set(preset.signs.split()) & set(record.names)) for name, preset in PRESETS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 1 else None
