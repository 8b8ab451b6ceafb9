"""Learning without adjudications on public sets, beside votes and crowd-kit's methods.

    python -m tests.measure learning [SET …] [--peers]

Of every set: accuracy, log loss (chances under 1e-6 count as that) and ECE in ten bins, over the questions with gold.
"""

from __future__ import annotations

import argparse
import csv
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reliability.io.answers import Columns, read_answers
from reliability.learning.learn import Vocabulary, learn_from, table_of
from reliability.learning.table import Table

from .data import gold

SETS = ("rte", "bluebird", "web", "product", "zencrowd_us", "weather_sentiment_amt", "books", "flights_clean")
COLUMNS = Columns("object", "source", "value")
LEAST, BINS = 1e-6, 10
Ratings = dict[str, dict[str, float]]
Method = Callable[[Table], Ratings]


def votes(table: Table) -> Ratings:
    """Each answer's share of the reports."""
    found: Ratings = {name: {} for name in table.names.questions}
    for question, answer, p in zip(table.cell_question, table.cell_answer, table.shares.tolist(), strict=True):
        found[table.names.questions[question]][table.names.answers[answer]] = p
    return found


def learned(table: Table) -> Ratings:
    """As `reliability learn` rates."""
    return _rated(table, every=False)


def learned_in_all(table: Table) -> Ratings:
    """As `reliability learn --unclaimed` rates, where the vocabulary is closed."""
    return _rated(table, every=table.closed)


def _rated(table: Table, *, every: bool) -> Ratings:
    found: Ratings = {name: {} for name in table.names.questions}
    for row in learn_from([Vocabulary(table, every)]).rows:
        found[row.question][row.alternative] = row.p
    return found


def peer(name: str, **options: Any) -> Method:
    """A method of crowd-kit; MemoryError and the like are the caller's."""

    def rate(table: Table) -> Ratings:
        import pandas

        aggregation = __import__("crowdkit.aggregation", fromlist=[name])
        names = table.names
        data = pandas.DataFrame({"task": [names.questions[q] for q in table.question],
                                 "worker": [names.sources[s] for s in table.source],
                                 "label": [names.answers[a] for a in table.answer]})  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = getattr(aggregation, name)(**options).fit_predict_proba(data)
        columns = [str(one) for one in found.columns]
        return {str(q): dict(zip(columns, row, strict=True)) for q, row in zip(found.index, found.to_numpy().tolist(),
                                                                               strict=True)}  # fmt: skip

    return rate


def scored(ratings: Ratings, truth: dict[str, str]) -> tuple[float, float, float]:
    """Accuracy, log loss and ECE. Of equally likely answers the first by name is taken."""
    judged = {question: ratings[question] for question in truth if question in ratings}
    best = {q: min(answers, key=lambda a: (-answers[a], a)) for q, answers in judged.items()}
    right = np.array([best[q] == truth[q] for q in judged])
    sure = np.array([judged[q][best[q]] for q in judged])
    loss = -np.log(np.maximum([judged[q].get(truth[q], 0.0) for q in judged], LEAST)).mean()
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(sure[place == b].sum() - right[place == b].sum()) for b in range(BINS)]
    return float(right.mean()), float(loss), float(sum(gaps) / len(right))


def read(name: str) -> tuple[Table, dict[str, str]] | None:
    """A set's reports and gold, None where they are not there."""
    reports, truth = gold("claims", f"{name}.reports.csv"), gold("claims", f"{name}.gold.csv")
    if reports is None or truth is None:
        return None
    with truth.open(encoding="utf-8", newline="") as stream:
        settled = {row["object"]: row["value"] for row in csv.DictReader(stream)}
    return table_of(read_answers(Path(reports), "csv", COLUMNS)), settled


def methods(with_peers: bool) -> dict[str, tuple[Method, bool]]:
    """Methods by name, and whether each can have open vocabularies."""
    found: dict[str, tuple[Method, bool]] = {
        "votes": (votes, True), "learn": (learned, True), "learn --unclaimed": (learned_in_all, True),
    }  # fmt: skip
    if with_peers:  # crowd-kit 1.4.2's Wawa and zero-based skill don't run with today's scikit-learn
        found |= {"Dawid–Skene": (peer("DawidSkene", n_iter=100), False),
                  "one-coin Dawid–Skene": (peer("OneCoinDawidSkene", n_iter=100), False),
                  "GLAD": (peer("GLAD"), False), "Hovy et al.": (peer("MACE", n_restarts=1), False)}  # fmt: skip
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, a row a set and method, then means."""
    parser = argparse.ArgumentParser(description="Learning without adjudications")
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--peers", action="store_true", help="crowd-kit's methods too (minutes)")
    given = parser.parse_args(arguments)
    print("| set | method | accuracy | log loss | ECE | s per million reports |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    rows: dict[str, list[tuple[float, ...]]] = {}
    for name in given.sets:
        found = read(name)
        if found is None:
            continue
        table, truth = found
        for method, (rate, any_vocabulary) in methods(given.peers).items():
            if table.closed or any_vocabulary:
                started = time.process_time()
                ratings = rate(table)
                took = (time.process_time() - started) / len(table.question) * 1e6
                rows.setdefault(method, []).append((*scored(ratings, truth), took))
                _print(name, method, rows[method][-1])
    for method, of_sets in rows.items():
        _print(f"mean of {len(of_sets)}", method, tuple(np.mean(of_sets, axis=0).tolist()))


def _print(name: str, method: str, row: tuple[float, ...]) -> None:
    print(f"| {name} | {method} | {row[0]:.4f} | {row[1]:.4f} | {row[2]:.4f} | {row[3]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
