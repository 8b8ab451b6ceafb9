"""A proposition: one thing that is true or false, as the text words it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from reliability.model.report import Kind, Quantity
from reliability.text.attribution import Range
from reliability.text.pipeline import Passage

Token = Any
_MARKS = '"“”„«»‟'


@dataclass
class Proposition:
    """One thing that is true or false: its places in the text, its wording, and what it is about.

    `denied` says that the text says of it that it is not so ("it is false that …").
    """

    content: list[Range]
    text: str
    root: Token
    passage: Passage
    kind: Kind = "statement"
    quantity: Quantity | None = None
    denied: bool = False


def worded(content: list[Range], text: str) -> str:
    """The words at these places: spaces folded, quotation marks around the whole and unpaired ones left out."""
    out = re.sub(r"\s+", " ", " ".join(text[a:b] for a, b in content)).strip()
    while True:
        shorter = out.strip()
        if (
            len(shorter) > 1
            and shorter[0] in _MARKS
            and not any(c in shorter[1:-1] for c in _MARKS)
            and shorter[-1] in _MARKS
        ):
            shorter = shorter[1:-1]
        elif shorter and sum(shorter.count(c) for c in _MARKS) == 1:
            shorter = "".join(c for c in shorter if c not in _MARKS)
        shorter = shorter.strip(" ,;:—–-")
        if shorter.endswith((".", "!")) and not re.search(r"\b(?:[A-Z]\.)+$", shorter):
            shorter = shorter.rstrip(".!")
        if shorter == out:
            return out
        out = shorter


def tokens_in(passage: Passage, content: list[Range]) -> list[Token]:
    """The words that stand wholly in these places, without marks and spaces."""
    out: list[Token] = []
    for start, end in content:
        span = passage.doc.char_span(
            max(0, start - passage.start), min(len(passage.text), end - passage.start), alignment_mode="contract"
        )
        out.extend(t for t in span or () if not t.is_space and not t.is_punct)
    return out
