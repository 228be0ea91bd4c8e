from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Generator, TextIO, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.enrolled_factors import EnrolledFactors
    from ..models.login_steps import LoginSteps
    from ..models.reset_steps import ResetSteps
    from ..models.sign_up_steps import SignUpSteps


T = TypeVar("T", bound="Funnel")


@_attrs_define
class Funnel:
    """How often each step of a sign-up, login or password reset was reached.

    Attributes:
        days (int): The number of days, with today, in UTC.
        sign_up (SignUpSteps):
        login (LoginSteps):
        reset (ResetSteps):
        factors (EnrolledFactors):
    """

    days: int
    sign_up: SignUpSteps
    login: LoginSteps
    reset: ResetSteps
    factors: EnrolledFactors
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.enrolled_factors import EnrolledFactors  # noqa: PLC0415
        from ..models.login_steps import LoginSteps  # noqa: PLC0415
        from ..models.reset_steps import ResetSteps  # noqa: PLC0415
        from ..models.sign_up_steps import SignUpSteps  # noqa: PLC0415

        days = self.days

        sign_up = self.sign_up.to_dict()

        login = self.login.to_dict()

        reset = self.reset.to_dict()

        factors = self.factors.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "days": days,
                "sign_up": sign_up,
                "login": login,
                "reset": reset,
                "factors": factors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.enrolled_factors import EnrolledFactors  # noqa: PLC0415
        from ..models.login_steps import LoginSteps  # noqa: PLC0415
        from ..models.reset_steps import ResetSteps  # noqa: PLC0415
        from ..models.sign_up_steps import SignUpSteps  # noqa: PLC0415

        d = dict(src_dict)
        days = d.pop("days")

        sign_up = SignUpSteps.from_dict(d.pop("sign_up"))

        login = LoginSteps.from_dict(d.pop("login"))

        reset = ResetSteps.from_dict(d.pop("reset"))

        factors = EnrolledFactors.from_dict(d.pop("factors"))

        funnel = cls(
            days=days,
            sign_up=sign_up,
            login=login,
            reset=reset,
            factors=factors,
        )

        funnel.additional_properties = d
        return funnel

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
