"""Which contents hold a text: to be removed, all of them have to be found."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO, Literal
from unicodedata import normalize

from reliability.errors import MissingExtra, UsageError
from reliability.ledger.entry import Blob
from reliability.ledger.redaction import removable
from reliability.ledger.store import Ledger

_PARQUET = b"PAR1"
_IN_MEMORY = 50_000_000
_ESCAPE = re.compile(r"(\\u)([0-9a-f]{4})")


def holding(ledger: Ledger, text: str) -> tuple[Blob, ...]:
    """The contents, still there, that hold a text, in the order of their entries: as it is written, or as JSON writes
    it; Parquet's texts are looked through too.

    What is packed inside of a content (a .docx, a .gz) is not looked into. Raises UsageError for an empty text.
    """
    if not text.strip():
        raise UsageError("--holding", problem="is empty", remedy="give the words to look for")
    sought = tuple(sorted({*_spellings(text)}))
    found: dict[str, Blob] = {}
    seen: set[str] = set()
    for placed in ledger.chain.whole():
        for blob in removable(placed):
            if blob.content not in seen and ledger.blobs.has(blob.content) and _holds(ledger, blob, sought):
                found[blob.content] = blob
            seen.add(blob.content)
    return tuple(found.values())


def _spellings(text: str) -> Iterator[bytes]:
    """The bytes that a text can be written as: composed or not, plain or in JSON, with or without its escapes."""
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    for one in {text, *(normalize(form, text) for form in forms)}:
        escaped = json.dumps(one)[1:-1]
        upper = _ESCAPE.sub(lambda found: found[1] + found[2].upper(), escaped)
        for spelled in (one, json.dumps(one, ensure_ascii=False)[1:-1], escaped, upper):
            yield spelled.encode("utf-8", "surrogateescape")


def _holds(ledger: Ledger, blob: Blob, sought: tuple[bytes, ...]) -> bool:
    longest = max(map(len, sought))
    kept, begins = b"", b""
    for piece in ledger.blobs.pieces(blob):
        begins = begins or piece[: len(_PARQUET)]
        if any(one in kept + piece for one in sought):
            return True
        kept = (kept + piece)[-longest:]
    if begins != _PARQUET:
        return False
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        file.writelines(ledger.blobs.pieces(blob))
        return _in_table(file, sought)  # type: ignore[arg-type]


def _in_table(file: BinaryIO, sought: tuple[bytes, ...]) -> bool:
    """Whether any text of a Parquet file holds one of these. False for a file that is none.

    Raises MissingExtra where nobody can tell.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtra("batch", "looking into Parquet", "pyarrow")
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as table:
            return any(
                pc.any(pc.match_substring(texts, one)).as_py()
                for batch in table.iter_batches()
                for column in batch.columns
                for texts in _texts(column)
                for one in sought
            )
    except (pa.ArrowException, OSError):
        return False


def _texts(column: Any) -> Iterator[Any]:
    """The texts in a column, however deep they stand, as bytes."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        yield from _texts(column.dictionary)
    elif pa.types.is_map(kind):
        yield from _texts(column.keys)
        yield from _texts(column.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        yield from _texts(column.flatten())
    elif pa.types.is_struct(kind):
        for part in column.flatten():
            yield from _texts(part)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        yield column.cast(pa.large_binary())
