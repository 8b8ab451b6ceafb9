"""Rules beside one another: what never makes a difference, and what pulls both ways at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

from reliability.rules.conditions import fields
from reliability.rules.conflicts import pairs
from reliability.rules.domains import GATE, TYPING, link_domains
from reliability.rules.findings import Finding, is_own, teller
from reliability.rules.policy import Policy
from reliability.rules.reach import Reach
from reliability.rules.schema import Gate, Modifier

_LEVELS = ("low", "moderate", "high")


def shifts(policy: Policy) -> Iterator[Finding]:
    """Modifiers that look at the same facts and pull apart, and those of a family that count one thing twice.

    A pair is meant where one names the other in `beside`. Source types don't count as facts.
    """
    opposed, shadowed = (teller(check, policy.files, str(policy.folder)) for check in ("opposed", "shadowed"))
    reach = Reach(link_domains(policy), policy.kin)
    moving = [(rule, fields(rule.when) - {"source_type"}) for rule in policy.modifiers if rule.effect[0].shift_db]
    for i, j in pairs([rule for rule, _ in moving], policy.kin):
        (a, of_a), (b, of_b) = moving[i], moving[j]
        if not (of_a <= of_b or of_b <= of_a) or a.id in b.beside or b.id in a.beside:
            continue
        narrow, wide = (b, a) if len(of_b) > len(of_a) or (of_a == of_b and reach.implies(b.when, a.when)) else (a, b)
        one, other = (narrow, wide) if is_own(policy, narrow) or not is_own(policy, wide) else (wide, narrow)
        mine, its = one.effect[0].shift_db or 0.0, other.effect[0].shift_db or 0.0
        at = ("effect", 0, "shift_db")
        if mine * its < 0.0:
            if of_a & of_b and reach.can_hold(a.when, b.when):
                yield opposed(one, at, f"pulls {mine:+g} dB where {other.id}, on the same facts, pulls {its:+g} dB",
                              f'let them exclude each other, or say beside = ["{other.id}"]')  # fmt: skip
        elif _family(a) == _family(b) and reach.implies(narrow.when, wide.when):
            both = "it" if one is narrow else narrow.id
            yield shadowed(one, at, f"wherever {both} fires, {wide.id} does too: {mine:+g} and {its:+g} dB are added",
                           f'let them exclude each other, or say beside = ["{other.id}"]')  # fmt: skip


def _family(rule: Modifier) -> str:
    return rule.id.split(".")[0]


def settings(policy: Policy) -> Iterator[Finding]:
    """Rules that set a number which another one, that holds wherever they do, sets over them."""
    tell = teller("shadowed", policy.files, str(policy.folder))
    reach = Reach(link_domains(policy), policy.kin)
    kinds: list[tuple[tuple[Any, ...], frozenset[str]]] = [
        (policy.modifiers, frozenset(("guess", "p", "shift_db"))), (policy.relays, frozenset(("fidelity", "factor"))),
        (policy.priors, frozenset(("prior",))), (policy.biases, frozenset(("low",))),
        (policy.silences, frozenset(("coverage",))),
    ]  # fmt: skip
    for rules, parameters in kinds:
        by_id = {rule.id: rule for rule in rules}
        for over in rules:
            for under in (by_id[name] for name in over.overrides if name in by_id):
                mine, its = (
                    {key for key in parameters if getattr(one.effect[0], key) is not None} for one in (under, over)
                )
                if mine <= its - {"shift_db", "factor"} and reach.implies(under.when, over.when):
                    yield tell(under, ("when",), f"never counts: {over.id} overrides it wherever it fires",
                               f"narrow {over.id}, or take this rule out")  # fmt: skip


def typing(policy: Policy) -> Iterator[Finding]:
    """Typing rules that another one, that holds wherever they do, always goes before."""
    tell = teller("shadowed", policy.files, str(policy.folder))
    reach = Reach(TYPING, lambda field, value: (value,))
    ranked = sorted((rule for rule in policy.typing if rule.effect[0].type), key=lambda rule: (-rule.priority, rule.id))
    asked = {rule.id: fields(rule.when) for rule in ranked}
    for first, second in combinations(ranked, 2):
        if asked[first.id] <= asked[second.id] and reach.implies(second.when, first.when):
            yield tell(second, ("when",), f"never counts: {first.id} goes before it wherever it fires",
                       "raise its priority, or take it out")  # fmt: skip


def gates(policy: Policy) -> Iterator[Finding]:
    """Gates that hold only where another one already asks for as low a confidence, and that flag nothing."""
    tell = teller("gate", policy.files, str(policy.folder))
    reach = Reach(GATE, policy.kin)
    for strict, loose in permutations(policy.gates, 2):
        mine, its = _level(strict), _level(loose)
        if mine is None or its is None or strict.effect[0].flag is not None or its > mine:
            continue
        if fields(loose.when) <= fields(strict.when) and reach.implies(strict.when, loose.when):
            yield tell(strict, ("effect", 0, "confidence_at_most"),
                       f"changes nothing: wherever it fires, {loose.id} allows at most {_LEVELS[its]!r}",
                       "let the stricter gate give the lower confidence")  # fmt: skip


def _level(gate: Gate) -> int | None:
    allowed = gate.effect[0].confidence_at_most
    return None if allowed is None else _LEVELS.index(allowed)
