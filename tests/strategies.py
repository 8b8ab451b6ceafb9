"""Random worlds and the reports made in them: small policies in memory, chains, hedges, dates, denials.

A world fixes what the laws take for granted: every source is described alike wherever it speaks (its type, its bloc,
its facts, how it is passed on), and leans the same way whatever it says. Reports vary in everything else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from reliability.model.report import Link, Report
from reliability.reasoning.rationale import Context, ratings_of
from reliability.rules.directory import Directory
from reliability.rules.policy import Policy
from reliability.rules.schema import Bloc, Constant, Gate, Hedge, Modifier, Prior, Relay, SourceEntry, SourceType
from reliability.scoring.score import Scored, score

ROOT = Path(__file__).resolve().parents[1]
CLAIM, QUESTION = "c", "q"
WHY = "Made up for a test."


@cache
def shipped() -> Policy:
    """The policy of the repository's rules folder."""
    return Policy.load(ROOT / "rules")


def source_type(name: str, p: float, **more: Any) -> SourceType:
    """A source type; `p0`, `n` and `cap_db` go into its effect, all else into the rule."""
    effect = {"p": p, "p0": 0.5, "n": 6.0, "cap_db": 60.0, "grade": "B"}
    effect |= {key: more.pop(key) for key in list(more) if key in effect}
    return SourceType(id=name, label=name, rationale=WHY, effect=effect, **more)


def bloc(name: str, ceiling: float, **more: Any) -> Bloc:
    return Bloc(id=name, label=name, rationale=WHY, effect={"ceiling": ceiling}, **more)


def modifier(name: str, when: Mapping[str, Any], **effect: Any) -> Modifier:
    return Modifier(id=name, rationale=WHY, when=dict(when), effect=effect)


def hedge(name: str, low: float, high: float) -> Hedge:
    return Hedge(id=name.replace(" ", "-"), rationale=WHY, terms=(name,), effect={"low": low, "high": high})


def gate(name: str, when: Mapping[str, Any], **effect: Any) -> Gate:
    return Gate(id=name, rationale=WHY, when=dict(when), effect=effect)


def with_numbers(policy: Policy, values: Mapping[str, float]) -> Policy:
    """The policy with some of the tree's own numbers (constants) replaced."""
    kept = [rule for rule in policy.numbers if rule.id not in values]
    made = [Constant(id=name, rationale=WHY, effect={"value": value}) for name, value in values.items()]
    return replace(policy, numbers=tuple(sorted([*kept, *made], key=lambda rule: rule.id)))


VIAS = ("direct-quote", "paraphrase", "translation", "document", "saw-it-ourselves")
ALWAYS = {"n_links": {"at_least": 1}}


def relays(fidelities: Mapping[str, float]) -> tuple[Relay, ...]:
    """A relay rule for each way of passing on, the shipped numbers where none is given."""
    usual = {"direct-quote": 0.99, "paraphrase": 0.97, "translation": 0.95, "document": 0.99, "saw-it-ourselves": 0.97}
    return tuple(
        Relay(id=f"relay.{via}", rationale=WHY, when={"via": via}, effect={"fidelity": fidelity})
        for via, fidelity in {**usual, **fidelities}.items()
    )


def prior_rules(prior: float, guess: float | str | None) -> tuple[Prior, ...]:
    """A prior for every claim that has a report."""
    return (Prior(id="prior", rationale=WHY, when=ALWAYS, effect={"prior": prior, "guess": guess}),)


KINDS: dict[str, dict[str, Any]] = {
    "official": {"carries": True},
    "agency": {"carries": True},
    "media": {"carries": True, "news_outlet": True},
    "witness": {},
    "partisan": {},
    "crowd": {"crowd": True},
    "anonymous": {"crowd": True, "descriptor": True},
    "unattributed": {"crowd": True, "descriptor": True},
    "unknown": {"crowd": True},
}
HEDGES = (
    hedge("likely", 0.55, 0.8), hedge("unlikely", 0.2, 0.45), hedge("possibly", 0.4, 0.6),
    hedge("certain", 1.0, 1.0), hedge("impossible", 0.0, 0.0), hedge("almost certain", 0.95, 0.99),
)  # fmt: skip


def small_policy(
    accuracy: Mapping[str, float] | None = None, *, common_error: float = 0.98, prior: float = 0.5,
    guess: float | str | None = None, blocs: Iterable[Bloc] = (), entries: Iterable[SourceEntry] = (),
    modifiers: Iterable[Modifier] = (), fidelities: Mapping[str, float] | None = None,
    hedges: Iterable[Hedge] = HEDGES, extra_types: Iterable[SourceType] = (),
) -> Policy:  # fmt: skip
    """A policy with the kinds of sources above, and the shipped gates, scales and other constants."""
    known = {"partisan": 0.5, "unknown": 0.52, "unattributed": 0.75, **(accuracy or {})}
    types = [source_type(name, known.get(name, 0.85), **kind) for name, kind in KINDS.items()]
    base = shipped()
    return replace(
        base, types={rule.id: rule for rule in sorted([*types, *extra_types], key=lambda rule: rule.id)},
        modifiers=tuple(sorted(modifiers, key=lambda rule: rule.id)), relays=relays(fidelities or {}),
        blocs={rule.id: rule for rule in sorted(blocs, key=lambda rule: rule.id)},
        priors=() if prior == 0.5 and guess is None else prior_rules(prior, guess), hedges=tuple(hedges),
        numbers=with_numbers(base, {"common-error": common_error}).numbers,
        sources=Directory.of([("test", entry) for entry in entries]), typing=(), files={},
    )  # fmt: skip


def link(source: str, kind: str | None = None, via: str | None = None, said: str | None = None, **facts: Any) -> Link:
    return Link(source=source, type=kind, via=via, hedge=said, facts=facts)


def report(*chain: Link, key: str | None = None, **more: Any) -> Report:
    """A report on the claim `c`, or on an `alternative` of the question `q`."""
    about = {"question": QUESTION} if "alternative" in more else {"claim": more.pop("claim", CLAIM)}
    return Report(id=key, provenance=chain, **{**about, **more})


def numbered(reports: Iterable[Report], prefix: str = "r") -> tuple[Report, ...]:
    """The same reports with ids in order."""
    return tuple(one.model_copy(update={"id": f"{prefix}{i:02d}"}) for i, one in enumerate(reports))


def p_of(reports: Sequence[Report], policy: Policy, unit: int = 0) -> np.ndarray:
    """The ratings of a claim's alternatives, (K,); all reports must be on things with as many answers."""
    (scored,) = score(reports, policy)
    return scored.p[:, unit]


def p_true(reports: Sequence[Report], policy: Policy) -> float:
    return float(p_of(reports, policy)[0])


def only(reports: Sequence[Report], policy: Policy) -> Scored:
    (scored,) = score(reports, policy)
    return scored


def rated(reports: Sequence[Report], policy: Policy) -> list[dict[str, Any]]:
    """The rating records, as JSON types."""
    return [rating.record() for rating in ratings_of(reports, Context(policy, "test", {}))]


ACCURACIES = (0.5, 0.52, 0.6, 0.75, 0.85, 0.9, 0.97, 1.0)
FIDELITIES = (0.0, 0.3, 0.9, 0.97, 0.99, 1.0)
GUESSES = (0.0, 0.1, 0.5, 0.75, 1.0)
DATES = ("2024", "2024-12-31", "2025", "2025-03", "2025-03-02", "2025-03-02T10:00:00Z", "2025-03-02T12:00:00+02:00")
NAMES = ("S0", "S1", "S2", "S3", "S4", "S5")
LEANS = ("a", "b")


@dataclass(frozen=True)
class Being:
    """One source of a world."""

    name: str
    kind: str
    via: str | None
    facts: Mapping[str, Any]
    lean: str | None
    in_file: bool

    def link(self, stance: str = "asserts", said: str | None = None) -> Link:
        leans = {} if self.lean is None else {"lean": self.lean + ("+" if stance != "denies" else "-")}
        return link(self.name, None if self.in_file else self.kind, self.via, said, **self.facts, **leans)


@dataclass(frozen=True)
class World:
    """A policy, the sources that speak in it, and the numbers that it was drawn with."""

    policy: Policy = field(repr=False)
    beings: tuple[Being, ...]
    numbers: Mapping[str, Any]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    @property
    def prior(self) -> float:
        return float(self.numbers["prior"])

    @property
    def guess(self) -> float | str | None:
        return self.numbers["guess"]

    def with_prior(self, prior: float, guess: float | str | None) -> Policy:
        return replace(self.policy, priors=() if prior == 0.5 and guess is None else prior_rules(prior, guess))


def _leaning(guesses: Mapping[str, float]) -> list[Modifier]:
    """Who leans to `a+` says yes, not knowing, with the chance a; its no is guessed with the chance 1 − a."""
    found = []
    for name, chance in guesses.items():
        found.append(modifier(f"lean.{name}.yes", {"lean": name + "+"}, guess=chance))
        found.append(modifier(f"lean.{name}.no", {"lean": name + "-"}, guess=1.0 - chance))
    return found


def one_of_all(*choices: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One of each, as a single draw: many draws an example is what makes Hypothesis slow."""
    return st.sampled_from(list(itertools.product(*choices)))


FACTS: tuple[dict[str, Any], ...] = ({}, {}, {"good": True}, {"bad": True}, {"group": "g"})
BEINGS = one_of_all(
    [kind for kind in KINDS if kind != "unattributed"], (None, "direct-quote", "translation", "document"), FACTS,
    (None, None, *LEANS), (False, True), (None, None, "outer", "inner", "other"),
)  # fmt: skip
PRIORS = ((0.5, None), (0.5, None), (0.1, "even"), (0.3, "prior"), (0.9, "prior"), (0.5, 0.0), (0.7, 1.0), (0.2, 0.35))
TOPS = one_of_all((0.98, 0.98, 1.0, 0.5), (0.3, 0.6, 0.86), (0.5, 0.9, 1.0), (0.6, 0.9))
PASSING = one_of_all(*[FIDELITIES] * 3)
LEANINGS = one_of_all(GUESSES, GUESSES)
NAMED = one_of_all(*[ACCURACIES] * 4)
MANY = one_of_all(*[ACCURACIES] * 3)


@st.composite
def worlds(draw: st.DrawFn, *, even: bool = False) -> World:
    """A world; `even` keeps prior and every guess at one half."""
    accuracy = dict(zip(("official", "agency", "media", "witness"), draw(NAMED), strict=True))
    accuracy |= dict(zip(("crowd", "anonymous", "unattributed"), draw(MANY), strict=True))
    common_error, *ceilings, other = draw(TOPS)
    low, high = sorted(ceilings)
    forest = [bloc("outer", high), bloc("inner", low, inside="outer"), bloc("other", other),
              bloc("group", 0.6, when={"group": {"not": ""}}, by="group")]  # fmt: skip
    beings, entries = [], []
    for name in NAMES:
        kind, via, facts, lean, in_file, home = draw(BEINGS)
        beings.append(Being(name, kind, via, facts, None if even else lean, in_file))
        entries.append(SourceEntry(name=name, type=kind if in_file else None, bloc=home))
    prior, guess = (0.5, None) if even else draw(st.sampled_from(PRIORS))
    quoted, told, translated = draw(PASSING)
    passing = {"direct-quote": quoted, "document": quoted, "paraphrase": told, "translation": translated}
    numbers = {"common_error": common_error, "prior": prior, "guess": guess, "fidelities": passing}
    chances = dict(zip(LEANS, draw(LEANINGS), strict=True))
    shifts = [modifier("shift.good", {"good": True}, shift_db=3.0), modifier("shift.bad", {"bad": True}, shift_db=-4.0)]
    policy = small_policy(accuracy, **numbers, blocs=forest, entries=entries, modifiers=[*shifts, *_leaning(chances)])
    homes = {entry.name: entry.bloc for entry in entries if entry.bloc}
    shown = {**numbers, "accuracy": accuracy, "ceilings": (low, high, other), "leans": chances, "homes": homes}
    return World(policy, tuple(beings), shown)


WORDS = (None, None, None, None, *(rule.terms[0] for rule in HEDGES), "in a manner of speaking")
STANCES = ("asserts", "asserts", "denies")
MAYBE_DATES = (None, None, None, *DATES)


@cache
def chains(origins: tuple[str, ...], longest: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Names without repeats, the lengths alike in frequency, short ones first."""
    found = [
        [names for names in itertools.permutations(NAMES, n) if names[0] in origins] for n in range(1, longest + 1)
    ]
    return st.one_of([st.sampled_from(of_length) for of_length in found])


@cache
def said_how(k: int, stances: tuple[str, ...], dates: tuple[str | None, ...]) -> st.SearchStrategy[Any]:
    return one_of_all(stances, "ABC"[: k - 1], dates)


@cache
def hedged(words: tuple[str | None, ...], n: int) -> st.SearchStrategy[tuple[str | None, ...]]:
    return one_of_all(*[words] * n)


@st.composite
def reports_in(
    draw: st.DrawFn, world: World, *, k: int = 2, stances: Sequence[str] = STANCES,
    words: Sequence[str | None] = WORDS, dates: Sequence[str | None] = MAYBE_DATES, max_links: int = 4,
    origins: Sequence[str] = NAMES,
) -> Report:  # fmt: skip
    """One report, without an id; with k > 2 on one of the k − 1 named alternatives of a question."""
    names = draw(chains(tuple(origins), max_links))
    said = draw(hedged(tuple(words), len(names)))
    stance, alternative, published = draw(said_how(k, tuple(stances), tuple(dates)))
    by_name = {being.name: being for being in world.beings}
    links = [by_name[name].link(stance, word) for name, word in zip(names, said, strict=True)]
    about = {} if k == 2 else {"alternative": alternative}
    return report(*links, stance=stance, published=published, **about)


@dataclass(frozen=True)
class Case:
    """A world and what is reported in it, on one claim or question."""

    world: World
    reports: tuple[Report, ...]

    @property
    def policy(self) -> Policy:
        return self.world.policy


def anchors(k: int) -> tuple[Report, ...]:
    """With k > 2 every alternative must be named: by someone whose word weighs nothing."""
    return tuple(report(link(f"Z{a}", "partisan"), key=f"z{a}", alternative=a) for a in "ABC"[: k - 1] if k > 2)


@st.composite
def cases(
    draw: st.DrawFn, *, k: int | None = 2, min_reports: int = 1, max_reports: int = 6, even: bool = False, **kind: Any
) -> Case:
    """A world with reports in it; k None draws two to four answers."""
    answers = draw(st.sampled_from([2, 2, 3, 4])) if k is None else k
    world = draw(worlds(even=even))
    found = draw(st.lists(reports_in(world, k=answers, **kind), min_size=min_reports, max_size=max_reports))
    return Case(world, (*numbered(found), *anchors(answers)))
