"""Rows of a bucket against each other: repeats, ids that say two things, claims that are questions, units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability import api
from reliability.batch.arrays import one_array
from reliability.batch.canonical import contents
from reliability.batch.compact import spelled
from reliability.batch.prepare import FILE_BITS
from reliability.batch.rows import reports_of_rows
from reliability.batch.schema import CHECKED, CONTENT
from reliability.batch.vetting import span
from reliability.io.rows import Reject, cut
from reliability.io.visible import visible
from reliability.model.dates import date_span
from reliability.rules.policy import Policy

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Checked:
    """What is left of a bucket: rows as CHECKED, rejects with their places, and how many rows were repeats."""

    rows: pa.Table
    rejects: tuple[tuple[int, Reject], ...]
    repeats: int


def place_of(place: int, files: Sequence[str]) -> tuple[str, int]:
    """The file and line that a place stands for."""
    return files[place >> FILE_BITS], place & ((1 << FILE_BITS) - 1)


def check(rows: pa.Table, lost: Places, policy: Policy, as_of: date | None, files: Sequence[str]) -> Checked:
    """Check a bucket's rows (ROWS), in the order of their places.

    `lost` (n, 2): rows whose id an earlier row elsewhere has, and that row's place. `files` are the inputs' names.
    """
    place = rows["place"].to_numpy()
    if (place[1:] < place[:-1]).any():
        rows = rows.take(pa.array(np.argsort(place, kind="stable"))).combine_chunks()
        place = rows["place"].to_numpy()
    refused: dict[int, str] = {}
    for mine, first in lost.tolist():
        at = int(np.searchsorted(place, mine))
        refused[at] = _taken(rows["key"][at].as_py(), first, files)
    repeats = _repeats(rows, place, refused, files)
    _questions(rows, refused)
    _units(rows, policy, refused, repeats)
    keep = np.ones(rows.num_rows, dtype=bool)
    keep[[*refused, *repeats]] = False
    rejects = _rejects(rows, place, refused, files)
    kept = rows if keep.all() else rows.filter(pa.array(keep))
    standing = _standing(kept, as_of)
    found = kept.append_column("standing", standing).append_column("as_read", pa.nulls(kept.num_rows, pa.string()))
    return Checked(found.select(CHECKED.names), tuple(rejects), len(repeats))


def _standing(rows: pa.Table, as_of: date | None) -> pa.Array:
    """How each row stands, as CHECKED has it, in the way in which its kind is told."""
    kinds = one_array(rows["kind"])
    found = pc.if_else(pc.equal(spelled(kinds), "statement"), "rated", spelled(kinds))
    if as_of is not None:
        _, end = date_span(as_of.isoformat())
        found = pc.if_else(pa.array(spans(rows["published"])[0] > end), "later", found)
    return found.dictionary_encode() if pa.types.is_dictionary(kinds.type) else found


def spans(published: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """First and last microsecond of each date, (2, n), −1 where there is none."""
    column = one_array(published)
    coded = column.dictionary_encode()
    known = np.array([*(span(one) or (-1, -1) for one in coded.dictionary.to_pylist()), (-1, -1)], dtype=np.int64)
    found: NDArray[np.int64] = known[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)].T
    return found


def _taken(key: str, first: int, files: Sequence[str]) -> str:
    file, line = place_of(first, files)
    return f"the id `{visible(key)}` is that of {file}:{line} too, which says something else; give it an id of its own"


def _repeats(rows: pa.Table, place: Places, refused: dict[int, str], files: Sequence[str]) -> set[int]:
    """Rows that say again what an earlier one with their id says; those that say something else are refused."""
    keys = one_array(rows["key"])
    codes = keys.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    same = codes[order[1:]] == codes[order[:-1]]
    if not same.any():
        return set()
    involved = np.unique(np.concatenate([order[1:][same], order[:-1][same]]))
    some = rows.take(pa.array(involved)).combine_chunks()
    texts = contents({name: one_array(some[name]) for name in CONTENT}).to_pylist()
    first: dict[int, tuple[int, str]] = {}
    repeats: set[int] = set()
    for at, text in zip(involved.tolist(), texts, strict=True):
        if at in refused:
            continue
        known = first.setdefault(int(codes[at]), (at, text))
        if known[0] != at:
            if known[1] == text:
                repeats.add(at)
            else:
                refused[at] = _taken(keys[at].as_py(), int(place[known[0]]), files)
    return repeats


def _questions(rows: pa.Table, refused: dict[int, str]) -> None:
    """Refuse plain claims whose id is a question in another report."""
    if rows["alternative"].null_count == rows.num_rows:
        return
    answers = pc.and_(rows["alternative"].is_valid(), rows["question"].is_valid())
    questions = pc.unique(rows["question"].filter(answers))
    clash = pc.and_(pc.invert(answers), pc.is_in(rows["claim"], questions))
    for at in np.flatnonzero(clash.to_numpy()).tolist():
        claim = rows["claim"][at].as_py()
        refused.setdefault(at, f"{claim!r} is a question in another report; give the claim another id")


def _units(rows: pa.Table, policy: Policy, refused: dict[int, str], repeats: set[int]) -> None:
    """Refuse a claim's figures in another unit than its first one's."""
    if rows["quantity"].null_count == rows.num_rows:
        return
    stated = [at for at in np.flatnonzero(rows["quantity"].is_valid().to_numpy()).tolist()
              if at not in refused and at not in repeats]  # fmt: skip
    units: dict[str, str] = {}
    for at, report in zip(stated, reports_of_rows(rows.take(stated)), strict=True):
        other = api.other_unit(report, units, policy)
        if other is not None:
            refused[at] = api.units_apart(report, other)


def _rejects(rows: pa.Table, place: Places, refused: dict[int, str], files: Sequence[str]) -> list[tuple[int, Reject]]:
    found = []
    at = sorted(refused)
    some = rows.take(pa.array(at, type=pa.int64())).combine_chunks()
    if not at:
        return []
    raws = contents({name: one_array(some[name]) for name in CONTENT}, one_array(some["key"])).to_pylist()
    for one, raw in zip(at, raws, strict=True):
        file, line = place_of(int(place[one]), files)
        found.append((int(place[one]), Reject(file, line, refused[one], cut(raw))))
    return found
