"""Same claim or not: headlines under known claims (Emergent), who denies, and paraphrases with a figure changed (MSRP).

    python -m tests.measure matching [--claims N]

Prints a row a measure: B³ of the clusters that `group` makes of headlines with one outlet each, of all and of draws of
N claims; F1 of conflict for pairs under one claim, by `in_conflict` and as `claims` shows it (one claim, opposite
stances); the area under the curve of `same_claim` where one figure was changed; and how many sentence pairs that were
judged no paraphrases would be one claim, as sentences and as headlines.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from reliability.model.report import Link, Report
from reliability.text.grouping import group
from reliability.text.pairs import in_conflict, same_claim

from . import data

N_DRAWS = 8


def rows_of(name: str) -> list[dict[str, Any]] | None:
    """The gold data's lines; None, said on stdout, where the data is not there."""
    path = data.gold("matching", name)
    if path is None:
        return None
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def b_cubed(found: Sequence[str], gold: Sequence[str]) -> tuple[float, float, float]:
    """F1, precision and recall: of each item, how much of its cluster is of its class, and the other way round."""
    clusters, classes = defaultdict(set), defaultdict(set)
    for at, (cluster, name) in enumerate(zip(found, gold, strict=True)):
        clusters[cluster].add(at)
        classes[name].add(at)
    shared = [
        (len(clusters[a] & classes[b]), len(clusters[a]), len(classes[b])) for a, b in zip(found, gold, strict=True)
    ]
    precision = sum(both / mine for both, mine, _ in shared) / len(shared)
    recall = sum(both / theirs for both, _, theirs in shared) / len(shared)
    return 2 * precision * recall / (precision + recall), precision, recall


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive pair scores above a negative one, ties counting half."""
    above = np.subtract.outer(np.array(positive), np.array(negative))
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def f1(found: Sequence[bool], gold: Sequence[bool]) -> float:
    """F1 of yes."""
    both = sum(a and b for a, b in zip(found, gold, strict=True))
    return 2 * both / max(1, sum(found) + sum(gold))


def headline(key: str, text: str) -> Report:
    """A bare text of an outlet of its own."""
    return Report(id=key, text=text, provenance=(Link(source=f"Outlet {key}"),))


def clusters(rows: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Claim and stance by text, as `group` gives them for one headline a row."""
    done, _ = group([headline(one["id"], one["text"]) for one in rows])
    return {one.text or "": (one.claim or "", one.stance) for one in done}


def _headlines(n_claims: int) -> None:
    rows, pairs = rows_of("emergent-train.cluster.jsonl"), rows_of("emergent-train.conflict.jsonl")
    if rows is None or pairs is None:
        return
    claims = sorted({one["gold"] for one in rows})
    draws = [rows]
    for seed in range(N_DRAWS):
        drawn = set(random.Random(seed).sample(claims, min(n_claims, len(claims))))
        draws.append([one for one in rows if one["gold"] in drawn])
    scores = []
    for draw in draws:
        found = clusters(draw)
        scores.append(b_cubed([found[one["text"].strip()][0] for one in draw], [one["gold"] for one in draw]))
    mean = np.mean(scores[1:], axis=0)
    for name, (score, precision, recall) in ((f"all {len(claims)} claims", scores[0]), (f"{n_claims} claims", mean)):
        print(f"same claim, headlines, {name}: B³ {score:.3f} (precision {precision:.3f}, recall {recall:.3f})")
    found = clusters(rows)
    pairs = [one for one in pairs if one["a"].strip() in found and one["b"].strip() in found]
    gold = [one["gold"] == "conflict" for one in pairs]
    sides = [(found[one["a"].strip()], found[one["b"].strip()]) for one in pairs]
    shown = [a[0] == b[0] and a[1] != b[1] for a, b in sides]
    apart = [in_conflict(one["a"], one["b"]) for one in pairs]
    print(f"conflict under one claim, {len(pairs):,} pairs: F1 {f1(apart, gold):.3f}")
    print(f"conflict as `claims` shows it: F1 {f1(shown, gold):.3f}")


def _figures() -> None:
    rows = rows_of("numswap-train.jsonl")
    if rows is not None:
        score = {
            gold: [same_claim(one["a"], one["b"]) for one in rows if bool(one["gold"]) is gold]
            for gold in (True, False)
        }
        print(f"paraphrase with a figure changed: AUC {area(score[True], score[False]):.3f}")


def _sentences() -> None:
    rows = rows_of("msrp-train.jsonl")
    if rows is None:
        return
    for name, chain in (("sentences", (Link(source="A"), Link(source="B"))), ("headlines", (Link(source="B"),))):
        reports = [
            Report(id=f"{one['id']}{side}", text=one[side], provenance=chain) for one in rows for side in ("a", "b")
        ]
        done, _ = group(reports)
        one_claim = [a.claim == b.claim for a, b in zip(done[::2], done[1::2], strict=True)]
        right = sum(bool(one["gold"]) and same for one, same in zip(rows, one_claim, strict=True))
        print(f"pairs of {name} made one claim: {sum(one_claim):,} of {len(rows):,}, {right:,} of them paraphrases")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--claims", type=int, default=95, help="claims a draw, as many as a held-out part may have")
    chosen = options.parse_args(arguments)
    _headlines(chosen.claims)
    _figures()
    _sentences()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
