"""Figures: what several sources' numbers say together of how many there were.

An origin's channel is a blur in place of its yes/no channel; a bloc's members share one bias; relays, hedges and the
common error pass on or guess as everywhere, from the prior predictive.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtr

from reliability.model.report import Quantity, Report
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES
from reliability.scoring.describe import outcomes, settings
from reliability.scoring.families import Family
from reliability.scoring.figure_words import Words
from reliability.scoring.grid import Grid
from reliability.scoring.paths import CROWD, HEDGE, hedge_probabilities
from reliability.scoring.score import Scored, score_alike
from reliability.scoring.trie import Ints

N_BIAS = 41
_Z = np.linspace(-4.0, 4.0, N_BIAS)
_Z_WEIGHT = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()
_NINETIETH = 1.645
LEAST = 1e-30
"""The least chance of any words, as −300 dB: what nothing on the grid explains tells nothing."""


@dataclass(frozen=True)
class Blur:
    """How an origin states figures: φ_q, the spread σ, the bias's 5–95 % range, whether it guesses truth's magnitude.

    `knows_magnitude` is true of types that carry others: what they don't have they still know to a factor; the figure
    of any other type is, where it is not known, a mere guess, so that φ = 0 changes nothing.
    """

    fidelity: float
    low: float
    high: float
    party: int
    knows_magnitude: bool


def statements(grid: Grid, blur: Blur, spread: float, gross: float) -> Floats:
    """The chance that an origin states a figure in each cell, given each cell as the truth: (K, K), rows the truth.

    Rows sum to 1: what would be stated beyond the grid is stated within it. Zero and other figures come from each other
    by guess only, as in `FigureTree`.
    """
    k, knows = grid.k, blur.fidelity
    lean, width = _lean_and_width(blur)
    mu = grid.middle[:, None] + lean + width * _Z[None, :]
    below = ndtr((grid.edges[None, None, :] - mu[:, :, None]) / spread)
    meant = np.einsum("xzc,z->xc", np.diff(below, axis=2), _Z_WEIGHT)
    meant /= meant.sum(axis=1, keepdims=True)
    if blur.knows_magnitude:
        wild = np.diff(ndtr((grid.edges[None, :] - grid.middle[:, None]) / gross), axis=1)
        guess = wild / wild.sum(axis=1, keepdims=True) * (k - 1) / k
    else:
        guess = np.broadcast_to(meant.mean(axis=0) * (k - 1) / k, meant.shape)
    table = np.empty((k, k))
    table[1:, 0] = (1.0 - knows) / k
    table[1:, 1:] = knows * meant + (1.0 - knows) * guess
    table[0, 0] = knows + (1.0 - knows) / k
    table[0, 1:] = (1.0 - knows) * guess.mean(axis=0)
    found: Floats = table / table.sum(axis=1, keepdims=True)
    return found


def _lean_and_width(blur: Blur) -> tuple[float, float]:
    """Mean and standard deviation, in ln x, of a bias with the 5–95 % range of the blur."""
    return 0.5 * np.log(blur.low * blur.high), 0.5 * np.log(blur.high / blur.low) / _NINETIETH


@dataclass(frozen=True)
class Figures:
    """One claim family's numbers: the posterior over the grid's cells, and what each child of the common error says.

    `children` nodes and `messages` (n_children, K), natural logs of their likelihoods up to a constant each.
    """

    grid: Grid
    children: Ints
    messages: Floats
    common_error: float

    @cached_property
    def p(self) -> Floats:
        """The rating over cells, (K,): through the common error, which guesses from the prior predictive."""
        found: Floats = self.common_error * self.so_far[-1] + (1.0 - self.common_error) / self.grid.k
        return found

    @cached_property
    def so_far(self) -> Floats:
        """The posterior over cells once the first 0, 1, … children have spoken, before the common error: (n + 1, K)."""
        joint = np.cumsum(np.vstack([np.zeros(self.grid.k), self.messages]), axis=0)
        linear: Floats = np.exp(joint - joint.max(axis=1, keepdims=True))
        linear /= linear.sum(axis=1, keepdims=True)
        return linear


def score_families(stated: Sequence[tuple[Report, Family]], policy: Policy) -> Scored:
    """The tree of all families, and every number in it that figures share with what is true or false.

    A report that states no figure itself is laid out with its claim's: it leans by its party.
    """
    filled = [
        report if report.quantity is not None
        else report.model_copy(update={"id": report.key, "quantity": family.quantity})
        for report, family in stated
    ]  # fmt: skip
    scored = score_alike(filled, policy, 2, [family.id for _, family in stated])
    return replace(scored, reports=tuple(report for report, _ in stated))


def blurs_of(scored: Scored, policy: Policy) -> dict[int, Blur]:
    """How every origin node of a call states figures."""
    links = scored.links
    found = outcomes(policy.biases, links.described, policy)
    low, _ = settings(policy.biases, found, "low", links.described.n)
    high, _ = settings(policy.biases, found, "high", links.described.n)
    low, high = np.where(np.isnan(low), 0.5, low), np.where(np.isnan(high), 2.0, high)
    party = links.described.columns["party"].codes
    knows = policy.constants["figure-knows"]
    fidelity = scored.parameters.channels.fidelity
    blurs: dict[int, Blur] = {}
    for node in np.flatnonzero(scored.parameters.origin_row >= 0).tolist():
        row = int(scored.parameters.origin_row[node])
        carries = policy.types[scored.coded.type_ids[int(links.type[row])]].carries
        own = float(fidelity[node]) if links.crowd[row] else float(links.fidelity[row])
        blurs[node] = Blur(knows if carries else own, float(low[row]), float(high[row]), int(party[row]), carries)
    return blurs


class FigureTree:
    """The figures of one unit of a scored call, ready to be summed with or without some of its nodes."""

    def __init__(
        self, scored: Scored, policy: Policy, unit: int, nodes: Ints, quantities: Sequence[Quantity | None],
        denied: Sequence[bool], grid: Grid, blurs: dict[int, Blur],
    ) -> None:  # fmt: skip
        self.scored, self.policy, self.unit, self.grid, self.blurs = scored, policy, unit, grid, blurs
        self.spread = policy.constants["figure-spread"]
        self.gross = np.log(policy.constants["figure-gross-factor"]) / _NINETIETH
        self.within = policy.constants["figure-within"]
        parent = scored.paths.trie.parent
        self.below: dict[int, list[int]] = {}
        for node in nodes.tolist():
            if parent[node] >= 0:
                self.below.setdefault(int(parent[node]), []).append(node)
        self.root = int(nodes[0])
        self._left: dict[int, Figures] = {}
        self._told: dict[tuple[int, frozenset[int]], Floats] = {}
        self._chances: dict[tuple[Words, Blur], Floats] = {}
        self._said: dict[int, Floats] = {}
        likely, _ = hedge_probabilities(scored.coded, policy)
        self.likely = likely
        self.read: dict[int, Words] = {}
        for leaf in scored.paths.leaf.tolist():
            node, row = int(scored.paths.trie.terminal[leaf]), int(scored.paths.reports[leaf])
            quantity = quantities[row]
            silent = scored.coded.stance[row] == STANCES["silent"]
            if scored.paths.trie.unit[node] == unit and quantity is not None and not silent:
                self.read[node] = Words.of(quantity, policy, denied[row])

    def figures(self) -> Figures:
        """Sum the whole tree."""
        return self._of({child: self._top(child, frozenset()) for child in self.below.get(self.root, ())})

    def without(self, node: int) -> Figures:
        """Sum the tree without a node and all below it: only the child of the common error above it says else."""
        if node not in self._left:
            child, parent = node, self.scored.paths.trie.parent
            while int(parent[child]) != self.root:
                child = int(parent[child])
            messages = {c: self._top(c, frozenset()) for c in self.below.get(self.root, ())}
            if child == node:
                del messages[child]
            else:
                messages[child] = self._top(child, frozenset([node]))
            self._left[node] = self._of(messages)
        return self._left[node]

    def blurred(self, node: int, blur: Blur) -> FigureTree:
        """The same tree with another blur for one origin."""
        return self._with(blurs={**self.blurs, node: blur})

    def settled(self, node: int) -> list[tuple[FigureTree, float]]:
        """The tree for each thing that an origin may have said, were that known: each statement that reports tell of,
        in node order, then none of them; with its chance given all that was read.
        """  # fmt: skip
        tables, heard = self._tables(node, self._stated(node, frozenset()), frozenset())
        other = np.maximum(1.0 - sum(tables[1:], tables[0]), 0.0)
        trees = [self._with(_said={**self._said, node: table * word}) for table, word in
                 zip([*tables, other], heard, strict=True)]  # fmt: skip
        weights = np.array([float(np.logaddexp.reduce(tree.figures().messages.sum(axis=0))) for tree in trees])
        chances = np.exp(weights - weights.max())
        return list(zip(trees, (chances / chances.sum()).tolist(), strict=True))

    def _with(self, **changed: Any) -> FigureTree:
        other = copy(self)
        for name, value in {"_left": {}, "_told": {}, **changed}.items():
            setattr(other, name, value)
        return other

    def _of(self, messages: dict[int, Floats]) -> Figures:
        told = np.stack(list(messages.values())) if messages else np.zeros((0, self.grid.k))
        common = self.policy.constants["common-error"]
        return Figures(self.grid, np.array(list(messages), dtype=np.int64), told, common)

    def _top(self, node: int, without: frozenset[int]) -> Floats:
        """What a child of the common error says of each cell, in logs: its origins' words, the bias summed out."""
        if (node, without) not in self._told:
            said = np.zeros(self.grid.k)
            for party in sorted({self.blurs[origin].party for origin in self._origins(node, without)}):
                given = self._given_bias(node, party, without, outermost=True)
                top = given.max()
                said = said + np.log(np.maximum(np.exp(given - top) @ _Z_WEIGHT, LEAST)) + top
            self._told[node, without] = self._through_crowd(node, said)
        return self._told[node, without]

    def _origins(self, node: int, without: frozenset[int]) -> list[int]:
        if node in without:
            return []
        if node in self.blurs:
            return [node]
        return [one for child in self.below.get(node, ()) for one in self._origins(child, without)]

    def _through_crowd(self, node: int, said: Floats) -> Floats:
        """What is left of log likelihoods (K, …) after a crowd's channel; other nodes pass them on."""
        if self.scored.paths.kind[node] != CROWD:
            return said
        fidelity = float(self.scored.parameters.channels.fidelity[node])
        top = said.max(axis=0)
        linear = np.exp(said - top)
        told: Floats = np.log(np.maximum(fidelity * linear + (1.0 - fidelity) * linear.mean(axis=0), LEAST)) + top
        return told

    def _given_bias(self, node: int, party: int, without: frozenset[int], outermost: bool = False) -> Floats:
        """Log likelihoods (K, 41) of what origins of one party said under a node, given truth and the shared bias.

        An outermost crowd's channel is left to the caller: it is one channel for all its members' parties.
        """
        if node in self.blurs:
            return np.log(np.maximum(self._origin(node, without), LEAST))
        said = np.zeros((self.grid.k, N_BIAS))
        for child in self.below.get(node, ()):
            if child not in without and any(self.blurs[o].party == party for o in self._origins(child, without)):
                said = said + self._given_bias(child, party, without)
        return said if outermost else self._through_crowd(node, said)

    def _origin(self, node: int, without: frozenset[int]) -> Floats:
        """An origin's likelihoods (K, 41): over what it may have said, of which its relays tell."""
        stated = self._stated(node, without)
        if not stated:
            return np.ones((self.grid.k, N_BIAS))
        if node in self._said:
            return self._said[node]
        tables, heard = self._tables(node, stated, without)
        said = np.full((self.grid.k, N_BIAS), heard[-1])
        for table, message in zip(tables, heard[:-1], strict=True):
            said = said + table * (message - heard[-1])
        kept: Floats = np.maximum(said, 0.0)
        return kept

    def _tables(self, node: int, stated: list[Words], without: frozenset[int]) -> tuple[list[Floats], Floats]:
        """The chance (K, 41) of each statement, and what relays and readings say of each, and of none of them last."""
        chances = [self._chance(words, self.blurs[node]) for words in stated]
        guess = np.array([float((table @ _Z_WEIGHT).mean()) for table in chances])
        guess = np.minimum(guess, 1.0)
        guess = guess / max(1.0, float(guess.sum()))
        return chances, self._heard(node, stated, np.append(guess, max(0.0, 1.0 - guess.sum())), without)

    def _stated(self, node: int, without: frozenset[int]) -> list[Words]:
        """The different statements that reports under a node tell of, in node order."""
        if node in without:
            return []
        found = {self.read[node]: None} if node in self.read else {}
        for child in self.below.get(node, ()):
            found |= dict.fromkeys(self._stated(child, without))
        return list(found)

    def _chance(self, words: Words, blur: Blur) -> Floats:
        """The chance of the words for each cell and bias, (K, 41); figures and zero come from each other by guess only.

        Source: φ_q·W(ln x + b(z), σ) + (1 − φ_q)·W(ln x, ln 7/1.645), which is the guess itself for those who don't
        know magnitudes.
        """
        if (words, blur) not in self._chances:
            self._chances[words, blur] = self._worked_out(words, blur)
        return self._chances[words, blur]

    def _worked_out(self, words: Words, blur: Blur) -> Floats:
        middle, knows, k = self.grid.middle, blur.fidelity, self.grid.k
        table = np.zeros((k, N_BIAS))
        if words.zero:
            table[:] = (1.0 - knows) / k
            table[0] += knows
            return 1.0 - table if words.denied else table
        lean, width = _lean_and_width(blur)
        table[1:] = words.mass(middle[:, None] + lean + width * _Z[None, :], self.spread)
        table[0] = 1.0 if words.denied else 0.0
        if blur.knows_magnitude:
            table[1:] = knows * table[1:] + (1.0 - knows) * words.mass(middle, self.gross)[:, None]
            if not words.denied:
                table[0] = (1.0 - knows) * float((table[1:] @ _Z_WEIGHT).sum()) / (k - (1.0 - knows))
        else:
            table = knows * table + (1.0 - knows) * float((table @ _Z_WEIGHT).mean())
        return np.maximum(table, LEAST)

    def _heard(self, node: int, stated: list[Words], guess: Floats, without: frozenset[int]) -> Floats:
        """What relays and readings under a node say of which of the statements (or another) was made: (n + 1,)."""
        message = np.ones(len(stated) + 1)
        if node in self.read and node not in without:
            eye = np.full(len(stated) + 1, 1e-30)
            eye[stated.index(self.read[node])] = 1.0
            message = message * eye
        for child in self.below.get(node, ()):
            if child in without or not self._stated(child, without):
                continue
            below = self._heard(child, stated, guess, without)
            fidelity = self._passes_on(child)
            message = message * (fidelity * below + (1.0 - fidelity) * float(guess @ below))
            message = message / message.max()
        return message

    def _passes_on(self, node: int) -> float:
        """A relay's fidelity; a hedge's, from how likely its words make the figure that it hedges."""
        paths = self.scored.paths
        if paths.kind[node] != HEDGE:
            return float(self.scored.parameters.channels.fidelity[node])
        h = float(self.likely[int(paths.a[node])])
        stated = self._stated(node, frozenset())
        prior = float(self.event(stated[0]).mean()) if stated else 0.5
        return max(0.0, (h - prior) / (1.0 - prior))

    def event(self, words: Words) -> Floats:
        """The share of each cell in which the figure is right as stated, (K,)."""
        low, high = words.as_stated(self.within)
        return self.grid.overlap(low, high)
