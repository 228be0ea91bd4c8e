"""The commands of `manage.py`: arguments in, one service call, text out.

Each command imports what it needs when it runs, so that `init` works before any settings exist.
"""
