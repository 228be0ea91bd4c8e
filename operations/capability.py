"""The capability record of operations: health, metrics, documentation, and the endpoints for other services."""

from core.capability import ANYONE, SERVICE, USER, Capability
from settings import operation_groups

CAPABILITY = Capability(
    name="operations",
    settings=(
        operation_groups.ServiceSettings,
        operation_groups.DatabaseSettings,
        operation_groups.RateLimitSettings,
        operation_groups.TelemetrySettings,
    ),
    routers=(
        "routes.forward_auth.router",
        "routes.oauth2.router",
        "routes.internal.router",
        "routes.system.router",
    ),
    access={
        "auth.verify": USER,
        "auth.verify_any": USER,
        "auth.verify_path": USER,
        "oauth2.introspect": SERVICE,
        "oauth2.revoke": SERVICE,
        "oauth2.jwks": ANYONE,
        "oauth2.configuration": ANYONE,
        "internal.introspect": SERVICE,
        "internal.read_user": SERVICE,
        "internal.lookup_users": SERVICE,
        "system.welcome": ANYONE,
        "system.security_contact": ANYONE,
        "system.health": ANYONE,
        "system.ready": ANYONE,
        "system.read_metrics": ANYONE,
        "system.docs": ANYONE,
        "system.redoc": ANYONE,
        "system.asset": ANYONE,
        "system.brand_styles": ANYONE,
        "system.mailbox": ANYONE,
        "system.mailbox_email": ANYONE,
    },
)
