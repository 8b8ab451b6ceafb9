"""Did they say so? A reading of its own: only what came up from below an origin counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.rules.policy import Policy
from reliability.scoring.channel import READ_DB, Floats, posterior
from reliability.scoring.coding import STANCES, Coded
from reliability.scoring.passes import Channels, upward
from reliability.scoring.paths import HEDGE, ORIGIN, SILENCE, Paths
from reliability.scoring.trie import Ints

SAID_PRIOR = "said-so-prior"


@dataclass(frozen=True)
class SaidSo:
    """One line an origin node, alternative and stance: `node`, `alternative`, `asserts` and `p`, (n_lines,)."""

    node: Ints
    alternative: Ints
    asserts: Ints
    p: Floats


def said_so(coded: Coded, paths: Paths, fidelity: Floats, policy: Policy) -> SaidSo:
    """The probability that each origin asserted, or denied, what is reported of it.

    States are asserted, denied, said nothing, for one alternative at a time; prior and relays' guess are both
    (.025, .025, .95); hedges are skipped. A chain of one link was read with our own eyes: 1.
    """
    trie = paths.trie
    small = policy.constants[SAID_PRIOR]
    prior = np.array([small, small, 1.0 - 2.0 * small])
    channel = np.where(paths.kind == HEDGE, 1.0, fidelity)
    guess = np.repeat(prior[:, None], trie.n_nodes, axis=1)
    spoken = paths.leaf[coded.stance[paths.reports[paths.leaf]] != STANCES["silent"]]
    report = paths.reports[spoken]
    terminal = trie.terminal[spoken]
    alternative = coded.alternative[report].astype(np.int64)
    stance = np.where(coded.stance[report] == STANCES["denies"], 0, 1)
    origin_of = origin_above(paths)
    lines: list[tuple[Ints, Ints, Ints, Floats]] = []
    for chosen in np.unique(alternative):
        mine = np.flatnonzero(alternative == chosen)
        evidence = np.zeros((3, trie.n_nodes))
        evidence[:, terminal[mine]] = -READ_DB * np.log(10.0) / 10.0
        evidence[1 - stance[mine], terminal[mine]] = 0.0
        heard = upward(trie, Channels(channel, guess), evidence).below
        pairs = np.unique(np.stack([origin_of[terminal[mine]], stance[mine]]), axis=1)
        p = posterior(np.log(prior)[:, None] + heard[:, pairs[0]])
        lines.append((pairs[0], np.full(pairs.shape[1], chosen), pairs[1], p[1 - pairs[1], np.arange(pairs.shape[1])]))
    if not lines:
        nothing = np.zeros(0, dtype=np.int64)
        return SaidSo(nothing, nothing, nothing, np.zeros(0))
    node, alt, asserts, p = (np.concatenate(part) for part in zip(*lines, strict=True))
    return SaidSo(node, alt, asserts, p)


def origin_above(paths: Paths) -> Ints:
    """The origin at or above each node, itself for an origin, -1 above origins: (n_nodes,)."""
    trie = paths.trie
    found = np.where((paths.kind == ORIGIN) | (paths.kind == SILENCE), np.arange(trie.n_nodes), -1)
    for level in range(1, trie.n_levels):
        here = np.arange(trie.starts[level], trie.starts[level + 1])
        inherits = found[here] < 0
        found[here[inherits]] = found[trie.parent[here[inherits]]]
    return found
