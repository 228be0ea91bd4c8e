from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.event import Event
    from ..models.held_account import HeldAccount
    from ..models.held_api_key import HeldApiKey
    from ..models.held_client_session import HeldClientSession
    from ..models.held_code import HeldCode
    from ..models.held_device import HeldDevice
    from ..models.held_device_request import HeldDeviceRequest
    from ..models.held_event import HeldEvent
    from ..models.held_factor import HeldFactor
    from ..models.held_grant import HeldGrant
    from ..models.held_identity import HeldIdentity
    from ..models.held_link import HeldLink
    from ..models.held_login import HeldLogin
    from ..models.held_mail import HeldMail
    from ..models.held_network import HeldNetwork
    from ..models.held_profile import HeldProfile
    from ..models.held_recovery_code import HeldRecoveryCode
    from ..models.held_role import HeldRole
    from ..models.held_session import HeldSession
    from ..models.held_sign_up import HeldSignUp
    from ..models.held_text_message import HeldTextMessage


T = TypeVar("T", bound="Export")


@_attrs_define
class Export:
    """Everything stored about a user, by section.

    Attributes:
        account (list[HeldAccount]):
        roles (list[HeldRole]):
        mails (list[HeldMail]):
        pending_sign_ups (list[HeldSignUp]): The latest sign-up that awaits verification of this email address.
        open_links (list[HeldLink]):
        sessions (list[HeldSession]):
        known_networks (list[HeldNetwork]): Networks from which the account was used.
        identities (list[HeldIdentity]): The identities of the account at providers.
        factors (list[HeldFactor]): The second factors and passkeys of the account, without their secrets.
        recovery_codes (list[HeldRecoveryCode]):
        trusted_devices (list[HeldDevice]):
        factor_profiles (list[HeldProfile]): When the factors are removed, after a request without one.
        pending_logins (list[HeldLogin]): Logins that wait for a second factor.
        text_messages (list[HeldTextMessage]):
        activity (list[Event]): Events about the account.
        acts (list[Event]): Actions of the user on other users, with only the id of each.
        api_keys (list[HeldApiKey]): The API keys of the account, without the keys themselves.
        events (list[HeldEvent]): The events about the account that other services can read.
        oauth_grants (list[HeldGrant]): What the user has granted to applications.
        oauth_sessions (list[HeldClientSession]): The logins to applications that have not ended.
        oauth_codes (list[HeldCode]): Logins to applications that have not been completed.
        oauth_devices (list[HeldDeviceRequest]): Logins of devices that have not been completed.
    """

    account: list[HeldAccount]
    roles: list[HeldRole]
    mails: list[HeldMail]
    pending_sign_ups: list[HeldSignUp]
    open_links: list[HeldLink]
    sessions: list[HeldSession]
    known_networks: list[HeldNetwork]
    identities: list[HeldIdentity]
    factors: list[HeldFactor]
    recovery_codes: list[HeldRecoveryCode]
    trusted_devices: list[HeldDevice]
    factor_profiles: list[HeldProfile]
    pending_logins: list[HeldLogin]
    text_messages: list[HeldTextMessage]
    activity: list[Event]
    acts: list[Event]
    api_keys: list[HeldApiKey]
    events: list[HeldEvent]
    oauth_grants: list[HeldGrant]
    oauth_sessions: list[HeldClientSession]
    oauth_codes: list[HeldCode]
    oauth_devices: list[HeldDeviceRequest]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.event import Event  # noqa: PLC0415
        from ..models.held_account import HeldAccount  # noqa: PLC0415
        from ..models.held_api_key import HeldApiKey  # noqa: PLC0415
        from ..models.held_client_session import HeldClientSession  # noqa: PLC0415
        from ..models.held_code import HeldCode  # noqa: PLC0415
        from ..models.held_device import HeldDevice  # noqa: PLC0415
        from ..models.held_device_request import HeldDeviceRequest  # noqa: PLC0415
        from ..models.held_event import HeldEvent  # noqa: PLC0415
        from ..models.held_factor import HeldFactor  # noqa: PLC0415
        from ..models.held_grant import HeldGrant  # noqa: PLC0415
        from ..models.held_identity import HeldIdentity  # noqa: PLC0415
        from ..models.held_link import HeldLink  # noqa: PLC0415
        from ..models.held_login import HeldLogin  # noqa: PLC0415
        from ..models.held_mail import HeldMail  # noqa: PLC0415
        from ..models.held_network import HeldNetwork  # noqa: PLC0415
        from ..models.held_profile import HeldProfile  # noqa: PLC0415
        from ..models.held_recovery_code import HeldRecoveryCode  # noqa: PLC0415
        from ..models.held_role import HeldRole  # noqa: PLC0415
        from ..models.held_session import HeldSession  # noqa: PLC0415
        from ..models.held_sign_up import HeldSignUp  # noqa: PLC0415
        from ..models.held_text_message import HeldTextMessage  # noqa: PLC0415

        account = []
        for account_item_data in self.account:
            account_item = account_item_data.to_dict()
            account.append(account_item)

        roles = []
        for roles_item_data in self.roles:
            roles_item = roles_item_data.to_dict()
            roles.append(roles_item)

        mails = []
        for mails_item_data in self.mails:
            mails_item = mails_item_data.to_dict()
            mails.append(mails_item)

        pending_sign_ups = []
        for pending_sign_ups_item_data in self.pending_sign_ups:
            pending_sign_ups_item = pending_sign_ups_item_data.to_dict()
            pending_sign_ups.append(pending_sign_ups_item)

        open_links = []
        for open_links_item_data in self.open_links:
            open_links_item = open_links_item_data.to_dict()
            open_links.append(open_links_item)

        sessions = []
        for sessions_item_data in self.sessions:
            sessions_item = sessions_item_data.to_dict()
            sessions.append(sessions_item)

        known_networks = []
        for known_networks_item_data in self.known_networks:
            known_networks_item = known_networks_item_data.to_dict()
            known_networks.append(known_networks_item)

        identities = []
        for identities_item_data in self.identities:
            identities_item = identities_item_data.to_dict()
            identities.append(identities_item)

        factors = []
        for factors_item_data in self.factors:
            factors_item = factors_item_data.to_dict()
            factors.append(factors_item)

        recovery_codes = []
        for recovery_codes_item_data in self.recovery_codes:
            recovery_codes_item = recovery_codes_item_data.to_dict()
            recovery_codes.append(recovery_codes_item)

        trusted_devices = []
        for trusted_devices_item_data in self.trusted_devices:
            trusted_devices_item = trusted_devices_item_data.to_dict()
            trusted_devices.append(trusted_devices_item)

        factor_profiles = []
        for factor_profiles_item_data in self.factor_profiles:
            factor_profiles_item = factor_profiles_item_data.to_dict()
            factor_profiles.append(factor_profiles_item)

        pending_logins = []
        for pending_logins_item_data in self.pending_logins:
            pending_logins_item = pending_logins_item_data.to_dict()
            pending_logins.append(pending_logins_item)

        text_messages = []
        for text_messages_item_data in self.text_messages:
            text_messages_item = text_messages_item_data.to_dict()
            text_messages.append(text_messages_item)

        activity = []
        for activity_item_data in self.activity:
            activity_item = activity_item_data.to_dict()
            activity.append(activity_item)

        acts = []
        for acts_item_data in self.acts:
            acts_item = acts_item_data.to_dict()
            acts.append(acts_item)

        api_keys = []
        for api_keys_item_data in self.api_keys:
            api_keys_item = api_keys_item_data.to_dict()
            api_keys.append(api_keys_item)

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        oauth_grants = []
        for oauth_grants_item_data in self.oauth_grants:
            oauth_grants_item = oauth_grants_item_data.to_dict()
            oauth_grants.append(oauth_grants_item)

        oauth_sessions = []
        for oauth_sessions_item_data in self.oauth_sessions:
            oauth_sessions_item = oauth_sessions_item_data.to_dict()
            oauth_sessions.append(oauth_sessions_item)

        oauth_codes = []
        for oauth_codes_item_data in self.oauth_codes:
            oauth_codes_item = oauth_codes_item_data.to_dict()
            oauth_codes.append(oauth_codes_item)

        oauth_devices = []
        for oauth_devices_item_data in self.oauth_devices:
            oauth_devices_item = oauth_devices_item_data.to_dict()
            oauth_devices.append(oauth_devices_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account": account,
                "roles": roles,
                "mails": mails,
                "pending_sign_ups": pending_sign_ups,
                "open_links": open_links,
                "sessions": sessions,
                "known_networks": known_networks,
                "identities": identities,
                "factors": factors,
                "recovery_codes": recovery_codes,
                "trusted_devices": trusted_devices,
                "factor_profiles": factor_profiles,
                "pending_logins": pending_logins,
                "text_messages": text_messages,
                "activity": activity,
                "acts": acts,
                "api_keys": api_keys,
                "events": events,
                "oauth_grants": oauth_grants,
                "oauth_sessions": oauth_sessions,
                "oauth_codes": oauth_codes,
                "oauth_devices": oauth_devices,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event import Event  # noqa: PLC0415
        from ..models.held_account import HeldAccount  # noqa: PLC0415
        from ..models.held_api_key import HeldApiKey  # noqa: PLC0415
        from ..models.held_client_session import HeldClientSession  # noqa: PLC0415
        from ..models.held_code import HeldCode  # noqa: PLC0415
        from ..models.held_device import HeldDevice  # noqa: PLC0415
        from ..models.held_device_request import HeldDeviceRequest  # noqa: PLC0415
        from ..models.held_event import HeldEvent  # noqa: PLC0415
        from ..models.held_factor import HeldFactor  # noqa: PLC0415
        from ..models.held_grant import HeldGrant  # noqa: PLC0415
        from ..models.held_identity import HeldIdentity  # noqa: PLC0415
        from ..models.held_link import HeldLink  # noqa: PLC0415
        from ..models.held_login import HeldLogin  # noqa: PLC0415
        from ..models.held_mail import HeldMail  # noqa: PLC0415
        from ..models.held_network import HeldNetwork  # noqa: PLC0415
        from ..models.held_profile import HeldProfile  # noqa: PLC0415
        from ..models.held_recovery_code import HeldRecoveryCode  # noqa: PLC0415
        from ..models.held_role import HeldRole  # noqa: PLC0415
        from ..models.held_session import HeldSession  # noqa: PLC0415
        from ..models.held_sign_up import HeldSignUp  # noqa: PLC0415
        from ..models.held_text_message import HeldTextMessage  # noqa: PLC0415

        d = dict(src_dict)
        account = []
        _account = d.pop("account")
        for account_item_data in _account:
            account_item = HeldAccount.from_dict(account_item_data)

            account.append(account_item)

        roles = []
        _roles = d.pop("roles")
        for roles_item_data in _roles:
            roles_item = HeldRole.from_dict(roles_item_data)

            roles.append(roles_item)

        mails = []
        _mails = d.pop("mails")
        for mails_item_data in _mails:
            mails_item = HeldMail.from_dict(mails_item_data)

            mails.append(mails_item)

        pending_sign_ups = []
        _pending_sign_ups = d.pop("pending_sign_ups")
        for pending_sign_ups_item_data in _pending_sign_ups:
            pending_sign_ups_item = HeldSignUp.from_dict(pending_sign_ups_item_data)

            pending_sign_ups.append(pending_sign_ups_item)

        open_links = []
        _open_links = d.pop("open_links")
        for open_links_item_data in _open_links:
            open_links_item = HeldLink.from_dict(open_links_item_data)

            open_links.append(open_links_item)

        sessions = []
        _sessions = d.pop("sessions")
        for sessions_item_data in _sessions:
            sessions_item = HeldSession.from_dict(sessions_item_data)

            sessions.append(sessions_item)

        known_networks = []
        _known_networks = d.pop("known_networks")
        for known_networks_item_data in _known_networks:
            known_networks_item = HeldNetwork.from_dict(known_networks_item_data)

            known_networks.append(known_networks_item)

        identities = []
        _identities = d.pop("identities")
        for identities_item_data in _identities:
            identities_item = HeldIdentity.from_dict(identities_item_data)

            identities.append(identities_item)

        factors = []
        _factors = d.pop("factors")
        for factors_item_data in _factors:
            factors_item = HeldFactor.from_dict(factors_item_data)

            factors.append(factors_item)

        recovery_codes = []
        _recovery_codes = d.pop("recovery_codes")
        for recovery_codes_item_data in _recovery_codes:
            recovery_codes_item = HeldRecoveryCode.from_dict(recovery_codes_item_data)

            recovery_codes.append(recovery_codes_item)

        trusted_devices = []
        _trusted_devices = d.pop("trusted_devices")
        for trusted_devices_item_data in _trusted_devices:
            trusted_devices_item = HeldDevice.from_dict(trusted_devices_item_data)

            trusted_devices.append(trusted_devices_item)

        factor_profiles = []
        _factor_profiles = d.pop("factor_profiles")
        for factor_profiles_item_data in _factor_profiles:
            factor_profiles_item = HeldProfile.from_dict(factor_profiles_item_data)

            factor_profiles.append(factor_profiles_item)

        pending_logins = []
        _pending_logins = d.pop("pending_logins")
        for pending_logins_item_data in _pending_logins:
            pending_logins_item = HeldLogin.from_dict(pending_logins_item_data)

            pending_logins.append(pending_logins_item)

        text_messages = []
        _text_messages = d.pop("text_messages")
        for text_messages_item_data in _text_messages:
            text_messages_item = HeldTextMessage.from_dict(text_messages_item_data)

            text_messages.append(text_messages_item)

        activity = []
        _activity = d.pop("activity")
        for activity_item_data in _activity:
            activity_item = Event.from_dict(activity_item_data)

            activity.append(activity_item)

        acts = []
        _acts = d.pop("acts")
        for acts_item_data in _acts:
            acts_item = Event.from_dict(acts_item_data)

            acts.append(acts_item)

        api_keys = []
        _api_keys = d.pop("api_keys")
        for api_keys_item_data in _api_keys:
            api_keys_item = HeldApiKey.from_dict(api_keys_item_data)

            api_keys.append(api_keys_item)

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = HeldEvent.from_dict(events_item_data)

            events.append(events_item)

        oauth_grants = []
        _oauth_grants = d.pop("oauth_grants")
        for oauth_grants_item_data in _oauth_grants:
            oauth_grants_item = HeldGrant.from_dict(oauth_grants_item_data)

            oauth_grants.append(oauth_grants_item)

        oauth_sessions = []
        _oauth_sessions = d.pop("oauth_sessions")
        for oauth_sessions_item_data in _oauth_sessions:
            oauth_sessions_item = HeldClientSession.from_dict(oauth_sessions_item_data)

            oauth_sessions.append(oauth_sessions_item)

        oauth_codes = []
        _oauth_codes = d.pop("oauth_codes")
        for oauth_codes_item_data in _oauth_codes:
            oauth_codes_item = HeldCode.from_dict(oauth_codes_item_data)

            oauth_codes.append(oauth_codes_item)

        oauth_devices = []
        _oauth_devices = d.pop("oauth_devices")
        for oauth_devices_item_data in _oauth_devices:
            oauth_devices_item = HeldDeviceRequest.from_dict(oauth_devices_item_data)

            oauth_devices.append(oauth_devices_item)

        export = cls(
            account=account,
            roles=roles,
            mails=mails,
            pending_sign_ups=pending_sign_ups,
            open_links=open_links,
            sessions=sessions,
            known_networks=known_networks,
            identities=identities,
            factors=factors,
            recovery_codes=recovery_codes,
            trusted_devices=trusted_devices,
            factor_profiles=factor_profiles,
            pending_logins=pending_logins,
            text_messages=text_messages,
            activity=activity,
            acts=acts,
            api_keys=api_keys,
            events=events,
            oauth_grants=oauth_grants,
            oauth_sessions=oauth_sessions,
            oauth_codes=oauth_codes,
            oauth_devices=oauth_devices,
        )

        export.additional_properties = d
        return export

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
