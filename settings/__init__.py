"""Read and validate every setting once, from the environment and `.env`.

This package contains the fields, their types and sources, the rules for production, and the OAuth provider records. It
opens no connections and does not depend on other packages.
"""
