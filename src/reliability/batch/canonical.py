"""Canonical JSON of many records at once, as `canonical_json` writes them one by one."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.rows import NESTED
from reliability.batch.schema import CONTENT

_TO_ESCAPE = r'["\\\x00-\x1f]'


def json_texts(texts: pa.StringArray) -> pa.StringArray:
    """Each text as a JSON string, null where it is null."""
    if pa.types.is_dictionary(texts.type):
        return json_texts(texts.dictionary).take(texts.indices)
    quoted = pc.binary_join_element_wise('"', texts, '"', "")
    odd = pc.fill_null(pc.match_substring_regex(texts, _TO_ESCAPE), False)
    if pc.any(odd).as_py():
        spelled = [json.dumps(text, ensure_ascii=False) for text in texts.filter(odd).to_pylist()]
        quoted = pc.replace_with_mask(quoted, odd, pa.array(spelled, type=pa.string()))
    return quoted


def contents(columns: dict[str, pa.Array], keys: pa.StringArray | None = None) -> pa.BinaryArray:
    """The canonical JSON of reports' contents, (n,); with `keys`, of their records with ids (as digests have them).

    `columns` are those of `CONTENT`: texts, of which `NESTED` are canonical JSON already.
    """
    values = dict(columns) if keys is None else {**columns, "id": keys}
    pieces = []
    for name in sorted([*CONTENT, *([] if keys is None else ["id"])]):
        column = values[name]
        if column.null_count == len(column):
            continue
        spelled = column if name in NESTED else json_texts(column)
        if pa.types.is_dictionary(spelled.type):
            spelled = spelled.dictionary.take(spelled.indices)
        pieces += [pc.if_else(spelled.is_valid(), f',"{name}":', None) if column.null_count else f',"{name}":', spelled]
    joined = pc.binary_join_element_wise(*pieces, "}", "", null_handling="replace", null_replacement="")
    return pc.binary_replace_slice(joined.cast(pa.binary()), 0, 1, b"{")
