"""Which rows' texts are as a report's must be: what is not vouched for here is read, and judged, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.model.dates import date_span
from reliability.model.report import MAX_NAME, MAX_TEXT, Kind, Stance

Mask = NDArray[np.bool_]
NAMES = ("id", "claim", "question", "alternative", "article")
DATES = ("published", "event")


def vouched(texts: Mapping[str, pa.StringArray]) -> Mask:
    """Rows whose texts can stand as they are, (n,): trimmed, not empty, not too long, of known words, dates as such.

    Some good rows are not among them (a text beginning with an odd blank), a bad one never.
    """
    good = np.ones(len(texts["claim"]), dtype=bool)
    for name in NAMES:
        good &= _trimmed(texts[name], MAX_NAME)
    good &= _trimmed(texts["text"], MAX_TEXT)
    for name, words in (("kind", get_args(Kind)), ("stance", get_args(Stance))):
        good &= _or_null(texts[name], pc.is_in(texts[name], pa.array(words)))
    for name in DATES:
        good &= _dated(texts[name])
    has = {name: texts[name].is_valid().to_numpy(zero_copy_only=False) for name in NAMES}
    good &= has["claim"] | _mask(texts["text"].is_valid()) | (has["question"] & has["alternative"])
    good &= has["question"] | ~has["alternative"]
    return good


def _mask(found: pa.BooleanArray) -> Mask:
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


def _or_null(texts: pa.StringArray, holds: pa.BooleanArray) -> Mask:
    return _mask(pc.or_(pc.fill_null(holds, False), texts.is_null()))


def _trimmed(texts: pa.StringArray, longest: int) -> Mask:
    if texts.null_count == len(texts):
        return np.ones(len(texts), dtype=bool)
    length = pc.binary_length(texts)
    fits = pc.and_(pc.greater(length, 0), pc.less_equal(length, longest))
    if not pc.all(pc.fill_null(fits, True)).as_py():  # more bytes than characters may be
        fits = pc.and_(pc.greater(length, 0), pc.less_equal(pc.utf8_length(texts), longest))
    if _has_odd_edges(texts):
        fits = pc.and_(fits, pc.equal(pc.binary_length(pc.utf8_trim_whitespace(texts)), length))
    return _or_null(texts, fits)


def _has_odd_edges(texts: pa.StringArray) -> bool:
    """Whether any text begins or ends with a blank, or a character that may be one."""
    _, offsets, data = texts.buffers()
    if data is None:
        return False
    bytes_of = np.frombuffer(data, dtype=np.uint8)
    edges = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    filled = edges[1:] > edges[:-1]
    first, last = bytes_of[edges[:-1][filled]], bytes_of[edges[1:][filled] - 1]
    return bool(_ODD[first].any() or _ODD[last].any())


_ODD = np.ones(256, dtype=bool)
_ODD[ord(" ") + 1 : 0x7F] = False
"""Bytes that may belong to a blank: not those of ASCII's visible characters."""


def _dated(texts: pa.StringArray) -> Mask:
    if texts.null_count == len(texts):
        return np.ones(len(texts), dtype=bool)
    coded = texts.dictionary_encode()
    known = np.array([*(span(date) is not None for date in coded.dictionary.to_pylist()), True], dtype=bool)
    found: Mask = known[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return found


@lru_cache(maxsize=1 << 16)
def span(date: str) -> tuple[int, int] | None:
    """The first and last microsecond that a date covers, None for what is no date."""
    try:
        return date_span(date)
    except (ValueError, OverflowError):
        return None
