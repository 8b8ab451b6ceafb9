"""The rules behind ratings: those that fired, with their reasons, and what nobody knew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reliability.model.rating import LinkAccount, Rating
from reliability.reasoning.sentences import FLAGS
from reliability.report.addresses import reference_address
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule


@dataclass(frozen=True)
class Source:
    """A reference: its title, and its address where that is one to follow."""

    title: str
    url: str | None
    shown: str | None


@dataclass(frozen=True)
class Unknown:
    """A field that nobody knew: its name, the question that settles it, and the rules that it would have decided."""

    field: str
    question: str
    rules: tuple[str, ...]


class Rulebook:
    """A policy, looked up by rule id, field and flag."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        rules: Iterable[Rule] = (*policy.types.values(), *policy.modifiers, *policy.relays, *policy.biases,
                                 *policy.gates, *policy.priors, *policy.hedges)  # fmt: skip
        self.rules: dict[str, Rule] = {}
        for rule in rules:
            self.rules.setdefault(rule.id, rule)
        self.blocs = {bloc.label: bloc for bloc in policy.blocs.values()}

    def fired(self, rating: Rating) -> list[Rule]:
        """The rules behind a rating's numbers: source types, then what set or shifted links, blocs, gates."""
        links = rating.links
        types = sorted({one.type for one in links if one.type in self.policy.types and one.kind == "origin"} - {None})
        names = sorted({name for link in links for name in (*link.set_by, *(shift.rule for shift in link.shifts))})
        blocs = sorted({node.label for node in rating.tree if node.kind == "bloc" and node.label in self.blocs})
        gates = [gate for gate in self.policy.gates if self._held(gate.id, gate.effect[0].flag, rating)]
        found: list[Rule] = [self.policy.types[name] for name in types if name is not None]
        found += [self.rules[name] for name in names if name in self.rules]
        maps = [rule for rule in self.policy.recalibrations if rating.recalibration is not None]
        return [*found, *(self.blocs[label] for label in blocs), *maps, *gates]

    def _held(self, gate: str, flag: str | None, rating: Rating) -> bool:
        if flag is not None:
            return flag in rating.flags and flag not in FLAGS
        return any(reason.endswith(f"by the gate {gate}") for reason in rating.rating.analytic_confidence.reasons)

    def sources(self, rule: Rule) -> list[Source]:
        """A rule's references; an address that is none to follow is shown as text."""
        found = []
        for one in rule.references:
            url = reference_address(one.url)
            found.append(Source(one.title, url, one.url if url is None else None))
        return found

    def unknown(self, link: LinkAccount) -> list[Unknown]:
        """What nobody knew about a link, by field."""
        fields: dict[str, list[str]] = {}
        for one in link.undecided:
            fields.setdefault(one.missing, []).append(one.rule)
        return [Unknown(field, self.question(field), tuple(rules)) for field, rules in sorted(fields.items())]

    def question(self, field: str) -> str:
        """The question that settles a field; its name where the policy has none."""
        kind = self.policy.facts.get(field)
        return kind.question if kind is not None and kind.question else field.replace("_", " ")

    def flag(self, name: str) -> str:
        """What a flag means."""
        if name in FLAGS:
            return FLAGS[name]
        return next((gate.rationale for gate in self.policy.gates if gate.effect[0].flag == name), "raised by a gate")


def unknown_fields(ratings: Sequence[Rating], book: Rulebook) -> list[Unknown]:
    """Every field that nobody knew on a page, with all rules that it would have decided."""
    fields: dict[str, set[str]] = {}
    for rating in ratings:
        for link in rating.links:
            for one in link.undecided:
                fields.setdefault(one.missing, set()).add(one.rule)
    return [Unknown(field, book.question(field), tuple(sorted(rules))) for field, rules in sorted(fields.items())]
