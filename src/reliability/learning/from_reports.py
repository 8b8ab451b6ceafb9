"""Report records as flat tables: origins behind their relays, one voice a bloc, what counts and what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from reliability.io.answers import Coded
from reliability.learning.table import Names, Table, lay_table
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES
from reliability.scoring.paths import HEDGE, RELAY
from reliability.scoring.score import Scored, score
from reliability.scoring.trie import ABSENT
from reliability.text.grouping import group

TRUE, FALSE = "true", "false"


@dataclass
class Columns:
    """Reports' columns while they are gathered; `passed` is the chance that relays passed the origin's word on."""

    question: Coded = field(default_factory=Coded)
    source: Coded = field(default_factory=Coded)
    answer: Coded = field(default_factory=Coded)
    passed: list[float] = field(default_factory=list)

    def table(self, vocabulary: Sequence[str] = ()) -> Table:
        """The table; `vocabulary` are answers that stand whether or not somebody gives them."""
        answers = (*self.answer.names, *(one for one in vocabulary if one not in self.answer.names))
        names = Names(tuple(self.question.names), tuple(self.source.names), answers)
        return lay_table(self.question.array, self.source.array, self.answer.array, names, np.array(self.passed))


@dataclass(frozen=True)
class Flattened:
    """Plain claims (true or false) and questions (alternatives) as tables, None where there are none of the kind.

    `set_aside` counts reports that teach nothing here, by reason.
    """

    claims: Table | None
    questions: Table | None
    set_aside: Counter[str]


def flatten(reports: Sequence[Report], policy: Policy) -> Flattened:
    """Who says what, from report records that a policy lets through.

    The source is the origin as the policy finds it: chains cut at who may not introduce others, what was retracted or
    superseded left out, members of a bloc taken as the bloc, whose word counts once. What an origin says reaches us
    through relays and hedges, each a channel with the policy's fidelity; of several chains the best counts.
    """
    grouped, _ = group(list(reports), None)
    stated = [report for report in grouped if report.kind == "statement"]
    aside: Counter[str] = Counter({"no statement": len(grouped) - len(stated)})
    claims, questions = Columns(), Columns()
    for scored in score(stated, policy) if stated else []:
        _gather(scored, claims, questions, aside)
    return Flattened(
        claims.table((FALSE, TRUE)) if claims.passed else None, questions.table() if questions.passed else None,
        +aside,
    )  # fmt: skip


def _gather(scored: Scored, claims: Columns, questions: Columns, aside: Counter[str]) -> None:
    coded, paths = scored.coded, scored.paths
    aside["superseded, retracted or a retraction"] += coded.n - len(paths.reports)
    passed = _passed(scored)
    voices = _voices(scored)
    for i, row in enumerate(paths.reports.tolist()):
        unit = coded.units[coded.unit[row]]
        if coded.stance[row] == STANCES["silent"]:
            aside["silent"] += 1
            continue
        says_so = (coded.stance[row] != STANCES["denies"]) ^ bool(paths.flipped[i])
        if unit.alternatives is None:
            found, answer = claims, TRUE if says_so else FALSE
        elif says_so:
            found, answer = questions, unit.alternatives[coded.alternative[row]]
        else:
            aside["denies one of several alternatives"] += 1
            continue
        found.question.add(unit.id)
        found.source.add(voices[scored.links.row[row]])
        found.answer.add(answer)
        found.passed.append(float(passed[i]))


def _passed(scored: Scored) -> Floats:
    """The product of the channels below each counting report's origin, (n_counting,)."""
    nodes = scored.paths.slot_node
    below = (nodes >= 0) & np.isin(scored.paths.kind[nodes], (RELAY, HEDGE))
    fidelity = np.where(below, scored.parameters.channels.fidelity[nodes], 1.0)
    product: Floats = fidelity.prod(axis=0)
    return product


def _voices(scored: Scored) -> list[str]:
    """Who speaks, for each origin: its outermost bloc, else itself, with whom it spoke to where it has no name."""
    labels, links = scored.coded.source_labels, scored.links
    found: list[str] = []
    for source, behind, bloc in zip(links.source.tolist(), links.next.tolist(), links.bloc.tolist(), strict=True):
        at = bloc
        while at != ABSENT and links.blocs[at].outer != ABSENT:
            at = links.blocs[at].outer
        if at != ABSENT:
            found.append(f"bloc {links.blocs[at].label}")
        else:
            found.append(labels[source] if behind == ABSENT else f"{labels[source]}, to {labels[behind]}")
    return found
