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

from reliability.model.report import Quantity, Report
from reliability.rules.policy import Policy
from reliability.scoring.blurs import N_BIAS, Z_WEIGHT, Blur
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES
from reliability.scoring.families import Family
from reliability.scoring.figure_words import Words
from reliability.scoring.grid import Grid
from reliability.scoring.levers import Lever, guesses
from reliability.scoring.paths import CROWD, HEDGE, hedge_probabilities
from reliability.scoring.sayings import LEAST, Sayings
from reliability.scoring.score import Scored, score_alike
from reliability.scoring.trie import Ints


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
        found: Floats = self.common_error * self.apparent + (1.0 - self.common_error) / self.grid.k
        return found

    @cached_property
    def apparent(self) -> Floats:
        """The posterior over cells before the common error, (K,)."""
        joint = self.messages.sum(axis=0)
        linear: Floats = np.exp(joint - joint.max())
        linear /= linear.sum()
        return linear

    @cached_property
    def so_far(self) -> Floats:
        """The posterior over cells once the first 0, 1, … children have spoken, before the common error: (n + 1, K)."""
        joint = np.cumsum(np.vstack([np.zeros(self.grid.k), self.messages]), axis=0)
        linear: Floats = np.exp(joint - joint.max(axis=1, keepdims=True))
        linear /= linear.sum(axis=1, keepdims=True)
        return linear


def _linear(logs: Floats) -> Floats:
    linear: Floats = np.exp(logs - logs.max())
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


class FigureTree:
    """The figures of one unit of a scored call, ready to be summed with or without some of its nodes."""

    def __init__(
        self, scored: Scored, policy: Policy, unit: int, nodes: Ints, quantities: Sequence[Quantity | None],
        denied: Sequence[bool], grid: Grid, blurs: dict[int, Blur],
    ) -> None:  # fmt: skip
        self.scored, self.policy, self.unit, self.grid, self.blurs = scored, policy, unit, grid, blurs
        self.sayings = Sayings(policy, grid)
        self.within = policy.constants["figure-within"]
        parent = scored.paths.trie.parent
        self.below: dict[int, list[int]] = {}
        for node in nodes.tolist():
            if parent[node] >= 0:
                self.below.setdefault(int(parent[node]), []).append(node)
        self.root = int(nodes[0])
        self._left: dict[int, Floats] = {}
        self._told: dict[tuple[int, frozenset[int]], Floats] = {}
        self._given: dict[tuple[int, int], Floats] = {}
        self._changed: frozenset[int] = frozenset()
        self._levers: dict[int, Lever] = {}
        self._crowd_fidelity: dict[int, float] = {}
        self._settled: dict[int, list[tuple[Floats, float]]] = {}
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

    @cached_property
    def _messages(self) -> tuple[list[int], Floats]:
        """The children of the common error in id order, and what each says: (n, K)."""
        children = self.below.get(self.root, [])
        told = [self._top(child, frozenset()) for child in children]
        return children, np.stack(told) if told else np.zeros((0, self.grid.k))

    @cached_property
    def _total(self) -> Floats:
        found: Floats = self._messages[1].sum(axis=0)
        return found

    def figures(self) -> Figures:
        """Sum the whole tree."""
        return self._of(*self._messages)

    def without(self, node: int) -> Figures:
        """Sum the tree without a node and all below it: only the child of the common error above it says else."""
        children, messages = self._messages
        child = self._child_above(node)
        at = children.index(child)
        if child == node:
            return self._of(children[:at] + children[at + 1 :], np.delete(messages, at, axis=0))
        left = messages.copy()
        left[at] = self._top(child, frozenset([node]))
        return self._of(children, left)

    def p_without(self, node: int) -> Floats:
        """The rating over cells without a node, (K,); kept."""
        if node not in self._left:
            self._left[node] = self.without(node).p
        return self._left[node]

    def lever(self, node: int) -> Lever:
        """The rating over cells as a function of how often one origin knows the figure; kept."""
        if node not in self._levers:
            self._levers[node] = self._lever(node)
        return self._levers[node]

    def p_knowing(self, nodes: Sequence[int], fidelity: float) -> Floats:
        """The rating over cells, (K,), with another φ_q at some origins, and at the crowds that they stand in."""
        parent, kind = self.scored.paths.trie.parent, self.scored.paths.kind
        crowds = {int(parent[node]): fidelity for node in nodes if kind[parent[node]] == CROWD}
        blurs = {node: replace(self.blurs[node], fidelity=fidelity) for node in nodes}
        other = self._with(frozenset(nodes), blurs={**self.blurs, **blurs}, _crowd_fidelity=crowds)
        return self._rating(self._replaced(nodes, other))

    def settled(self, node: int) -> list[tuple[Floats, float]]:
        """The rating over cells for each thing that an origin may have said, were that known, and how likely it is.

        First each statement that reports tell of, in node order, then none of them. Kept.
        """
        if node not in self._settled:
            self._settled[node] = self._as_settled(node)
        return self._settled[node]

    def _as_settled(self, node: int) -> list[tuple[Floats, float]]:
        tables, heard = self._tables(node, self._stated(node, frozenset()), frozenset())
        other = np.maximum(1.0 - sum(tables[1:], tables[0]), 0.0)
        known = self._said_at(node, [table * word for table, word in zip([*tables, other], heard, strict=True)])
        chances = _linear(known).sum(axis=1)
        return list(zip(map(self._rating, known), (chances / chances.sum()).tolist(), strict=True))

    def _lever(self, node: int) -> Lever:
        stated, blur = self._stated(node, frozenset()), self.blurs[node]
        parts = [self.sayings.parts(words, blur) for words in stated]
        zero = np.zeros((self.grid.k, N_BIAS))
        zero[0] = 1.0
        basis = [np.ones_like(zero), zero, *(part for pair in parts for part in pair)]
        parent = int(self.scored.paths.trie.parent[node])
        joint, through = self._said_at(node, basis), None
        if self.scored.paths.kind[parent] == CROWD:
            through = _linear(np.stack([self._said_at(node, basis, {parent: phi}) for phi in (1.0, 0.0)]))
        means = np.array([[float((part @ Z_WEIGHT).mean()) for part in pair] for pair in parts]).reshape(-1, 2).T
        open_zero = np.array([self.sayings.open_zero(words, blur) for words in stated]).reshape(-1)

        def heard(guess: Floats) -> Floats:
            return self._heard(node, stated, guess, frozenset())

        return Lever(
            self.grid.k, self.policy.constants["common-error"], _linear(joint), through, means, open_zero, heard
        )

    def _said_at(self, node: int, said: Sequence[Floats], crowds: dict[int, float] | None = None) -> Floats:
        """What the world hears, (n, K) in logs, if each of `said` (K, 41) is what is heard of one origin."""
        if int(self.scored.paths.trie.parent[node]) == self.root:
            told = np.log(np.maximum(np.maximum(np.stack(said), LEAST) @ Z_WEIGHT, LEAST))
            found: Floats = self._total - self._messages[1][self._messages[0].index(node)] + told
            return found
        changes: dict[str, Any] = {"_crowd_fidelity": crowds or {}}
        return np.stack([self._replaced([node], self._with(frozenset([node]), _said={node: one}, **changes))
                         for one in said])  # fmt: skip

    def _replaced(self, nodes: Sequence[int], other: FigureTree) -> Floats:
        """What the world hears, (K,) in logs, where what is said at and above some nodes is another tree's."""
        children, messages = self._messages
        total = self._total
        for child in sorted({self._child_above(node) for node in nodes}):
            total = total - messages[children.index(child)] + other._top(child, frozenset())
        return total

    def _rating(self, heard: Floats) -> Floats:
        """The rating over cells, (K,), of what the world hears in logs, through the common error."""
        linear = np.exp(heard - heard.max())
        common = self.policy.constants["common-error"]
        rating: Floats = common * linear / linear.sum() + (1.0 - common) / self.grid.k
        return rating

    def _child_above(self, node: int) -> int:
        parent = self.scored.paths.trie.parent
        while int(parent[node]) != self.root:
            node = int(parent[node])
        return node

    def _with(self, nodes: frozenset[int], **changed: Any) -> FigureTree:
        """A copy that speaks otherwise at some origins; what the others say is kept."""
        other = copy(self)
        for name, value in {"_told": {}, "_changed": nodes, **changed}.items():
            setattr(other, name, value)
        return other

    def _of(self, children: Sequence[int], messages: Floats) -> Figures:
        common = self.policy.constants["common-error"]
        return Figures(self.grid, np.array(children, dtype=np.int64), messages, common)

    def _top(self, node: int, without: frozenset[int]) -> Floats:
        """What a child of the common error says of each cell, in logs: its origins' words, the bias summed out."""
        if (node, without) not in self._told:
            said = np.zeros(self.grid.k)
            for party in sorted({self.blurs[origin].party for origin in self._origins(node, without)}):
                given = self._given_bias(node, party, without, outermost=True)
                top = given.max()
                said = said + np.log(np.maximum(np.exp(given - top) @ Z_WEIGHT, LEAST)) + top
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
        fidelity = self._crowd_fidelity.get(node, float(self.scored.parameters.channels.fidelity[node]))
        top = said.max(axis=0)
        linear = np.exp(said - top)
        told: Floats = np.log(np.maximum(fidelity * linear + (1.0 - fidelity) * linear.mean(axis=0), LEAST)) + top
        return told

    def _given_bias(self, node: int, party: int, without: frozenset[int], outermost: bool = False) -> Floats:
        """Log likelihoods (K, 41) of what origins of one party said under a node, given truth and the shared bias.

        An outermost crowd's channel is left to the caller: it is one channel for all its members' parties.
        """
        touched = self._touched(without)
        if node in touched:
            said = self._worked_through(node, party, without, touched)
        else:
            if (node, party) not in self._given:
                self._given[node, party] = self._worked_through(node, party, without, touched)
            said = self._given[node, party]
        return said if outermost else self._through_crowd(node, said)

    def _worked_through(self, node: int, party: int, without: frozenset[int], touched: frozenset[int]) -> Floats:
        """What was said under a node before its own channel: its origin's words, or its children's summed.

        Where it was summed before, only what is touched is taken off and added again.
        """
        if node in self.blurs:
            return np.log(np.maximum(self._origin(node, without), LEAST))
        children = self.below.get(node, [])
        said = np.zeros((self.grid.k, N_BIAS))
        if (node, party) in self._given:
            said = self._given[node, party]
            for child in children:
                if child in touched and (child, party) in self._given:
                    said = said - self._through_crowd(child, self._given[child, party])
            children = [child for child in children if child in touched]
        for child in children:
            if child not in without and any(self.blurs[o].party == party for o in self._origins(child, without)):
                said = said + self._given_bias(child, party, without)
        return said

    def _touched(self, without: frozenset[int]) -> frozenset[int]:
        """The nodes under which something is left out or changed."""
        parent, found = self.scored.paths.trie.parent, set[int]()
        for node in without | self._changed:
            at = node
            while at >= 0:
                found.add(at)
                at = int(parent[at])
        return frozenset(found)

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
        chances = [self.sayings.chance(words, self.blurs[node]) for words in stated]
        guess = guesses(np.array([float((table @ Z_WEIGHT).mean()) for table in chances]))
        return chances, self._heard(node, stated, guess, without)

    def _stated(self, node: int, without: frozenset[int]) -> list[Words]:
        """The different statements that reports under a node tell of, in node order."""
        if node in without:
            return []
        found = {self.read[node]: None} if node in self.read else {}
        for child in self.below.get(node, ()):
            found |= dict.fromkeys(self._stated(child, without))
        return list(found)

    def _heard(self, node: int, stated: list[Words], guess: Floats, without: frozenset[int]) -> Floats:
        """What relays and readings under a node say of which of the statements (or another) was made: as `guess`.

        That is (n + 1,), or (n + 1, m) for m different guesses.
        """
        message = np.ones_like(guess)
        if node in self.read and node not in without:
            other = np.arange(len(stated) + 1) != stated.index(self.read[node])
            message[other] *= 1e-30
        for child in self.below.get(node, ()):
            if child in without or not self._stated(child, without):
                continue
            below = self._heard(child, stated, guess, without)
            fidelity = self._passes_on(child)
            message = message * (fidelity * below + (1.0 - fidelity) * (guess * below).sum(axis=0))
            message = message / message.max(axis=0)
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
