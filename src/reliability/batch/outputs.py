"""What a run gives: ratings and reports as tables, rejects, long tables, and the manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from reliability.batch.arrays import one_array
from reliability.batch.chains import SHARED
from reliability.batch.prepare import FILE_BITS
from reliability.batch.schema import CHECKED
from reliability.batch.spill import to_disk
from reliability.io.kinds import InputFile, PluggedFile
from reliability.io.visible import json_text

ROW_GROUP = 1 << 16
Form = Literal["parquet", "jsonl"]
LINK = pa.struct([("source", pa.string()), ("type", pa.string()), ("via", pa.string()), ("hedge", pa.string()),
                  ("facts", pa.string())])  # fmt: skip
QUANTITY = pa.struct([("value", pa.float64()), ("op", pa.string()), ("unit", pa.string()), ("high", pa.float64()),
                      ("party", pa.string())])  # fmt: skip
_TEXT = pa.string()
REPORTS = pa.schema([
    ("id", _TEXT), ("claim", _TEXT), ("text", _TEXT), ("kind", _TEXT), ("stance", _TEXT),
    ("provenance", pa.list_(LINK)), ("quantity", QUANTITY), ("question", _TEXT), ("alternative", _TEXT),
    ("article", _TEXT), ("published", _TEXT), ("event", _TEXT), ("spans", _TEXT),
])  # fmt: skip
"""Report records in columns, as they are read again: a link's facts, and spans, are JSON."""
STANDING = pa.schema([("standing", _TEXT), ("as_read", _TEXT), ("file", _TEXT), ("line", pa.int64())])


def write_table(tables: Iterable[pa.Table], schema: pa.Schema, path: Path, form: Form) -> int:
    """Write tables, one after another, as one; returns how many rows. The bytes depend on the rows alone."""
    n = 0
    if form == "jsonl":
        with path.open("w", encoding="utf-8") as file:
            for table in tables:
                n += table.num_rows
                file.writelines(json_text(row) + "\n" for row in table.to_pylist())
    else:
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1, store_schema=False) as writer:
            for table in regrouped(tables, schema):
                n += table.num_rows
                writer.write_table(table, row_group_size=ROW_GROUP)
    to_disk(path)
    return n


def regrouped(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in tables of one size, however they came."""
    held: list[pa.Table] = []
    n = 0
    for table in tables:
        held.append(table.cast(schema))
        n += table.num_rows
        while n >= ROW_GROUP:
            every = pa.concat_tables(held)
            yield every.slice(0, ROW_GROUP).combine_chunks()  # pages end where chunks do
            held = [every.slice(ROW_GROUP)]
            n -= ROW_GROUP
    if n:
        yield pa.concat_tables(held).combine_chunks()


def report_table(rows: pa.Table, files: Sequence[str]) -> pa.Table:
    """CHECKED rows as report records in columns, with how each stands and where it was read."""
    place = rows["place"].to_numpy()
    names = pa.array(list(files), type=pa.string())
    columns = {name: rows[name] for name in REPORTS.names if name in CHECKED.names} | {"id": rows["key"]}
    columns["provenance"] = _spelled(rows["provenance"], REPORTS.field("provenance").type, _links)
    columns["quantity"] = _spelled(rows["quantity"], QUANTITY, json.loads)
    columns |= {"standing": rows["standing"], "as_read": rows["as_read"],
                "file": names.take(pa.array(place >> FILE_BITS)), "line": place & ((1 << FILE_BITS) - 1)}  # fmt: skip
    return pa.table(columns).select([*REPORTS.names, *STANDING.names])


def _spelled(texts: pa.ChunkedArray, kind: pa.DataType, read: Any) -> pa.Array:
    """What canonical JSON says, each distinct text read once."""
    coded = one_array(texts)
    if not pa.types.is_dictionary(coded.type):
        coded = coded.dictionary_encode()
    book = coded.dictionary
    where = (book.buffers()[1].address if len(book) else 0, len(book), str(kind))
    if not _LAST or _LAST[0][0] != where:
        values = pa.array([read(text) for text in book.to_pylist()], type=kind)
        if len(book) < SHARED:
            return values.take(coded.indices)
        _LAST[:] = [(where, book, values)]
    return _LAST[0][2].take(coded.indices)


_LAST: list[tuple[tuple[int, int, str], pa.Array, pa.Array]] = []
"""The dictionary that was read last, which buckets share; held, so that no other can be where it is."""


def _links(text: str) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = json.loads(text)
    for link in links:
        facts = link.pop("facts", None)
        if facts:
            link["facts"] = json_text(facts)
    return links


def manifest(
    record: dict[str, Any], files: Sequence[InputFile | PluggedFile], counts: dict[str, Any], outputs: Sequence[Path]
) -> str:
    """What was rated, by which rules and versions, with counts that add up and digests of inputs and outputs."""
    return json_text({
        "engine": record["engine"], "libraries": record["libraries"], "rules": record["rules"],
        "options": record["options"],
        "inputs": [{"file": file.name, **digest_of(file.path)} for file in files],
        "counts": counts,
        "outputs": {path.name: digest_of(path) for path in outputs},
    }, indent=2) + "\n"  # fmt: skip


NOT_THERE = {"bytes": None, "sha256": None}


def digest_of(path: Path | None) -> dict[str, Any]:
    """A file's size and SHA-256, as a manifest has them; of none, and of one that can't be read, null."""
    if path is None:
        return {**NOT_THERE}
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return {"bytes": file.tell(), "sha256": digest}
    except OSError:
        return {**NOT_THERE}


def counted(standing: dict[str, int]) -> tuple[int, int]:
    """Of counts by standing, those that are no statements, and those published later."""
    later = standing.get("later", 0)
    return sum(standing.values()) - later - standing.get("rated", 0), later
