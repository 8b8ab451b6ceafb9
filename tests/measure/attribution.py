"""Attributions read from articles, written as score.py of the gold data wants them.

    python tests/measure/attribution.py GOLD.jsonl PREDICTIONS.jsonl [--documents N] [--jobs N]

GOLD holds a document a line (doc, text, attributions). Reports of one act of speech, which share cue and source,
count as one attribution whose content is all of theirs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

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


def main() -> None:
    """Read, predict, write; say how long it took."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("gold", type=Path)
    options.add_argument("predictions", type=Path)
    options.add_argument("--documents", type=int, default=None)
    options.add_argument("--jobs", type=int, default=1)
    chosen = options.parse_args()
    with chosen.gold.open(encoding="utf-8") as lines:
        rows = [(row["doc"], row["text"]) for row in map(json.loads, lines)][: chosen.documents]
    began = time.perf_counter()
    with ProcessPoolExecutor(chosen.jobs) as pool, chosen.predictions.open("w", encoding="utf-8") as out:
        for line in pool.map(predict, rows, chunksize=4):
            print(line, file=out)
    words = sum(len(text.split()) for _, text in rows)
    took = time.perf_counter() - began
    print(f"{len(rows)} documents, {words} words, {took:.0f} s, {words / took:.0f} words a second", file=sys.stderr)


if __name__ == "__main__":
    main()
