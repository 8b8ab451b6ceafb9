"""Plain claims, rated by columns: the scorer's arrays, block by block, and what is read off them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.acting import acting_in_columns
from reliability.batch.canonical import contents
from reliability.batch.chains import chains_of
from reliability.batch.encode import Plain, sides
from reliability.batch.memory import give_back
from reliability.batch.merge import without_stale
from reliability.batch.readings import Readings, bands
from reliability.batch.schema import CONTENT, RATED
from reliability.model.rounding import rounded
from reliability.reasoning.confidence import LEVELS
from reliability.reasoning.interval import intervals
from reliability.reasoning.words import Scales, Wording
from reliability.rules.policy import Policy
from reliability.scoring.paths import BLOC, ORIGIN
from reliability.scoring.score import weigh
from reliability.scoring.trie import Ints
from reliability.text.denial import is_denial

UNSURE = "interval-unreliable"


def rate_plain(
    rows: pa.Table, policy: Policy, texts: Mapping[str, str], *, with_intervals: bool, known: pa.Table | None = None,
    acting: set[str] | None = None,
) -> pa.Table:  # fmt: skip
    """RATED, in no order, for rows (ROWS) of whole plain claims; `texts` are claims' texts that are settled,
    `known` ratings that hold where the digest is theirs, `acting` takes the ids of rules that act.
    """
    rows = sides(rows).combine_chunks()
    names, unit = _runs(rows["unit"].combine_chunks())
    column = rows["provenance"].combine_chunks()
    chains, chain = chains_of(column if pa.types.is_dictionary(column.type) else column.dictionary_encode(), policy)
    plain = Plain.of(rows, names, unit, chains, chain)
    plain = replace(plain, named=any(entry.record is not None for entry in policy.sources.entries.values()))
    starts = np.searchsorted(unit, np.arange(len(names) + 1))
    digests = _digests(rows, starts)
    give_back()
    scales = Scales.of(policy)
    parts: list[pa.Table] = []
    order: list[Ints] = []
    if known is not None:
        at = pc.index_in(digests, known["digest"].combine_chunks())
        kept = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
        parts.append(_kept(known.take(at.take(pa.array(kept))), plain.newest(len(names))[kept]))
        order.append(kept)
        plain = plain.without(kept)
    for units, some in plain.blocks():
        weighed = weigh(plain.coded(units, some), policy, 2)
        if acting is not None:
            acting.update(acting_in_columns(weighed, policy))
        readings = Readings(weighed, policy, scales)
        parts.append(_table(readings, with_intervals))
        order.append(units)
        if len(some) > MANY:
            del weighed, readings
            give_back()
    back = np.argsort(np.concatenate(order)) if order else np.zeros(0, dtype=np.int64)
    table = pa.concat_tables(parts).take(pa.array(back))
    columns = {name: table[name] for name in table.column_names}
    columns |= {
        "claim": names, "text": _texts(rows, names, unit, plain.start, texts), "question": _first_question(rows, unit),
        "reports": np.diff(starts), "digest": digests, "quantity": pa.nulls(len(names), pa.string()),
    }  # fmt: skip
    return pa.table({name: columns[name] for name in RATED.names}).cast(RATED)


def _runs(unit: pa.StringArray) -> tuple[pa.StringArray, Ints]:
    """The units in the order in which they stand, and each row's number among them."""
    coded = unit.dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy().astype(np.int64)


def _table(readings: Readings, with_intervals: bool) -> pa.Table:
    """The columns that are read off a block's arrays."""
    weighed, scales, gated = readings.weighed, readings.scales, readings.gated
    flags = readings.flags()
    low = high = pa.nulls(readings.m, pa.float64())
    if with_intervals:
        drawn = intervals(weighed)
        low, high = (_ends(end[0]) for end in (drawn.low, drawn.high))
        flags[UNSURE] = np.isnan(drawn.low[0])
    newest = readings.newest
    return pa.table({
        "p": readings.p, "low": low, "high": high, "weight_db": readings.weight_db, "assessed": readings.assessed,
        "icd203": _words(scales.icd203, readings), "phia": _words(scales.phia, readings),
        "confidence": _levels(gated.level), "support": _levels(gated.support), "robustness": _levels(gated.robustness),
        "basis": _levels(gated.basis), "elicited_share": _shares(readings.shares[1]),
        "outlets": readings.outlets(), "origins": readings.of_kind(ORIGIN), "independent": readings.independent,
        "blocs": readings.of_kind(BLOC), "flags": _lists(flags, readings.m),
        "newest_report": pa.array(newest, mask=newest < 0),
    })  # fmt: skip


def _kept(known: pa.Table, newest: Ints) -> pa.Table:
    """The columns of ratings that hold, `stale` aside, which the whole set decides."""
    table = known.append_column("newest_report", pa.array(newest, mask=newest < 0))
    return without_stale(table).select([name for name in RATED.names if name not in _MADE_ANEW])


_MADE_ANEW = ("claim", "text", "question", "reports", "digest", "quantity")


def _ends(values: NDArray[np.float64]) -> pa.Array:
    return pa.array([None if np.isnan(value) else rounded(value, 2) for value in values.tolist()], type=pa.float64())


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    distinct, at = np.unique(values, return_inverse=True)
    found: NDArray[np.float64] = np.array([rounded(value, 4) for value in distinct.tolist()])[at.reshape(-1)]
    return found


def _words(scale: Wording, readings: Readings) -> pa.Array:
    place = pa.array(bands(scale, readings.p), mask=~readings.assessed)
    return pa.array(scale.words, type=pa.string()).take(place)


def _levels(places: Ints) -> pa.Array:
    return pa.array(LEVELS, type=pa.string()).take(pa.array(places))


def _lists(flags: Mapping[str, NDArray[np.bool_]], m: int) -> pa.Array:
    """The flags of each claim, by name."""
    names = sorted(flags)
    code = np.zeros(m, dtype=np.int64)
    for bit, name in enumerate(names):
        code |= flags[name].astype(np.int64) << bit
    distinct, at = np.unique(code, return_inverse=True)
    lists = [[name for bit, name in enumerate(names) if one >> bit & 1] for one in distinct.tolist()]
    return pa.array(lists, type=RATED.field("flags").type).take(pa.array(at.reshape(-1)))


def _first_question(rows: pa.Table, unit: Ints) -> pa.Array:
    """The question that a claim's first report which names one names."""
    asked = rows["question"].combine_chunks()
    m = int(unit.max(initial=-1)) + 1
    at = np.flatnonzero(asked.is_valid().to_numpy(zero_copy_only=False))
    first = np.full(m, -1, dtype=np.int64)
    first[unit[at[::-1]]] = at[::-1]
    return asked.take(pa.array(first, mask=first < 0))


def _texts(rows: pa.Table, names: pa.StringArray, unit: Ints, start: Ints, settled: Mapping[str, str]) -> pa.Array:
    """Each claim's text: its earliest report's (ties by id) that does not deny it in words of denial, else its id."""
    told = rows["text"].combine_chunks()
    at = np.flatnonzero(told.is_valid().to_numpy(zero_copy_only=False))
    at = at[np.lexsort((at, start[at], unit[at]))]
    first = np.full(len(names), -1, dtype=np.int64)
    first[unit[at[::-1]]] = at[::-1]
    _pass_over_denials(first, at, unit, told, pc.equal(rows["stance"], "denies").to_numpy())
    found = pc.coalesce(told.take(pa.array(first, mask=first < 0)), names)
    if settled:
        ids = names.to_pylist()
        found = pa.array([settled.get(one) or text for one, text in zip(ids, found.to_pylist(), strict=True)],
                         type=pa.string())  # fmt: skip
    return found


def _pass_over_denials(
    first: Ints, in_order: Ints, unit: Ints, told: pa.StringArray, denies: NDArray[np.bool_]
) -> None:
    """Where a claim's first text denies it in words of denial, take the next that does not, if there is one.

    Claims of which all texts are the same are left alone: whichever is taken, it is that.
    """
    asked = np.flatnonzero((first >= 0) & denies[first])
    if not asked.size:
        return
    codes = told.dictionary_encode().indices.fill_null(-1).to_numpy()
    starts = np.searchsorted(unit[in_order], asked)
    ends = np.searchsorted(unit[in_order], asked, side="right")
    for claim, start, end in zip(asked.tolist(), starts.tolist(), ends.tolist(), strict=True):
        mine = in_order[start:end]
        if (codes[mine] == codes[mine[0]]).all():
            continue
        for row in mine.tolist():
            if not (denies[row] and is_denial(told[row].as_py())):
                first[claim] = row
                break


def _digests(rows: pa.Table, starts: Ints) -> pa.Array:
    """The digest of each claim's reports: their canonical JSON with ids, in id order, a line each.

    So many rows at a time that what is spelled out stays small, however many reports a claim has.
    """
    columns = {name: rows[name].combine_chunks() for name in CONTENT}
    keys = rows["key"].combine_chunks()
    found: list[str] = []
    digest = hashlib.sha256()
    for begin in range(0, rows.num_rows, SPELLED):
        lines = contents({name: one.slice(begin, SPELLED) for name, one in columns.items()},
                         keys.slice(begin, SPELLED), end="\n")  # fmt: skip
        offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[lines.offset :]
        held = memoryview(lines.buffers()[2])
        at, end = 0, len(lines)
        for edge in (starts[1:][(starts[1:] > begin) & (starts[1:] <= begin + end)] - begin).tolist():
            digest.update(held[offsets[at] : offsets[edge] - 1])  # no line feed after a claim's last line
            found.append(f"sha256:{digest.hexdigest()}")
            digest, at = hashlib.sha256(), edge
        digest.update(held[offsets[at] : offsets[end]])
    return pa.array(found, type=pa.string())


MANY = 1 << 18
"""Reports of a block after which memory is given back at once."""
SPELLED = 1 << 14
"""Reports that are spelled out as JSON at a time."""
