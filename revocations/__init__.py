"""List the sessions and tokens that ended, for services that verify access tokens themselves."""
