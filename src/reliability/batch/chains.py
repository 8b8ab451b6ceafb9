"""Distinct chains as columns of codes: each is taken apart once, then reports are gathers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from reliability.model.base import canonical_json, folded
from reliability.rules.policy import UNATTRIBUTED, Policy
from reliability.scoring.coding import VIAS, facts_at
from reliability.scoring.trie import ABSENT, Codes, Ints

COLUMNS = ("source", "type", "via", "hedge", "facts")


@dataclass(frozen=True)
class Chains:
    """Chains (m of them) as `Coded` has reports: `length` (m,), the columns (L, m) with ABSENT where there is no link.

    `departs` (m,): what a link's facts say may depend on when the event was.
    """

    length: Codes
    columns: Mapping[str, Codes]
    departs: Ints
    source_keys: tuple[str, ...]
    source_labels: tuple[str, ...]
    type_ids: tuple[str, ...]
    hedges: tuple[str, ...]
    fact_rows: tuple[dict[str, Any], ...]
    texts: pa.StringArray

    @classmethod
    def of(cls, texts: pa.StringArray, policy: Policy) -> Chains:
        """Read chains: canonical JSON of links that the policy lets pass."""
        book, length, at_link = _links(texts)
        m, depth = len(length), int(length.max(initial=1))
        labels, source_of = _sources(book, policy)
        source_keys = tuple(sorted(labels))
        code = {key: at for at, key in enumerate(source_keys)}
        type_ids = tuple(sorted(policy.types))
        types = {name: at for at, name in enumerate(type_ids)}
        hedges = tuple(sorted({folded(link["hedge"]) for link in book if "hedge" in link}))
        hedge_code = {words: at for at, words in enumerate(hedges)}
        vias = {name: at for at, name in enumerate(VIAS)}
        rows: dict[str, int] = {"{}": 0}
        fact_rows: list[dict[str, Any]] = [{}]
        facts = [facts_at(link.get("facts", {}), None) for link in book]
        of_link = {
            "source": [code[source_of[link["source"]]] for link in book],
            "type": [types[link["type"]] if "type" in link else ABSENT for link in book],
            "via": [vias[link["via"]] if "via" in link else ABSENT for link in book],
            "hedge": [hedge_code[folded(link["hedge"])] if "hedge" in link else ABSENT for link in book],
            "facts": [_row(one, rows, fact_rows) for one in facts],
        }
        chain = np.repeat(np.arange(m), length)
        place = np.arange(len(at_link)) - np.repeat(np.cumsum(length) - length, length)
        columns = {
            name: np.full((depth, m), ABSENT, dtype=_smallest(max(of_link[name], default=0))) for name in COLUMNS
        }
        for name, values in of_link.items():
            columns[name][place, chain] = np.array(values, dtype=columns[name].dtype)[at_link]
        departs = np.zeros(m, dtype=bool)
        departs[chain[np.array([isinstance(one.get("departed"), str) for one in facts], dtype=bool)[at_link]]] = True
        return cls(
            length=length, columns=columns, departs=departs,
            source_keys=source_keys, source_labels=tuple(labels[key] for key in source_keys), type_ids=type_ids,
            hedges=hedges, fact_rows=tuple(fact_rows), texts=texts,
        )  # fmt: skip

    def facts_of(self, chain: Ints, depth: int, events: pa.StringArray) -> tuple[Codes, list[dict[str, Any]]]:
        """Each report's rows of facts, (depth, n), and the rows: who left before the event was not there."""
        found = self.columns["facts"][:depth, chain]
        fact_rows = list(self.fact_rows)
        at = np.flatnonzero(self.departs[chain] & events.is_valid().to_numpy(zero_copy_only=False))
        if not at.size:
            return found, fact_rows
        found = found.astype(np.int32)
        rows = {canonical_json(facts) if facts else "{}": row for row, facts in enumerate(fact_rows)}
        event = events.take(pa.array(at)).dictionary_encode()
        pairs = chain[at].astype(np.int64) * len(event.dictionary) + event.indices.to_numpy()
        for pair in np.unique(pairs).tolist():
            which, when = divmod(pair, len(event.dictionary))
            mine = at[pairs == pair]
            for place, link in enumerate(json.loads(self.texts[which].as_py())):
                facts = facts_at(link.get("facts", {}), event.dictionary[when].as_py())
                found[place, mine] = _row(facts, rows, fact_rows)
        return found, fact_rows


def _smallest(greatest: int) -> type[np.signedinteger[Any]]:
    """The smallest kind of number for codes up to one: reports have five a link."""
    return np.int8 if greatest < 1 << 7 else np.int16 if greatest < 1 << 15 else np.int32


def _row(facts: dict[str, Any], rows: dict[str, int], fact_rows: list[dict[str, Any]]) -> int:
    row = rows.setdefault(canonical_json(facts) if facts else "{}", len(fact_rows))
    if row == len(fact_rows):
        fact_rows.append(facts)
    return row


def _links(texts: pa.StringArray) -> tuple[list[dict[str, Any]], Codes, Ints]:
    """The distinct links of chains, each chain's length, and one after the other which links it has."""
    split = msgspec.json.Decoder(list[msgspec.Raw]).decode
    number: dict[bytes, int] = {}
    length, at_link = [], []
    for text in texts.to_pylist():
        links = split(text)
        length.append(len(links))
        at_link += [number.setdefault(bytes(link), len(number)) for link in links]
    return [json.loads(link) for link in number], np.array(length, dtype=np.int32), np.array(at_link, dtype=np.int64)


def _sources(book: Sequence[Mapping[str, Any]], policy: Policy) -> tuple[dict[str, str], dict[str, str]]:
    """A label for each folded main name, and the main name of each source as it is spelled."""
    labels: dict[str, str] = {UNATTRIBUTED: UNATTRIBUTED}
    key_of: dict[str, str] = {}
    for name in sorted({link["source"] for link in book}):
        entry, key = policy.sources.find(name), policy.sources.canonical(name)
        key_of[name] = key
        labels[key] = key if entry is None else entry.name
    return labels, key_of


_LAST: list[tuple[tuple[int, int, str], pa.Array, Chains]] = []


def chains_of(column: pa.DictionaryArray, policy: Policy) -> tuple[Chains, Ints]:
    """The chains of a dictionary array, and each row's chain.

    A dictionary that is the same memory as that of the call before is not read again: buckets share theirs.
    """
    book = column.dictionary
    codes = column.indices.to_numpy()
    where = (book.buffers()[1].address if len(book) else 0, len(book), policy.digest)
    if _LAST and _LAST[0][0] == where:
        return _LAST[0][2], codes
    used = np.unique(codes)
    if 2 * len(used) < len(book) or len(book) < SHARED:
        return Chains.of(book.take(pa.array(used)), policy), np.searchsorted(used, codes).astype(np.int32)
    found = Chains.of(book, policy)
    _LAST[:] = [(where, book, found)]
    return found, codes


SHARED = 1 << 12
"""Dictionaries of fewer chains are read anew for each call."""
