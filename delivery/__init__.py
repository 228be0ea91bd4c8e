"""Deliver the rows of a queue table at least once: lease, deliver, mark, and retry with growing delays.

This package contains the features that all queues share (priorities, leases, several senders, connections for many
rows, a hold while the receiving server fails), and the SMTP connection. The owner of a queue, such as `email_utils`,
defines the content of its rows.
"""
