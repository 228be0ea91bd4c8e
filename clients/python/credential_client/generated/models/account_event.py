from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.account_event_data import AccountEventData


T = TypeVar("T", bound="AccountEvent")


@_attrs_define
class AccountEvent:
    """An event about an account.

    Attributes:
        id (str): Identical in the feed and the webhooks.
        type_ (str): docs/events.md lists all types.
        created_at (datetime.datetime):
        data (AccountEventData): `user` as `GET /internal/users/{user_id}` returned it after the change, `actor_id` and
            `detail` as in the audit log. Of a deleted account, `user` has only its `user_id`, and the other fields are
            missing.
    """

    id: str
    type_: str
    created_at: datetime.datetime
    data: AccountEventData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.account_event_data import AccountEventData  # noqa: PLC0415

        id = self.id

        type_ = self.type_

        created_at = self.created_at.isoformat()

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "created_at": created_at,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.account_event_data import AccountEventData  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        type_ = d.pop("type")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        data = AccountEventData.from_dict(d.pop("data"))

        account_event = cls(
            id=id,
            type_=type_,
            created_at=created_at,
            data=data,
        )

        account_event.additional_properties = d
        return account_event

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
