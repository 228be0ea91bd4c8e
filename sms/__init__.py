"""Send text messages through a provider, within limits."""
