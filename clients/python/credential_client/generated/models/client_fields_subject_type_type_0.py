from enum import StrEnum


class ClientFieldsSubjectTypeType0(StrEnum):
    PAIRWISE = "pairwise"
    PUBLIC = "public"

    def __str__(self) -> str:
        return str(self.value)
