"""All that `rules check` finds in a rules folder: it goes on after the first fault, and says each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from os.path import isdir
from pathlib import Path
from typing import Any

from reliability.errors import RuleError
from reliability.lab.clamps import clamps
from reliability.lab.scenarios import reports_of
from reliability.rules import overlaps
from reliability.rules.check import own_tests, particulars
from reliability.rules.dating import dates
from reliability.rules.findings import Finding, in_order, of_error, teller
from reliability.rules.fit import faults
from reliability.rules.load import load_folder
from reliability.rules.policy import Policy, near
from reliability.rules.scales import scales
from reliability.rules.schema import Rule
from reliability.rules.soundness import sound


@dataclass(frozen=True)
class Inspection:
    """The findings on a folder in order of their places, and how many rules and tests could be read."""

    findings: tuple[Finding, ...]
    n_rules: int
    n_tests: int


def inspect(folder: Path) -> Inspection:
    """Read a rules folder and look at everything in it.

    Rules that can't be used, or look at what a broken file was to define, are left out of what follows; with any such,
    scenarios are not read. Raises RuleError for what is no folder.
    """
    if not isdir(folder):
        raise RuleError(folder, problem="is not a folder", remedy="give a folder that holds rules")
    wrong: list[RuleError] = []
    try:
        loaded = load_folder(folder, say=wrong.append)
    except RuleError as error:
        return Inspection(tuple(in_order(map(of_error, [*wrong, error]))), 0, 0)
    policy = Policy.of(loaded, folder, say=wrong.append)
    wrong += faults(policy, loaded.sources, loaded.broken)
    alone = chain(particulars(loaded, str(folder)), dates(loaded, str(folder)), scales(policy))
    beside = _beside(_usable(policy, wrong, loaded.broken), scenarios=not wrong)
    every = [rule for rules in loaded.rules.values() for rule in rules]
    found = in_order(chain(map(of_error, wrong), alone, beside))
    return Inspection(tuple(found), len(every), sum(len(rule.test) for rule in every))


def _usable(policy: Policy, wrong: list[RuleError], broken: frozenset[str]) -> Policy:
    """The policy without the rules that something was said of, and those that look at what is broken."""
    if not wrong:
        return policy
    said = {error.rule for error in wrong} | broken

    def usable(rule: Rule) -> bool:
        seen = [getattr(rule, "when", None), [test.given for test in rule.test]]
        return rule.id not in said and not _words(seen) & broken

    kept = {
        name: tuple(filter(usable, getattr(policy, name)))
        for name in ("modifiers", "relays", "priors", "biases", "silences", "gates", "typing")
    }
    blocs = {name: bloc for name, bloc in policy.blocs.items() if usable(bloc)}
    return replace(policy, blocs=blocs, **kept)  # type: ignore[arg-type]


def _words(value: Any) -> set[str]:
    """Every field and text of a condition."""
    if isinstance(value, dict):
        return set(value).union(*map(_words, value.values()))
    if isinstance(value, list):
        return set().union(*map(_words, value))
    return {value} if isinstance(value, str) else set()


def _beside(policy: Policy, *, scenarios: bool) -> Iterator[Finding]:
    unsound = list(sound(policy))
    told = {(one.file, one.rule) for one in unsound}
    tested = (one for one in own_tests(policy) if (one.file, one.rule) not in told)
    return chain(
        unsound, tested, overlaps.shifts(policy), overlaps.settings(policy), overlaps.typing(policy),
        overlaps.gates(policy), clamps(policy), _scenarios(policy) if scenarios else (),
    )  # fmt: skip


def _scenarios(policy: Policy) -> Iterator[Finding]:
    tell = teller("scenario", policy.files, str(policy.folder))
    words = [band.word for band in policy.scales["icd203"].band]
    for scenario in policy.scenarios:
        try:
            reports_of(replace(policy, scenarios=(scenario,)))
        except RuleError as error:
            yield of_error(error, "scenario")
        named = {str(row.get("question") or row.get("claim")) for row in scenario.report}
        for n, one in enumerate(scenario.expect):
            if one.icd203 is not None and one.icd203 not in words:
                yield tell(scenario, ("expect", n, "icd203"), f"{one.icd203!r} is no word of ICD 203",
                           near(one.icd203, words))  # fmt: skip
            if not any(one.claim.startswith(name) for name in named):
                yield tell(scenario, ("expect", n, "claim"), f"no report is about {one.claim!r}",
                           near(one.claim, named))  # fmt: skip
