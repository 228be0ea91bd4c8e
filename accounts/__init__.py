"""Manage the life of an account: sign-up, verification, password, profile, email address, deletion, import, export.

This package contains the actions of users on their own account, and the actions of the command line on any account.
The actions of administrators over HTTP are in `administration/`, and login is in `auth.py`.
"""
