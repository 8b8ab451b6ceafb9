"""Scales that are scales: bands in order, without overlap, with words of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from reliability.model.base import folded
from reliability.rules.findings import Finding, Tell, teller
from reliability.rules.policy import Policy
from reliability.rules.schema import Scale


def scales(policy: Policy) -> Iterator[Finding]:
    """What is wrong with the bands of each scale."""
    tell = teller("scale", policy.files, str(policy.folder))
    for scale in policy.scales.values():
        yield from _words(scale, tell)
        yield from _order(scale, tell)


def _words(scale: Scale, tell: Tell) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for n, band in enumerate(scale.band):
        for word in (band.word, *band.synonyms):
            first = seen.setdefault(folded(word), n)
            if first != n:
                yield tell(scale, ("band", n, "word"), f"{word!r} is a word of {scale.band[first].word!r} too",
                           "keep a word in one band")  # fmt: skip


def _order(scale: Scale, tell: Tell) -> Iterator[Finding]:
    """Bands go one way through the file; grades (single letters or digits) go from the best down."""
    bands = scale.band
    grades = all(band.high is None for band in bands)
    upward = not grades and bands[0].low < bands[-1].low
    for n, band in enumerate(bands):
        if band.high is not None and band.high <= band.low:
            yield tell(scale, ("band", n, "high"), f"{band.word!r} ends at {band.high:g} and begins at {band.low:g}",
                       "let `high` be above `low`")  # fmt: skip
    for n, (one, other) in enumerate(pairwise(bands), start=1):
        below, above = (one, other) if upward else (other, one)
        if below.low >= above.low:
            way = "up" if upward else "down"
            yield tell(scale, ("band", n, "low"), f"{other.word!r} begins at {other.low:g}, and {one.word!r}, before "
                       f"it, at {one.low:g}", f"put the bands in order: they go {way} here")  # fmt: skip
        elif below.high is not None and below.high > above.low:
            yield tell(scale, ("band", n, "low"), f"{below.word!r} and {above.word!r} overlap",
                       "let a band end where the next begins")  # fmt: skip
    if grades and all(len(band.word) == 1 for band in bands):
        for n, (one, other) in enumerate(pairwise(bands), start=1):
            if other.word <= one.word:
                yield tell(scale, ("band", n, "word"), f"the grade {other.word!r} comes after {one.word!r}",
                           "name the grades in order, the best first")  # fmt: skip
    if grades and min(band.low for band in bands) > 0.0:
        yield tell(scale, ("band", len(bands) - 1, "low"), "the lowest grade leaves out what lies below it",
                   "let it begin at 0")  # fmt: skip
