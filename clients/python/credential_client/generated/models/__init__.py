"""Contains all the data models used in inputs/outputs"""

from .authorization_url import AuthorizationUrl
from .body_oauth_2_introspect import BodyOauth2Introspect
from .body_oauth_2_revoke import BodyOauth2Revoke
from .change_email import ChangeEmail
from .change_password import ChangePassword
from .configuration import Configuration
from .day_count import DayCount
from .device import Device
from .email_only import EmailOnly
from .email_proof import EmailProof
from .event import Event
from .event_detail import EventDetail
from .event_page import EventPage
from .exchange_code import ExchangeCode
from .export import Export
from .field_error import FieldError
from .health import Health
from .held_account import HeldAccount
from .held_identity import HeldIdentity
from .held_link import HeldLink
from .held_mail import HeldMail
from .held_mail_context import HeldMailContext
from .held_network import HeldNetwork
from .held_role import HeldRole
from .held_session import HeldSession
from .held_sign_up import HeldSignUp
from .identity import Identity
from .introspection import Introspection
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .linked import Linked
from .listed_provider import ListedProvider
from .log_in import LogIn
from .lookup import Lookup
from .managed_user import ManagedUser
from .message import Message
from .new_user import NewUser
from .o_auth_problem import OAuthProblem
from .presence import Presence
from .problem import Problem
from .profile import Profile
from .provider_answer import ProviderAnswer
from .readiness import Readiness
from .readiness_checks import ReadinessChecks
from .refresh import Refresh
from .reset_password import ResetPassword
from .role import Role
from .role_change import RoleChange
from .role_change_permissions_type_0_item import RoleChangePermissionsType0Item
from .role_permissions_item import RolePermissionsItem
from .roles import Roles
from .roles_of_user import RolesOfUser
from .sent_mail import SentMail
from .sign_up import SignUp
from .sign_up_accepted import SignUpAccepted
from .signed_up import SignedUp
from .stats import Stats
from .system_mailbox_format import SystemMailboxFormat
from .token_only import TokenOnly
from .token_request import TokenRequest
from .tokens import Tokens
from .user import User
from .user_change import UserChange
from .user_page import UserPage
from .users import Users
from .welcome import Welcome

__all__ = (
    "AuthorizationUrl",
    "BodyOauth2Introspect",
    "BodyOauth2Revoke",
    "ChangeEmail",
    "ChangePassword",
    "Configuration",
    "DayCount",
    "Device",
    "EmailOnly",
    "EmailProof",
    "Event",
    "EventDetail",
    "EventPage",
    "ExchangeCode",
    "Export",
    "FieldError",
    "Health",
    "HeldAccount",
    "HeldIdentity",
    "HeldLink",
    "HeldMail",
    "HeldMailContext",
    "HeldNetwork",
    "HeldRole",
    "HeldSession",
    "HeldSignUp",
    "Identity",
    "Introspection",
    "KeySet",
    "KeySetKeysItem",
    "Linked",
    "ListedProvider",
    "LogIn",
    "Lookup",
    "ManagedUser",
    "Message",
    "NewUser",
    "OAuthProblem",
    "Presence",
    "Problem",
    "Profile",
    "ProviderAnswer",
    "Readiness",
    "ReadinessChecks",
    "Refresh",
    "ResetPassword",
    "Role",
    "RoleChange",
    "RoleChangePermissionsType0Item",
    "RolePermissionsItem",
    "Roles",
    "RolesOfUser",
    "SentMail",
    "SignedUp",
    "SignUp",
    "SignUpAccepted",
    "Stats",
    "SystemMailboxFormat",
    "TokenOnly",
    "TokenRequest",
    "Tokens",
    "User",
    "UserChange",
    "UserPage",
    "Users",
    "Welcome",
)
