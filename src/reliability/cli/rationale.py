"""One rating's rationale as text: bars, chains as a tree, links, rules. Reads without colour."""

from __future__ import annotations

from collections.abc import Iterable

from reliability.io.visible import visible
from reliability.model.rating import LinkAccount, Node, Rating
from reliability.reasoning.sentences import FLAGS, left_out, paragraph, people, percent, said, spread, tipping
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule

BAR = 24
BINS_A_ROW = 3
MOST_LINES = 40


def rationale(rating: Rating, policy: Policy, columns: int) -> str:
    """Everything that the record holds, in the order in which people ask."""
    claim = rating.claim
    lines = [f"{claim.id}: {claim.text}"]
    if claim.question is not None:
        lines.append(f"an answer to {claim.question}")
    lines += ["", paragraph(rating), *_few(said(rating))]
    lines += _section(
        "In the policy's own words",
        [f"{scale}: {word or 'not assessed'}" for scale, word in rating.rating.scales.items()],
    )
    lines += _section("How the number came about", _bars(rating, columns))
    lines += _section(
        "How many (a row is a range of numbers about the one shown; * holds the best estimate)", _density(rating)
    )
    lines += _section("Chains (φ: fidelity of the link; p: chance that this node has it as stated)", _tree(rating))
    lines += _section("Links: base + shifts + clamp = weight, in decibans", _links(rating.links))
    lines += _section("Rules that fired", _rules(rating, policy))
    lines += _section("What nobody knew, and which rules it would have decided", _undecided(rating.links))
    lines += _section("Reports", _reports(rating))
    lines += _section("What would change it", [*_few(left_out(rating)), *_few(tipping(rating)), *spread(rating)])
    lines += _section("Flags", [f"{flag}: {_flag(flag, policy)}" for flag in rating.flags])
    lines += _section(
        "Perhaps about the same", [f"{one.claim} (similarity {one.similarity})" for one in rating.related]
    )
    lines += _section("Digests", _digests(rating))
    return "\n".join(visible(line) for line in lines) + "\n"


def _few(lines: list[str]) -> list[str]:
    """The first of very many lines, and how many more a record has."""
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], f"… and {more:,} more: --format json has all."]


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", title, *(f"  {line}" for line in found)] if found else []


def _bars(rating: Rating, columns: int) -> list[str]:
    bars = rating.waterfall
    most = max(1.0, *(abs(bar.db) for bar in bars))
    room = max(len(bar.label) for bar in bars)
    room = min(room, max(16, columns - BAR - 34))
    found = []
    for bar in bars:
        size = round(abs(bar.db) / most * BAR)
        drawn = ("+" if bar.db >= 0 else "-") * size
        after = percent(bar.p_after) if isinstance(bar.p_after, float) else " / ".join(map(percent, bar.p_after))
        label = bar.label if len(bar.label) <= room else bar.label[: room - 1] + "…"
        found.append(f"{label:<{room}} {bar.db:+7.2f} dB  {drawn:<{BAR}} {after}")
    found.append(f"{'together':<{room}} {rating.rating.weight_db:+7.2f} dB")
    return found


def _density(rating: Rating) -> list[str]:
    """The picture of a figure: a bar for every few of its density's bins."""
    if rating.quantity is None:
        return []
    bins = [(float(x), float(p)) for x, p in rating.quantity["density"]]
    zero, above = [one for one in bins if one[0] == 0.0], [one for one in bins if one[0] > 0.0]
    rows = [(0.0, 0.0, zero[0][1])] if zero else []
    for first in range(0, len(above), BINS_A_ROW):
        some = above[first : first + BINS_A_ROW]
        rows.append((some[0][0], some[-1][0], sum(p for _, p in some)))
    most = max((p for _, _, p in rows), default=1.0)
    best = float(rating.quantity["best"])
    at = max((i for i, (low, _, _) in enumerate(rows) if low <= best), default=0)
    return [
        f"{people((low * high) ** 0.5):>13} {'*' if at == i else ' '} {'#' * round(p / most * BAR):<{BAR}} {percent(p)}"
        for i, (low, high, p) in enumerate(rows)
    ]


def _tree(rating: Rating) -> list[str]:
    children: dict[int | None, list[Node]] = {}
    for node in rating.tree:
        children.setdefault(node.parent, []).append(node)
    lines: list[str] = []
    stack = [(node, "", True) for node in reversed(children.get(None, []))]
    while stack:
        node, indent, last = stack.pop()
        leaf = "" if node.evidence_db is None else "  read: " + _leaf(node.evidence_db)
        p = _chance(node.p)
        mark = "" if node.parent is None else "└─ " if last else "├─ "
        guess = "" if _even(node.guess) else f", guess {' / '.join(f'{g:g}' for g in node.guess)}"
        lines.append(f"{indent}{mark}{node.kind}: {node.label} (φ {node.fidelity:.3f}{guess}, p {p}){leaf}")
        below = children.get(node.node, [])
        deeper = indent if node.parent is None else indent + ("   " if last else "│  ")
        stack += [(child, deeper, child is below[-1]) for child in reversed(below)]
    return lines


def _chance(p: float | tuple[float, ...] | None) -> str:
    """A posterior, all alternatives' for a question; – where the tree has none (figures)."""
    if p is None:
        return "–"
    return percent(p) if isinstance(p, float) else " / ".join(map(percent, p))


def _even(guess: tuple[float, ...]) -> bool:
    return not guess or max(guess) - min(guess) < 1e-5


def _leaf(evidence: float | tuple[float, ...]) -> str:
    if isinstance(evidence, tuple):
        return "[" + ", ".join("kept" if x == 0 else "ruled out" for x in evidence) + "]"
    return "it is so" if evidence > 0 else "it is not so"


def _links(links: Iterable[LinkAccount]) -> list[str]:
    found = []
    for link in links:
        by = f" by {', '.join(link.set_by)}" if link.set_by else ""
        found.append(f"{link.label} [{link.kind}, {link.type}]: base {link.base_db:.2f}{by}")
        found += [f"    {shift.db:+.2f} {shift.rule}" for shift in link.shifts]
        if link.clamp is not None:
            found.append(f"    {link.clamp_db:+.2f} {link.clamp}")
        guess = "" if link.guess is None or abs(link.guess - 0.5) < 1e-9 else f", guess {link.guess:g}"
        found.append(f"    = {link.weight_db:.2f} dB{guess}")
    return found


def _rules(rating: Rating, policy: Policy) -> list[str]:
    kinds = (policy.modifiers, policy.relays, policy.biases, policy.quantities, policy.numbers, policy.recalibrations)
    known: dict[str, Rule] = {rule.id: rule for rules in kinds for rule in rules}
    fired = {name for link in rating.links for name in (*link.set_by, *(shift.rule for shift in link.shifts))}
    fired |= set() if rating.recalibration is None else {rating.recalibration.rule}
    types = {link.type for link in rating.links if link.type in policy.types and link.kind == "origin"}
    found = [policy.types[name] for name in sorted(t for t in types if t is not None)]
    lines = []
    for rule in [*found, *(known[name] for name in sorted(fired) if name in known)]:
        lines.append(f"{rule.id}: {rule.rationale}")
        lines += [f"    {one.title}" + (f" <{one.url}>" if one.url else "") for one in rule.references]
    return lines


def _undecided(links: Iterable[LinkAccount]) -> list[str]:
    lines = []
    for link in links:
        fields: dict[str, list[str]] = {}
        for one in link.undecided:
            fields.setdefault(one.missing, []).append(one.rule)
        if fields:
            lines.append(f"{link.label} [{link.kind}]:")
            lines += [f"    {field}? ({', '.join(rules)})" for field, rules in sorted(fields.items())]
    return lines


def _reports(rating: Rating) -> list[str]:
    codes = {code.report: f"{code.source}{code.information}" for code in rating.admiralty}
    lines = []
    for chain in rating.chains:
        cut = f"; not credited: {', '.join(chain.links[: chain.counted_from])}" if chain.counted_from else ""
        code = f", Admiralty {codes[chain.report]}" if chain.report in codes else ""
        copied = f"; {chain.copied}" if chain.copied else ""
        lines.append(
            f"{chain.report}: {' → '.join(chain.links[chain.counted_from :])} ({chain.standing}{code}{cut}{copied})"
        )
    return lines


def _flag(flag: str, policy: Policy) -> str:
    if flag in FLAGS:
        return FLAGS[flag]
    return next((gate.rationale for gate in policy.gates if gate.effect[0].flag == flag), "raised by a gate")


def _digests(rating: Rating) -> list[str]:
    digest = rating.digest
    versions = ", ".join(f"{name} {version}" for name, version in sorted({**digest.libraries, **digest.models}.items()))
    return [f"inputs {digest.inputs}", f"rules {digest.rules}", f"engine {digest.engine}; {versions}"]
