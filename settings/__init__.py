"""Read and validate every setting once, from the environment and `.env`.

Belongs here: the fields, their types and sources, the rules for production, and the OAuth provider records that follow
from settings. Does not belong here: anything that opens a connection or depends on another package.
"""
