"""What a rule does: in plain words, and to the ratings of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability import api
from reliability.errors import RuleError
from reliability.lab.compare import Comparison, compare
from reliability.model.report import Report
from reliability.rules.changing import without
from reliability.rules.policy import Policy
from reliability.rules.schema import (
    Bias,
    Bloc,
    Constant,
    FactKind,
    Hedge,
    Modifier,
    Prior,
    Recalibration,
    Relay,
    Rule,
    Scale,
    Silence,
    SourceType,
    Typing,
)
from reliability.scoring.origins import fidelity_of, fidelity_of_weight, own_weight_db
from reliability.scoring.recalibrated import recalibrated

EXAMPLE = 0.7
EXAMPLES = (0.2, 0.5, 0.8)
NEEDED = (SourceType, Constant, Scale, FactKind)


@dataclass(frozen=True)
class Affected:
    """What a rule does to a set: on how many links it fires, in how many claims, and the ratings without it.

    `without` is None where there are none such, and `why_not` then says why.
    """

    n_links: int
    n_claims: int
    without: Comparison | None
    why_not: str = ""


def plain_words(rule: Rule) -> str | None:
    """What a rule's number means to somebody who does not count in decibans; None for rules without one."""
    if isinstance(rule, Modifier):
        return _modifier(rule)
    if isinstance(rule, SourceType):
        one = rule.effect[0]
        most = _accuracy(one.cap_db)
        more = ", and can introduce others" if rule.carries else ""
        record = (
            f"right {_percent(one.p)} of the time where {_percent(one.p0)} is to be expected (worth {one.n:g} cases)"
        )
        return f"{record}; never taken for more than {_percent(most)}{more}"
    if isinstance(rule, Relay):
        effect = rule.effect[0]
        if effect.fidelity is not None:
            return f"passes on what it got {_percent(effect.fidelity)} of the time, and guesses else"
        return f"passes on {_percent(effect.factor or 0.0)} of what it else would"
    if isinstance(rule, Bloc):
        return (
            f"all members together take an even claim no further than {_percent((1.0 + rule.effect[0].ceiling) / 2.0)}"
        )
    if isinstance(rule, Prior):
        of = "“none of these”" if rule.effect[0].of == "none-of-these" else "such a claim"
        return f"before any report {of} is thought {_percent(rule.effect[0].prior)} likely"
    if isinstance(rule, Hedge):
        low, high = rule.effect[0].low, rule.effect[0].high
        return f"means {_percent(low)} to {_percent(high)}, and counts as {_percent((low + high) / 2.0)}"
    if isinstance(rule, Bias):
        one_bias = rule.effect[0]
        return f"nine times in ten reports between {one_bias.low:g} and {one_bias.high:g} times the true number"
    if isinstance(rule, Silence):
        return f"would have said so {_percent(rule.effect[0].coverage)} of the time, had it known"
    if isinstance(rule, Recalibration):
        told = recalibrated(np.array(EXAMPLES), rule.effect[0]).tolist()
        return ", ".join(f"turns {_percent(p)} into {_percent(q)}" for p, q in zip(EXAMPLES, told, strict=True))
    return f"is {rule.effect[0].value:g}" if isinstance(rule, Constant) else None


def _modifier(rule: Modifier) -> str:
    effect, parts = rule.effect[0], []
    if effect.shift_db is not None:
        weight = max(0.0, _weight_db(EXAMPLE) + effect.shift_db)
        parts.append(f"turns {_percent(EXAMPLE)} into {_percent(_accuracy(weight))}")
    if effect.guess is not None:
        parts.append(f"says so {_percent(effect.guess)} of the time when it does not know")
    if effect.p is not None:
        parts.append(f"is right {_percent(effect.p)} of the time")
    return ", and ".join(parts)


def _weight_db(accuracy: float) -> float:
    """The own weight of a source that is right so often at even odds, in decibans."""
    return float(own_weight_db(fidelity_of(np.array(accuracy), np.array(0.5))))


def _accuracy(weight_db: float) -> float:
    """How often a source of that own weight is right at even odds."""
    return (1.0 + float(fidelity_of_weight(np.array(weight_db)))) / 2.0


def in_decibans(key: str, old: Any, new: Any) -> str:
    """What a change of a source type's p means in decibans, in brackets; nothing for other keys."""
    if key != "effect.p" or not all(isinstance(value, float) and 0.5 <= value < 1.0 for value in (old, new)):
        return ""
    return f" ({_weight_db(old):.2f} → {_weight_db(new):.2f} dB at even odds)"


def _percent(p: float) -> str:
    return f"{float(f'{p * 100:.2g}'):g}%" if p < 0.99 else f"{p * 100:.1f}%"


def affected(policy: Policy, rule: Rule, reports: Sequence[Report]) -> Affected:
    """What a rule does to the ratings of a set of reports that were read and checked under the policy."""
    before = api.rate_reports(reports, policy)
    fired = [[link for link in rating.links if _fires(link, rule)] for rating in before.ratings]
    n_links, n_claims = sum(map(len, fired)), sum(map(bool, fired))
    if isinstance(rule, Typing):
        return Affected(n_links, n_claims, None, "it acts while an article is read: see `rules diff OLD NEW --on PATH`")
    needed = Affected(n_links, n_claims, None, "no policy can do without it")
    if isinstance(rule, NEEDED):
        return needed
    try:
        after = api.rate_reports(reports, without(policy, rule))
    except RuleError:
        return needed
    return Affected(n_links, n_claims, compare(before, after))


def _fires(link: Any, rule: Rule) -> bool:
    by_type = rule.folder == "source-types" and link.type == rule.id
    return by_type or rule.id in link.set_by or any(shift.rule == rule.id for shift in link.shifts)
