"""The tree and the chains of one claim, as records: enough to compute p again with a pencil."""

from __future__ import annotations

from collections.abc import Mapping

from reliability.model.rating import Chain, Node
from reliability.model.rounding import rounded, six
from reliability.reasoning.account import Account
from reliability.scoring.channel import DB
from reliability.scoring.coding import STANCES
from reliability.scoring.trie import Ints


def tree_of(account: Account, nodes: Ints) -> tuple[Node, ...]:
    """A claim's nodes, parents before children, numbered from 0."""
    scored = account.scored
    trie, channels = scored.paths.trie, scored.parameters.channels
    number = {node: i for i, node in enumerate(nodes.tolist())}
    many = scored.coded.units[int(trie.unit[nodes[0]])].alternatives is not None
    found: list[Node] = []
    for node in nodes.tolist():
        parent = int(trie.parent[node])
        p = [rounded(float(x), 4) for x in scored.node_p[:, node]]
        found.append(Node(
            node=number[node], parent=number[parent] if parent >= 0 else None,
            kind=account.kind(node), label=account.labels[node],
            fidelity=six(float(channels.fidelity[node])),
            guess=tuple(six(float(g)) for g in channels.guess[:, node]),
            evidence_db=_leaf(account, node, many), p=tuple(p) if many else p[0],
        ))  # fmt: skip
    return tuple(found)


def _leaf(account: Account, node: int, many: bool) -> float | tuple[float, ...] | None:
    if account.leaf_of[node] < 0:
        return None
    read = account.scored.evidence[:, node] * DB
    return tuple(six(float(x)) for x in read) if many else six(float(read[0] - read[1]))


def chains_of(account: Account, rows: Ints, copied: Mapping[str, str]) -> tuple[Chain, ...]:
    """Each report's chain as read, from where it counts, and whether it does; `copied` as in Context."""
    scored = account.scored
    origins, coded = scored.origins, scored.coded
    found: list[Chain] = []
    for row in rows.tolist():
        report = scored.reports[row]
        names = []
        for place, link in enumerate(report.provenance):
            kind = coded.type_ids[int(origins.type[place, row])]
            hedge = f", “{link.hedge}”" if link.hedge else ""
            via = f", {link.via}" if link.via else ""
            names.append(f"{link.source} [{kind}{via}{hedge}]")
        found.append(Chain(
            report=report.key, links=tuple(names), counted_from=int(origins.first[row]),
            standing=_standing(account, row, bool(account.is_leaf[row])), copied=copied.get(report.article or ""),
        ))  # fmt: skip
    return tuple(found)


def _standing(account: Account, row: int, is_leaf: bool) -> str:
    origins, stance = account.scored.origins, int(account.scored.coded.stance[row])
    if stance == STANCES["retracts"]:
        return "retraction"
    if stance == STANCES["silent"]:
        return "silent"
    if origins.retracted[row]:
        return "retracted"
    if origins.superseded[row]:
        return "superseded"
    return "counts" if is_leaf else "repeat"
