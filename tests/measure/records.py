"""A new statement's truth from its speaker's record, over folds of settled statements.

    python -m tests.measure records [--file claims/liar-train.adjudicated.csv] [--folds 10] [--seeds 3]

Records are learned from all folds but one and asked about the statements of that one. Beside it stand the share that
is true over all, that of the speaker's type, and the speaker's own share drawn to its type's with a worth that was
chosen by looking at the answers (of 2 to 40 statements), which no method can be sure to have.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reliability.io.settled_table import SettledRow, named_columns, read_settled_table
from reliability.learning.records import learn_records
from reliability.learning.records_evidence import from_table
from reliability.rules.policy import Policy

from .data import gold

CHOSEN = (2, 4, 6, 8, 10, 12, 14, 16, 20, 30, 40)
NAMES = {"all": "share of all", "type": "share of the type", "raw": "the speaker's own share, else the type's"}


def errors(train: Sequence[SettledRow], test: Sequence[SettledRow], policy: Policy) -> dict[str, list[float]]:
    """Squared errors on the test's statements, by method."""
    learned = learn_records(from_table(train, policy).said, policy)
    shares: dict[str, list[float]] = defaultdict(list)
    for row in train:
        for key in ("", f"type {row.type}", f"source {row.source}"):
            shares[key].append(row.truth)
    found: dict[str, list[float]] = defaultdict(list)
    for row in test:
        whole = float(np.mean(shares[""]))
        of_type = float(np.mean(shares.get(f"type {row.type}", [whole])))
        own = shares.get(f"source {row.source}", [])
        told = {"learned": learned.p_true(row.source, row.type, row.group), "all": whole, "type": of_type,
                "raw": float(np.mean(own)) if own else of_type}  # fmt: skip
        told |= {f"worth {n}": (n * of_type + sum(own)) / (n + len(own)) for n in CHOSEN}
        for name, p in told.items():
            found[name].append((p - row.truth) ** 2)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the Brier score of each method, over all folds, by seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure records", description=__doc__)
    parser.add_argument("--file", default="claims/liar-train.adjudicated.csv")
    parser.add_argument("--columns", default="group=party")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(arguments)
    path = gold(*options.file.split("/"))
    if path is None:
        return
    rows, policy = read_settled_table(path, named_columns(options.columns)).rows, Policy.load()
    started = time.process_time()
    for seed in range(options.seeds):
        fold = np.random.default_rng(seed).integers(0, options.folds, len(rows))
        found: dict[str, list[float]] = defaultdict(list)
        for at in range(options.folds):
            train = [row for row, mine in zip(rows, fold.tolist(), strict=True) if mine != at]
            test = [row for row, mine in zip(rows, fold.tolist(), strict=True) if mine == at]
            for name, values in errors(train, test, policy).items():
                found[name] += values
        brier = {name: float(np.mean(values)) for name, values in found.items()}
        chosen = min(CHOSEN, key=lambda n: brier[f"worth {n}"])
        print(f"seed {seed}, {len(rows):,} statements, {options.folds} folds: learned {brier['learned']:.4f}")
        for name, what in NAMES.items():
            print(f"    {what}: {brier[name]:.4f}")
        print(f"    drawn to the type's, worth {chosen} chosen afterwards: {brier[f'worth {chosen}']:.4f}")
    print(f"{time.process_time() - started:.1f} s of CPU")
