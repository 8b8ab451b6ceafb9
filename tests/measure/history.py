"""The shipped policy held to settled historical claims: fixtures/history.

    python -m tests.measure history [--rules DIR]

Beside it: always the share that is true, and the share of a claim's outlets that assert it. Two halves by the hash of
the claim's id: misses are read on the first only. Rows with facts withheld show what is left where a newsroom wrote
down less.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu

from reliability.api import read_reports
from reliability.io.adjudications import read_adjudications
from reliability.lab.rerating import Rerating
from reliability.lab.scores import Bin, calibration, paired_differences, squared_errors, surprises
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "fixtures" / "history"
ELSEWHERE = 0.62
"""A share of true claims unlike this set's, to which scores are weighted in one column."""


@dataclass(frozen=True)
class Settled:
    """Claims in id order, truth (n,) 0 or 1, and everything that was said about them."""

    claims: tuple[str, ...]
    truth: Floats
    reports: tuple[Report, ...]

    @property
    def first_half(self) -> np.ndarray:
        """(n,) the half on which misses may be read."""
        return np.array([digit(one) % 2 == 0 for one in self.claims])


def digit(text: str) -> int:
    """A number that only the text decides."""
    return hashlib.sha256(text.encode()).digest()[-1]


def settled(folder: Path = HISTORY) -> Settled:
    """The set as its files have it."""
    truth = {
        one.adjudication.claim: one.adjudication.truth for one in read_adjudications(folder / "adjudicated.csv").settled
    }
    claims = tuple(sorted(truth))
    return Settled(claims, np.array([truth[one] for one in claims]), tuple(read_reports(folder / "said.jsonl")))


def rated(found: Settled, policy: Policy) -> Floats:
    """(n,) each claim's rating, in the claims' order."""
    p = Rerating(found.reports).p(policy)
    return np.array([p[one] for one in found.claims])


def asserting(found: Settled) -> Floats:
    """(n,) the share of a claim's outlets that assert it; an outlet that carries both sides counts as a half."""
    said: dict[str, dict[str, list[bool]]] = {one: {} for one in found.claims}
    for report in found.reports:
        said[str(report.claim)].setdefault(report.provenance[-1].source, []).append(report.stance == "asserts")
    return np.array([np.mean([np.mean(one) for one in said[claim].values()]) for claim in found.claims])


def withheld(found: Settled, kept: Callable[[str], bool]) -> Settled:
    """The same claims without the facts for whose key (report, link's place, name) `kept` says no."""
    reports = []
    for one in found.reports:
        links = tuple(
            link.model_copy(update={"facts": {name: value for name, value in link.facts.items()
                                              if kept(f"{one.key} {place} {name}")}})
            for place, link in enumerate(one.provenance)
        )  # fmt: skip
        reports.append(one.model_copy(update={"provenance": links}))
    return Settled(found.claims, found.truth, tuple(reports))


def auc(p: Floats, truth: Floats) -> float:
    """Chance that a true claim rates above a false one, ties a half. Source: Hanley & McNeil (1982)."""
    true, false = p[truth == 1.0], p[truth == 0.0]
    return float(mannwhitneyu(true, false).statistic / (len(true) * len(false)))


def brier_at(p: Floats, truth: Floats, share: float = ELSEWHERE) -> float:
    """The Brier score if `share` of the claims were true: true and false ones weighted to that."""
    weight = np.where(truth == 1.0, share / truth.mean(), (1.0 - share) / (1.0 - truth.mean()))
    return float((weight * squared_errors(p, truth)).mean())


def row(name: str, p: Floats, truth: Floats) -> str:
    """A line of the first table."""
    (brier,) = paired_differences([squared_errors(p, truth)], [str(place) for place in range(len(p))])
    interval = f"{brier.low:.3f}–{brier.high:.3f}"
    return (f"| {name} | {len(p)} | {brier.mean:.4f} | {interval} | "
            f"{surprises(p, truth).mean():.3f} | {auc(p, truth):.3f} | {brier_at(p, truth):.4f} |")  # fmt: skip


def scores(found: Settled, policy: Policy) -> str:
    """Brier, its 5–95 % interval, log score in bits, AUC, and Brier at another share of true claims, in Markdown."""
    p, truth, first = rated(found, policy), found.truth, found.first_half
    half = withheld(found, lambda key: digit(key) % 2 == 0)
    bare = withheld(found, lambda key: False)
    rows = [
        ("the policy", p, truth), ("– first half, whose misses were read", p[first], truth[first]),
        ("– second half", p[~first], truth[~first]), ("– every other fact withheld", rated(half, policy), truth),
        ("– all facts withheld, types only", rated(bare, policy), truth),
        ("share of asserting outlets", asserting(found), truth),
        ("always the share that is true", np.full(len(p), truth.mean()), truth),
    ]  # fmt: skip
    head = [
        f"| | claims | Brier | 5–95 % | log, bits | AUC | Brier at {ELSEWHERE} true |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    return "\n".join([*head, *(row(*one) for one in rows)])


def bins(found: Sequence[Bin]) -> str:
    """The calibration table."""
    head = ["| said | claims | mean p | share true | 5–95 % |", "|---|--:|--:|--:|--:|"]
    return "\n".join([*head, *(
        f"| {one.low:.1f}–{one.high:.1f} | {one.n} | {one.mean_p:.2f} | {one.share_true:.2f} | "
        f"{one.true_low:.2f}–{one.true_high:.2f} |" for one in found)])  # fmt: skip


def by_type(found: Settled, p: Floats) -> str:
    """By type of origin: reports, the share of them that turned out right, and the Brier score of their claims."""
    place = {one: at for at, one in enumerate(found.claims)}
    right: dict[str, list[bool]] = {}
    claims: dict[str, set[int]] = {}
    for one in found.reports:
        at, kind = place[str(one.claim)], one.provenance[0].type or "unknown"
        right.setdefault(kind, []).append((one.stance == "asserts") == (found.truth[at] == 1.0))
        claims.setdefault(kind, set()).add(at)
    head = ["| origin | reports | right | claims | Brier |", "|---|--:|--:|--:|--:|"]
    rows = []
    for kind in sorted(right, key=lambda one: (-len(right[one]), one)):
        mine = np.array(sorted(claims[kind]))
        rows.append(f"| {kind} | {len(right[kind])} | {np.mean(right[kind]):.2f} | {len(mine)} | "
                    f"{squared_errors(p[mine], found.truth[mine]).mean():.3f} |")  # fmt: skip
    return "\n".join([*head, *rows])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print three tables."""
    parser = argparse.ArgumentParser(description="The policy on settled historical claims")
    parser.add_argument("--rules", type=Path, default=ROOT / "rules")
    policy, found = Policy.load(parser.parse_args(arguments).rules), settled()
    p = rated(found, policy)
    print(scores(found, policy), bins(calibration(p, found.truth)), by_type(found, p), sep="\n\n")


if __name__ == "__main__":
    main()
