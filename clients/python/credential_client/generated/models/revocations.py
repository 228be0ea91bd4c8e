from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.revoked_user import RevokedUser


T = TypeVar("T", bound="Revocations")


@_attrs_define
class Revocations:
    """The sessions and users whose access tokens were revoked before they expired.

    Attributes:
        version (int): Send it as `since` to get only what was added.
        expires_in (int): Seconds after which the list is out of date.
        sessions (list[str]): The `sid` of tokens that are revoked.
        users (list[RevokedUser]):
        jws (str): A detached JWS (RFC 7515, appendix F) with `typ` `revocations+jwt`, by a key of `/.well-
            known/jwks.json`, over the response without `jws` in canonical form (RFC 8785). Its header contains `since`: the
            list has everything after that version. Null: the list is whole.
    """

    version: int
    expires_in: int
    sessions: list[str]
    users: list[RevokedUser]
    jws: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.revoked_user import RevokedUser  # noqa: PLC0415

        version = self.version

        expires_in = self.expires_in

        sessions = self.sessions

        users = []
        for users_item_data in self.users:
            users_item = users_item_data.to_dict()
            users.append(users_item)

        jws = self.jws

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "expires_in": expires_in,
                "sessions": sessions,
                "users": users,
                "jws": jws,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.revoked_user import RevokedUser  # noqa: PLC0415

        d = dict(src_dict)
        version = d.pop("version")

        expires_in = d.pop("expires_in")

        sessions = cast(list[str], d.pop("sessions"))

        users = []
        _users = d.pop("users")
        for users_item_data in _users:
            users_item = RevokedUser.from_dict(users_item_data)

            users.append(users_item)

        jws = d.pop("jws")

        revocations = cls(
            version=version,
            expires_in=expires_in,
            sessions=sessions,
            users=users,
            jws=jws,
        )

        revocations.additional_properties = d
        return revocations

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
