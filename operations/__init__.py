"""Run the service: startup checks, migrations, readiness, cleanup, and queries by other services."""
