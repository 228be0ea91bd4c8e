"""HTTP concerns that every route shares: middleware, cookies, rate limits, and the OpenAPI document.

Does not belong here: routes (`routes/`) and hosted pages (`hosted_pages/`).
"""
