"""Ratings that a ledger holds, to be scored once their claims are settled: of each claim the last before that day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import LedgerError
from reliability.io.past_ratings import PastRating, past_rating
from reliability.ledger.chain import NAME
from reliability.ledger.index import Wanted
from reliability.ledger.kept import lines_of
from reliability.ledger.store import Ledger
from reliability.model.dates import date_span

MOST = 1_000_000


@dataclass(frozen=True)
class Recorded:
    """One rating a claim; how many earlier ones, and entries whose ratings are gone; claims rated with hindsight."""

    ratings: dict[str, PastRating]
    n_earlier: int
    late: frozenset[str]
    n_removed: int


def is_ledger(path: Path) -> bool:
    """Whether a folder is a ledger's."""
    return path.is_dir() and (path / NAME).is_file()


def past_ratings(folder: Path, settled: Mapping[str, str | None]) -> Recorded:
    """The ratings of a ledger's entries, oldest first. `settled` has the day of each claim's adjudication, if known.

    A rating that was recorded after that day is hindsight, and passed over. Raises LedgerError for a ledger that can't
    be read, and for a line that is no rating record.
    """
    ledger = Ledger.open(folder)
    ends = {claim: None if day is None else date_span(day)[1] for claim, day in settled.items()}
    found: dict[str, PastRating] = {}
    n_earlier = n_removed = 0
    late: set[str] = set()
    for placed in ledger.found(Wanted(subjects=[("kind", "rating")]), MOST):
        blob = placed.entry.blob("ratings")
        if blob is None or not ledger.blobs.has(blob.content):
            n_removed += 1
            continue
        at = date_span(placed.entry.at)[0]
        for line in lines_of(placed, ledger.blobs, "ratings"):
            one = past_rating(json.loads(line))
            if isinstance(one, str):
                raise LedgerError(f"entry {placed.entry.seq}", problem=one, remedy="`audit verify` says more")
            end = ends.get(one.claim)
            if end is not None and at > end:
                late.add(one.claim)
                continue
            n_earlier += one.claim in found
            found[one.claim] = one
    return Recorded(found, n_earlier, frozenset(late), n_removed)
