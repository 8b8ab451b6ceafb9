"""Canonical JSON of many records at once, as `canonical_json` writes them one by one."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.compact import spelled
from reliability.batch.rows import NESTED
from reliability.batch.schema import CONTENT

_TO_ESCAPE = r'["\\\x00-\x1f]'
_ALWAYS = {"id", "kind"}
"""Fields that every record has: the first of these in order stands without a comma."""


def _quoted(texts: pa.StringArray) -> tuple[str, pa.StringArray]:
    """Texts as JSON strings, and the quotation mark that is to stand on both sides yet: none where it stands there."""
    if not _has_any_to_escape(texts):
        return '"', texts
    odd = pc.fill_null(pc.match_substring_regex(texts, _TO_ESCAPE), False)
    if not pc.any(odd).as_py():
        return '"', texts
    quoted = pc.binary_join_element_wise('"', texts, '"', "")
    spelled = [json.dumps(text, ensure_ascii=False) for text in texts.filter(odd).to_pylist()]
    return "", pc.replace_with_mask(quoted, odd, pa.array(spelled, type=pa.string()))


def _has_any_to_escape(texts: pa.StringArray) -> bool:
    """Whether a byte that JSON escapes stands anywhere in texts."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return False
    first, last = np.frombuffer(offsets, dtype=np.int32)[[texts.offset, texts.offset + len(texts)]].tolist()
    held = np.frombuffer(data, dtype=np.uint8)[first:last]
    return bool((held < ord(" ")).any() or (held == ord('"')).any() or (held == ord("\\")).any())


def contents(columns: dict[str, pa.Array], keys: pa.StringArray | None = None, end: str = "") -> pa.StringArray:
    """The canonical JSON of reports' contents, (n,); with `keys`, of their records with ids (as digests have them).

    `columns` are those of `CONTENT`: texts (dictionary arrays too), of which `NESTED` are canonical JSON already. `end`
    follows each record.
    """
    values = dict(columns) if keys is None else {**columns, "id": keys}
    pieces: list[Any] = ["{"]
    begun = False
    for name in sorted([*CONTENT, *([] if keys is None else ["id"])]):
        column = values[name]
        if column.null_count == len(column):
            continue
        mark, told = ("", spelled(column)) if name in NESTED else _quoted(spelled(column))
        before = f'{"," if begun else ""}"{name}":{mark}'
        after = mark if begun or name in _ALWAYS else f"{mark},"
        begun = begun or name in _ALWAYS
        if column.null_count:
            here = column.is_valid()
            pieces += [pc.if_else(here, before, None), told, *([pc.if_else(here, after, None)] if after else [])]
        else:
            pieces += [before, told, after]
    return pc.binary_join_element_wise(*_merged([*pieces, "}" + end]), "", null_handling="replace", null_replacement="")


def _merged(pieces: list[Any]) -> list[Any]:
    """The same pieces with neighbouring constants put together."""
    found: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return found
