"""The kernel's rows as the scorer's columns of codes, without a report record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.chains import Chains
from reliability.batch.check import spans
from reliability.scoring.coding import STANCES, Coded, Unit, fact_columns
from reliability.scoring.trie import ABSENT, Ints

AT_ONCE = 1 << 16
"""Reports of a block: what is computed for them stays small."""
DEPTHS = (3, 6, 12, 32)
_CONTENT = np.array([sorted(STANCES).index(name) for name in sorted(STANCES, key=lambda one: STANCES[one] % 4)],
                    dtype=np.int8)  # fmt: skip
"""What each stance's statement is coded as; that of −1 stands last."""


@dataclass(frozen=True)
class Plain:
    """Reports on plain claims, (n,), whole claims side by side, in the order of their ids.

    `unit` numbers the claims as they stand, `names` (m,) are their ids; `stance` has the codes of STANCES.
    """

    names: pa.StringArray
    unit: Ints
    chain: Ints
    stance: Ints
    start: Ints
    end: Ints
    event: pa.StringArray
    chains: Chains
    left: NDArray[np.bool_] | None = None
    """(m,): the claims that are to be rated; all where None."""
    named: bool = False
    """Whether the scorer needs the claims' ids: a source's record leaves out what was settled of the claim itself."""

    @classmethod
    def of(cls, rows: pa.Table, names: pa.StringArray, unit: Ints, chains: Chains, chain: Ints) -> Plain:
        """Read the columns of rows (ROWS)."""
        start, end = spans(rows["published"])
        said = one_array(rows["stance"]).dictionary_encode()
        codes = np.array([STANCES[one] for one in said.dictionary.to_pylist()], dtype=np.int8)
        stance = codes[said.indices.to_numpy()] if len(codes) else np.zeros(0, dtype=np.int8)
        return cls(names, unit, chain, stance, start, end, one_array(rows["event"]), chains)

    def newest(self, m: int) -> Ints:
        """The last microsecond of each claim's newest report, −1 where none has a date."""
        found = np.full(m, -1, dtype=np.int64)
        np.maximum.at(found, self.unit, self.end)
        return found

    def without(self, claims: Ints) -> Plain:
        """The same, of which some claims are passed over."""
        left = np.ones(len(self.names), dtype=bool)
        left[claims] = False
        return replace(self, left=left)

    def blocks(self) -> Iterator[tuple[Ints, Ints]]:
        """Runs of claims of about one depth, each with its rows: (claims, rows), in the order of the rows."""
        m = len(self.names)
        length = self.chains.length[self.chain]
        starts = np.searchsorted(self.unit, np.arange(m + 1))
        longest = np.maximum.reduceat(length, starts[:-1]) if m else np.zeros(0, dtype=np.int64)
        sizes = np.diff(starts)
        begun = 0
        for depth in DEPTHS:
            wanted = (longest > begun) & (longest <= depth)
            mine = np.flatnonzero(wanted if self.left is None else wanted & self.left)
            begun = depth
            reached = np.cumsum(sizes[mine])
            at = 0
            while at < len(mine):
                before = reached[at - 1] if at else 0
                to = max(at + 1, int(np.searchsorted(reached, before + AT_ONCE, side="right")))
                units = mine[at:to]
                rows = np.arange(sizes[units].sum()) + np.repeat(
                    starts[units] - np.cumsum(sizes[units]) + sizes[units], sizes[units]
                )
                yield units, rows
                at = to

    def _units(self, units: Ints) -> tuple[Unit, ...]:
        if not self.named:
            return (PLAIN,) * len(units)
        return tuple(Unit(name, None, frozenset({name})) for name in self.names.take(pa.array(units)).to_pylist())

    def coded(self, units: Ints, rows: Ints) -> Coded:
        """Some claims' rows as the scorer takes them; claims are numbered as in `units`, ids ranked as rows stand."""
        n, first = len(rows), int(rows[0])
        place = slice(first, first + n) if rows[-1] - first == n - 1 else rows  # no copies of a claim that stands alone
        chain, stance = self.chain[place], self.stance[place]
        chains = self.chains
        depth = int(chains.length[chain].max())
        event = self.event.slice(first, n) if isinstance(place, slice) else self.event.take(pa.array(rows))
        facts, fact_rows = chains.facts_of(chain, depth, event)
        nothing = np.broadcast_to(np.int32(ABSENT), n)
        grids = {name: chains.columns[name][:depth, chain] for name in ("source", "type", "via", "hedge")}
        return Coded(
            units=self._units(units), unit=np.searchsorted(units, self.unit[place]).astype(np.int32),
            alternative=np.broadcast_to(np.int32(0), n), stance=stance, start=self.start[place], end=self.end[place],
            rank=np.arange(n, dtype=np.int32), length=chains.length[chain], content=_CONTENT[stance], **grids,
            facts=facts, unit_name=nothing, party=nothing, source_keys=chains.source_keys,
            source_labels=chains.source_labels, type_ids=chains.type_ids, hedges=chains.hedges, quantity_units=(),
            fact_values=fact_columns(fact_rows),
        )  # fmt: skip


PLAIN = Unit("", None)
"""What all claims of a block are to the scorer where it looks at none of their names."""


def sides(rows: pa.Table) -> pa.Table:
    """Rows with whole claims side by side, in the order of their ids; as they are where they stand so already."""
    unit, key = one_array(rows["unit"]), one_array(rows["key"])
    n = rows.num_rows
    if n > 1:
        same = pc.equal(unit.slice(1), unit.slice(0, n - 1))
        rising = pc.greater(key.slice(1), key.slice(0, n - 1))
        runs = n - pc.sum(same).as_py()
        if pc.all(pc.or_(pc.invert(same), rising)).as_py() and runs == pc.count_distinct(unit).as_py():
            return rows
    return rows.take(pc.sort_indices(rows, [("unit", "ascending"), ("key", "ascending")]))
