"""Text as it is safe to show: control characters and invisible ones as escapes."""

from __future__ import annotations

import json
import re
from typing import Any

# C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, separators, the BOM, lone surrogates, tags.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""The text with every character that is unseen or moves the cursor as \xNN, \uNNNN or \UNNNNNNNN.

    Covered: C0 and C1 controls (line breaks and tabs too), bidirectional marks and overrides, zero-width
    characters, variation selectors, line and paragraph separators, lone surrogates and tag characters. What is
    shown can thus neither steer a terminal nor look like another text.
    """
    return _UNSEEN.sub(_escape, text)


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON, UTF-8 kept but for unseen characters, which JSON's own escapes stand for: the value is the same.

    Raises ValueError for NaN and infinities.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def escaped(text: str) -> str:
    r"""Unseen characters but line feeds as \uNNNN or \UNNNNNNNN, which PROV-N reads back: the document is the same."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else _code_point(ord(found[0])), text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else _code_point(code)


def _code_point(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
