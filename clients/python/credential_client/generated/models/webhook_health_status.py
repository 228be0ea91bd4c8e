from enum import StrEnum


class WebhookHealthStatus(StrEnum):
    DISABLED = "disabled"
    FAILING = "failing"
    NEW = "new"
    OK = "ok"

    def __str__(self) -> str:
        return str(self.value)
