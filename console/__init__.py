"""The administration console: pages for administrators at `/admin/console`.

Its routes, `routes/console*.py`, call the same services as the API. Not imported if HOSTED_PAGES is off.
"""
