"""From an account to rating records: one a claim, one an alternative of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reliability.model.base import canonical_json, sha256
from reliability.model.dates import date_span
from reliability.model.rating import (
    Bar,
    Counts,
    Digest,
    LinkAccount,
    RatedClaim,
    Rating,
    RelatedClaim,
    Said,
    TippingPoint,
    Verdict,
    Without,
)
from reliability.model.report import Report
from reliability.model.rounding import rounded, six
from reliability.reasoning.account import TOGETHER, Account, log_odds_db
from reliability.reasoning.admiralty import admiralty_codes
from reliability.reasoning.confidence import Standing, confidence
from reliability.reasoning.flags import Evidence, flags_of
from reliability.reasoning.links import accounts_of_links, grades
from reliability.reasoning.picture import chains_of, tree_of
from reliability.reasoning.tipping import tipping_points
from reliability.rules.policy import Policy
from reliability.scoring.channel import DB, Floats, posterior
from reliability.scoring.paths import BLOC, ORIGIN, RELAY
from reliability.scoring.score import score

FIRM_DB = 1e-9


@dataclass(frozen=True)
class Context:
    """What ratings need beside the reports: the policy, names of claims, what they resemble, versions."""

    policy: Policy
    engine: str
    libraries: Mapping[str, str]
    models: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    newest: int | None = None
    """The microsecond that `stale` is measured from: the newest report's, or the `as_of` day's."""


def ratings_of(reports: Sequence[Report], context: Context) -> list[Rating]:
    """Rate reports that all are statements with a claim (or question and alternative); claims in id order.

    Raises what `reliability.scoring.score.score` raises.
    """
    found: list[Rating] = []
    for scored in score(reports, context.policy):
        account = Account.of(scored, context.policy)
        links = accounts_of_links(account)
        tipping = tipping_points(account)
        for unit in range(len(scored.coded.units)):
            answers = range(scored.k) if scored.coded.units[unit].alternatives else range(1)
            found.extend(_Reading(account, links, unit, answer, context).rating(tipping) for answer in answers)
    return sorted(found, key=lambda rating: (rating.claim.question or rating.claim.id, rating.claim.id))


class _Reading:
    """One claim (or one alternative) read off an account."""

    def __init__(
        self, account: Account, links: dict[int, LinkAccount], unit: int, answer: int, context: Context
    ) -> None:
        scored = account.scored
        self.account, self.scored, self.links = account, scored, links
        self.unit, self.answer, self.context = unit, answer, context
        self.rival = account.rival(unit, answer)
        self.nodes = account.nodes_of[unit]
        self.children = account.children[unit]
        self.rows = account.reports_of[unit]
        self.bars = account.bar_db(scored.up.sent[:, self.children], answer, self.rival)
        self.prior_db = float(DB * np.log(scored.priors.prior[answer, unit] / scored.priors.prior[self.rival, unit]))
        self.p = rounded(float(scored.p[answer, unit]), 4)
        total = scored.p[[answer, self.rival], unit]
        self.ratio_db = float(DB * np.log(total[0] / total[1])) if scored.k > 2 else log_odds_db(float(total[0]))
        self.without_prior_db = self.ratio_db - self.prior_db
        self.assessed = self._is_assessed(self.without_prior_db, self.bars)
        self.contested = bool((self.bars >= 1.0).any() and (self.bars <= -1.0).any())

    def _is_assessed(self, weight_db: float, bars: Floats) -> bool:
        least = self.account.policy.constants["assessed-db"]
        return bool(abs(weight_db) >= least or (np.abs(bars) >= least).any())

    def rating(self, tipping: dict[int, list[TippingPoint]]) -> Rating:
        account, scored, unit = self.account, self.scored, self.unit
        removed = self._removable()
        standing, evidence = self._standing(removed)
        fields = self._gate_fields(standing, evidence)
        level, gate_flags = confidence(standing, account.policy, fields)
        one = scored.coded.units[unit]
        low, high = (float(getattr(account.intervals, end)[self.answer, unit]) for end in ("low", "high"))
        reports = [scored.reports[row] for row in self.rows]
        scales = account.scales
        verdict = Verdict(
            p=self.p, low=None if np.isnan(low) else rounded(low, 2), high=None if np.isnan(high) else rounded(high, 2),
            weight_db=self._rounded_total(), assessed=self.assessed,
            icd203=scales.icd203.word(self.p) if self.assessed else None,
            phia=scales.phia.word(self.p) if self.assessed else None,
            analytic_confidence=level, elicited_share=rounded(standing.share_elicited, 4),
        )  # fmt: skip
        flags = sorted({*flags_of(evidence), *gate_flags})
        claim = self._claim(reports)
        tree = tree_of(account, self.nodes)
        return Rating(
            claim=claim, rating=verdict, said_so=self._said(), counts=self._counts(), flags=tuple(flags),
            waterfall=self._waterfall(),
            links=tuple(self.links[node] for node in self.nodes.tolist() if node in self.links),
            tree=tree, alternatives=one.alternatives,
            prior=None if one.alternatives is None else tuple(six(float(x)) for x in scored.priors.prior[:, unit]),
            admiralty=admiralty_codes(account, self.rows, self.children, removed),
            tipping_points=tuple(tipping.get(unit, [])) if scored.k == 2 and one.alternatives is None else (),
            without=tuple(self._without(node) for node in removed),
            chains=chains_of(account, self.rows), reports=tuple(report.key for report in reports),
            related=tuple(RelatedClaim(claim=c, similarity=s) for c, s in self.context.related.get(claim.id, ())),
            digest=Digest(
                inputs="sha256:" + sha256("\n".join(canonical_json({"id": r.key, **r.content}) for r in reports)),
                rules=account.policy.digest, engine=self.context.engine, libraries=dict(self.context.libraries),
                models=dict(self.context.models)),
        )  # fmt: skip

    def _claim(self, reports: list[Report]) -> RatedClaim:
        one = self.scored.coded.units[self.unit]
        if one.alternatives is None:
            texts = self.context.texts
            question = next((r.question for r in reports if r.question), None)
            return RatedClaim(id=one.id, text=texts.get(one.id) or _earliest_text(reports) or one.id, question=question)
        name = one.alternatives[self.answer]
        mine = [r for r in reports if r.alternative == name]
        given = sorted({r.claim for r in mine if r.claim})
        return RatedClaim(id=given[0] if given else f"{one.id}={name}", text=_earliest_text(mine) or name,
                          question=one.id)  # fmt: skip

    def _rounded_total(self) -> float:
        """weight_db: log-odds of p for two answers, the log-ratio less the prior's for more."""
        return rounded(_finite(self.ratio_db if self.scored.k == 2 else self.without_prior_db), 2)

    def _waterfall(self) -> tuple[Bar, ...]:
        """Prior, one bar a child of the common error, and what is left to the rating; the rounded bars add up."""
        account, scored, unit = self.account, self.scored, self.unit
        many = scored.coded.units[unit].alternatives is not None

        def after(log_weights: Floats) -> float | tuple[float, ...]:
            p = posterior(log_weights)
            return tuple(rounded(float(x), 4) for x in p) if many else rounded(float(p[self.answer]), 4)

        so_far = np.log(scored.priors.prior[:, unit])
        prior_db = rounded(self.prior_db, 2)
        bars = [Bar(label="prior", kind="prior", db=prior_db, p_after=after(so_far))]
        for node, db in zip(self.children.tolist(), self.bars.tolist(), strict=True):
            so_far = so_far + scored.up.sent[:, node]
            bars.append(
                Bar(label=account.labels[node], kind=account.kind(node), db=rounded(db, 2), p_after=after(so_far))
            )
        counted = bars if scored.k == 2 else bars[1:]
        left = self._rounded_total() - sum(bar.db for bar in counted)
        final = tuple(rounded(float(x), 4) for x in scored.p[:, unit]) if many else self.p
        return (*bars, Bar(label=TOGETHER, kind="common-error", db=rounded(left, 2), p_after=final))

    def _said(self) -> tuple[Said, ...]:
        said, trie = self.scored.said, self.scored.paths.trie
        lines = np.flatnonzero(trie.unit[said.node] == self.unit) if said.node.size else np.zeros(0, dtype=np.int64)
        many = self.scored.coded.units[self.unit].alternatives is not None
        return tuple(
            Said(origin=self.account.labels[int(said.node[i])], stance="asserts" if said.asserts[i] else "denies",
                 p=rounded(float(said.p[i]), 4))
            for i in lines.tolist()
            if not many or said.alternative[i] == self.answer
        )  # fmt: skip

    def _counts(self) -> Counts:
        scored = self.scored
        kind = scored.paths.kind[self.nodes]
        counting = self.rows[scored.origins.counts[self.rows]]
        outlets = scored.coded.source[scored.coded.length[counting] - 1, counting]
        return Counts(
            reports=len(self.rows), outlets=len(np.unique(outlets)), origins=int((kind == ORIGIN).sum()),
            independent=len(self.children), blocs=int((kind == BLOC).sum()),
        )  # fmt: skip

    def _removable(self) -> list[int]:
        """Children of the common error, then origins inside blocs and crowds, then relays: what is left out in turn."""
        kind = self.scored.paths.kind[self.nodes]
        inner = np.isin(self.nodes, self.children, invert=True)
        origins = self.nodes[(kind == ORIGIN) & inner]
        relays = self.nodes[(kind == RELAY) & ~self.account.outlet[self.nodes]]
        return [*self.children.tolist(), *origins.tolist(), *relays.tolist()]

    def _left_db(self, node: int) -> float:
        """The weight without a node, in decibans: K = 2 the log-odds of what is left, else against the rival."""
        p = self.account.without_p[:, node]
        if self.scored.k == 2:
            return log_odds_db(float(p[self.answer]))
        return float(DB * np.log(p[self.answer] / p[self.rival])) - self.prior_db

    def bars_without(self, node: int) -> Floats:
        """The bars of the common error's children when a node is left out."""
        top = self.account.bar_db(self.account.without_top[:, [node]], self.answer, self.rival)[0]
        above = node
        parent = self.scored.paths.trie.parent
        while above not in self.children:
            above = int(parent[above])
        return np.where(self.children == above, 0.0 if above == node else top, self.bars)

    def _without(self, node: int) -> Without:
        p = rounded(float(self.account.without_p[self.answer, node]), 4)
        left = _finite(self._left_db(node))
        weight = left - (self.prior_db if self.scored.k == 2 else 0.0)
        assessed = self._is_assessed(weight, self.bars_without(node))
        return Without(
            label=self.account.labels[node], kind=self.account.kind(node), p=p, weight_db=rounded(left, 2),
            icd203=self.account.scales.icd203.word(p) if assessed else None,
        )  # fmt: skip

    def _standing(self, removed: list[int]) -> tuple[Standing, Evidence]:
        account, scored = self.account, self.scored
        least = account.policy.constants["support-db"] - FIRM_DB
        direction = 1.0 if self.without_prior_db >= 0.0 else -1.0
        supporting = self.children[self.bars * direction >= least]
        words = account.scales.icd203
        moves = [(abs(words.place(rounded(float(account.without_p[self.answer, n]), 4)) - words.place(self.p)), n)
                 for n in removed]  # fmt: skip
        moved, by = max(moves, key=lambda pair: pair[0], default=(0, -1))
        rows = scored.parameters.origin_row[self.nodes]
        origin_rows = rows[rows >= 0]
        measured, elicited = grades(account, origin_rows)
        evidence = Evidence.of(account, self.unit, self.rows, self.nodes, supporting)
        standing = Standing(
            support=len(supporting), outlets=evidence.supporting_outlets, bands_moved=moved,
            moved_by=account.labels[by] if moved else None, share_measured=measured, share_elicited=elicited,
        )  # fmt: skip
        return standing, evidence.judged(
            contested=self.contested,
            beyond=self.assessed and account.scales.icd203.beyond(self.p),
            unreliable=bool(np.isnan(account.intervals.low[self.answer, self.unit])),
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


def _earliest_text(reports: Sequence[Report]) -> str | None:
    """A claim's text is its earliest report's: undated first, ties by id."""
    told = [r for r in reports if r.text is not None]
    first = min(told, key=lambda r: (date_span(r.published)[0] if r.published else -1, r.key), default=None)
    return None if first is None else first.text


def _finite(db: float) -> float:
    return float(np.clip(db, -9_999.0, 9_999.0))
