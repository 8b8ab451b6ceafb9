"""The chain tree as a graph: world → bloc → origin → relay → outlet, each line as thick as its link is faithful."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from reliability.model.rating import Node, Rating
from reliability.report.canvas import Canvas
from reliability.report.figures import own_answer, probabilities

WIDTH, ROW, STEP, DEEPEST = 344, 40, 22, 10
THICKEST = 7.0


def chain_graph(rating: Rating) -> Markup:
    """The tree as a drawing, one row a node, parents above children."""
    own = own_answer(rating)
    rows = list(_walk(rating.tree))
    canvas = Canvas(WIDTH, ROW * (len(rows) + 1), "tr")
    place: dict[int | None, tuple[float, float]] = {None: (10, 16)}
    for at, (node, depth) in enumerate(rows, start=1):
        place[node.node] = (10 + STEP * min(depth, DEEPEST), at * ROW + 16)
    for node, _ in reversed(rows):
        (x, y), (px, py) = place[node.node], place[node.parent]
        width = max(0.6, node.fidelity * THICKEST)
        side = f"H{x:.0f}" if x > px else ""
        canvas.path(f"M{px:.0f} {py:.0f}V{y:.0f}{side}", "ln" if node.fidelity > 0 else "ln off", stroke_width=width)
    canvas.dot(10, 16, 6, "nd world")
    canvas.text("the world: is it so?", 24, 20, "lb")
    for node, _ in rows:
        x, y = place[node.node]
        canvas.dot(x, y, 5, f"nd {node.kind}")
        canvas.text(node.label, x + 13, y + 1, "lb", WIDTH - x - 13)
        canvas.text(_figures(node, own), x + 13, y + 15, "sm", WIDTH - x - 13)
    return canvas.markup()


def _walk(tree: tuple[Node, ...]) -> Iterator[tuple[Node, int]]:
    """Nodes depth first with their depth, children in the record's order."""
    children: dict[int | None, list[Node]] = {}
    for node in tree:
        children.setdefault(node.parent, []).append(node)
    stack = [(node, 1) for node in reversed(children.get(None, []))]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack += [(child, depth + 1) for child in reversed(children.get(node.node, []))]


def _figures(node: Node, own: int | None) -> str:
    kind = "" if node.kind == "common-error" else f"{node.kind} · "
    read = "" if node.evidence_db is None else f" · read: {leaf_words(node.evidence_db, own)}"
    p = "" if node.p is None else f" · p {probabilities(node.p, own)}"
    return f"{kind}φ {node.fidelity:.3f}{p}{read}"


def leaf_words(evidence: float | tuple[float, ...], own: int | None) -> str:
    """What was read at a leaf."""
    if not isinstance(evidence, tuple):
        return "it is so" if evidence > 0 else "it is not so"
    if own is not None:
        return "kept" if evidence[own] == 0 else "ruled out"
    return f"{sum(one == 0 for one in evidence)} of {len(evidence)} kept"


def in_words(rating: Rating) -> str:
    """The same for those who can't see it: each node with what it hangs under."""
    own = own_answer(rating)
    names = {node.node: node.label for node in rating.tree}
    parts = [
        f"{node.label} ({_figures(node, own)}) under {'the world' if node.parent is None else names[node.parent]}"
        for node, _ in _walk(rating.tree)
    ]
    return f"Chain tree. {'; '.join(parts)}."
