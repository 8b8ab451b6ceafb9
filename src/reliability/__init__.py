"""Rates claims by who stands behind them. The names listed here are public; nothing else is promised."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reliability.api import rate, read_article, read_reports
    from reliability.errors import InputError, MissingExtra, ReliabilityError, RuleError, ScoringError, UsageError
    from reliability.frames.rating import rate_frame
    from reliability.learning.learn import learn
    from reliability.model.article import Article
    from reliability.model.rating import Rating
    from reliability.model.report import Link, Quantity, Report
    from reliability.rules.policy import Policy

_PLACES = {
    "reliability.api": ("rate", "read_article", "read_reports"),
    "reliability.errors": (
        "InputError", "MissingExtra", "ReliabilityError", "RuleError", "ScoringError", "UsageError",
    ),
    "reliability.frames.rating": ("rate_frame",),
    "reliability.learning.learn": ("learn",),
    "reliability.model.article": ("Article",),
    "reliability.model.rating": ("Rating",),
    "reliability.model.report": ("Link", "Quantity", "Report"),
    "reliability.rules.policy": ("Policy",),
}  # fmt: skip
_PLACE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "Article",
    "InputError",
    "Link",
    "MissingExtra",
    "Policy",
    "Quantity",
    "Rating",
    "ReliabilityError",
    "Report",
    "RuleError",
    "ScoringError",
    "UsageError",
    "learn",
    "rate",
    "rate_frame",
    "read_article",
    "read_reports",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that importing the package costs next to nothing."""
    if name not in _PLACE_OF:
        raise AttributeError(f"module 'reliability' has no attribute {name!r}")
    return getattr(import_module(_PLACE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
