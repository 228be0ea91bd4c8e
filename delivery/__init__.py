"""Deliver the rows of a queue table at least once: claim by lease, deliver, mark; retry with growing delays.

Belongs here: what every queue shares. What a row means, and how it is delivered, belongs to the queue's owner, such as
`email_utils`.
"""
