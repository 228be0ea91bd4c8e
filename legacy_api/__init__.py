"""Serve the legacy routes of five earlier systems, so that their clients work unchanged.

Each legacy route is one row that names a canonical route. Not imported if DIALECTS is empty.
"""
