"""Let programs act for a user with an API key, within its scopes."""
