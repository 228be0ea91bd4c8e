"""Define the commands of `manage.py`: each parses its arguments, calls one service function and prints the result.

Each command imports what it needs when it runs, so that `init` works before any settings exist.
"""
