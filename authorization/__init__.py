"""Decide what a user may do: roles, the permissions that they grant, and the privilege rules between users."""
