"""Sets of reports for Spark's tests, seeded and skewed, with all that a run sets aside."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TYPES = ("media", "eyewitness", "government", "intelligence-agency")
LINK = pa.struct([("source", pa.string()), ("type", pa.string())])


def reports(n: int, seed: int = 7) -> list[dict[str, Any]]:
    """Report records: one claim with a tenth, many with one; answers, figures, predictions, repeats, rejects."""
    draw = random.Random(seed)
    sources = [{"source": f"Source {at}", "type": TYPES[at % 4]} for at in range(300)]
    outlets = [{"source": f"Outlet {at}", "type": "media"} for at in range(40)]
    found: list[dict[str, Any]] = []
    for at in range(n):
        claim = 0 if draw.random() < 0.1 else int(draw.paretovariate(0.6) * 10) % (n // 3)
        found.append({
            "id": f"r{at:07d}", "claim": f"claim-{claim}", "text": f"thing {claim} happened" + " and on" * (at % 7),
            "stance": "denies" if draw.random() < 0.2 else "asserts",
            "published": f"20{10 + at % 15}-{1 + at % 12:02d}",
            "kind": "prediction" if at % 97 == 0 else "statement",
            "provenance": [draw.choice(sources), draw.choice(outlets)],
        })  # fmt: skip
    chain = [sources[2], outlets[0]]
    found += [{"id": f"a{at}", "question": "who", "alternative": name, "provenance": chain}
              for at, name in enumerate(("Ann", "Bob", "Ann"))]  # fmt: skip
    found += [{"id": f"q{value}", "claim": f"killed-{value}", "question": "how-many", "provenance": chain,
               "quantity": {"value": value, "unit": "killed"}} for value in (100, 300, 1000)]  # fmt: skip
    found += [found[7], {**found[9], "text": "something else"}, {**found[5], "claim": "elsewhere"}]
    found.append({"id": "bad", "claim": "c", "provenance": [{"source": "A", "type": "no-such-type"}]})
    return found


def as_parquet(path: Path, records: list[dict[str, Any]], row_group: int) -> Path:
    names = list(dict.fromkeys(name for one in records for name in one))
    kinds = {"provenance": pa.list_(LINK)}
    table = pa.table({name: pa.array([one.get(name) for one in records], type=kinds.get(name)) for name in names})
    pq.write_table(table, path, row_group_size=row_group)
    return path


def as_jsonl(path: Path, records: list[dict[str, Any]]) -> Path:
    """Records as lines, between them empty and broken ones."""
    with path.open("w", encoding="utf-8") as file:
        for at, one in enumerate(records):
            file.write(json.dumps(one) + "\n" + "\n{broken\n" * (at % 5003 == 7))
    return path
