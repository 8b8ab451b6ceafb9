"""Ratings read off the weighed arrays for all claims at once: what `reasoning.reading` reads off for one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from reliability.batch.gates import Gated, gated
from reliability.model.rounding import rounded
from reliability.reasoning.account import outlets_of
from reliability.reasoning.reading import FIRM_DB, MOST_DB
from reliability.reasoning.words import Scales, Wording
from reliability.rules.policy import UNKNOWN, Policy
from reliability.scoring.channel import DB, Floats, log_odds_db, posterior
from reliability.scoring.origins import graded_db
from reliability.scoring.passes import replaced_each
from reliability.scoring.paths import BLOC, ORIGIN, RELAY, SILENCE, unknown_hedges
from reliability.scoring.said_so import origin_above
from reliability.scoring.score import Weighed
from reliability.scoring.trie import Ints, distinct

Mask = NDArray[np.bool_]
P_PLACES, DB_PLACES = 4, 2
_STEPS = 10**P_PLACES
_NEAR_HALF = 2e-4


def all_rounded(values: Floats, places: int) -> Floats:
    """`rounded` of many numbers, to the bit: those near a half go through it one by one."""
    scale = 10.0**places
    scaled = np.abs(values) * scale
    near = np.flatnonzero((np.abs(scaled % 1.0 - 0.5) <= _NEAR_HALF) | (scaled >= 1e8))
    found: Floats = np.rint(values * scale) / scale + 0.0
    found[near] = [rounded(value, places) for value in values[near].tolist()]
    return found


@lru_cache(maxsize=32)
def _places(scale: Wording) -> Ints:
    """The band of each rounded p, 0 to 1 in steps of 1e-4."""
    return np.array([scale.place(step / _STEPS) for step in range(_STEPS + 1)])


@lru_cache(maxsize=32)
def _beyond(scale: Wording) -> Mask:
    """Whether each rounded p, as in `_places`, lies outside all published bands."""
    return np.array([scale.beyond(step / _STEPS) for step in range(_STEPS + 1)])


def bands(scale: Wording, p: Floats) -> Ints:
    """The band of each (rounded) probability."""
    found: Ints = _places(scale)[np.rint(p * _STEPS).astype(np.int64)]
    return found


@dataclass(frozen=True)
class Readings:
    """What is read off plain claims, (m,) each; `unit` numbers are those of the weighed call."""

    weighed: Weighed
    policy: Policy
    scales: Scales

    @cached_property
    def m(self) -> int:
        """How many claims there are."""
        return len(self.weighed.coded.units)

    @cached_property
    def p(self) -> Floats:
        """The rating, rounded."""
        return all_rounded(self.weighed.p[0], P_PLACES)

    @cached_property
    def ratio_db(self) -> Floats:
        """The log-odds of the rating."""
        return log_odds_db(self.weighed.p[0])

    @cached_property
    def tree_db(self) -> Floats:
        """The log-odds of what the tree comes to, before any recalibration."""
        return log_odds_db(self.weighed.tree_p[0])

    @cached_property
    def weight_db(self) -> Floats:
        """The log-odds, rounded."""
        return all_rounded(np.clip(self.ratio_db, -MOST_DB, MOST_DB), DB_PLACES)

    @cached_property
    def prior_db(self) -> Floats:
        """The prior's bar."""
        prior = self.weighed.priors.prior
        found: Floats = DB * np.log(prior[0] / prior[1])
        return found

    @cached_property
    def children(self) -> Ints:
        """The children of the common-error nodes."""
        trie = self.weighed.paths.trie
        here = trie.level(1) if trie.n_levels > 1 else slice(0, 0)
        return np.arange(here.start, here.stop)

    @cached_property
    def unit(self) -> Ints:
        """Each node's claim."""
        return self.weighed.paths.trie.unit

    @cached_property
    def bars(self) -> Floats:
        """The bars of the children."""
        sent = self.weighed.up.sent[:, self.children]
        found: Floats = (sent[0] - sent[1]) * DB
        return found

    def any_of(self, nodes: Ints) -> Mask:
        """Claims that have one of the nodes."""
        found = np.zeros(self.m, dtype=bool)
        found[self.unit[nodes]] = True
        return found

    def count(self, nodes: Ints) -> Ints:
        """How many of the nodes each claim has."""
        found: Ints = np.bincount(self.unit[nodes], minlength=self.m)
        return found

    @cached_property
    def assessed(self) -> Mask:
        """Whether there is enough weight, or a bar, to speak."""
        least = self.policy.constants["assessed-db"]
        large = self.any_of(self.children[np.abs(self.bars) >= least])
        found: Mask = (np.abs(self.tree_db - self.prior_db) >= least) | large
        return found

    @cached_property
    def _least(self) -> float:
        return self.policy.constants["support-db"] - FIRM_DB

    @cached_property
    def contested(self) -> Mask:
        """Bars speak for it and against it."""
        up, down = self.bars >= self._least, self.bars <= -self._least
        return self.any_of(self.children[up]) & self.any_of(self.children[down])

    @cached_property
    def supporting(self) -> Ints:
        """The children whose bars speak for the rating."""
        direction = np.where(self.tree_db - self.prior_db >= 0.0, 1.0, -1.0)
        return self.children[self.bars * direction[self.unit[self.children]] >= self._least]

    @cached_property
    def under(self) -> Mask:
        """Nodes that are supporting children or hang under one."""
        trie = self.weighed.paths.trie
        found = np.zeros(trie.n_nodes, dtype=bool)
        found[self.supporting] = True
        for level in range(2, trie.n_levels):
            here = trie.level(level)
            found[here] = found[trie.parent[here]]
        return found

    @cached_property
    def moved(self) -> Ints:
        """By how many bands the word moves at most when one part is left out."""
        weighed, kind = self.weighed, self.weighed.paths.kind
        inner = np.ones(len(kind), dtype=bool)
        inner[self.children] = False
        inner[weighed.paths.trie.level(0)] = False
        relays = (kind == RELAY) & ~outlets_of(weighed.paths)
        wanted = relays | (((kind == ORIGIN) | (kind == SILENCE)) & inner)
        wanted[self.children] = True
        removed = np.flatnonzero(wanted)
        now, _ = replaced_each(weighed.paths.trie, weighed.parameters.channels, weighed.up, nodes=removed)
        unit = self.unit[removed]
        tree = posterior(np.log(weighed.priors.prior)[:, unit] + now)
        p = all_rounded(weighed.ratings.p(tree, unit)[0], P_PLACES)
        here = bands(self.scales.icd203, self.p)
        found = np.zeros(self.m, dtype=np.int64)
        np.maximum.at(found, unit, np.abs(bands(self.scales.icd203, p) - here[unit]))
        return found

    @cached_property
    def origins(self) -> tuple[Ints, Ints]:
        """The nodes of origins (and silent ones), claim by claim, and their rows among the origins' links."""
        rows = self.weighed.parameters.origin_row
        nodes = np.flatnonzero(rows >= 0)
        nodes = nodes[np.argsort(self.unit[nodes], kind="stable")]
        return nodes, rows[nodes]

    @cached_property
    def shares(self) -> tuple[Floats, Floats]:
        """Of the weight on origins' links, the shares of measured (A, B) and of elicited (D) numbers."""
        nodes, rows = self.origins
        graded = graded_db(self.weighed.links, self.policy, self.weighed.coded.type_ids)[:, rows]
        total, measured, elicited = (np.bincount(self.unit[nodes], part, minlength=self.m) for part in graded)
        whole = np.where(total > 0.0, total, 1.0)
        return measured / whole, elicited / whole

    @cached_property
    def weighty(self) -> Mask:
        """Which of `origins` have weight."""
        found: Mask = self.weighed.links.weight_db[self.origins[1]] > 0.0
        return found

    @cached_property
    def backing(self) -> Mask:
        """(n_nodes,): origins with weight in what supports the rating."""
        nodes = self.origins[0]
        found = np.zeros(len(self.under), dtype=bool)
        found[nodes[self.weighty & self.under[nodes]]] = True
        return found

    @cached_property
    def counting(self) -> Ints:
        """The rows of counting reports."""
        return self.weighed.paths.reports

    @cached_property
    def supports(self) -> Mask:
        """Which counting reports stand under a backing origin."""
        above = origin_above(self.weighed.paths)[self.weighed.paths.trie.terminal]
        return np.where(above >= 0, self.backing[above], False)

    @cached_property
    def outlet(self) -> Ints:
        """The source code of each counting report's outlet."""
        coded, rows = self.weighed.coded, self.counting
        found: Ints = coded.source[coded.length[rows] - 1, rows]
        return found

    def outlets(self, among: Mask | None = None) -> Ints:
        """How many outlets each claim has, among some of the counting reports."""
        unit = self.weighed.coded.unit[self.counting].astype(np.int64)
        pairs = unit * len(self.weighed.coded.source_keys) + self.outlet
        told = distinct(pairs if among is None else pairs[among])
        found: Ints = np.bincount(told // len(self.weighed.coded.source_keys), minlength=self.m)
        return found

    def rows_any(self, mask: Mask, rows: Ints | None = None) -> Mask:
        """Claims of which a row (or one of `rows`) is marked."""
        unit = self.weighed.coded.unit if rows is None else self.weighed.coded.unit[rows]
        found = np.zeros(self.m, dtype=bool)
        found[unit[mask]] = True
        return found

    def all_weighty(self, holds: Mask) -> Mask:
        """Claims with an origin of weight, all of which hold something."""
        nodes = self.origins[0]
        return self.any_of(nodes[self.weighty]) & ~self.any_of(nodes[self.weighty & ~holds])

    @cached_property
    def independent(self) -> Ints:
        """Children that are no silences."""
        return self.count(self.children[self.weighed.paths.kind[self.children] != SILENCE])

    def of_kind(self, kind: int) -> Ints:
        """How many nodes of a kind each claim has."""
        return self.count(np.flatnonzero(self.weighed.paths.kind == kind))

    @cached_property
    def gated(self) -> Gated:
        """Analytic confidence and the flags of gates."""
        descriptor = np.array([self.policy.types[t].descriptor for t in self.weighed.coded.type_ids])
        anonymous = descriptor[self.weighed.links.type[self.origins[1]]]
        measured, elicited = self.shares
        under_blocs = np.flatnonzero(self.under & (self.weighed.paths.kind == BLOC))
        return gated(
            self.policy, support=self.count(self.supporting), moved=self.moved, measured=measured,
            fields={
                "origins": self.count(np.flatnonzero(self.backing)), "outlets": self.outlets(self.supports),
                "blocs": self.count(under_blocs),
                "reports": np.bincount(self.weighed.coded.unit[self.counting[self.supports]], minlength=self.m),
                "elicited_share": elicited, "anonymous_only": self.all_weighty(anonymous),
                "hearsay_only": self.hearsay, "contested": self.contested, "p": self.p,
            },
        )  # fmt: skip

    @cached_property
    def hearsay(self) -> Mask:
        """Nobody of weight was there, or is named."""
        rows = self.origins[1]
        descriptor = np.array([self.policy.types[t].descriptor for t in self.weighed.coded.type_ids])
        found = descriptor[self.weighed.links.type[rows]]
        column = self.weighed.links.described.columns.get("first_hand")
        if column is not None:
            said_no = np.array([*(value is False for value in column.values), False])
            found = found | said_no[column.codes[rows]]
        return self.all_weighty(found)

    def flags(self) -> dict[str, Mask]:
        """Which claims each flag is raised on, but `stale` and what needs intervals."""
        weighed = self.weighed
        coded, origins, links = weighed.coded, weighed.origins, weighed.links
        nodes, rows = self.origins
        last = weighed.origins.type[coded.length[self.counting] - 1, self.counting]
        unknown = np.asarray(last == coded.type_ids.index(UNKNOWN))
        strange = [coded.hedges.index(words) for words in unknown_hedges(coded, self.policy)]
        hedged = np.logical_or.reduce(np.isin(coded.hedge[:, self.counting], strange))
        relays = weighed.parameters.relays
        inconsistent = (
            self.rows_any(origins.inconsistent) | self.any_of(nodes[links.described.inconsistent[rows]])
            | self.any_of(relays.node[relays.described.inconsistent])
        )  # fmt: skip
        return {
            "single-source": self.independent == 1, "single-outlet": self.outlets() == 1,
            "contested": self.contested, "hearsay-only": self.hearsay,
            "superseded": self.rows_any(origins.superseded | origins.retracted),
            "worse-than-chance": self.any_of(nodes[links.worse_than_chance[rows]]),
            "unknown-outlet": self.rows_any(unknown, self.counting),
            "unknown-hedge": self.rows_any(hedged, self.counting), "inconsistent-link": inconsistent,
            "beyond-scale": self.assessed & _beyond(self.scales.icd203)[np.rint(self.p * _STEPS).astype(np.int64)],
            "no-standing-report": self.independent == 0, **self.gated.flags,
        }  # fmt: skip

    @cached_property
    def newest(self) -> Ints:
        """The last microsecond of each claim's newest report, −1 where none has a date."""
        found = np.full(self.m, -1, dtype=np.int64)
        np.maximum.at(found, self.weighed.coded.unit, self.weighed.coded.end)
        return found
