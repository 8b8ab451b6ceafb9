"""Orders against NumPy's lexsort, tries against a trie of dicts, messages against a walk over that trie."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.scoring.passes import Channels, downward, replaced_each, upward
from reliability.scoring.trie import ABSENT, Trie, build_trie, last_of_each, total_order

WIDE = st.integers(-(2**40), 2**40)
NUMBERS = st.one_of(st.integers(-2, 3), st.sampled_from([0, 2**31, -(2**31), 2**61, -(2**61)]), WIDE)


@given(st.integers(1, 4).flatmap(lambda w: st.lists(st.tuples(*[NUMBERS] * w), min_size=1, max_size=30)))
def test_the_total_order_is_lexsorts(rows: list[tuple[int, ...]]) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    columns.append(np.arange(len(rows)))
    kept = [column.copy() for column in columns]
    assert total_order(columns).tolist() == np.lexsort(columns[::-1]).tolist()
    assert all((a == b).all() for a, b in zip(columns, kept, strict=True))


@pytest.mark.parametrize("n", [0, 1, 2, 1_000])
def test_the_total_order_of_narrow_columns(n: int) -> None:
    columns = [np.arange(n, dtype=np.int32) % m for m in (3, 5, 2)] + [np.arange(n)]
    expected = np.lexsort(columns[::-1])
    assert total_order(columns).tolist() == expected.tolist()


PATHS = st.lists(
    st.tuples(st.integers(0, 2), st.lists(st.integers(0, 2), max_size=4)), min_size=1, max_size=12
)  # fmt: skip


def arrays(paths: list[tuple[int, list[int]]]) -> tuple[Any, Any, Any]:
    """Unit, path and order, as the scorer gives them; units are numbered from 0 without holes."""
    names = sorted({unit for unit, _ in paths})
    unit = np.array([names.index(u) for u, _ in paths], dtype=np.int32)
    depth = max(len(path) for _, path in paths)
    grid = np.full((depth, len(paths)), ABSENT, dtype=np.int32)
    for i, (_, path) in enumerate(paths):
        grid[: len(path), i] = path
    return unit, grid, total_order([unit, *grid, np.arange(len(paths))])


def trie_of(paths: list[tuple[int, list[int]]]) -> Trie:
    unit, grid, order = arrays(paths)
    return build_trie(unit, grid, int(unit.max()) + 1, order)


def node_paths(trie: Trie) -> list[tuple[int, ...]]:
    """(claim, key, key, …) of each node, by its parents."""
    found: list[tuple[int, ...]] = []
    for node in range(trie.n_nodes):
        parent = int(trie.parent[node])
        found.append((int(trie.unit[node]),) if parent < 0 else (*found[parent], int(trie.key[node])))
    return found


@given(PATHS)
def test_the_trie_is_that_of_dicts(paths: list[tuple[int, list[int]]]) -> None:
    unit, _, _ = arrays(paths)
    expected = {(int(u), *path[:i]) for u, (_, path) in zip(unit, paths, strict=True) for i in range(len(path) + 1)}
    trie = trie_of(paths)
    assert node_paths(trie) == sorted(expected, key=lambda path: (len(path), path))
    ends = [(int(u), *path) for u, (_, path) in zip(unit, paths, strict=True)]
    assert [node_paths(trie)[node] for node in trie.terminal] == ends
    for i, end in enumerate(ends):
        on_the_way = [int(node) for node in trie.node_at[:, i] if node != ABSENT]
        assert [node_paths(trie)[node] for node in on_the_way] == [end[: j + 2] for j in range(len(end) - 1)]
    depths = [len(path) - 1 for path in node_paths(trie)]
    assert [depths[trie.level(level)] for level in range(trie.n_levels)] == [
        [level] * (trie.level(level).stop - trie.level(level).start) for level in range(trie.n_levels)
    ]


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=12))
def test_the_last_of_each_group(groups: list[int]) -> None:
    order = np.argsort(np.array(groups), kind="stable")
    last = {group: i for i, group in enumerate(groups) if group >= 0}
    assert last_of_each(np.array(groups), order).tolist() == [last[group] for group in sorted(last)]


CHANNELS = st.tuples(st.sampled_from([0.0, 0.3, 0.9, 1.0]), st.sampled_from([0.1, 0.5, 0.9]))


def numbers_for(data: st.DataObject, trie: Trie, most: float = 3.0) -> tuple[Channels, Any]:
    drawn = data.draw(st.lists(CHANNELS, min_size=trie.n_nodes, max_size=trie.n_nodes))
    fidelity, gamma = np.array(drawn).T
    read = st.lists(st.floats(-most, 0), min_size=trie.n_nodes, max_size=trie.n_nodes)
    evidence = np.array([data.draw(read), data.draw(read)])
    return Channels(fidelity, np.stack([gamma, 1 - gamma])), evidence


def sent_by(node: int, trie: Trie, channels: Channels, evidence: Any, without: int = -1) -> list[float]:
    """What a parent hears of a node, in plain likelihoods, by recursion."""
    if node == without:
        return [1.0, 1.0]
    m = [math.exp(evidence[x, node]) for x in (0, 1)]
    for child in np.flatnonzero(trie.parent == node):
        m = [a * b for a, b in zip(m, sent_by(int(child), trie, channels, evidence, without), strict=True)]
    phi, guess = float(channels.fidelity[node]), channels.guess[:, node]
    mean = m[0] * guess[0] + m[1] * guess[1]
    return [phi * one + (1 - phi) * mean for one in m]


@given(PATHS, st.data())
def test_messages_are_those_of_the_recursion(paths: list[tuple[int, list[int]]], data: st.DataObject) -> None:
    trie = trie_of(paths)
    channels, evidence = numbers_for(data, trie)
    up = upward(trie, channels, evidence)
    for node in range(trie.n_nodes):
        expected = sent_by(node, trie, channels, evidence)
        assert np.exp(up.sent[:, node]).tolist() == pytest.approx(expected, rel=1e-9)


@given(PATHS, st.data())
def test_draws_in_parallel_are_the_same_as_one_by_one(paths: list[tuple[int, list[int]]], data: st.DataObject) -> None:
    trie = trie_of(paths)
    channels, evidence = numbers_for(data, trie)
    other, _ = numbers_for(data, trie)
    both = Channels(np.stack([channels.fidelity, other.fidelity], axis=1), channels.guess)
    together = upward(trie, both, evidence).sent
    for draw, fidelity in enumerate((channels.fidelity, other.fidelity)):
        alone = upward(trie, Channels(fidelity, channels.guess), evidence).sent
        assert np.allclose(together[:, :, draw], alone, rtol=1e-12, atol=1e-12)


@given(PATHS, st.data())
def test_replacing_each_node_is_the_recursion_without_it(
    paths: list[tuple[int, list[int]]], data: st.DataObject
) -> None:
    trie = trie_of(paths)
    channels, evidence = numbers_for(data, trie)
    world, at_top = replaced_each(trie, channels, upward(trie, channels, evidence))
    for node in range(trie.n_nodes):
        if trie.parent[node] < 0:
            continue
        root = int(trie.unit[node])
        expected = sent_by(root, trie, channels, evidence, without=node)
        assert np.exp(world[:, node]).tolist() == pytest.approx(expected, rel=1e-9)
        top = node
        while trie.parent[top] != root:
            top = int(trie.parent[top])
        expected = sent_by(top, trie, channels, evidence, without=node)
        assert np.exp(at_top[:, node]).tolist() == pytest.approx(expected, rel=1e-9)


@given(PATHS, st.data(), st.sampled_from([0.2, 0.5, 0.9]))
def test_the_roots_posterior_from_above_and_from_below_agree(
    paths: list[tuple[int, list[int]]], data: st.DataObject, prior: float
) -> None:
    """P(world) = φ·… both ways: the downward pass's root posterior, and its definition by the joint of two nodes."""
    trie = trie_of(paths)
    channels, evidence = numbers_for(data, trie)
    up = upward(trie, channels, evidence)
    units = trie.level(0).stop
    log_prior = np.log(np.repeat([[prior], [1 - prior]], units, axis=1))
    found = downward(trie, channels, up, log_prior)
    assert found.sum(axis=0) == pytest.approx(1.0, abs=1e-12)
    for root in range(units):
        phi, guess = float(channels.fidelity[root]), channels.guess[:, root]
        above = [phi * p + (1 - phi) * g for p, g in zip((prior, 1 - prior), guess, strict=True)]
        joint = [a * math.exp(b) for a, b in zip(above, up.below[:, root], strict=True)]
        assert found[:, root].tolist() == pytest.approx([j / sum(joint) for j in joint], abs=1e-9)
