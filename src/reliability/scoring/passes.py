"""Exact inference on the trie: leaves to root for the rating, root to leaves for every node's posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.trie import Ints, Trie


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
            first = first_of_siblings(parent)
            heard = over_siblings(np.add, sent[:, here], first)
            above = trie.level(level - 1)
            if len(first) == above.stop - above.start:
                below[:, above] += heard
            else:
                for alternative in range(k):
                    below[alternative][parent[first]] += heard[alternative]
    return Upward(below, sent)


def over_siblings(combine: np.ufunc, sent: Floats, first: Ints) -> Floats:
    """What siblings say together, who stand side by side from the places `first` on: (K, n, …) to (K, len(first), …).

    `combine` is np.add for logs, np.multiply for ratios. Where most nodes are only children, their word is taken as it
    is: `reduceat` on runs of one is slow.
    """
    n = sent.shape[1]
    if len(first) == n:
        return sent
    if 2 * len(first) < n:
        all_together: Floats = combine.reduceat(sent, first, axis=1)
        return all_together
    sizes = np.diff(first, append=n)
    several = np.flatnonzero(sizes > 1)
    starts, lengths = first[several], sizes[several]
    begins = np.cumsum(lengths) - lengths
    members = np.arange(lengths.sum()) + np.repeat(starts - begins, lengths)
    heard: Floats = sent.take(first, axis=1)
    heard[:, several] = combine.reduceat(sent.take(members, axis=1), begins, axis=1)
    return heard


def first_of_siblings(parent: Ints) -> Ints:
    """The places at which a new family begins, of nodes whose siblings stand side by side."""
    return np.flatnonzero(np.concatenate(([True], parent[1:] != parent[:-1])))


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


def replaced_each(
    trie: Trie, channels: Channels, up: Upward, sent: Floats | None = None, nodes: Ints | None = None
) -> tuple[Floats, Floats]:
    """What the world hears with one node's word replaced, a replacement at a time.

    `nodes` (m,) says whose word is replaced (default: each node's in turn; a node may come several times), `sent`
    (K, m) by what; None takes the node away. Only the way from the node to the root is computed again. Returns two
    (K, m) arrays: what reaches the world through the common error, and what the child of the common error above (or
    at) the node then says.
    """
    at = np.arange(trie.n_nodes) if nodes is None else nodes.copy()
    now = np.zeros((len(up.sent), len(at))) if sent is None else np.array(sent)
    at_top = np.array(now)
    moving = np.flatnonzero(trie.parent[at] >= 0)
    while moving.size:
        above = trie.parent[at[moving]]
        below_root = trie.parent[above] < 0
        at_top[:, moving[below_root]] = now[:, moving[below_root]]
        heard = up.below[:, above] - up.sent[:, at[moving]] + now[:, moving]
        now[:, moving] = attenuate(heard, channels.fidelity[above], channels.guess[:, above])
        at[moving] = above
        moving = moving[~below_root]
    return now, at_top
