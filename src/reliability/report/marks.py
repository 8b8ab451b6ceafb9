"""An article's text with what was found in it: contents of claims, sources and cues, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise


@dataclass(frozen=True)
class Mark:
    """One report's place in a text: where its claim stands on the page, how it rates, and its spans."""

    href: str
    figures: str
    remark: str
    kind: str
    content: tuple[tuple[int, int], ...] = ()
    source: tuple[tuple[int, int], ...] = ()
    cue: tuple[tuple[int, int], ...] = ()


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Marks of one claim on the same words as one, with the sources and cues of all."""
    found: dict[tuple[str, tuple[tuple[int, int], ...]], Mark] = {}
    for mark in marks:
        key = (mark.href, mark.content)
        first = found.get(key)
        found[key] = mark if first is None else replace(
            first, source=(*first.source, *mark.source), cue=(*first.cue, *mark.cue)
        )  # fmt: skip
    return list(found.values())


@dataclass
class Segment:
    """A stretch of text in which nothing changes. `owner` is the shortest claim that covers it.

    `first` and `last` say whether the owner's marked text begins and ends here; `closing` are claims that end here
    and own no text of their own.
    """

    text: str
    owner: Mark | None = None
    source: bool = False
    cue: bool = False
    first: bool = False
    last: bool = False
    closing: list[Mark] = field(default_factory=list)


def paragraphs(text: str, marks: Sequence[Mark]) -> list[list[Segment]]:
    """The text's non-empty lines as segments. Spans are cut to the text; what lies outside is not marked."""
    spans = [(max(0, a), min(b, len(text)), mark, kind) for mark in marks for a, b, kind in _spans(mark)]
    spans = [one for one in spans if one[0] < one[1]]
    breaks = [i for i, char in enumerate(text) if char == "\n"]
    edges = sorted({0, len(text), *(i for i in breaks), *(i + 1 for i in breaks), *_ends(spans)})
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for i, (start, end, _, _) in enumerate(spans):
        starts.setdefault(start, []).append(i)
        ends.setdefault(end, []).append(i)
    found: list[list[Segment]] = [[]]
    active: set[int] = set()
    for start, end in pairwise(edges):
        active.difference_update(ends.get(start, ()))
        active.update(starts.get(start, ()))
        piece = text[start:end]
        if piece == "\n":
            found.append([])
            continue
        covering = [i for i in active if spans[i][3] == "content"]
        owner = min(covering, key=lambda i: (spans[i][1] - spans[i][0], i), default=None)
        found[-1].append(Segment(
            piece.replace("\t", " ").removesuffix("\r"), owner=None if owner is None else spans[owner][2],
            source=any(spans[i][3] == "source" for i in active), cue=any(spans[i][3] == "cue" for i in active),
        ))  # fmt: skip
        if found[-1][-1].owner is None and not piece.strip():
            found[-1][-1].source = found[-1][-1].cue = False
        for i in sorted(ends.get(end, ())):
            if spans[i][3] == "content":
                found[-1][-1].closing.append(spans[i][2])
    _ends_of_owners(found)
    return [line for line in found if any(segment.text.strip() for segment in line)]


def _spans(mark: Mark) -> Iterable[tuple[int, int, str]]:
    for kind, spans in (("content", mark.content), ("source", mark.source), ("cue", mark.cue)):
        for start, end in spans:
            yield start, end, kind


def _ends(spans: Iterable[tuple[int, int, Mark, str]]) -> Iterable[int]:
    for start, end, _, _ in spans:
        yield start
        yield end


def _ends_of_owners(lines: list[list[Segment]]) -> None:
    """Where each owner's text begins and ends; what closes without having owned anything keeps its place."""
    first: dict[int, Segment] = {}
    last: dict[int, Segment] = {}
    for line in lines:
        for segment in line:
            if segment.owner is not None and segment.text.strip():
                first.setdefault(id(segment.owner), segment)
                last[id(segment.owner)] = segment
    for segment in first.values():
        segment.first = True
    for segment in last.values():
        segment.last = True
    seen: set[int] = set()
    for line in lines:
        for segment in line:
            closing = segment.closing
            segment.closing = []
            for mark in closing:
                if id(mark) not in first and id(mark) not in seen:
                    seen.add(id(mark))
                    segment.closing.append(mark)
