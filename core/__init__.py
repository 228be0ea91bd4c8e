"""Provide the mechanisms that all other packages build on, without knowledge of accounts.

This package contains thread pools, derived keys, rate-limit counters, client IP addresses, the outgoing HTTP client,
and the capability record. It contains no tables, schemas, or business rules.
"""
