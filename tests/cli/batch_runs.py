"""Runs of `reliability batch` in tests: sets to rate, and what a run left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reliability.batch.asked import Asked

from .command import FIXTURES, Result, lines, report, run

NAMES = ("ratings.parquet", "reports.parquet", "rejects.jsonl", "manifest.json")
MINISTRY = {"source": "Velmark Transport Ministry", "type": "government"}
QUAY, BELL = {"source": "The Quay", "type": "media"}, {"source": "The Bell", "type": "media"}


def some_reports(n: int = 60) -> list[dict[str, Any]]:
    """Plain claims, answers to a question, figures of one question, other kinds, dates, hedges and denials."""
    found: list[dict[str, Any]] = []
    for at in range(n):
        chain = [{**MINISTRY, "via": "paraphrase"}, QUAY] if at % 3 else [{"source": f"Witness {at % 7}",
                                                                            "type": "eyewitness"}, BELL]  # fmt: skip
        one = report(id=f"r{at:03d}", claim=f"c-{at % 17}", text=f"thing {at % 17} happened", provenance=chain)
        one |= {"stance": "denies"} if at % 5 == 0 else {}
        one |= {"published": f"2025-{1 + at % 12:02d}"} if at % 4 else {}
        found.append(one)
    found.append(report(id="a1", claim=None, question="who", alternative="Ann", text="Ann did it"))
    found.append(report(id="a2", claim=None, question="who", alternative="Bob", text="Bob did it", stance="denies"))
    for at, value in enumerate((100, 300, 1000)):
        found.append(report(id=f"q{at}", claim=f"killed-{value}", question="how-many", text=f"{value} were killed",
                            quantity={"value": value, "unit": "killed"}))  # fmt: skip
    found.append(report(id="k1", claim="c-1", kind="prediction", text="thing 1 will happen"))
    return [{name: value for name, value in one.items() if value is not None} for one in found]


def in_buckets(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    """Have runs use so many buckets, as a power of two, however small the set is."""
    monkeypatch.setattr(Asked, "bits", bits)


def written(path: Path, *records: Any) -> Path:
    path.write_text(lines(*records), encoding="utf-8")
    return path


def batch(*arguments: object, out: str = "out") -> Result:
    return run("batch", *arguments, "--out", out)


def ratings(out: str = "out") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(Path(out) / "ratings.parquet").to_pylist()
    return found


def manifest(out: str = "out") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(out) / "manifest.json").read_text(encoding="utf-8"))
    return found


def rejects(out: str = "out") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path(out) / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]


def rated(*arguments: object) -> list[dict[str, Any]]:
    """What `rate` says of the same inputs, as rows of ratings."""
    found = run("rate", *arguments, "--format", "jsonl")
    assert found.code == 0, found.err
    return sorted((as_row(record) for record in found.records), key=lambda one: one["claim"])


def as_row(record: dict[str, Any]) -> dict[str, Any]:
    claim, verdict = record["claim"], record["rating"]
    level = verdict["analytic_confidence"]
    return {
        "claim": claim["id"], "text": claim["text"], "question": claim["question"], "low": None, "high": None,
        **{name: verdict[name] for name in ("p", "weight_db", "assessed", "icd203", "phia", "elicited_share")},
        "confidence": level["level"], **{name: level[name] for name in ("support", "robustness", "basis")},
        **record["counts"], "flags": [flag for flag in record["flags"] if flag != "interval-unreliable"],
        "quantity": record["quantity"], "digest": record["digest"]["inputs"],
    }  # fmt: skip


def as_read(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ratings with figures as records have them."""
    return [{**one, "quantity": None if one["quantity"] is None else json.loads(one["quantity"])} for one in rows]


def adds_up(counts: dict[str, Any]) -> None:
    assert counts["read"] == counts["rated"] + counts["rejected"] + counts["set_apart"], counts
    assert counts["set_apart"] == counts["repeats"] + counts["no_statements"] + counts["published_later"], counts


def as_table(records: list[dict[str, Any]]) -> pa.Table:
    """Report records as a Parquet user would have them: structs in lists."""
    names = list(dict.fromkeys(name for one in records for name in one))
    return pa.table({name: pa.array([one.get(name) for one in records]) for name in names})


def content(out: str) -> dict[str, bytes]:
    """All that a run gave, without where its inputs stood."""
    return {name: (Path(out) / name).read_bytes() for name in NAMES}


__all__ = ["FIXTURES"]
