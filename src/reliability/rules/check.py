"""What `rules check` looks at beyond loading: references, file names, and every rule's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from reliability.rules.conditions import Column, evaluate
from reliability.rules.load import place_key
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule, Scale


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the file, the rule, what is wrong, what to do."""

    file: str
    rule: str
    problem: str
    remedy: str


def findings(policy: Policy) -> list[Finding]:
    """All findings on a policy that loads, in order of file and rule."""
    found = [one for rule in policy.rules() for one in _of(rule, policy)]
    return sorted(found, key=lambda one: (one.file, one.rule, one.problem))


def _of(rule: Rule, policy: Policy) -> Iterator[Finding]:
    file = policy.files.get(place_key(rule), str(policy.folder))

    def say(problem: str, remedy: str) -> Finding:
        return Finding(file, rule.id, problem, remedy)

    stem = Path(file).stem
    if not (rule.id == stem or rule.id.startswith((stem + ".", stem + "-"))):
        yield say(f"stands in a file named {stem!r}", "name the file after the rule, or after its family")
    if not rule.references:
        yield say("has no reference", "add [[references]], or say that it was elicited, and by whom")
    condition = getattr(rule, "when", None)
    if condition is not None:
        outcomes = {test.expect for test in rule.test}
        missing = {"fires", "does not fire", "unknown"} - outcomes
        if missing:
            yield say(f"has no test that {' or '.join(sorted(missing))}", "add [[test]] tables")
        for test in rule.test:
            got = outcome_of(condition, test.given, policy)
            if got != test.expect:
                yield say(f"test {test.name!r} expects {test.expect!r}, and it is {got!r}", "mend the rule or the test")
    if isinstance(rule, Scale):
        yield from _scale(rule, say)


def outcome_of(condition: Any, given: dict[str, Any], policy: Policy) -> str:
    """What a condition makes of known fields: fires, does not fire, or unknown."""
    columns = {name: Column(np.zeros(1, dtype=np.int64), (value,)) for name, value in given.items()
               if value is not None}  # fmt: skip
    outcome = evaluate(condition, columns, 1, policy.kin)
    return "fires" if outcome.yes[0] else "unknown" if outcome.unknown[0] else "does not fire"


def _scale(scale: Scale, say: Any) -> Iterator[Finding]:
    bands = sorted(scale.band, key=lambda band: band.low)
    words = [word for band in bands for word in (band.word, *band.synonyms)]
    if len(set(words)) < len(words):
        yield say("gives one word to two bands", "keep a word in one band")
    for below, above in pairwise(bands):
        if below.high is not None and below.high > above.low:
            yield say(f"{below.word!r} and {above.word!r} overlap", "let a band end where the next begins")
