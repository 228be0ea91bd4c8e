from enum import StrEnum


class RoleChangePermissionsType0Item(StrEnum):
    AUDITREAD = "audit:read"
    ROLESREAD = "roles:read"
    ROLESWRITE = "roles:write"
    USERSREAD = "users:read"
    USERSWRITE = "users:write"

    def __str__(self) -> str:
        return str(self.value)
