from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.login_steps_failed import LoginStepsFailed


T = TypeVar("T", bound="LoginSteps")


@_attrs_define
class LoginSteps:
    """
    Attributes:
        started (int): Attempts to log in, with any method.
        succeeded (int):
        failed (LoginStepsFailed): The number of failures by error code.
    """

    started: int
    succeeded: int
    failed: LoginStepsFailed
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.login_steps_failed import LoginStepsFailed  # noqa: PLC0415

        started = self.started

        succeeded = self.succeeded

        failed = self.failed.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "started": started,
                "succeeded": succeeded,
                "failed": failed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.login_steps_failed import LoginStepsFailed  # noqa: PLC0415

        d = dict(src_dict)
        started = d.pop("started")

        succeeded = d.pop("succeeded")

        failed = LoginStepsFailed.from_dict(d.pop("failed"))

        login_steps = cls(
            started=started,
            succeeded=succeeded,
            failed=failed,
        )

        login_steps.additional_properties = d
        return login_steps

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
