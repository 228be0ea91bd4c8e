"""Mechanisms that every other package builds on and that know nothing about accounts.

Belongs here: thread pools, derived keys, rate-limit counters, client addresses, the outgoing HTTP client, the leased
delivery loop, and the capability record. Does not belong here: tables, schemas, or business rules.
"""
