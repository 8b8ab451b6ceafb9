"""Texts that people put into the ledger by hand, checked before anything is written."""

from __future__ import annotations

from reliability.errors import UsageError
from reliability.model.report import MAX_NAME, MAX_TEXT


def require_text(option: str, text: str | None, most: int = MAX_TEXT) -> None:
    """Raises UsageError for a text that is empty, too long, or not UTF-8; None is no text."""
    if text is None:
        return
    if not text.strip():
        raise UsageError(option, problem="is empty", remedy="say it: an auditor will ask")
    if len(text) > most:
        raise UsageError(
            option, problem=f"has {len(text):,} characters; at most {most:,} are kept", remedy="shorten it"
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(option, problem="is not UTF-8", remedy="write it in UTF-8") from None


def require_name(option: str, name: str | None) -> None:
    """The same for a name."""
    require_text(option, name, MAX_NAME)
