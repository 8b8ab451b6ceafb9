"""Reports as tables, made up and seeded: skewed claims, sources that speak often and seldom, long texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N_ORIGINS, N_OUTLETS, N_CHAINS = 2_000, 5_000, 60_000
TYPES = ("government", "expert", "eyewitness", "law-enforcement", "company", "private-person")
VIAS = ("direct-quote", "paraphrase", None)
AT_ONCE = 1 << 18
LINK = pa.struct([("source", pa.string()), ("type", pa.string()), ("via", pa.string()), ("hedge", pa.string())])


def chains(rng: np.random.Generator) -> pa.Array:
    """Chains of one to three links: an origin, perhaps a relay, an outlet."""
    outlets = [{"source": f"Outlet {i}", "type": "media" if i % 7 else "wire-agency"} for i in range(N_OUTLETS)]
    found = []
    for _ in range(N_CHAINS):
        at = int(N_ORIGINS * rng.random() ** 2)
        origin = {"source": f"Origin {at}", "type": TYPES[at % len(TYPES)], "via": VIAS[rng.integers(3)],
                  "hedge": "likely" if rng.random() < 0.05 else None}  # fmt: skip
        passed = rng.choice(N_OUTLETS, 2, replace=False)
        n = int(rng.integers(1, 3))
        found.append([origin, *(outlets[i] for i in passed[:n])])
    return pa.array(found, type=pa.list_(LINK))


def tables(n: int, seed: int = 0, *, per_claim: int = 4, crowd: int = 0, long: int = 0) -> Iterator[pa.Table]:
    """n reports in no order, over about n / per_claim claims; `crowd` of them are on one claim.

    A fifth deny, a third are undated; one in a thousand texts has `long` characters more.
    """
    rng = np.random.default_rng(seed)
    every, claims = chains(rng), max(1, n // per_claim)
    dates = pa.array([f"2025-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)])
    for start in range(0, n, AT_ONCE):
        size = min(AT_ONCE, n - start)
        claim = rng.integers(0, claims, size)
        claim[rng.random(size) < crowd / n] = 0
        names = pa.array(claim).cast(pa.string())
        number = pa.array(np.arange(start, start + size)).cast(pa.string())
        text = pa.compute.binary_join_element_wise("what is said of claim ", names, " is that it happened as told", "")
        if long:
            odd = rng.random(size) < 0.001
            longer = pa.compute.binary_join_element_wise(text, " so " * (long // 4), "")
            text = pa.compute.if_else(pa.array(odd), longer, text)
        day = rng.integers(0, len(dates), size)
        yield pa.table({
            "id": pa.compute.binary_join_element_wise("r", number, ""),
            "claim": pa.compute.binary_join_element_wise("c-", names, ""), "text": text,
            "stance": pa.array(["asserts", "denies"]).take(pa.array((rng.random(size) < 0.2).astype(np.int64))),
            "provenance": every.take(pa.array((N_CHAINS * rng.random(size) ** 1.5).astype(np.int64))),
            "published": dates.take(pa.array(day, mask=rng.random(size) < 1 / 3)),
        })  # fmt: skip


def write_parquet(path: Path, n: int, seed: int = 0, **more: int) -> None:
    """The tables as one Parquet file."""
    writer = None
    for table in tables(n, seed, **more):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
