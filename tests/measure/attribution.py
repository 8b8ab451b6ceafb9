"""Attribution: who says what in PolNeAR's articles, by the measure that comes with the gold data.

    python -m tests.measure attribution [--documents N] [--skip N] [--jobs N] [--predictions FILE]

Reports of one act of speech, which share cue and source, count as one attribution whose content is all of theirs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

from .data import gold

_policy: Policy | None = None


def united(reports: list[Report]) -> list[dict[str, Any]]:
    """Attributions as score.py reads them: one for each cue, or source where there is no cue."""
    acts: dict[Any, dict[str, Any]] = {}
    for report in reports:
        spans = report.spans
        if spans is None or not (spans.cue or spans.source):
            continue
        act = acts.setdefault(spans.cue or spans.source, {"source": [], "cue": spans.cue, "content": []})
        for name, more in (("source", spans.source), ("content", spans.content)):
            act[name].extend(span for span in more if span not in act[name])
    return list(acts.values())


def predict(row: tuple[str, str]) -> str:
    """One document's line of predictions."""
    global _policy
    if _policy is None:
        _policy = Policy.load()
    name, text = row
    reports = read_reports_of(Article(id=name, text=text), _policy, every_kind=True) if text.strip() else []
    return json.dumps({"doc": name, "attributions": united(reports)}, ensure_ascii=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the articles, print the scores; how long it took on stderr."""
    options = argparse.ArgumentParser(prog="python -m tests.measure attribution", description="who says what")
    options.add_argument("--documents", type=int, default=None, help="only so many")
    options.add_argument("--skip", type=int, default=0, help="leave out so many first")
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--predictions", type=Path, default=None, help="keep what was read here")
    chosen = options.parse_args(arguments)
    articles = gold("attribution", "polnear-train.jsonl")
    measure = gold("attribution", "score.py") if articles is not None else None
    if articles is None or measure is None:
        return 0
    until = None if chosen.documents is None else chosen.skip + chosen.documents
    lines = articles.read_text(encoding="utf-8").splitlines()[chosen.skip : until]
    rows = [(row["doc"], row["text"]) for row in map(json.loads, lines)]
    began = time.perf_counter()
    with ProcessPoolExecutor(chosen.jobs) as pool:
        found = list(pool.map(predict, rows, chunksize=4))
    took = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        truth = Path(folder) / "gold.jsonl"
        truth.write_text("\n".join(lines) + "\n", encoding="utf-8")
        predictions = chosen.predictions or Path(folder) / "predictions.jsonl"
        predictions.write_text("\n".join(found) + "\n", encoding="utf-8")
        scored = subprocess.run([sys.executable, measure, truth, predictions], check=False)
    words = sum(len(text.split()) for _, text in rows)
    print(f"{len(rows)} documents, {words} words, {took:.0f} s, {words / took:.0f} words a second", file=sys.stderr)
    return scored.returncode


if __name__ == "__main__":
    raise SystemExit(main())
