"""Plain claims, rated by columns: the scorer's arrays, block by block, and what is read off them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.acting import acting_in_columns
from reliability.batch.arrays import one_array
from reliability.batch.claims import Claims
from reliability.batch.memory import give_back
from reliability.batch.merge import without_stale
from reliability.batch.readings import Readings, bands
from reliability.batch.schema import RATED
from reliability.model.rounding import rounded
from reliability.reasoning.confidence import LEVELS
from reliability.reasoning.interval import intervals
from reliability.reasoning.words import Scales, Wording
from reliability.rules.policy import Policy
from reliability.scoring.coding import Coded
from reliability.scoring.paths import BLOC, ORIGIN
from reliability.scoring.score import weigh
from reliability.scoring.trie import Ints

UNSURE = "interval-unreliable"


def rate_plain(
    claims: Claims, policy: Policy, *, with_intervals: bool, known: pa.Table | None = None,
    acting: set[str] | None = None,
) -> pa.Table:  # fmt: skip
    """RATED of plain claims, in no order; `known` are ratings that hold where the digest is theirs, `acting` takes the
    ids of rules that act.
    """
    plain = claims.plain
    scales = Scales.of(policy)
    parts: list[pa.Table] = []
    order: list[Ints] = []
    if known is not None:
        at = pc.index_in(claims.digest, one_array(known["digest"]))
        kept = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
        parts.append(_kept(known.take(at.take(pa.array(kept))), plain.newest(len(plain.names))[kept]))
        order.append(kept)
        plain = plain.without(kept)
    for units, some in plain.blocks():
        parts.append(_rated(plain.coded(units, some), policy, scales, acting, with_intervals=with_intervals))
        order.append(units)
        if len(some) > MANY:
            give_back()
    back = np.argsort(np.concatenate(order)) if order else np.zeros(0, dtype=np.int64)
    table = pa.concat_tables(parts).take(pa.array(back))
    columns = {name: table[name] for name in table.column_names}
    columns |= {
        "claim": plain.names, "text": claims.text, "question": claims.question, "reports": claims.reports,
        "digest": claims.digest, "quantity": pa.nulls(len(plain.names), pa.string()),
    }  # fmt: skip
    return pa.table({name: columns[name] for name in RATED.names}).cast(RATED)


def _rated(
    coded: Coded, policy: Policy, scales: Scales, acting: set[str] | None, *, with_intervals: bool
) -> pa.Table:  # fmt: skip
    """The columns that are read off the trees of a block of claims, of which nothing is held after that."""
    weighed = weigh(coded, policy, 2)
    if acting is not None:
        acting.update(acting_in_columns(weighed, policy))
    return _table(Readings(weighed, policy, scales), with_intervals)


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


MANY = 1 << 18
"""Reports of a block after which memory is given back at once."""
