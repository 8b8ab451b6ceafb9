"""Parquet and Arrow tables by columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from reliability.batch.interning import Codes, Lists, Pairs, interner
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch, parts_of
from reliability.batch.rows import NESTED
from reliability.batch.tables_csv import value_of
from reliability.io.parquet import NO_DATE, is_flat, link_of, lost, of_reports, parquet_file, refuse_fewer, row_at
from reliability.io.reports import CSV_COLUMNS, FIELDS, plain_value
from reliability.io.rows import RawRow, Reject

_BESIDE = ("via", "hedge", "facts")
KEPT = 1 << 20
"""How many nested values, and parts of them, are known at most before they are numbered anew: some 30 bytes each."""


class ParquetTable:
    """A Parquet file as batches; `before` is one that was read before, whose numbers of nested values still hold."""

    def __init__(self, stream: BinaryIO, where: str, before: ParquetTable | None = None) -> None:
        self._where = where
        self._file = parquet_file(stream, where)
        schema = self._file.schema_arrow
        is_alike = before is not None and before._columns.schema.equals(schema)
        self._columns: ArrowColumns = before._columns if before is not None and is_alike else ArrowColumns(schema)

    def batches(self, at_once: int = AT_ONCE, groups: range | None = None) -> Iterator[RawBatch | Reject]:
        """The rows (of some row groups), some at a time; a group that can't be read is a reject, the next is read."""
        at = 1
        for group in range(self._file.num_row_groups):
            n = self._file.metadata.row_group(group).num_rows
            if groups is not None and group not in groups:
                at += n
                continue
            read = 0
            if self._columns.is_full(KEPT):
                self._columns = ArrowColumns(self._columns.schema)
            try:
                for batch in self._file.iter_batches(at_once, row_groups=[group]):
                    yield self._columns.batch(batch, at + read)
                    read += batch.num_rows
                refuse_fewer(read, n)
            except (OSError, ValueError, NotImplementedError, MemoryError) as error:
                yield Reject(self._where, at + read, lost(group, at + read, at + n - 1, error), "")
            at += n


class ArrowColumns:
    """Batches of one schema, as readers of tables give them."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self._flat = is_flat(schema)
        self._given = of_reports(schema.names)
        self._unknown = [name for name in self._given if name not in (CSV_COLUMNS if self._flat else FIELDS)]
        self._interners: dict[str, Any] = {}
        for name in (*NESTED, *(_BESIDE if self._flat else ())):
            if name in schema.names:
                try:
                    self._interners[name] = interner(_plain_type(schema.field(name).type))
                except TypeError:
                    self._interners[name] = None
        self._chains = Pairs()

    def is_full(self, most: int) -> bool:
        """Whether more than so many nested values (and parts of them) are numbered."""
        return len(self._chains) + sum(len(one) for one in self._interners.values() if one is not None) > most

    def batch(self, batch: pa.RecordBatch, first: int) -> RawBatch:
        """A batch whose first row has the number `first`. One with a text that is not UTF-8 is read row by row."""
        try:
            batch.validate(full=True)
        except pa.ArrowInvalid:
            return self._by_rows(batch, first)
        suspect = np.zeros(batch.num_rows, dtype=bool)
        texts = {name: self._text(batch, name, suspect) for name in FLAT}
        nested = {name: self._codes(batch, name, suspect) for name in NESTED}
        if self._flat:
            chain = nested["provenance"]
            for name in _BESIDE:
                chain = self._chains.codes(chain, self._codes(batch, name, suspect))
            nested["provenance"] = np.where(nested["provenance"] == 0, 0, chain)
        return RawBatch(
            lines=np.arange(first, first + batch.num_rows), texts=texts, nested=nested, value=self._value,
            suspect=suspect, row=lambda at: self._row(batch, at, first + at), flat=self._flat, renewed=self,
            unknown=self._unknown_in(batch), **self._linkwise(),
        )  # fmt: skip

    def _linkwise(self) -> dict[str, Any]:
        """How chains are told link by link, where they are lists."""
        chains = self._interners.get("provenance")
        if not isinstance(chains, Lists):
            return {}

        def link(number: int) -> Any:
            return link_of(chains.item(number))

        return {"links": chains.items, "numbering": self, "link": link, "link_parts": lambda at: parts_of(link(at))}

    def _by_rows(self, batch: pa.RecordBatch, first: int) -> RawBatch:
        n = batch.num_rows
        return RawBatch(
            lines=np.arange(first, first + n), texts={name: pa.nulls(n, pa.string()) for name in FLAT},
            nested={name: np.zeros(n, dtype=np.int64) for name in NESTED}, value=self._value,
            suspect=np.ones(n, dtype=bool), row=lambda at: self._row(batch, at, first + at), flat=self._flat,
            renewed=self, unknown=self._unknown_in(batch),
        )  # fmt: skip

    def _unknown_in(self, batch: pa.RecordBatch) -> dict[str, int]:
        """Columns that no report has, and how many rows fill them."""
        filled = {name: batch.num_rows - batch.column(name).null_count for name in self._unknown}
        return {name: n for name, n in filled.items() if n}

    def _row(self, batch: pa.RecordBatch, at: int, line: int) -> RawRow:
        known = [name for name in self._given if name not in self._unknown]
        return row_at(batch.select(known), at, line)

    def _text(self, batch: pa.RecordBatch, name: str, suspect: np.ndarray) -> pa.StringArray:
        if name not in batch.schema.names:
            return pa.nulls(batch.num_rows, pa.string())
        column = batch.column(name)
        kind = column.type
        if pa.types.is_string(kind):
            return column
        if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or (
            pa.types.is_dictionary(kind) and _plain_type(kind) == pa.string()):  # fmt: skip
            return column.cast(pa.string())
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            with suppress(*NO_DATE):
                return _dates(column)
        suspect |= column.is_valid().to_numpy(zero_copy_only=False)
        return pa.nulls(batch.num_rows, pa.string())

    def _codes(self, batch: pa.RecordBatch, name: str, suspect: np.ndarray) -> Codes:
        if name not in batch.schema.names:
            return np.zeros(batch.num_rows, dtype=np.int64)
        column, one = batch.column(name), self._interners[name]
        if one is None:
            suspect |= column.is_valid().to_numpy(zero_copy_only=False)
            return np.zeros(batch.num_rows, dtype=np.int64)
        plain = _plain_type(column.type)
        found: Codes = one.codes(column if plain == column.type else column.cast(plain))
        return found

    def _value(self, name: str, code: int) -> Any:
        if name == "provenance" and self._flat:
            *beside, first = self._unfolded(code)
            value = {"provenance": first, **dict(zip(_BESIDE, beside, strict=True))}
            return {name: one for name, one in value.items() if one is not None}
        value = self._interners[name].value(code)
        if name == "provenance":
            return [link_of(link) for link in value] if isinstance(value, list) else value
        return value_of(name, value)

    def _unfolded(self, code: int) -> list[Any]:
        """Of a chain in one cell, `via`, `hedge` and `facts` beside it, then the cell itself."""
        found: list[Any] = []
        for name in reversed(_BESIDE):
            code, last = self._chains.value(code)
            found.insert(0, self._interners[name].value(last) if last else None)
        return [*found, self._interners["provenance"].value(code)]


def _dates(column: pa.Array) -> pa.StringArray:
    """Dates and moments as text. Raises one of NO_DATE."""
    coded = column.dictionary_encode()
    values = pa.array([plain_value(one) for one in coded.dictionary.to_pylist()], type=pa.string())
    return values.take(coded.indices)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """The type with plain texts and lists in place of large ones, views and dictionaries."""
    types = pa.types
    if types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if types.is_large_string(kind) or types.is_string_view(kind):
        return pa.string()
    if types.is_struct(kind):
        return pa.struct([(kind.field(i).name, _plain_type(kind.field(i).type)) for i in range(kind.num_fields)])
    if types.is_list(kind) or types.is_large_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    return kind
