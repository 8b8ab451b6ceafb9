"""A policy held to what turned out: its scores, its words, another policy's difference, and what each rule does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reliability.errors import RuleError
from reliability.lab.acting import acting
from reliability.lab.scores import (
    N_BINS,
    Bin,
    Difference,
    Scores,
    calibration,
    paired_differences,
    scores,
    share_interval,
    squared_errors,
    surprises,
)
from reliability.lab.tested import Tested
from reliability.model.base import Record
from reliability.model.rounding import rounded
from reliability.reasoning.words import Scales
from reliability.rules.changing import without
from reliability.rules.policy import Policy
from reliability.rules.schema import Bias, Bloc, Hedge, Modifier, Prior, Recalibration, Relay, Silence

REMOVABLE = (Modifier, Relay, Bloc, Prior, Hedge, Bias, Silence, Recalibration)


class WordScore(Record):
    """An ICD 203 word, its band, and the claims that had it: `holds` when the share that is true lies in the band.

    `in_reach`: the share's 5–95 % interval (`true_low` to `true_high`) touches the band, so that nothing speaks
    against the word.
    """

    word: str
    low: float
    high: float
    n: int
    mean_p: float
    share_true: float
    true_low: float
    true_high: float
    holds: bool
    in_reach: bool


class RuleScore(Record):
    """What the Brier score would be without one rule, less what it is: above 0 the rule helps, below 0 it hurts.

    `n_moved` claims have another p without it.
    """

    kind: str
    id: str
    brier: Difference
    n_moved: int


class Against(Record):
    """Another policy on the claims that both rate: this one's mean score less the other's, below 0 this is better."""

    policy: str
    n: int
    only_here: int
    only_there: int
    brier_there: float
    brier: Difference
    log_bits: Difference


@dataclass(frozen=True)
class Backtest:
    """What a policy comes to: scores over all claims and over those with a word, calibration, words, comparisons."""

    tested: Tested
    scores: Scores | None
    assessed: Scores | None
    bins: tuple[Bin, ...]
    words: tuple[WordScore, ...]
    word_accuracy: float | None
    rules: tuple[RuleScore, ...]
    against: Against | None = None


def backtest(tested: Tested, policy: Policy, n_bins: int = N_BINS) -> Backtest:
    """All but the comparison with another policy; rules in order of what they do, the most helpful first."""
    p, truth, assessed = tested.p, tested.truth, tested.assessed
    words = word_scores(tested, policy)
    n_words = sum(one.n for one in words)
    return Backtest(
        tested=tested, scores=scores(p, truth, n_bins), assessed=scores(p[assessed], truth[assessed], n_bins),
        bins=calibration(p, truth, n_bins), words=words,
        word_accuracy=sum(one.n for one in words if one.holds) / n_words if n_words else None,
        rules=rule_scores(tested, policy),
    )  # fmt: skip


def word_scores(tested: Tested, policy: Policy) -> tuple[WordScore, ...]:
    """How each ICD 203 word that was used holds, the least likely first; claims that are not assessed have none."""
    scale, found = Scales.of(policy).icd203, []
    for word, low, high in zip(scale.words, scale.lows, scale.highs, strict=True):
        mine = np.array([one.icd203 == word for one in tested.ratings], dtype=bool)
        if not mine.any():
            continue
        n, n_true = int(mine.sum()), float(tested.truth[mine].sum())
        low, high = (0.0 if low == min(scale.lows) else low), (1.0 if high == max(scale.highs) else high)
        share, (true_low, true_high) = n_true / n, share_interval(n_true, n)
        found.append(WordScore(
            word=word, low=low, high=high, n=n, mean_p=float(tested.p[mine].mean()), share_true=share,
            true_low=true_low, true_high=true_high, holds=low <= share <= high,
            in_reach=true_low <= high and true_high >= low,
        ))  # fmt: skip
    return tuple(found)


def rule_scores(tested: Tested, policy: Policy) -> tuple[RuleScore, ...]:
    """What the Brier score would be without each rule that acts on the claims and can be done without."""
    rules, changes, n_moved = [], [], []
    for rule in acting(tested.rerating.statements, policy):
        if not isinstance(rule, REMOVABLE):
            continue
        try:
            left = tested.rerating.p(without(policy, rule))
        except RuleError:
            continue
        p = np.array([rounded(left[one.claim.id], 4) for one in tested.ratings])
        rules.append(rule)
        changes.append(squared_errors(p, tested.truth) - squared_errors(tested.p, tested.truth))
        n_moved.append(int((p != tested.p).sum()))
    scored = paired_differences(changes, tested.group)
    found = (RuleScore(kind=rule.folder, id=rule.id, brier=brier, n_moved=moved)
             for rule, brier, moved in zip(rules, scored, n_moved, strict=True))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-rounded(one.brier.mean, 9), one.kind, one.id)))


def against(mine: Tested, theirs: Tested, name: str) -> Against:
    """This policy's scores less another's, on the claims that both rate."""
    there = {one.claim.id: place for place, one in enumerate(theirs.ratings)}
    both = [(place, there[one.claim.id]) for place, one in enumerate(mine.ratings) if one.claim.id in there]
    here, other = (np.array([pair[side] for pair in both], dtype=np.int64) for side in (0, 1))
    truth, p, p_there = mine.truth[here], mine.p[here], theirs.p[other]
    groups: Sequence[str] = [mine.group[place] for place in here.tolist()]
    errors = squared_errors(p_there, truth)
    brier, log_bits = paired_differences(
        [squared_errors(p, truth) - errors, surprises(p, truth) - surprises(p_there, truth)], groups
    )
    return Against(
        policy=name, n=len(both), only_here=len(mine.ratings) - len(both), only_there=len(theirs.ratings) - len(both),
        brier_there=float(errors.mean()) if len(both) else 0.0, brier=brier, log_bits=log_bits,
    )  # fmt: skip
