from enum import StrEnum


class FactorType(StrEnum):
    PASSKEY = "passkey"
    SMS = "sms"
    TOTP = "totp"

    def __str__(self) -> str:
        return str(self.value)
