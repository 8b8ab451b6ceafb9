"""What every task of a run needs, and whether it has what the driver has."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from reliability import api
from reliability.batch.arrays import one_array
from reliability.batch.asked import Asked, libraries
from reliability.batch.kernel import Options
from reliability.errors import UsageError
from reliability.rules.policy import Policy
from reliability.spark.chains import Chains, Coder
from reliability.spark.tables import packed, unpacked

A_BUCKET, MOST_BITS = 32_000_000, 12
"""About so many bytes of rows, at most, are in a bucket, as far as there are not too many."""
_POLICIES: dict[str, Policy] = {}
_CHAINS: dict[bytes, Chains] = {}


@dataclass(frozen=True)
class Parcel:
    """What goes with a run's tasks: the policy in bytes (a process unpacks it once), names of files, options.

    `versions` are the driver's: other versions may give other last bits. `bits`: rows are worked on in 2 to the power
    of so many buckets.
    """

    policy_bytes: bytes
    digest: str
    versions: dict[str, str]
    names: Sequence[str]
    as_of: date | None
    bits: int
    options: Options
    book: bytes = b""
    """The run's chains, packed, once they are known."""

    @classmethod
    def of(cls, asked: Asked) -> Parcel:
        """A run's parcel."""
        return cls(
            policy_bytes=pickle.dumps(asked.policy), digest=asked.policy.digest, versions=versions(),
            names=asked.names, as_of=asked.as_of, bits=bits_of(asked.size),
            options=Options(intervals=asked.intervals),
        )  # fmt: skip

    def policy(self) -> Policy:
        """The policy. Raises UsageError in a task whose Python has other versions than the driver's."""
        mine = versions()
        if mine != self.versions:
            other = [f"{name} {mine.get(name)} for {version}" for name, version in sorted(self.versions.items())
                     if mine.get(name) != version]  # fmt: skip
            raise UsageError("--engine spark", problem=f"an executor has other versions: {', '.join(other)}",
                             remedy="give executors the driver's Python environment")  # fmt: skip
        if self.digest not in _POLICIES:
            _POLICIES.clear()
            _POLICIES[self.digest] = pickle.loads(self.policy_bytes)
        return _POLICIES[self.digest]

    def with_chains(self, chains: Chains) -> Parcel:
        """The same with the run's chains."""
        return replace(self, book=packed(pa.table({"chain": chains.book})).to_pybytes())

    def coder(self) -> Coder:
        """A coder of the run's chains, which a process unpacks once."""
        if self.book not in _CHAINS:
            _CHAINS.clear()
            _CHAINS[self.book] = Chains(one_array(unpacked(self.book)["chain"]))
        return Coder(_CHAINS[self.book])

    def with_texts(self, texts: dict[str, str]) -> Options:
        """The options, with claims' texts that grouping has settled."""
        return replace(self.options, texts=texts)


def bits_of(size: int) -> int:
    """As what power of two there are buckets for so many bytes of rows."""
    return min(max(0, (size // A_BUCKET).bit_length()), MOST_BITS)


def versions() -> dict[str, Any]:
    """Versions on which results depend."""
    return {"source-reliability": api.ENGINE, **libraries()}
