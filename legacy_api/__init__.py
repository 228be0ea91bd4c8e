"""Serve the legacy routes of five earlier systems, so that their clients work unchanged.

Each legacy route is a row of a table that maps it to a canonical route. Not imported if DIALECTS is empty.
"""
