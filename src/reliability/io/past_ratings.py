"""Ratings that were made before: the records that `rate` and `batch` write, as far as their scores need them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import kind_of
from reliability.io.rows import Reject
from reliability.io.streams import opened
from reliability.io.visible import visible

PLAIN = "plain claim"


@dataclass(frozen=True, slots=True)
class PastRating:
    """A claim's p as it was rated, its class, its question, and its origins' source types (a brief record has none).

    `mapped`: a recalibration has been at it.
    """

    claim: str
    p: float
    kind: str
    question: str | None
    types: tuple[str, ...]
    mapped: bool = False


@dataclass(frozen=True)
class PastRatings:
    """One a claim, the last that stands in the file; rejects; how many earlier ratings of a claim were passed over."""

    ratings: tuple[PastRating, ...]
    rejects: tuple[Reject, ...]
    n_earlier: int


def is_past_ratings(path: Path) -> bool:
    """Whether a file holds rating records, by its first line; what can't be read is none, nor a pipe, read but once."""
    if not path.is_file():
        return False
    kind, packed = kind_of(str(path))
    if kind != "jsonl":
        return False
    with opened(path, packed=packed) as stream:
        first = next(iter(jsonl_rows(stream, str(path))))
    return first.fields is not None and {"rating", "waterfall"} <= first.fields.keys()


def read_past_ratings(path: Path) -> PastRatings:
    """The ratings of a .jsonl file, packed or not. Raises InputError when it is empty or can't be read."""
    where = str(path)
    _, packed = kind_of(where)
    found: dict[str, PastRating] = {}
    rejects: list[Reject] = []
    n_earlier = 0
    with opened(path, packed=packed) as stream:
        for row in jsonl_rows(stream, where):
            one = row.problem or past_rating(row.fields or {})
            if isinstance(one, str):
                rejects.append(Reject(where, row.line, one, row.raw))
                continue
            n_earlier += one.claim in found
            found[one.claim] = one
    return PastRatings(tuple(found.values()), tuple(rejects), n_earlier)


def past_rating(fields: dict[str, Any]) -> PastRating | str:
    """A record's rating, or what is wrong with it."""
    claim, rating = fields.get("claim"), fields.get("rating")
    if not isinstance(claim, dict) or not isinstance(rating, dict) or not isinstance(claim.get("id"), str):
        return "no rating record: it has no claim with an id, or no rating"
    p, question = rating.get("p"), claim.get("question")
    if isinstance(p, bool) or not isinstance(p, int | float) or not 0.0 <= p <= 1.0:
        return f"rating.p is no probability: {visible(str(p))[:60]}"
    links = fields.get("links") or []
    if not isinstance(links, list):
        return "no rating record: its links are no list"
    named = {link.get("type") for link in links if isinstance(link, dict) and link.get("kind") == "origin"
             and isinstance(link.get("type"), str)}  # fmt: skip
    kind = class_of(fields.get("quantity") is not None, fields.get("alternatives") is not None)
    return PastRating(claim["id"], float(p), kind, question if isinstance(question, str) else None,
                      tuple(sorted(map(str, named))), fields.get("recalibration") is not None)  # fmt: skip


def class_of(is_figure: bool, is_answer: bool) -> str:
    """The class of a claim: a figure, an answer to a question, or plain."""
    return "figure" if is_figure else "answer" if is_answer else PLAIN
