"""Passages that articles share word for word, and who had them first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

from reliability.model.article import Article
from reliability.model.base import folded
from reliability.model.dates import date_span

Range = tuple[int, int]
_WORD = re.compile(r"\w+(?:['’.]\w+)*")
_QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"\n]{0,2000}\"")
_SHINGLE = 8
_SAMPLE = 8
_MOST_WORDS = 50_000
_OWNERS = 3
_GAP = 6
MIN_WORDS = 30
"""A shared run counts from so many words on; words inside quotation marks don't: two outlets may quote one speech."""


@dataclass(frozen=True)
class Copy:
    """What an article shares with an earlier one: `places` in the copy's text, `share` of its words, both ids."""

    article: str
    first: str
    places: tuple[Range, ...]
    n_words: int
    share: float


def copies(articles: Sequence[Article], is_wire: Callable[[Article], bool]) -> list[Copy]:
    """What each article has word for word from an earlier one of another publisher, in the articles' order.

    Earlier is: a wire agency's, then by time of publication, undated last, ties by id. Time and memory are linear in
    the words: one in eight word sequences is remembered, and an article is compared with three others at most.
    """
    order = sorted(range(len(articles)), key=lambda n: (not is_wire(articles[n]), _time(articles[n]), articles[n].id))
    owner_of: dict[int, int] = {}
    found: dict[int, Copy] = {}
    for n in order:
        hashes = [h for h, _ in _shingles(_words(articles[n].text)) if h % _SAMPLE == 0]
        votes = Counter(owner_of[h] for h in hashes if h in owner_of)
        for owner, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_OWNERS]:
            copy = _compared(articles[n], articles[owner]) if _others(articles[n], articles[owner]) else None
            if copy is not None and (n not in found or copy.n_words > found[n].n_words):
                found[n] = copy
        for h in hashes:
            owner_of.setdefault(h, n)
    return [found[n] for n in sorted(found)]


def _others(a: Article, b: Article) -> bool:
    return a.publisher is None or b.publisher is None or folded(a.publisher) != folded(b.publisher)


def _time(article: Article) -> tuple[bool, int]:
    return (True, 0) if article.published is None else (False, date_span(article.published)[0])


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded, with their places; of an endless text the first 50,000."""
    out = []
    for match in _WORD.finditer(text):
        out.append((match.group().casefold(), match.start(), match.end()))
        if len(out) == _MOST_WORDS:
            break
    return out


def _shingles(words: list[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """The hash of every eight words on end, and the number of the first of them."""
    plain = [word for word, _, _ in words]
    return [
        (crc32(" ".join(plain[n : n + _SHINGLE]).encode("utf-8", "surrogatepass")), n)
        for n in range(len(plain) - _SHINGLE + 1)
    ]


def _compared(article: Article, earlier: Article) -> Copy | None:
    """The runs of words that an article has from an earlier one; None when none is long enough."""
    words = _words(article.text)
    known = {h for h, _ in _shingles(_words(earlier.text))}
    covered = [False] * len(words)
    for h, n in _shingles(words):
        if h in known:
            covered[n : n + _SHINGLE] = [True] * _SHINGLE
    quoted = [match.span() for match in _QUOTED.finditer(article.text)]
    places, n_words = [], 0
    for first, last in _runs(covered):
        start, end = words[first][1], words[last][2]
        inside = [article.text[max(a, start) : min(b, end)] for a, b in quoted if a < end and start < b]
        own = last - first + 1 - sum(len(_WORD.findall(part)) for part in inside)
        if own >= MIN_WORDS:
            places.append((start, end))
            n_words += last - first + 1
    if not places:
        return None
    return Copy(article.id, earlier.id, tuple(places), n_words, round(n_words / len(words), 2))


def _runs(covered: list[bool]) -> list[tuple[int, int]]:
    """First and last word of each shared run; a few changed words do not end it."""
    out: list[tuple[int, int]] = []
    for n, shared in enumerate(covered):
        if not shared:
            continue
        if out and n - out[-1][1] <= _GAP:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out
