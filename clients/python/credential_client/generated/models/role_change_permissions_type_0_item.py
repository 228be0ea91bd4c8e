from enum import StrEnum


class RoleChangePermissionsType0Item(StrEnum):
    AUDITREAD = "audit:read"
    CLIENTSREAD = "clients:read"
    CLIENTSWRITE = "clients:write"
    ROLESREAD = "roles:read"
    ROLESWRITE = "roles:write"
    SYSTEMREAD = "system:read"
    SYSTEMWRITE = "system:write"
    USERSIMPERSONATE = "users:impersonate"
    USERSREAD = "users:read"
    USERSWRITE = "users:write"
    WEBHOOKSREAD = "webhooks:read"
    WEBHOOKSWRITE = "webhooks:write"

    def __str__(self) -> str:
        return str(self.value)
