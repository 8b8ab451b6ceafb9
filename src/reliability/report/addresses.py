"""Addresses that a page may point to: http and https elsewhere, and places in the pages themselves."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from reliability.io.visible import visible

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WEB = re.compile(r"https?://[!-~\u00a1-\ud7ff\ue000-\uffef]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def web_address(url: str | None) -> str | None:
    """The address if it is an http or https one with a host and without blanks or unseen characters, else None."""
    if url is None or _WEB.fullmatch(url) is None or visible(url) != url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if host and "\\" not in url else None


def reference_address(url: str | None) -> str | None:
    """A reference's address; a bare `doi:` becomes its https resolver."""
    if url is not None and url.startswith("doi:"):
        url = "https://doi.org/" + url.removeprefix("doi:")
    return web_address(url)


def anchor(name: str, number: int, prefix: str) -> str:
    """A stable fragment for an id that is plain (letters, digits, . _ -), else one by number: never hostile text."""
    return f"{prefix}-{name}" if _PLAIN.fullmatch(name) else f"{prefix}{number}"


def language_tag(language: str | None) -> str | None:
    """A language if it looks like a BCP 47 tag, else None."""
    return language if language is not None and _LANGUAGE.fullmatch(language) else None
