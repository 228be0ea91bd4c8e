"""The commands of the command line: arguments in, one service call, text out. `manage.py` runs them.

Each command imports what it needs when it runs, so that `init` works before there are any settings.
"""
