"""Log users in to other applications: an OAuth 2.1 and OpenID Connect provider."""
