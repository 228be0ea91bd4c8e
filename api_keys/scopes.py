"""Name the scopes of API keys: the permissions of all capabilities, and what belongs to the account."""

from core import capability

PROFILE, SESSIONS = "profile", "sessions"
OWN = (PROFILE, SESSIONS)  # every user may grant them
PERMISSIONS = capability.permissions()
ALL = (*OWN, *PERMISSIONS)
