"""Deliver the rows of a queue table at least once: lease, deliver, mark, and retry with growing delays.

Belongs here: what all queues share (priorities, leases, several senders, connections for many rows, a hold while the
receiving server fails), and the SMTP connection. What a row means belongs to the owner of the queue, such as
`email_utils`.
"""
