"""Plain claims taken out of their rows: what texts say is read off, the rest is columns of codes for the scorer.

Once that is done nothing needs the rows, which take more memory than all that is computed of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.canonical import contents
from reliability.batch.chains import chains_of
from reliability.batch.compact import spelled
from reliability.batch.encode import Plain, sides
from reliability.batch.schema import CONTENT
from reliability.rules.policy import Policy
from reliability.scoring.trie import Ints
from reliability.text.denial import is_denial

Mask = NDArray[np.bool_]
_NEVER = np.iinfo(np.int64).max
SPELLED = 1 << 12
"""Reports that are spelled out as JSON at a time."""


@dataclass(frozen=True)
class Claims:
    """Plain claims, (m,), in the order of `plain`: their texts, questions, numbers of reports, and inputs' digests."""

    plain: Plain
    text: pa.StringArray
    question: pa.StringArray
    reports: Ints
    digest: pa.StringArray

    @classmethod
    def of(cls, rows: pa.Table, policy: Policy, texts: Mapping[str, str]) -> Claims:
        """Read rows (ROWS) of whole plain claims; `texts` are claims' texts that are settled."""
        rows = sides(rows).combine_chunks()
        names, unit = _runs(one_array(rows["unit"]))
        column = one_array(rows["provenance"])
        chains, chain = chains_of(column if pa.types.is_dictionary(column.type) else column.dictionary_encode(), policy)
        plain = Plain.of(rows, names, unit, chains, chain)
        plain = replace(plain, named=any(entry.record is not None for entry in policy.sources.entries.values()))
        starts = np.searchsorted(unit, np.arange(len(names) + 1))
        text, question = _texts(rows, names, unit, plain.start, texts), _first_question(rows, unit)
        return cls(plain, text, question, np.diff(starts), _digests(rows, starts))


def _runs(unit: pa.StringArray) -> tuple[pa.StringArray, Ints]:
    """The units in the order in which they stand, and each row's number among them."""
    coded = unit.dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy()


def _first_question(rows: pa.Table, unit: Ints) -> pa.Array:
    """The question that a claim's first report which names one names."""
    asked = one_array(rows["question"])
    m = int(unit.max(initial=-1)) + 1
    at = np.flatnonzero(asked.is_valid().to_numpy(zero_copy_only=False))
    first = np.full(m, -1, dtype=np.int64)
    first[unit[at[::-1]]] = at[::-1]
    return asked.take(pa.array(first, mask=first < 0))


def _texts(rows: pa.Table, names: pa.StringArray, unit: Ints, start: Ints, settled: Mapping[str, str]) -> pa.Array:
    """Each claim's text: its earliest report's (ties by id) that does not deny it in words of denial, else its id."""
    told = one_array(rows["text"])
    says = told.is_valid().to_numpy(zero_copy_only=False)
    begins = np.searchsorted(unit, np.arange(len(names) + 1))
    when = start if says.all() else np.where(says, start, _NEVER)
    earliest = np.minimum.reduceat(when, begins[:-1])
    candidates = np.flatnonzero(says & (start == earliest[unit]))[::-1]
    first = np.full(len(names), -1, dtype=np.int64)
    first[unit[candidates]] = candidates
    _pass_over_denials(
        first,
        begins,
        says,
        start,
        told,
        pc.equal(spelled(one_array(rows["stance"])), "denies").to_numpy(zero_copy_only=False),
    )
    found = pc.coalesce(spelled(told.take(pa.array(first, mask=first < 0))), names)
    if settled:
        ids = names.to_pylist()
        found = pa.array([settled.get(one) or text for one, text in zip(ids, found.to_pylist(), strict=True)],
                         type=pa.string())  # fmt: skip
    return found


def _pass_over_denials(
    first: Ints, begins: Ints, says: Mask, start: Ints, told: pa.StringArray, denies: Mask
) -> None:  # fmt: skip
    """Where a claim's first text denies it in words of denial, take the next that does not, if there is one.

    Claims of which all texts are the same are left alone: whichever is taken, it is that.
    """
    asked = np.flatnonzero((first >= 0) & denies[first])
    if not asked.size:
        return
    codes = told.dictionary_encode().indices.fill_null(-1).to_numpy()
    greatest = np.maximum.reduceat(codes, begins[:-1])
    least = np.minimum.reduceat(np.where(says, codes, greatest.max()), begins[:-1])
    asked = asked[least[asked] != greatest[asked]]
    for claim, begin, end in zip(asked.tolist(), begins[asked].tolist(), begins[asked + 1].tolist(), strict=True):
        mine = begin + np.flatnonzero(says[begin:end])
        for row in mine[np.argsort(start[mine], kind="stable")].tolist():
            if not (denies[row] and is_denial(told[row].as_py())):
                first[claim] = row
                break


def _digests(rows: pa.Table, starts: Ints) -> pa.Array:
    """The digest of each claim's reports: their canonical JSON with ids, in id order, a line each.

    So many rows at a time that what is spelled out stays small, however many reports a claim has.
    """
    columns = {name: one_array(rows[name]) for name in CONTENT}
    keys = one_array(rows["key"])
    found: list[str] = []
    digest = hashlib.sha256()
    for begin in range(0, rows.num_rows, SPELLED):
        lines = contents({name: one.slice(begin, SPELLED) for name, one in columns.items()},
                         keys.slice(begin, SPELLED), end="\n")  # fmt: skip
        offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[lines.offset :]
        held = memoryview(lines.buffers()[2])
        ends = offsets[starts[1:][(starts[1:] > begin) & (starts[1:] <= begin + len(lines))] - begin].tolist()
        edges = [int(offsets[0]), *ends]
        if ends:
            digest.update(held[edges[0] : edges[1] - 1])  # no line feed after a claim's last line
            found.append(digest.hexdigest())
            found += [hashlib.sha256(held[at : to - 1]).hexdigest() for at, to in pairwise(ends)]
            digest = hashlib.sha256()
        digest.update(held[edges[-1] : offsets[len(lines)]])
    return pc.binary_join_element_wise("sha256:", pa.array(found, type=pa.string()), "")
