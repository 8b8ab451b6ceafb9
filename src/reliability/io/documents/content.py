"""What a document holds for us: its text, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class TooLong(Exception):
    """More characters than may be read: reading stopped there."""


@dataclass(frozen=True)
class Content:
    """An article's text, and fields of an article (publisher, published, url, language) that the document states."""

    text: str
    stated: Mapping[str, str] = field(default_factory=dict)
