"""Deliver the rows of a queue table at least once: claim by lease, deliver, mark; retry with growing delays.

Belongs here: what every queue shares (priorities, leases, several senders, one connection for many rows, a hold while
the receiving server fails), and the SMTP connection. What a row means, and what is sent for it, belongs to the queue's
owner, such as `email_utils`.
"""
