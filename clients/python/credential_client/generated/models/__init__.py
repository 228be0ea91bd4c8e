"""Contains all the data models used in inputs/outputs"""

from .account_event import AccountEvent
from .account_event_data import AccountEventData
from .admin_list_deliveries_status_type_0 import AdminListDeliveriesStatusType0
from .api_key import ApiKey
from .api_key_change import ApiKeyChange
from .api_key_rotation import ApiKeyRotation
from .api_keys import ApiKeys
from .auth_verify_acr_item import AuthVerifyAcrItem
from .authenticator_response import AuthenticatorResponse
from .authorization_url import AuthorizationUrl
from .bearer_token import BearerToken
from .ceremony_options import CeremonyOptions
from .ceremony_options_options import CeremonyOptionsOptions
from .challenge import Challenge
from .change_email import ChangeEmail
from .change_password import ChangePassword
from .client_change import ClientChange
from .client_change_grant_types_item import ClientChangeGrantTypesItem
from .client_change_id_token_signed_response_alg import (
    ClientChangeIdTokenSignedResponseAlg,
)
from .client_change_jwks_type_0 import ClientChangeJwksType0
from .client_change_subject_type_type_0 import ClientChangeSubjectTypeType0
from .client_change_token_endpoint_auth_method_type_0 import (
    ClientChangeTokenEndpointAuthMethodType0,
)
from .client_change_type import ClientChangeType
from .client_fields import ClientFields
from .client_fields_grant_types_item import ClientFieldsGrantTypesItem
from .client_fields_id_token_signed_response_alg import (
    ClientFieldsIdTokenSignedResponseAlg,
)
from .client_fields_jwks_type_0 import ClientFieldsJwksType0
from .client_fields_subject_type_type_0 import ClientFieldsSubjectTypeType0
from .client_fields_token_endpoint_auth_method_type_0 import (
    ClientFieldsTokenEndpointAuthMethodType0,
)
from .client_fields_type import ClientFieldsType
from .clients import Clients
from .configuration import Configuration
from .confirmed import Confirmed
from .created_api_key import CreatedApiKey
from .created_o_auth_client import CreatedOAuthClient
from .created_o_auth_client_jwks_type_0 import CreatedOAuthClientJwksType0
from .created_webhook import CreatedWebhook
from .credential_properties import CredentialProperties
from .day_count import DayCount
from .device import Device
from .device_authorization import DeviceAuthorization
from .email_only import EmailOnly
from .email_proof import EmailProof
from .enrolled_factors import EnrolledFactors
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
from .feed_page import FeedPage
from .field_error import FieldError
from .funnel import Funnel
from .grants import Grants
from .health import Health
from .held_account import HeldAccount
from .held_api_key import HeldApiKey
from .held_client_session import HeldClientSession
from .held_code import HeldCode
from .held_device import HeldDevice
from .held_device_request import HeldDeviceRequest
from .held_event import HeldEvent
from .held_event_data_type_0 import HeldEventDataType0
from .held_factor import HeldFactor
from .held_grant import HeldGrant
from .held_grant_consents_type_0 import HeldGrantConsentsType0
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
from .introspection_cnf_type_0 import IntrospectionCnfType0
from .introspection_request import IntrospectionRequest
from .introspections import Introspections
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .link_proof import LinkProof
from .link_sent import LinkSent
from .linked import Linked
from .listed_provider import ListedProvider
from .log_in import LogIn
from .logged_in import LoggedIn
from .login_steps import LoginSteps
from .login_steps_failed import LoginStepsFailed
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
from .new_webhook import NewWebhook
from .o_auth_client import OAuthClient
from .o_auth_client_jwks_type_0 import OAuthClientJwksType0
from .o_auth_grant import OAuthGrant
from .o_auth_problem import OAuthProblem
from .oauth_2_authorize_device_device_form import Oauth2AuthorizeDeviceDeviceForm
from .oauth_2_change_registration_body import Oauth2ChangeRegistrationBody
from .oauth_2_introspect_received_token import Oauth2IntrospectReceivedToken
from .oauth_2_push_authorization_form import Oauth2PushAuthorizationForm
from .oauth_2_register_body import Oauth2RegisterBody
from .oauth_2_revoke_received_token import Oauth2RevokeReceivedToken
from .oauth_2_token_token_form import Oauth2TokenTokenForm
from .oauth_2_token_token_form_grant_type import Oauth2TokenTokenFormGrantType
from .passkey_credential import PasskeyCredential
from .passkey_endpoints import PasskeyEndpoints
from .passkey_login import PasskeyLogin
from .passkey_sign_up import PasskeySignUp
from .passkey_sign_up_options import PasskeySignUpOptions
from .presence import Presence
from .problem import Problem
from .profile import Profile
from .protected_resource import ProtectedResource
from .provider_answer import ProviderAnswer
from .pushed_request import PushedRequest
from .readiness import Readiness
from .readiness_checks import ReadinessChecks
from .reauthentication_sms import ReauthenticationSms
from .refresh import Refresh
from .registered_client import RegisteredClient
from .registered_client_jwks_type_0 import RegisteredClientJwksType0
from .related_origins import RelatedOrigins
from .renamed import Renamed
from .renamed_api_key import RenamedApiKey
from .replay import Replay
from .reset_password import ResetPassword
from .reset_request import ResetRequest
from .reset_steps import ResetSteps
from .revocations import Revocations
from .revoked_user import RevokedUser
from .role import Role
from .role_change import RoleChange
from .role_change_permissions_type_0_item import RoleChangePermissionsType0Item
from .role_permissions_item import RolePermissionsItem
from .roles import Roles
from .roles_of_user import RolesOfUser
from .second_step import SecondStep
from .secret_rotation import SecretRotation
from .secure_account import SecureAccount
from .sent_mail import SentMail
from .sign_up import SignUp
from .sign_up_accepted import SignUpAccepted
from .sign_up_steps import SignUpSteps
from .signed_up import SignedUp
from .sms_sent import SmsSent
from .snapshot import Snapshot
from .stats import Stats
from .system_mailbox_format import SystemMailboxFormat
from .token_only import TokenOnly
from .token_request import TokenRequest
from .token_response import TokenResponse
from .tokens import Tokens
from .totp_code import TotpCode
from .trusted_device import TrustedDevice
from .trusted_devices import TrustedDevices
from .user import User
from .user_change import UserChange
from .user_info import UserInfo
from .user_page import UserPage
from .users import Users
from .webhook import Webhook
from .webhook_change import WebhookChange
from .webhook_deliveries import WebhookDeliveries
from .webhook_delivery import WebhookDelivery
from .webhook_delivery_status import WebhookDeliveryStatus
from .webhook_health import WebhookHealth
from .webhook_health_status import WebhookHealthStatus
from .webhook_secret import WebhookSecret
from .webhooks import Webhooks
from .welcome import Welcome

__all__ = (
    "AccountEvent",
    "AccountEventData",
    "AdminListDeliveriesStatusType0",
    "ApiKey",
    "ApiKeyChange",
    "ApiKeyRotation",
    "ApiKeys",
    "AuthenticatorResponse",
    "AuthorizationUrl",
    "AuthVerifyAcrItem",
    "BearerToken",
    "CeremonyOptions",
    "CeremonyOptionsOptions",
    "Challenge",
    "ChangeEmail",
    "ChangePassword",
    "ClientChange",
    "ClientChangeGrantTypesItem",
    "ClientChangeIdTokenSignedResponseAlg",
    "ClientChangeJwksType0",
    "ClientChangeSubjectTypeType0",
    "ClientChangeTokenEndpointAuthMethodType0",
    "ClientChangeType",
    "ClientFields",
    "ClientFieldsGrantTypesItem",
    "ClientFieldsIdTokenSignedResponseAlg",
    "ClientFieldsJwksType0",
    "ClientFieldsSubjectTypeType0",
    "ClientFieldsTokenEndpointAuthMethodType0",
    "ClientFieldsType",
    "Clients",
    "Configuration",
    "Confirmed",
    "CreatedApiKey",
    "CreatedOAuthClient",
    "CreatedOAuthClientJwksType0",
    "CreatedWebhook",
    "CredentialProperties",
    "DayCount",
    "Device",
    "DeviceAuthorization",
    "EmailOnly",
    "EmailProof",
    "EnrolledFactors",
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
    "FeedPage",
    "FieldError",
    "Funnel",
    "Grants",
    "Health",
    "HeldAccount",
    "HeldApiKey",
    "HeldClientSession",
    "HeldCode",
    "HeldDevice",
    "HeldDeviceRequest",
    "HeldEvent",
    "HeldEventDataType0",
    "HeldFactor",
    "HeldGrant",
    "HeldGrantConsentsType0",
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
    "IntrospectionCnfType0",
    "IntrospectionRequest",
    "Introspections",
    "KeySet",
    "KeySetKeysItem",
    "Linked",
    "LinkProof",
    "LinkSent",
    "ListedProvider",
    "LoggedIn",
    "LogIn",
    "LoginSteps",
    "LoginStepsFailed",
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
    "NewWebhook",
    "Oauth2AuthorizeDeviceDeviceForm",
    "Oauth2ChangeRegistrationBody",
    "Oauth2IntrospectReceivedToken",
    "Oauth2PushAuthorizationForm",
    "Oauth2RegisterBody",
    "Oauth2RevokeReceivedToken",
    "Oauth2TokenTokenForm",
    "Oauth2TokenTokenFormGrantType",
    "OAuthClient",
    "OAuthClientJwksType0",
    "OAuthGrant",
    "OAuthProblem",
    "PasskeyCredential",
    "PasskeyEndpoints",
    "PasskeyLogin",
    "PasskeySignUp",
    "PasskeySignUpOptions",
    "Presence",
    "Problem",
    "Profile",
    "ProtectedResource",
    "ProviderAnswer",
    "PushedRequest",
    "Readiness",
    "ReadinessChecks",
    "ReauthenticationSms",
    "Refresh",
    "RegisteredClient",
    "RegisteredClientJwksType0",
    "RelatedOrigins",
    "Renamed",
    "RenamedApiKey",
    "Replay",
    "ResetPassword",
    "ResetRequest",
    "ResetSteps",
    "Revocations",
    "RevokedUser",
    "Role",
    "RoleChange",
    "RoleChangePermissionsType0Item",
    "RolePermissionsItem",
    "Roles",
    "RolesOfUser",
    "SecondStep",
    "SecretRotation",
    "SecureAccount",
    "SentMail",
    "SignedUp",
    "SignUp",
    "SignUpAccepted",
    "SignUpSteps",
    "SmsSent",
    "Snapshot",
    "Stats",
    "SystemMailboxFormat",
    "TokenOnly",
    "TokenRequest",
    "TokenResponse",
    "Tokens",
    "TotpCode",
    "TrustedDevice",
    "TrustedDevices",
    "User",
    "UserChange",
    "UserInfo",
    "UserPage",
    "Users",
    "Webhook",
    "WebhookChange",
    "WebhookDeliveries",
    "WebhookDelivery",
    "WebhookDeliveryStatus",
    "WebhookHealth",
    "WebhookHealthStatus",
    "Webhooks",
    "WebhookSecret",
    "Welcome",
)
