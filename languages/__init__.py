"""Translate pages, emails and error details, and choose the language of each reader.

English is the language of the source. `locales/` has a catalog for each other language, which `make locales` updates.
"""
