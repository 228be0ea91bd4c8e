from enum import StrEnum


class RoleChangePermissionsType0Item(StrEnum):
    AUDITREAD = "audit:read"
    ROLESREAD = "roles:read"
    ROLESWRITE = "roles:write"
    SYSTEMREAD = "system:read"
    SYSTEMWRITE = "system:write"
    USERSIMPERSONATE = "users:impersonate"
    USERSREAD = "users:read"
    USERSWRITE = "users:write"

    def __str__(self) -> str:
        return str(self.value)
