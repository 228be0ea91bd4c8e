from enum import StrEnum


class RolePermissionsItem(StrEnum):
    AUDITREAD = "audit:read"
    ROLESREAD = "roles:read"
    ROLESWRITE = "roles:write"
    USERSREAD = "users:read"
    USERSWRITE = "users:write"

    def __str__(self) -> str:
        return str(self.value)
