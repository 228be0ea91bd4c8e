"""Provide the mechanisms that all other packages build on, without knowledge of accounts.

Belongs here: thread pools, derived keys, rate-limit counters, client addresses, the outgoing HTTP client, and the
capability record. Does not belong here: tables, schemas, or business rules.
"""
