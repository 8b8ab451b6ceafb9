"""What `rules check` finds: a record a finding, and the names of all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import RuleError
from reliability.rules.load import place_key
from reliability.rules.places import rule_place, spelled
from reliability.rules.policy import Policy
from reliability.rules.positions import Keys
from reliability.rules.schema import Rule

CHECKS = {
    "load": "Every file can be read, every key is known, every value is in range, and rules fit together.",
    "name": "A rule stands in a file that is named after it or its family.",
    "reference": "A rule says where it comes from, by a title and a well-formed address.",
    "number": "A number says whether it was measured or elicited, and its grade.",
    "dates": "Dated values are in order, and begin before they end.",
    "test": "A rule has tests for yes, no and unknown, of known fields, and they come out as expected.",
    "condition": "A condition asks for values that there are, can hold, and can fail.",
    "shadowed": "A rule makes a difference beside the rules that hold wherever it does.",
    "opposed": "Rules that look at the same facts do not pull against each other.",
    "clamp": "A type's floor and cap do not always cut a number.",
    "scale": "A scale's bands are in order, don't overlap, and have words of their own.",
    "gate": "A stricter gate gives a lower confidence.",
    "source": "A source's domain, address and days are well formed.",
    "scenario": "A scenario's reports can be read, and its expectations are about its claims.",
}


@dataclass(frozen=True)
class Finding:
    """One thing to mend: which check found it, the place (line and column from 1), the rule and the
    key in it, what is wrong, a remedy.

    `line` and `column` are None where the file as a whole, or a folder, is meant.
    """

    check: str
    file: str
    line: int | None
    column: int | None
    rule: str
    key: str
    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """FILE:LINE:COLUMN, as far as they are known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


Tell = Callable[[Rule, Keys, str, str], Finding]
"""Makes a finding: the rule, the path of the key that it is about, the problem, the remedy."""


def teller(check: str, files: Mapping[str, str], folder: str) -> Tell:
    """How one check says what it finds about rules that stand in these files."""

    def tell(rule: Rule, at: Keys, problem: str, remedy: str) -> Finding:
        file = files.get(place_key(rule), folder)
        line, column = rule_place(file, rule.id, at) or (None, None)
        return Finding(check, file, line, column, rule.id, spelled(at), problem, remedy)

    return tell


def is_own(policy: Policy, rule: Rule) -> bool:
    """Whether a rule stands in the policy's own folder, not in one that it inherits."""
    return Path(policy.files.get(place_key(rule), "")).is_relative_to(policy.folder)


def of_error(error: RuleError, check: str = "load") -> Finding:
    """An error as a finding."""
    return Finding(check, error.where or "", error.line, error.column, error.rule or "", error.key or "",
                   error.problem, error.remedy or "mend it")  # fmt: skip


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Findings by place, each once."""
    return sorted(
        set(found),
        key=lambda one: (one.file, one.line or 0, one.column or 0, one.rule, one.check, one.problem),
    )
