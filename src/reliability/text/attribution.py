"""An attribution: whose words, thoughts or wishes a stretch of text is, and by which words we know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from reliability.model.report import Kind, Stance, Via
from reliability.text.lexicon import CueClass
from reliability.text.pipeline import Passage

Range = tuple[int, int]


@dataclass
class Attribution:
    """Who (`sources`, heads of the mentions) says (`cue`) what (`content`): ranges of the article's text.

    `root` is the head of the content where the parse has one; `frame` the construction that held it; `cited` are
    those whom the speaker cites, nearest first; `pronoun` the relative pronoun that stands for the source; `quoted` its
    quotations with their marks.
    """

    passage: Passage
    cue: list[Range]
    content: list[Range]
    entry: CueClass
    frame: str
    sources: list[Any] = field(default_factory=list)
    verb: Any = None
    root: Any = None
    via: Via = "paraphrase"
    kind: Kind = "statement"
    stance: Stance = "asserts"
    cited: list[Any] = field(default_factory=list)
    quoted: list[Range] = field(default_factory=list)
    pronoun: Any = None

    @property
    def start(self) -> int:
        """Where its content begins."""
        return self.content[0][0] if self.content else self.cue[0][0]


def joined(ranges: list[Range]) -> list[Range]:
    """Ranges in order, those that overlap or touch made one, empty ones left out."""
    out: list[Range] = []
    for start, end in sorted(r for r in ranges if r[0] < r[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def less(ranges: list[Range], cut: list[Range]) -> list[Range]:
    """What is left of ranges without those of `cut`."""
    out = joined(ranges)
    for a, b in joined(cut):
        kept: list[Range] = []
        for start, end in out:
            if b <= start or a >= end:
                kept.append((start, end))
            else:
                kept.extend(r for r in ((start, a), (b, end)) if r[0] < r[1])
        out = kept
    return out


def covers(ranges: list[Range], at: int) -> bool:
    """Whether a place lies in one of the ranges."""
    return any(start <= at < end for start, end in ranges)


_DATELINE = re.compile(r"(?:[QA]|Question|Answer):\s+|[A-Z][\w.,' ]{1,60}\((?:[A-Z][\w.,/ ]{1,30})\)\s*(?:--?|–|—)\s*")


def dateline(passage: Passage) -> int:
    """How many characters "MACAU (Agency) – ", or "A: ", takes at the beginning of a passage; 0 without one."""
    found = _DATELINE.match(passage.text)
    return found.end() if found is not None else 0


_EDGES = " \t\n\r,;:.—–-"
_JOINERS = (" and", " or", " but")


def trimmed(passage: Passage, content: list[Range]) -> list[Range]:
    """Content without the commas, dashes and spaces at the edges of its ranges; a lone mark is left out."""
    text, offset = passage.text, passage.start
    out: list[Range] = []
    for start, end in less(content, [(offset, offset + dateline(passage))]):
        a, b = start - offset, end - offset
        while a < b and text[a] in _EDGES:
            a += 1
        while b > a and text[b - 1] in _EDGES and not _abbreviated(text, a, b):
            b -= 1
        if b - a > 4 and text.endswith(_JOINERS, a, b):
            b = text.rindex(" ", a, b)
        if any(ch.isalnum() for ch in text[a:b]):
            out.append((a + offset, b + offset))
    return out


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether a full stop ends an abbreviation such as "U.S."."""
    return text[end - 1] == "." and end - start > 3 and text[end - 3] == "." and text[end - 2].isupper()
