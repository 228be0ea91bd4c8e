"""Handle HTTP concerns that all routes share: middleware, cookies, rate limits, and the OpenAPI document.

Routes are in `routes/`, and hosted pages in `hosted_pages/`.
"""
