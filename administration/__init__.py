"""Let administrators manage other users' accounts and read statistics, within the privilege rules.

Roles themselves are in `authorization/roles.py`; the audit log is in `audit.py`.
"""
