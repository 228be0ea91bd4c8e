"""Manage the life of an account: sign-up, verification, password, profile, email address, deletion, import, export.

Belongs here: what users do to their own account, and what the command line does to any account. What administrators do
over HTTP is in `administration/`; how a user logs in is in `auth.py`.
"""
