"""Parse phone numbers, and reject those to which no messages are sent."""

import phonenumbers

from settings.loading import settings

# Numbers with higher prices, or that do not belong to a phone.
_Type = phonenumbers.PhoneNumberType
REJECTED_TYPES = (
    _Type.PREMIUM_RATE, _Type.SHARED_COST, _Type.TOLL_FREE, _Type.UAN, _Type.PAGER, _Type.VOICEMAIL,
)  # fmt: skip


class Rejected(ValueError):
    """A phone number to which no messages are sent. `code` is the stable error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(written: str) -> str:
    """Return a phone number in E.164. Raises Rejected: `invalid`, or `unsupported_country`."""
    try:
        number = phonenumbers.parse(written, None)  # there is no default country, so numbers begin with +
    except phonenumbers.NumberParseException:
        raise Rejected("invalid") from None
    is_phone = phonenumbers.is_valid_number(number) and not number.extension
    if not is_phone or phonenumbers.number_type(number) in REJECTED_TYPES:
        raise Rejected("invalid")
    if phonenumbers.region_code_for_number(number) not in settings.sms_countries:
        raise Rejected("unsupported_country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
