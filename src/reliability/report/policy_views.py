"""A policy's rules as pages show them: each with its reasons, numbers, conditions, examples and history, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reliability.lab.effects import plain_words
from reliability.report.addresses import reference_address
from reliability.report.effect_bars import Span, drawn, span_of, typed, values_of
from reliability.report.policy_used import Source
from reliability.report.rule_words import condition_lines, given_in, other_fields
from reliability.rules.load import load_folder, place_key
from reliability.rules.named import shipped_rules
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule


@dataclass(frozen=True)
class Period:
    """Numbers with the day from which they hold (empty: from the start), their basis and grade."""

    since: str
    numbers: str
    basis: str
    grade: str


@dataclass(frozen=True)
class Example:
    """A test of a rule: its name, the fields that are given, and what it must come to."""

    name: str
    given: str
    expect: str


@dataclass(frozen=True)
class RuleView:
    """One rule as text; `anchor` is its place on its page. `ended` says that it does not hold any more."""

    rule: Rule
    anchor: str
    means: str
    span: Span | None
    more: tuple[tuple[str, str], ...]
    condition: tuple[str, ...]
    history: tuple[Period, ...]
    now: Period | None
    until: str
    examples: tuple[Example, ...]
    references: tuple[Source, ...]
    file: str
    ended: bool

    @property
    def drawing(self) -> Markup:
        """The effect as a drawing; only where there is a span."""
        return Markup() if self.span is None else drawn(self.span)

    @property
    def line(self) -> str:
        """The effect as a line of characters."""
        return "" if self.span is None else typed(self.span)


@dataclass(frozen=True)
class FamilyView:
    """Rules that stand on one page: their kind, their family's name (empty: the whole kind) and its file's name."""

    kind: str
    name: str
    rules: tuple[RuleView, ...]

    @property
    def stem(self) -> str:
        """What its files are called, without an ending: only letters, digits, _ and -."""
        return f"{self.kind}-{self.name}" if self.name else self.kind

    @property
    def title(self) -> str:
        """Its heading."""
        return f"{self.kind.replace('-', ' ')}: {self.name}" if self.name else self.kind.replace("-", " ")


def families_of(policy: Policy) -> list[FamilyView]:
    """All rules of a policy's folder by kind and family, those that ended too; in order of kind and name.

    A family is what stands before an id's first dot, else the file when it holds several rules, else the kind.
    """
    loaded = load_folder(policy.folder)
    in_force = {place_key(rule): rule for rule in policy.rules()}
    in_file: dict[str, int] = {}
    for file in loaded.files.values():
        in_file[file] = in_file.get(file, 0) + 1
    found: dict[tuple[str, str], list[RuleView]] = {}
    for rules in loaded.rules.values():
        for rule in rules:
            file = loaded.files[place_key(rule)]
            name, dot, _ = rule.id.partition(".")
            family = name if dot else _plain(Path(file).stem) if in_file[file] > 1 else ""
            found.setdefault((rule.folder, family), []).append(
                _view(rule, in_force.get(place_key(rule)), _file(file, policy.folder))
            )
    return [FamilyView(kind, name, tuple(views)) for (kind, name), views in sorted(found.items())]


def _plain(stem: str) -> str:
    """A file's name where it is plain enough to name a page, else nothing."""
    return stem if stem.isascii() and stem.replace("-", "").replace("_", "").isalnum() and stem == stem.lower() else ""


def _file(file: str, folder: Path) -> str:
    """A rule's file as seen from its policy's folder; one that is inherited from the shipped policy says so."""
    for place, name in ((folder, ""), (shipped_rules(), "shipped: ")):
        if Path(file).is_relative_to(place):
            return name + Path(file).relative_to(place).as_posix()
    return Path(file).name


def _view(rule: Rule, now: Rule | None, file: str) -> RuleView:
    effects: Sequence[Any] = sorted(getattr(rule, "effect", ()), key=lambda one: str(one.since or ""))
    shown = now or (rule.model_copy(update={"effect": (effects[-1],)}) if effects else rule)
    periods = tuple(_period(one) for one in effects)
    current = _period(shown.effect[0]) if effects else None  # type: ignore[attr-defined]
    return RuleView(
        rule=rule, anchor=f"r-{rule.id}", means=plain_words(shown) or "", span=span_of(shown),
        more=tuple(other_fields(rule)), condition=tuple(condition_lines(getattr(rule, "when", None) or {})),
        history=periods if len(periods) > 1 else (), now=current, until=str(rule.until or ""),
        examples=tuple(Example(one.name, given_in(one.given), one.expect) for one in rule.test),
        references=tuple(_reference(one.title, one.url) for one in rule.references), file=file, ended=now is None,
    )  # fmt: skip


def _period(effect: Any) -> Period:
    numbers = values_of(effect.model_dump(mode="json", exclude={"since", "basis", "grade"}))
    return Period(str(effect.since or ""), numbers, effect.basis, effect.grade)


def _reference(title: str, url: str | None) -> Source:
    address = reference_address(url)
    return Source(title, address, url if address is None else None)
