"""Raw JSON of nested fields: the distinct values of a batch, and the links of its chains, numbered over all batches."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from contextlib import suppress
from itertools import count, islice
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.interning import Codes
from reliability.batch.raw import Unreadable, parts_of
from reliability.io.strict_json import BadJson, parse_json

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What a decoder raises."""
KEPT_BYTES = 1 << 26
"""How much of links is remembered at most before they are read anew."""
_OPENS, _BETWEEN, _BETWEEN_WITH_BLANK, _CLOSES = "[{", "},{", "}, {", "}]"
_NONE = pa.array([b"", b"null"], type=pa.binary())
_SIZES_OF_NONE = (0, 4)
_source_first = re.compile(rb'"source": ?"([^"\\\x00-\x1f]*)"(.*)', re.DOTALL).fullmatch


def raw_array(values: Sequence[msgspec.Raw]) -> pa.BinaryArray:
    """Raw values as an array, null where there is none and where it is null."""
    size = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    offsets = np.append(0, np.cumsum(size)).astype(np.int32)
    data = [pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    found = pa.Array.from_buffers(pa.binary(), len(values), [None, *data])
    if not np.isin(size, _SIZES_OF_NONE).any():
        return found
    given = pc.invert(pc.is_in(found, _NONE))
    return pa.Array.from_buffers(pa.binary(), len(values), [given.buffers()[1], *data])


class RawLinks:
    """Distinct links of chains, numbered from 0 as they come, by what stands between their braces."""

    def __init__(self) -> None:
        self._number: defaultdict[bytes, int] = defaultdict(count().__next__)
        self._spelled: list[bytes] = []
        self._n_bytes = 0

    def is_full(self, most: int) -> bool:
        """Whether there are more than `most`, or too many bytes of them."""
        return len(self._spelled) > most or self._n_bytes > KEPT_BYTES

    def of(self, chains: pa.BinaryArray) -> tuple[Codes, Codes]:
        """How many links each chain has, (n,), and the numbers of the links of all in turn.

        A chain is split where an object ends and another begins. Texts may look like that, and what is no list of
        objects may too: then some of its links are no JSON objects, or it has none.
        """
        is_plain = pc.and_(pc.starts_with(chains, _OPENS), pc.ends_with(chains, _CLOSES))
        if is_plain.true_count < len(chains):
            chains = pc.if_else(is_plain, chains, None)
        inside = pc.binary_slice(chains, len(_OPENS), -len(_CLOSES))
        lengths, links = _split(inside)
        if pc.any(pc.match_substring(links.dictionary, _BETWEEN_WITH_BLANK)).as_py():
            lengths, links = _split(pc.replace_substring(inside, _BETWEEN_WITH_BLANK, _BETWEEN))
        distinct = links.dictionary.to_pylist()
        numbers = np.fromiter(map(self._number.__getitem__, distinct), dtype=np.int64, count=len(distinct))
        new = list(islice(reversed(self._number), len(self._number) - len(self._spelled)))[::-1]
        self._spelled += new
        self._n_bytes += sum(map(len, new))
        return lengths, numbers[links.indices.to_numpy()]

    def value(self, number: int) -> Any:
        """What a link says, as JSON has it (or Unreadable)."""
        return parsed(b"{%s}" % self._spelled[number])

    def parts(self, number: int) -> tuple[Any, Hashable]:
        """A link's source, and what the rest of it can be known by: its bytes where the source comes first."""
        if found := _source_first(self._spelled[number]):
            with suppress(UnicodeDecodeError):
                return found[1].decode("utf-8"), found[2]
        return parts_of(self.value(number))


def _split(chains: pa.BinaryArray) -> tuple[Codes, pa.DictionaryArray]:
    split = pc.split_pattern(chains, _BETWEEN)
    lengths = pc.fill_null(pc.list_value_length(split), 0).to_numpy().astype(np.int64)
    return lengths, split.flatten().dictionary_encode()


def parsed(raw: bytes) -> Any:
    """What raw JSON says, read strictly."""
    try:
        return parse_json(raw.decode("utf-8"))
    except (BadJson, UnicodeDecodeError):
        return Unreadable()
