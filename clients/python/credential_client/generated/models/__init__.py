"""Contains all the data models used in inputs/outputs"""

from .api_key import ApiKey
from .api_key_change import ApiKeyChange
from .api_key_rotation import ApiKeyRotation
from .api_keys import ApiKeys
from .auth_verify_acr_item import AuthVerifyAcrItem
from .authenticator_response import AuthenticatorResponse
from .authorization_url import AuthorizationUrl
from .bearer_token import BearerToken
from .body_oauth_2_introspect import BodyOauth2Introspect
from .body_oauth_2_revoke import BodyOauth2Revoke
from .ceremony_options import CeremonyOptions
from .ceremony_options_options import CeremonyOptionsOptions
from .challenge import Challenge
from .change_email import ChangeEmail
from .change_password import ChangePassword
from .configuration import Configuration
from .confirmed import Confirmed
from .created_api_key import CreatedApiKey
from .credential_properties import CredentialProperties
from .day_count import DayCount
from .device import Device
from .email_only import EmailOnly
from .email_proof import EmailProof
from .event import Event
from .event_detail import EventDetail
from .event_page import EventPage
from .exchange_code import ExchangeCode
from .export import Export
from .extension_results import ExtensionResults
from .factor import Factor
from .factor_id import FactorId
from .factor_type import FactorType
from .factors import Factors
from .field_error import FieldError
from .health import Health
from .held_account import HeldAccount
from .held_api_key import HeldApiKey
from .held_device import HeldDevice
from .held_factor import HeldFactor
from .held_identity import HeldIdentity
from .held_link import HeldLink
from .held_login import HeldLogin
from .held_mail import HeldMail
from .held_mail_context import HeldMailContext
from .held_network import HeldNetwork
from .held_profile import HeldProfile
from .held_recovery_code import HeldRecoveryCode
from .held_role import HeldRole
from .held_session import HeldSession
from .held_sign_up import HeldSignUp
from .held_text_message import HeldTextMessage
from .identity import Identity
from .impersonate import Impersonate
from .introspection import Introspection
from .introspection_act_type_0 import IntrospectionActType0
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .link_proof import LinkProof
from .link_sent import LinkSent
from .linked import Linked
from .listed_provider import ListedProvider
from .log_in import LogIn
from .logged_in import LoggedIn
from .lookup import Lookup
from .managed_api_key import ManagedApiKey
from .managed_api_keys import ManagedApiKeys
from .managed_user import ManagedUser
from .me import Me
from .message import Message
from .mfa_sms import MfaSms
from .mfa_token import MfaToken
from .new_api_key import NewApiKey
from .new_link import NewLink
from .new_passkey import NewPasskey
from .new_recovery_codes import NewRecoveryCodes
from .new_sms_request import NewSmsRequest
from .new_totp import NewTotp
from .new_totp_request import NewTotpRequest
from .new_user import NewUser
from .o_auth_problem import OAuthProblem
from .passkey_credential import PasskeyCredential
from .passkey_endpoints import PasskeyEndpoints
from .passkey_login import PasskeyLogin
from .passkey_sign_up import PasskeySignUp
from .passkey_sign_up_options import PasskeySignUpOptions
from .presence import Presence
from .problem import Problem
from .profile import Profile
from .provider_answer import ProviderAnswer
from .readiness import Readiness
from .readiness_checks import ReadinessChecks
from .reauthentication_sms import ReauthenticationSms
from .refresh import Refresh
from .related_origins import RelatedOrigins
from .renamed import Renamed
from .renamed_api_key import RenamedApiKey
from .reset_password import ResetPassword
from .reset_request import ResetRequest
from .role import Role
from .role_change import RoleChange
from .role_change_permissions_type_0_item import RoleChangePermissionsType0Item
from .role_permissions_item import RolePermissionsItem
from .roles import Roles
from .roles_of_user import RolesOfUser
from .second_step import SecondStep
from .secure_account import SecureAccount
from .sent_mail import SentMail
from .sign_up import SignUp
from .sign_up_accepted import SignUpAccepted
from .signed_up import SignedUp
from .sms_sent import SmsSent
from .stats import Stats
from .system_mailbox_format import SystemMailboxFormat
from .token_only import TokenOnly
from .token_request import TokenRequest
from .tokens import Tokens
from .totp_code import TotpCode
from .trusted_device import TrustedDevice
from .trusted_devices import TrustedDevices
from .user import User
from .user_change import UserChange
from .user_page import UserPage
from .users import Users
from .welcome import Welcome

__all__ = (
    "ApiKey",
    "ApiKeyChange",
    "ApiKeyRotation",
    "ApiKeys",
    "AuthenticatorResponse",
    "AuthorizationUrl",
    "AuthVerifyAcrItem",
    "BearerToken",
    "BodyOauth2Introspect",
    "BodyOauth2Revoke",
    "CeremonyOptions",
    "CeremonyOptionsOptions",
    "Challenge",
    "ChangeEmail",
    "ChangePassword",
    "Configuration",
    "Confirmed",
    "CreatedApiKey",
    "CredentialProperties",
    "DayCount",
    "Device",
    "EmailOnly",
    "EmailProof",
    "Event",
    "EventDetail",
    "EventPage",
    "ExchangeCode",
    "Export",
    "ExtensionResults",
    "Factor",
    "FactorId",
    "Factors",
    "FactorType",
    "FieldError",
    "Health",
    "HeldAccount",
    "HeldApiKey",
    "HeldDevice",
    "HeldFactor",
    "HeldIdentity",
    "HeldLink",
    "HeldLogin",
    "HeldMail",
    "HeldMailContext",
    "HeldNetwork",
    "HeldProfile",
    "HeldRecoveryCode",
    "HeldRole",
    "HeldSession",
    "HeldSignUp",
    "HeldTextMessage",
    "Identity",
    "Impersonate",
    "Introspection",
    "IntrospectionActType0",
    "KeySet",
    "KeySetKeysItem",
    "Linked",
    "LinkProof",
    "LinkSent",
    "ListedProvider",
    "LoggedIn",
    "LogIn",
    "Lookup",
    "ManagedApiKey",
    "ManagedApiKeys",
    "ManagedUser",
    "Me",
    "Message",
    "MfaSms",
    "MfaToken",
    "NewApiKey",
    "NewLink",
    "NewPasskey",
    "NewRecoveryCodes",
    "NewSmsRequest",
    "NewTotp",
    "NewTotpRequest",
    "NewUser",
    "OAuthProblem",
    "PasskeyCredential",
    "PasskeyEndpoints",
    "PasskeyLogin",
    "PasskeySignUp",
    "PasskeySignUpOptions",
    "Presence",
    "Problem",
    "Profile",
    "ProviderAnswer",
    "Readiness",
    "ReadinessChecks",
    "ReauthenticationSms",
    "Refresh",
    "RelatedOrigins",
    "Renamed",
    "RenamedApiKey",
    "ResetPassword",
    "ResetRequest",
    "Role",
    "RoleChange",
    "RoleChangePermissionsType0Item",
    "RolePermissionsItem",
    "Roles",
    "RolesOfUser",
    "SecondStep",
    "SecureAccount",
    "SentMail",
    "SignedUp",
    "SignUp",
    "SignUpAccepted",
    "SmsSent",
    "Stats",
    "SystemMailboxFormat",
    "TokenOnly",
    "TokenRequest",
    "Tokens",
    "TotpCode",
    "TrustedDevice",
    "TrustedDevices",
    "User",
    "UserChange",
    "UserPage",
    "Users",
    "Welcome",
)
