"""Derive the brand of pages and emails from the settings."""

import functools
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from settings import branding, colors
from settings.loading import settings


class Brand(NamedTuple):
    """The brand. URLs are relative to a page of this service or absolute. An empty one is not set.

    color, color_on: the accent color of light pages, which is readable on `colors.LIGHT`, and the color of text on it.
    color_dark, color_dark_on: the same for dark pages and `colors.DARK`.
    image_origins: the origins of images on other hosts, for a content security policy.
    """

    name: str
    logo_url: str
    logo_dark_url: str
    favicon_url: str
    support_email: str
    terms_url: str
    privacy_url: str
    color: str
    color_on: str
    color_dark: str
    color_dark_on: str
    image_origins: tuple[str, ...]


def current() -> Brand:
    """Return the brand that the settings define."""
    urls = tuple(str(getattr(settings, field)) for field in branding.URLS)
    return _derived(settings.app_name, settings.public_base_url, urls, settings.support_email, settings.brand_color)


@functools.lru_cache(maxsize=8)
def _derived(name: str, base: str, urls: tuple[str, ...], support_email: str, color: str) -> Brand:
    prefix = urlsplit(base).path
    logo, dark, favicon, terms, privacy = (f"{prefix}{url}" if url.startswith("/") else url for url in urls)
    light, dark_accent = (colors.readable_on(color, background) for background in (colors.LIGHT, colors.DARK))
    return Brand(
        name=name,
        logo_url=logo,
        logo_dark_url=dark or logo,
        favicon_url=favicon,
        support_email=support_email,
        terms_url=terms,
        privacy_url=privacy,
        color=light,
        color_on=colors.text_on(light),
        color_dark=dark_accent,
        color_dark_on=colors.text_on(dark_accent),
        image_origins=tuple(dict.fromkeys(_origin(url) for url in urls[:3] if url and not url.startswith("/"))),
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def absolute(url: str) -> str:
    """Return a URL of the brand for use outside of the service, such as in an email."""
    return urljoin(settings.public_base_url, url) if url else ""
