"""One claim (or one alternative of a question) read off an account, as a rating record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from reliability.model.base import canonical_json, sha256
from reliability.model.dates import date_span
from reliability.model.rating import (
    Bar,
    Counts,
    Digest,
    Interval,
    LinkAccount,
    Node,
    RatedClaim,
    Rating,
    RelatedClaim,
    Said,
    Spread,
    TippingPoint,
    Verdict,
    Without,
)
from reliability.model.report import Report
from reliability.model.rounding import rounded, six
from reliability.reasoning.account import TOGETHER, Account
from reliability.reasoning.admiralty import admiralty_codes
from reliability.reasoning.confidence import Standing, confidence
from reliability.reasoning.flags import Evidence, flags_of
from reliability.reasoning.links import grades
from reliability.reasoning.next_checks import next_checks
from reliability.reasoning.picture import chains_of, tree_of
from reliability.reasoning.tipping import tipping_points
from reliability.rules.policy import Policy
from reliability.scoring.channel import DB, Floats, log_odds_db, posterior
from reliability.scoring.paths import BLOC, CROWD, ORIGIN, RELAY, SILENCE
from reliability.scoring.trie import Ints

FIRM_DB = 1e-9
MOST_DB = 9_999.0


@dataclass(frozen=True)
class Context:
    """What ratings need beside the reports: the policy, names of claims, what they resemble, versions."""

    policy: Policy
    engine: str
    libraries: Mapping[str, str]
    models: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Alternatives of questions that stand although no report names them."""
    copied: Mapping[str, str] = field(default_factory=dict)
    """Evidence that an article is a copy, by its id."""
    at_least: tuple[float, ...] = ()
    """Of which numbers claims with a figure say how likely it is that there are as many."""
    explained: bool = True
    """Whether records have what only explains them: tipping points, next checks, chains, trees, Admiralty codes."""
    with_intervals: bool = True
    """Whether intervals are drawn; else records have none."""
    newest: int | None = None
    """The microsecond that `stale` is measured from: the newest report's, or the `as_of` day's."""


class Reading:
    """One claim (or one alternative of a question) read off an account."""

    def __init__(
        self, account: Account, links: dict[int, LinkAccount], unit: int, answer: int, context: Context
    ) -> None:
        self.account, self.scored, self.links = account, account.scored, links
        self.unit, self.answer, self.context = unit, answer, context
        self.said_of = None if self.scored.coded.units[unit].alternatives is None else answer
        self.nodes = account.nodes_of[unit]
        self.children = account.children[unit]
        self.rows = account.reports_of[unit]
        self.prior_db, self.tree_db, self.exact_p, self.bars = self._numbers()
        self.p = rounded(self.exact_p, 4)
        self.mapped = account.recalibration if self.scored.ratings.plain[unit] else None
        self.ratio_db = self.tree_db if self.mapped is None else float(log_odds_db(self.exact_p))
        self.without_prior_db = self.tree_db - self.prior_db
        self.assessed = self.is_assessed(self.without_prior_db, lambda: self.bars)
        least = account.policy.constants["support-db"] - FIRM_DB
        self.contested = bool((self.bars >= least).any() and (self.bars <= -least).any())

    def _numbers(self) -> tuple[float, float, float, Floats]:
        """The prior's bar, the log-ratio of the tree with the prior in it, the rating, and the children's bars."""
        scored, unit, answer = self.scored, self.unit, self.answer
        self.rival = self.account.rival(unit, answer)
        prior, p = scored.priors.prior[:, unit], scored.tree_p[:, unit]
        ratio = DB * np.log(p[answer] / p[self.rival]) if scored.k > 2 else log_odds_db(p[answer])
        bars = self.account.bar_db(scored.up.sent[:, self.children], answer, self.rival)
        return float(DB * np.log(prior[answer] / prior[self.rival])), float(ratio), float(scored.p[answer, unit]), bars

    def interval(self) -> tuple[float | None, float | None]:
        """The 5 and 95 % points, None where they are unreliable."""
        ends = [float(getattr(self.account.intervals, end)[self.answer, self.unit]) for end in ("low", "high")]
        low, high = (None if np.isnan(end) else rounded(end, 2) for end in ends)
        return low, high

    def spread(self) -> Interval | None:
        """How the interval was computed, and whose reliability it is the spread of; None where none was drawn."""
        drawn, at = self.account.intervals, (self.answer, self.unit)
        if not drawn.points[self.unit] or np.isnan(drawn.low[at]):
            return None
        shares: dict[str, float] = {}
        for node in self.nodes[~np.isnan(drawn.share[self.answer, self.nodes])].tolist():
            is_crowd = self.scored.paths.kind[node] == CROWD
            name = self.account.labels[node] if is_crowd else self.account.source_name(node)
            share = rounded(float(drawn.share[self.answer, node]), 2)
            shares[name] = max(share, shares.get(name, 0.0))
        return Interval(
            points=int(drawn.points[self.unit]), low_error=rounded(float(drawn.low_error[at]), 4),
            high_error=rounded(float(drawn.high_error[at]), 4),
            shares=tuple(Spread(source=source, share=share)
                         for source, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))),
        )  # fmt: skip

    def p_without(self, node: int) -> float:
        """The rating without a node and all below it, unrounded."""
        return float(self.account.without_p[self.answer, node])

    def db_without(self, node: int) -> float:
        """What `tree_db` is without a node."""
        p = self.account.without_tree_p[:, node]
        if self.scored.k == 2:
            return float(log_odds_db(p[self.answer]))
        return float(DB * np.log(p[self.answer] / p[self.rival]))

    def bars_without(self, node: int) -> Floats:
        """The bars of the common error's children when a node is left out."""
        top = self.account.bar_db(self.account.without_top[:, [node]], self.answer, self.rival)[0]
        above = self.child_above(node)
        return np.where(self.children == above, 0.0 if above == node else top, self.bars)

    def child_above(self, node: int) -> int:
        """The child of the common error that a node is or hangs under."""
        parent = self.scored.paths.trie.parent
        while node not in self.children:
            node = int(parent[node])
        return node

    def is_assessed(self, weight_db: float, bars: Callable[[], Floats]) -> bool:
        """Whether a weight (without the prior's), or else one of the bars, is enough to speak."""
        least = self.account.policy.constants["assessed-db"]
        return bool(abs(weight_db) >= least or (np.abs(bars()) >= least).any())

    def rating(self) -> Rating:
        """The whole record."""
        account, scored, unit, explained = self.account, self.scored, self.unit, self.context.explained
        removed = self._removable()
        standing, evidence = self._standing(removed)
        fields = self._gate_fields(standing, evidence)
        level, gate_flags = confidence(standing, account.policy, fields)
        one = scored.coded.units[unit]
        low, high = self.interval()
        reports = self.read_in()
        scales = account.scales
        verdict = Verdict(
            p=self.p, low=low, high=high,
            weight_db=self._rounded_total(), assessed=self.assessed,
            icd203=scales.icd203.word(self.p) if self.assessed else None,
            phia=scales.phia.word(self.p) if self.assessed else None,
            analytic_confidence=level, elicited_share=rounded(standing.share_elicited, 4),
            scales={name: other.word(self.p) if self.assessed else None for name, other in scales.others.items()},
        )  # fmt: skip
        flags = sorted({*flags_of(evidence), *gate_flags})
        claim = self.claim(reports)
        return Rating(
            claim=claim, rating=verdict, said_so=self._said(), counts=self._counts(), flags=tuple(flags),
            waterfall=self._waterfall(), recalibration=self.mapped,
            quantity=self.quantity(), links=self.link_accounts(),
            tree=self.tree() if explained else (), alternatives=one.alternatives,
            prior=None if one.alternatives is None else tuple(six(float(x)) for x in scored.priors.prior[:, unit]),
            admiralty=admiralty_codes(self) if explained else (),
            interval=self.spread(),
            tipping_points=self.tipping_points() if explained else (),
            without=tuple(self._without(node) for node in removed),
            next_checks=self.checks() if explained else (),
            chains=chains_of(account, self.rows, self.context.copied) if explained else (),
            reports=tuple(report.key for report in reports),
            related=tuple(RelatedClaim(claim=c, similarity=s) for c, s in self.context.related.get(claim.id, ())),
            digest=Digest(
                inputs="sha256:" + sha256("\n".join(canonical_json({"id": r.key, **r.content}) for r in reports)),
                rules=account.policy.digest, engine=self.context.engine, libraries=dict(self.context.libraries),
                models=dict(self.context.models)),
        )  # fmt: skip

    def read_in(self) -> list[Report]:
        """The reports on the claim, or on its question or family, in order of their ids."""
        return [self.scored.reports[row] for row in self.rows]

    def quantity(self) -> dict[str, Any] | None:
        """A figure's readings; none for what is true or false."""
        return None

    def tree(self) -> tuple[Node, ...]:
        """The claim's nodes."""
        if self.unit not in self.account.trees:
            self.account.trees[self.unit] = tree_of(self.account, self.nodes)
        return self.account.trees[self.unit]

    def link_accounts(self) -> tuple[LinkAccount, ...]:
        """The numbers of the claim's links."""
        return tuple(self.links[node] for node in self.nodes.tolist() if node in self.links)

    def shares(self, rows: Ints) -> tuple[float, float]:
        """Of the weight on origins' links, the shares that rest on measured (A, B) and on elicited (D) numbers."""
        return grades(self.account, rows)

    def checks(self) -> tuple[dict[str, Any], ...]:
        """What to check next."""
        return tuple(next_checks(self.account, self.unit, self.answer))

    def tipping_points(self) -> tuple[TippingPoint, ...]:
        """How reliable each source would have to be for the rating to be another word."""
        found = tipping_points(self.account).get(self.unit)
        return tuple(found[self.answer]) if found else ()

    def unreliable(self) -> bool:
        """Whether there is no interval because too few draws fit."""
        return bool(np.isnan(self.account.intervals.low[self.answer, self.unit]))

    def about(self, row: int) -> bool:
        """Whether a report is about this alternative."""
        return bool(self.scored.coded.alternative[row] == self.answer)

    def claim(self, reports: list[Report]) -> RatedClaim:
        """The proposition that is rated, with its text."""
        one = self.scored.coded.units[self.unit]
        if one.alternatives is None:
            texts = self.context.texts
            question = next((r.question for r in reports if r.question), None)
            return RatedClaim(id=one.id, text=texts.get(one.id) or earliest_text(reports) or one.id, question=question)
        name = one.alternatives[self.answer]
        mine = [r for r in reports if r.alternative == name]
        given = sorted({r.claim for r in mine if r.claim})
        return RatedClaim(id=given[0] if given else f"{one.id}={name}", text=earliest_text(mine) or name,
                          question=one.id)  # fmt: skip

    def _rounded_total(self) -> float:
        """weight_db: log-odds of p for two answers, the log-ratio less the prior's for more."""
        return rounded(_finite(self.ratio_db if self.scored.k == 2 else self.without_prior_db), 2)

    def p_after(self, n: int) -> float | tuple[float, ...]:
        """p once the prior and the first n children have spoken: all alternatives' for a question."""
        return self._so_far[n]

    @cached_property
    def _so_far(self) -> list[float | tuple[float, ...]]:
        """`p_after` each bar; a question's answers have them in common."""
        if self.unit not in self.account.bars_so_far:
            told = np.cumsum(self.scored.up.sent[:, self.children], axis=1)
            before = np.log(self.scored.priors.prior[:, [self.unit]])
            steps = posterior(np.concatenate([before, before + told], axis=1)).T
            self.account.bars_so_far[self.unit] = [self._shown(step) for step in steps]
        return self.account.bars_so_far[self.unit]

    def p_in_the_end(self) -> float | tuple[float, ...]:
        """p through the common error, as `p_after`."""
        return self._shown(self.scored.tree_p[:, self.unit])

    def _shown(self, p: Floats) -> float | tuple[float, ...]:
        if self.scored.coded.units[self.unit].alternatives is None:
            return rounded(float(p[self.answer]), 4)
        return tuple(rounded(float(x), 4) for x in p)

    def _waterfall(self) -> tuple[Bar, ...]:
        """Prior, a bar a child of the common error, what is left, the recalibration if any; rounded bars add up."""
        bars = [Bar(label="prior", kind="prior", db=rounded(self.prior_db, 2), p_after=self.p_after(0))]
        for n, (node, db) in enumerate(zip(self.children.tolist(), self.bars.tolist(), strict=True), start=1):
            label, kind = self.account.labels[node], self.account.kind(node)
            bars.append(Bar(label=label, kind=kind, db=rounded(_finite(db), 2), p_after=self.p_after(n)))
        total = self._rounded_total()
        tree = total if self.mapped is None else rounded(_finite(self.tree_db), 2)
        left = tree - sum(bar.db for bar in (bars if self.scored.k == 2 else bars[1:]))
        bars.append(Bar(label=TOGETHER, kind="common-error", db=rounded(left, 2), p_after=self.p_in_the_end()))
        if self.mapped is not None:
            label = f"recalibrated by its past record: {self.mapped.n_claims:,} settled claims"
            bars.append(Bar(label=label, kind="recalibration", db=rounded(total - tree, 2), p_after=self.p))
        return tuple(bars)

    def _said(self) -> tuple[Said, ...]:
        said, lines = self.scored.said, self.account.said_of[self.unit]
        return tuple(
            Said(origin=self.account.labels[int(said.node[i])], stance="asserts" if said.asserts[i] else "denies",
                 p=rounded(float(said.p[i]), 4))
            for i in lines.tolist()
            if self.said_of is None or said.alternative[i] == self.said_of
        )  # fmt: skip

    def _counts(self) -> Counts:
        scored = self.scored
        kind = scored.paths.kind[self.nodes]
        counting = self.rows[scored.origins.counts[self.rows]]
        outlets = scored.coded.source[scored.coded.length[counting] - 1, counting]
        return Counts(
            reports=len(self.rows), outlets=len(np.unique(outlets)), origins=int((kind == ORIGIN).sum()),
            independent=int((scored.paths.kind[self.children] != SILENCE).sum()), blocs=int((kind == BLOC).sum()),
        )  # fmt: skip

    def _removable(self) -> list[int]:
        """Children of the common error, then origins inside blocs and crowds, then relays: what is left out in turn."""
        kind = self.scored.paths.kind[self.nodes]
        inner = np.isin(self.nodes, self.children, invert=True)
        origins = self.nodes[((kind == ORIGIN) | (kind == SILENCE)) & inner]
        relays = self.nodes[(kind == RELAY) & ~self.account.outlet[self.nodes]]
        return [*self.children.tolist(), *origins.tolist(), *relays.tolist()]

    def _without(self, node: int) -> Without:
        p = rounded(self.p_without(node), 4)
        left = _finite(self.db_without(node))
        assessed = self.is_assessed(left - self.prior_db, lambda: self.bars_without(node))
        if self.mapped is not None:
            left = _finite(float(log_odds_db(self.p_without(node))))
        return Without(
            label=self.account.labels[node], kind=self.account.kind(node), p=p,
            weight_db=rounded(left if self.scored.k == 2 else left - self.prior_db, 2),
            icd203=self.account.scales.icd203.word(p) if assessed else None,
        )  # fmt: skip

    def _standing(self, removed: list[int]) -> tuple[Standing, Evidence]:
        account, scored = self.account, self.scored
        least = account.policy.constants["support-db"] - FIRM_DB
        direction = 1.0 if self.without_prior_db >= 0.0 else -1.0
        supporting = self.children[self.bars * direction >= least]
        words = account.scales.icd203
        moves = [(abs(words.place(rounded(self.p_without(n), 4)) - words.place(self.p)), n)
                 for n in removed]  # fmt: skip
        moved, by = max(moves, key=lambda pair: pair[0], default=(0, -1))
        rows = scored.parameters.origin_row[self.nodes]
        origin_rows = rows[rows >= 0]
        measured, elicited = self.shares(origin_rows)
        evidence = Evidence.of(account, self.unit, self.rows, self.nodes, supporting)
        standing = Standing(
            support=len(supporting), outlets=evidence.supporting_outlets, bands_moved=moved,
            moved_by=account.labels[by] if moved else None, share_measured=measured, share_elicited=elicited,
        )  # fmt: skip
        return standing, evidence.judged(
            contested=self.contested,
            beyond=self.assessed and account.scales.icd203.beyond(self.p),
            unreliable=self.unreliable(),
            newest=self.context.newest,
        )

    def _gate_fields(self, standing: Standing, evidence: Evidence) -> dict[str, object]:
        return {
            "support": standing.support, "independent": standing.support, "origins": evidence.supporting_origins,
            "outlets": evidence.supporting_outlets, "blocs": evidence.supporting_blocs,
            "reports": evidence.supporting_reports, "elicited_share": standing.share_elicited,
            "anonymous_only": evidence.anonymous_only, "hearsay_only": evidence.hearsay_only,
            "contested": self.contested, "p": self.p,
        }  # fmt: skip


def earliest_text(reports: Sequence[Report]) -> str | None:
    """A claim's text is its earliest report's: undated first, ties by id."""
    told = [r for r in reports if r.text is not None]
    first = min(told, key=lambda r: (date_span(r.published)[0] if r.published else -1, r.key), default=None)
    return None if first is None else first.text


def _finite(db: float) -> float:
    return float(np.clip(db, -MOST_DB, MOST_DB))
