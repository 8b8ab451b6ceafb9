"""Exact inference on the trie: leaves to root for the rating, root to leaves for every node's posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.trie import Trie


@dataclass(frozen=True)
class Channels:
    """The channels of all nodes to their parents: fidelity (n_nodes,) or (n_nodes, S), guess (K, n_nodes)."""

    fidelity: Floats
    guess: Floats


@dataclass(frozen=True)
class Upward:
    """What came up: `below` (K, n_nodes) is what a node heard, `sent` what its parent hears of it."""

    below: Floats
    sent: Floats


def upward(trie: Trie, channels: Channels, evidence: Floats) -> Upward:
    """Sum-product from leaves to root.

    Shapes: evidence (K, n_nodes), natural logs, 0 where nothing was read. With fidelities (n_nodes, S) all
    messages are (K, n_nodes, S).
    """
    k, n = evidence.shape
    draws = channels.fidelity.shape[1:]
    below = np.array(np.broadcast_to(evidence[(...,) + (None,) * len(draws)], (k, n, *draws)))
    sent = np.empty_like(below)
    for level in range(trie.n_levels - 1, -1, -1):
        here = trie.level(level)
        if here.start == here.stop:
            continue
        sent[:, here] = attenuate(below[:, here], channels.fidelity[here], channels.guess[:, here])
        if level:
            parent = trie.parent[here]
            first = np.flatnonzero(np.concatenate(([True], parent[1:] != parent[:-1])))
            below[:, parent[first]] += np.add.reduceat(sent[:, here], first, axis=1)
    return Upward(below, sent)


def downward(trie: Trie, channels: Channels, up: Upward, log_prior: Floats) -> Floats:
    """Every node's posterior given all that was read, shape (K, n_nodes).

    `log_prior` (K, n_units) is the world's. A node's message from above leaves out what itself sent up.
    """
    down = np.empty_like(up.below)
    for level in range(trie.n_levels):
        here = trie.level(level)
        if level:
            parent = trie.parent[here]
            heard = posterior(down[:, parent] + up.below[:, parent] - up.sent[:, here])
        else:
            heard = np.exp(log_prior)
        fidelity = channels.fidelity[here]
        with np.errstate(divide="ignore"):
            down[:, here] = np.log(fidelity * heard + (1.0 - fidelity) * channels.guess[:, here])
    return posterior(down + up.below)


def without_each(trie: Trie, channels: Channels, up: Upward, log_prior: Floats, sent: Floats | None = None) -> Floats:
    """The world's posterior with each node's word replaced, one at a time, shape (K, n_nodes).

    `sent` (K, n_nodes) is what each node says instead; None takes the node away. Only the way from the node to
    the root is computed again. Column j belongs to the replacement of node j.
    """
    n = trie.n_nodes
    unit = trie.unit
    now = np.zeros_like(up.sent) if sent is None else sent
    at = np.arange(n)
    result = np.array(now)
    moving = np.flatnonzero(trie.parent >= 0)
    while moving.size:
        here = at[moving]
        above = trie.parent[here]
        heard = up.below[:, above] - up.sent[:, here] + result[:, moving]
        result[:, moving] = attenuate(heard, channels.fidelity[above], channels.guess[:, above])
        at[moving] = above
        moving = moving[trie.parent[above] >= 0]
    return posterior(log_prior[:, unit] + result)
