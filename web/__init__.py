"""Handle HTTP concerns that all routes share: middleware, cookies, rate limits, and the OpenAPI document.

Does not belong here: routes (`routes/`) and hosted pages (`hosted_pages/`).
"""
