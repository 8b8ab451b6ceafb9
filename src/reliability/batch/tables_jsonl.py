"""JSON Lines by columns: a decoder of fixed fields does what it can vouch for, the rest is read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from reliability.batch.book import KEPT
from reliability.batch.interning import Codes
from reliability.batch.json_keys import keys_between, n_keys
from reliability.batch.json_lines import LineDecoder, Lines, Rows, n_null
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch
from reliability.batch.raw_values import RawLinks, parsed, raw_array
from reliability.batch.rows import NESTED
from reliability.batch.vetting import Mask
from reliability.errors import InputError
from reliability.io.rows import RawRow
from reliability.io.streams import whole_lines

_A_BATCH = 1 << 24
"""A batch ends after about so many bytes of lines: decoding is fastest in small parts, judging in large ones."""


@dataclass(frozen=True)
class _Columns:
    """Lines, (n,), as columns of a batch; nested fields as raw JSON."""

    lines: Lines
    texts: dict[str, pa.StringArray]
    nested: dict[str, pa.BinaryArray]
    suspect: Mask


class JsonlTable:
    """A JSON Lines stream as batches; `before` is one that was read before, whose numbers of links still hold."""

    def __init__(self, stream: BinaryIO, where: str, first: int = 1, before: JsonlTable | None = None) -> None:
        self._stretches = whole_lines(stream, where, begins=first == 1)
        self._where = where
        self._lines = LineDecoder(first)
        self._links: RawLinks = RawLinks() if before is None else before._links

    def batches(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time. Raises InputError where there are none, and for a damaged archive at its place."""
        parts: list[_Columns] = []
        problem: InputError | None = InputError(
            self._where, problem="is empty", remedy="give one JSON object a line")  # fmt: skip
        try:
            for part in self._parts(at_once):
                parts.append(part)
                problem = None
                if sum(len(one.lines) for one in parts) >= at_once or sum(map(_size, parts)) >= _A_BATCH:
                    batch, parts = self._batch(parts), []  # what parts hold is not kept beside what the batch does
                    yield batch
                    del batch
        except InputError as error:
            problem = error
        if parts:
            yield self._batch(parts)
        if problem is not None:
            raise problem

    def _parts(self, at_once: int) -> Iterator[_Columns]:
        for stretch in self._stretches:
            yield from map(_columns, self._lines.rows(stretch, at_once))

    def _batch(self, parts: Sequence[_Columns]) -> RawBatch:
        if self._links.is_full(KEPT):
            self._links = RawLinks()
        links, lines = self._links, [part.lines for part in parts]
        begins = np.cumsum([0, *map(len, lines)])
        nested = {name: _Coded.of([part.nested[name] for part in parts]) for name in NESTED}

        def row(at: int) -> RawRow:
            part = int(np.searchsorted(begins, at, side="right")) - 1
            return lines[part].row(at - int(begins[part]))

        return RawBatch(
            lines=np.concatenate([one.numbers for one in lines]),
            texts={name: pa.concat_arrays([part.texts[name] for part in parts]) for name in FLAT},
            nested={name: one.codes for name, one in nested.items()},
            value=lambda name, code: parsed(nested[name].values[code - 1].as_py()),
            suspect=np.concatenate([part.suspect for part in parts]), row=row, renewed=nested, numbering=links,
            links=lambda codes: links.of(nested["provenance"].values_of(codes)),
            link=links.value, link_parts=links.parts,
        )  # fmt: skip


@dataclass(frozen=True)
class _Coded:
    """The distinct raw values of a field, and of each row which it has, from 1; 0 where it has none."""

    codes: Codes
    values: pa.BinaryArray

    @classmethod
    def of(cls, parts: Sequence[pa.BinaryArray]) -> _Coded:
        coded = pa.concat_arrays(parts).dictionary_encode()
        return cls(coded.indices.fill_null(-1).to_numpy().astype(np.int64) + 1, coded.dictionary)

    def values_of(self, codes: Codes) -> pa.BinaryArray:
        """The values of some codes."""
        is_all = np.array_equal(codes, np.arange(1, 1 + len(self.values)))
        return self.values if is_all else self.values.take(pa.array(codes - 1))


def _size(part: _Columns) -> int:
    return len(part.lines.whole)


def _columns(rows: Rows) -> _Columns:
    n = len(rows.lines)
    texts = {name: pa.nulls(n, pa.string()) if column is None else pa.array(column, type=pa.string())
             for name in FLAT for column in [rows.column(name)]}  # fmt: skip
    nested = {name: raw_array(column) for name in NESTED if (column := rows.column(name)) is not None}
    suspect = _suspect(rows, texts, nested)
    absent = pa.nulls(n, pa.binary())
    return _Columns(rows.lines, texts, {name: nested.get(name, absent) for name in NESTED}, suspect)


def _suspect(rows: Rows, texts: dict[str, pa.StringArray], nested: dict[str, pa.BinaryArray]) -> Mask:
    """Lines whose keys are not those of their records, (n,): another key, a key twice, or a text that looks so.

    No line has fewer keys than are counted, nor more than its record if none stands twice; then the sums of both tell.
    """
    given = [*texts.values(), *nested.values()]
    n_known = sum(len(column) - column.null_count for column in given)
    n_known += sum(n_keys(column.buffers()[2]) for column in nested.values())
    suspect = rows.unread.copy()
    if n_keys(rows.lines.whole) == n_known:
        return suspect
    keys = np.zeros(len(suspect), dtype=np.int64)
    for column in given:
        keys += column.is_valid().to_numpy(zero_copy_only=False)
    for column in nested.values():
        _, offsets, data = column.buffers()
        keys += keys_between(data, np.frombuffer(offsets, dtype=np.int32))
    counted = rows.lines.n_keys()
    for at in np.flatnonzero((counted != keys) & ~suspect).tolist():
        suspect[at] = counted[at] != keys[at] + n_null(rows.lines.data(at))
    return suspect
