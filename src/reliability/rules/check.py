"""What `rules check` looks at in each rule by itself: its file's name, its references, numbers and own tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from reliability.rules.conditions import Column, evaluate
from reliability.rules.domains import Domain
from reliability.rules.findings import Finding, Tell, teller
from reliability.rules.fit import conditioned
from reliability.rules.load import Loaded, place_key
from reliability.rules.policy import Policy, near
from reliability.rules.schema import Effect, Rule

OUTCOMES = frozenset({"fires", "does not fire", "unknown"})


def particulars(loaded: Loaded, folder: str) -> Iterator[Finding]:
    """Names, references and numbers of all rules of a folder, also of those that are no longer in force."""
    named, referred, numbered = (teller(check, loaded.files, folder) for check in ("name", "reference", "number"))
    for rules in loaded.rules.values():
        for rule in rules:
            stem = Path(loaded.files[place_key(rule)]).stem
            if not (rule.id == stem or rule.id.startswith((stem + ".", stem + "-"))):
                yield named(rule, ("id",), f"stands in a file named {stem!r}",
                            "name the file after the rule, or after its family")  # fmt: skip
            yield from _references(rule, referred)
            yield from _numbers(rule, numbered)


def _references(rule: Rule, tell: Tell) -> Iterator[Finding]:
    if not rule.references:
        yield tell(rule, (), "has no reference", "add [[references]], or say that it was elicited, and by whom")
    seen = set()
    for n, one in enumerate(rule.references):
        if one in seen:
            yield tell(rule, ("references", n), f"gives the reference {one.title!r} twice", "take one out")
        seen.add(one)
        if "://" in one.title:
            yield tell(rule, ("references", n, "title"), "has an address for a title",
                       "name the work, and put the address under `url`")  # fmt: skip
        if one.url is not None and one.url.startswith("http") and "." not in (_host(one.url) or ""):
            yield tell(rule, ("references", n, "url"), f"{one.url!r} names no host",
                       "write the whole address: https://example.org/…")  # fmt: skip
        if one.url is not None and one.url.startswith("doi:") and not one.url.startswith("doi:10."):
            yield tell(rule, ("references", n, "url"), f"{one.url!r} is no DOI", "a DOI begins with 10.")


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _numbers(rule: Rule, tell: Tell) -> Iterator[Finding]:
    effects: tuple[Effect, ...] = getattr(rule, "effect", ())
    for n, effect in enumerate(effects):
        missing = [key for key in ("basis", "grade") if key not in effect.model_fields_set]
        if missing:
            yield tell(rule, ("effect", n), f"a number without {' and '.join(missing)}",
                       'say basis = "measured" or "elicited", and grade = "A" to "D"')  # fmt: skip
        elif effect.basis == "elicited" and effect.grade in ("A", "B"):
            yield tell(rule, ("effect", n, "grade"), f"an elicited number has the grade {effect.grade}",
                       "A and B are for what was measured: write C or D, or say what measured it")  # fmt: skip


def own_tests(policy: Policy) -> Iterator[Finding]:
    """Each condition's own tests: one for yes, no and unknown, of fields that there are, and as expected."""
    tell = teller("test", policy.files, str(policy.folder))
    for rules, domains in conditioned(policy):
        for rule in rules:
            missing = OUTCOMES - {test.expect for test in rule.test}
            if missing:
                yield tell(
                    rule,
                    (),
                    f"has no test that expects {' or '.join(map(repr, sorted(missing)))}",
                    "add [[test]] tables",
                )
            for n, test in enumerate(rule.test):
                yield from _given(rule, n, domains, tell)
                got = outcome_of(rule.when, test.given, policy)
                if got != test.expect:
                    yield tell(rule, ("test", n, "expect"),
                               f"test {test.name!r} expects {test.expect!r}, and it is {got!r}",
                               "mend the rule or the test")  # fmt: skip


def _given(rule: Any, n: int, domains: Mapping[str, Domain], tell: Tell) -> Iterator[Finding]:
    for field, value in rule.test[n].given.items():
        at = ("test", n, "given", field)
        if field not in domains:
            yield tell(rule, at, f"test {rule.test[n].name!r} gives {field!r}, which no link has", near(field, domains))
        elif value is not None and not domains[field].admits(value):
            yield tell(rule, at, f"test {rule.test[n].name!r} gives {field!r} the value {value!r}",
                       f"it is {domains[field].described()}")  # fmt: skip


def outcome_of(condition: Any, given: dict[str, Any], policy: Policy) -> str:
    """What a condition makes of known fields: fires, does not fire, or unknown."""
    columns = {name: Column(np.zeros(1, dtype=np.int64), (value,)) for name, value in given.items()
               if value is not None}  # fmt: skip
    outcome = evaluate(condition, columns, 1, policy.kin)
    return "fires" if outcome.yes[0] else "unknown" if outcome.unknown[0] else "does not fire"
