"""A claim with a figure read off its family's sum: low, best, high, and the chance that it is right as stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from reliability.model.rating import LinkAccount, Node, RatedClaim, TippingPoint
from reliability.model.report import Quantity, Report
from reliability.model.rounding import rounded, six
from reliability.reasoning.account import Account
from reliability.reasoning.figure_checks import figure_checks
from reliability.reasoning.figure_tipping import figure_tipping
from reliability.reasoning.links import accounts_of_links, grades, own_db
from reliability.reasoning.picture import tree_of
from reliability.reasoning.reading import Context, Reading, earliest_text
from reliability.scoring.blurs import blurs_of
from reliability.scoring.channel import Floats, log_odds_db
from reliability.scoring.coding import STANCES
from reliability.scoring.families import SEPARATOR, Family
from reliability.scoring.figure_words import Words
from reliability.scoring.figures import Figures, FigureTree, score_families
from reliability.scoring.grid import Grid, grid_to
from reliability.scoring.provenance import Mask
from reliability.scoring.said_so import said_so
from reliability.scoring.trie import Ints

POINTS = {"low": 0.05, "best": 0.5, "high": 0.95}
PICTURE_BINS = 48
TINY = 1e-12
KNOWS = "figure-knows"


def figure_readings(stated: Sequence[tuple[Report, Family]], context: Context) -> Iterator[Reading]:
    """One reading a claim with a figure; claims of one family have the same low, best and high."""
    if not stated:
        return
    policy = context.policy
    reports = [report for report, _ in stated]
    scored = score_families(stated, policy)
    claims = sorted({str(report.claim) for report in reports})
    claim_of = np.array([claims.index(str(report.claim)) for report in reports], dtype=np.int32)
    told = said_so(replace(scored.coded, alternative=claim_of), scored.paths,
                   scored.parameters.channels.fidelity, policy)  # fmt: skip
    account = Account.of(replace(scored, said=told), policy, with_intervals=False)
    links = accounts_of_links(account)
    blurs = blurs_of(scored, policy)
    quantities = [family.quantity for _, family in stated]
    denied = (scored.coded.stance == STANCES["denies"]).tolist()
    for unit, one in enumerate(scored.coded.units):
        range_ = next(u.effect[0].range for u in policy.quantities if u.id == one.id.split(SEPARATOR)[1])
        tree = FigureTree(scored, policy, unit, account.nodes_of[unit], quantities, denied, grid_to(range_), blurs)
        figures = tree.figures()
        for claim in sorted({int(claim_of[row]) for row in account.reports_of[unit]}):
            mine = claim_of == claim
            yield FigureReading(account, links, unit, context, tree, figures, claims[claim], claim, mine, quantities)


class FigureReading(Reading):
    """One claim with a figure. Its event is that the truth lies within a factor of what is stated."""

    def __init__(
        self, account: Account, links: dict[int, LinkAccount], unit: int, context: Context, tree: FigureTree,
        figures: Figures, claim: str, said_of: int, mine: Mask, quantities: Sequence[Quantity],
    ) -> None:  # fmt: skip
        self.figure_tree, self.figures, self.claim_id, self.mine = tree, figures, claim, mine
        rows = [row for row in account.reports_of[unit].tolist() if mine[row]]
        first = min(rows, key=lambda row: (account.scored.coded.start[row], account.scored.coded.rank[row]))
        self.stated = quantities[first]
        self.words = Words.of(self.stated, account.policy)
        self.event = tree.event(self.words)
        unit_rule = account.policy.unit_of(self.stated.unit)
        self.unit_rule = None if unit_rule is None else unit_rule.id
        super().__init__(account, links, unit, 0, context)
        self.said_of = said_of

    def _numbers(self) -> tuple[float, float, float, Floats]:
        p = self._chance(self.figures.p)
        after = self._all(self.figures.so_far)
        return float(after[0]), float(log_odds_db(p)), p, np.diff(after)

    def _all(self, so_far: Floats) -> Floats:
        """The event's log-odds in decibans for each row of posteriors over cells."""
        return log_odds_db(np.clip(so_far @ self.event, TINY, 1.0 - TINY))

    def _chance(self, p: Floats) -> float:
        """The probability of the event, kept off 0 and 1 so that log-odds stay finite."""
        return float(np.clip(self.event @ p, TINY, 1.0 - TINY))

    def shares(self, rows: Ints) -> tuple[float, float]:
        """Of the weight of φ_q, by the grades of the numbers that set it: types that carry others have the rule's."""
        rule = next(rule for rule in self.account.policy.numbers if rule.id == KNOWS)
        parts = [(own_db(blur.fidelity), rule.effect[0].grade if blur.knows_magnitude else None, node)
                 for node, blur in self.figure_tree.blurs.items() if node in self.nodes]  # fmt: skip
        total = sum(db for db, _, _ in parts)
        if not total:
            return 0.0, 0.0
        measured = elicited = 0.0
        for db, grade, node in parts:
            row = self.scored.parameters.origin_row[[node]]
            share = (float(grade in "AB"), float(grade == "D")) if grade else grades(self.account, row)
            measured, elicited = measured + db * share[0], elicited + db * share[1]
        return measured / total, elicited / total

    def interval(self) -> tuple[None, None]:
        """A figure's uncertainty is its own low and high."""
        return None, None

    def spread(self) -> None:
        """No interval is drawn."""
        return

    def unreliable(self) -> bool:
        """No interval is drawn."""
        return False

    def checks(self) -> tuple[dict[str, Any], ...]:
        """What to check next."""
        return tuple(figure_checks(self.account, self.figure_tree, self.figures, self.event))

    def tipping_points(self) -> tuple[TippingPoint, ...]:
        """How often each source would have to know the figure for the rating to be another word."""
        return figure_tipping(self.account, self.figure_tree, self.event, self.exact_p)

    def about(self, row: int) -> bool:
        """Whether a report states this claim's figure."""
        return bool(self.mine[row])

    def p_without(self, node: int) -> float:
        """The rating without a node."""
        return self._chance(self.figure_tree.p_without(node))

    def db_without(self, node: int) -> float:
        """Its log-odds without a node."""
        return float(log_odds_db(self.p_without(node)))

    def bars_without(self, node: int) -> Floats:
        """The bars of the children that are left; 0 for one left out."""
        left = self.figure_tree.without(node)
        bars = np.zeros(len(self.children))
        bars[np.isin(self.children, left.children)] = np.diff(self._all(left.so_far))
        return bars

    def p_after(self, n: int) -> float:
        """The chance of the event once the first n children have spoken."""
        return rounded(self._chance(self.figures.so_far[n]), 4)

    def p_in_the_end(self) -> float:
        """The rating."""
        return self.p

    def claim(self, reports: list[Report]) -> RatedClaim:
        """The claim with its figure, and the question that it answers with others."""
        mine = [report for report in reports if report.claim == self.claim_id]
        question = self.scored.coded.units[self.unit].id.split(SEPARATOR)[0]
        text = self.context.texts.get(self.claim_id) or earliest_text(mine) or self.claim_id
        return RatedClaim(id=self.claim_id, text=text, question=question if question != self.claim_id else None)

    def quantity(self) -> dict[str, Any]:
        """Low, best, high (5, 50, 95 %) of the true number, what was stated, and the picture of its density."""
        grid = self.figures.grid
        ends = {name: float(round(grid.point(self.figures.p, share))) for name, share in POINTS.items()}
        return {
            **{name: int(end) for name, end in ends.items()},
            "unit": self.stated.unit, "stated": _whole(self.stated.value), "op": self.stated.op,
            "stated_high": _whole(self.stated.high), "p_as_stated": self.p, "within": self.figure_tree.within,
            "at_least": [{"value": _whole(value), "p": rounded(at_least(grid, self.figures.p, value), 4)}
                         for value in self.context.at_least],
            "density": density(grid, self.figures.p),
        }  # fmt: skip

    def tree(self) -> tuple[Node, ...]:
        """The nodes; an origin's fidelity is φ_q and its channel the blur. Guesses are the prior predictive."""
        found = []
        for node, record in zip(self.nodes.tolist(), tree_of(self.account, self.nodes), strict=True):
            blur = self.figure_tree.blurs.get(node)
            shown: dict[str, Any] = {"guess": (), "p": None}
            if blur is not None:
                sigma = self.figure_tree.sayings.spread
                shown |= {"fidelity": six(blur.fidelity),
                          "blur": {"sigma": sigma, "bias_low": blur.low, "bias_high": blur.high}}  # fmt: skip
            elif record.kind == "bloc":
                shown["fidelity"] = 1.0
            elif record.kind == "common-error":
                shown["p"] = rounded(self._chance(self.figures.so_far[-1]), 4)
            found.append(record.model_copy(update=shown))
        return tuple(found)

    def link_accounts(self) -> tuple[LinkAccount, ...]:
        """Origins' φ_q as a weight; shifts act on it only where it is the type's own φ."""
        found = []
        for node in self.nodes.tolist():
            if node not in self.links:
                continue
            account, blur = self.links[node], self.figure_tree.blurs.get(node)
            if blur is not None:
                own = {"base_db": rounded(own_db(blur.fidelity), 2), "shifts": (), "clamp_db": 0.0, "clamp": None}
                knows = {**own, "weight_db": own["base_db"]} if blur.knows_magnitude else {}
                by = (KNOWS,) if blur.knows_magnitude else account.set_by
                rules = [rule for rule in (blur.rule, self.unit_rule) if rule is not None]
                account = account.model_copy(update={"guess": None, **knows, "set_by": (*by, *rules)})
            found.append(account)
        return tuple(found)


def density(grid: Grid, p: Floats) -> list[list[float]]:
    """The picture of a figure: [value, probability of its bin] over at most 48 bins in ln x that hold all but .002."""
    low, high = grid.point(p, 0.001), grid.point(p, 0.999)
    found = [[0.0, rounded(float(p[0]), 5)]] if p[0] > 0.0005 else []
    start = max(low, float(np.exp(grid.edges[0])))
    if high <= start:
        return found
    ends = np.exp(np.linspace(np.log(start), np.log(high), PICTURE_BINS + 1))
    for a, b in pairwise(ends.tolist()):
        share = grid.overlap(a, b)
        share[0] = 0.0
        found.append([six((a * b) ** 0.5), rounded(float(share @ p), 5)])
    return found


def at_least(grid: Grid, p: Floats, value: float) -> float:
    """The probability that the true number is at least a value, cut cells counted by their overlap in ln x."""
    if value <= 0.0:
        return 1.0
    share = grid.overlap(value, np.inf)
    return float(share @ p)


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
