"""Which rules act on a set of reports: no other rule's number can move a rating of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from reliability.model.report import Report
from reliability.rules.conditions import Outcome
from reliability.rules.load import place_key
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule
from reliability.scoring.describe import outcomes
from reliability.scoring.families import SEPARATOR, by_figures
from reliability.scoring.figures import score_families
from reliability.scoring.score import Scored, score


def acting(statements: Sequence[Report], policy: Policy) -> list[Rule]:
    """The rules whose conditions hold somewhere on these statements, or whose type, bloc, term or unit stands in them.

    In order of kind and id. Constants always count; gates and typing rules never do, as they touch no probability
    of reports that were read. Raises what `reliability.scoring.score.score` raises.
    """
    plain, stated = by_figures(statements, policy)
    calls = [*score(plain, policy), *([score_families(stated, policy)] if stated else [])]
    found = {place_key(rule) for scored in calls for rule in _of(scored, policy)}
    return [rule for rule in policy.rules() if place_key(rule) in found]


def _of(scored: Scored, policy: Policy) -> Iterator[Rule]:
    links, relays = scored.links, scored.parameters.relays
    yield from policy.numbers
    for code in np.unique(links.type).tolist():
        yield policy.types[scored.coded.type_ids[code]]
    for bloc in links.blocs:
        yield policy.blocs[bloc.id]
    for place in np.unique(scored.priors.rule[scored.priors.rule >= 0]).tolist():
        yield policy.priors[place]
    if scored.ratings.plain.any():
        yield from policy.recalibrations
    hedges = (policy.hedge_of(words) for words in scored.coded.hedges)
    yield from (hedge for hedge in hedges if hedge is not None)
    units = {unit.id.split(SEPARATOR)[1] for unit in scored.coded.units if SEPARATOR in unit.id}
    yield from (unit for unit in policy.quantities if unit.id in units)
    lasting = ((policy.silences, links.described), (policy.biases, links.described))
    yield from chain(
        _fired(policy.modifiers, links.outcomes),
        _fired(policy.relays, relays.outcomes),
        *(_fired(rules, outcomes(rules, described, policy)) for rules, described in lasting),
    )


def _fired(rules: Iterable[Any], found: Mapping[str, Outcome]) -> Iterator[Rule]:
    return (rule for rule in rules if found[rule.id].yes.any())
