"""What the fields that conditions test can hold: yes or no, numbers, one of some words, any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from reliability.model.report import Via
from reliability.rules.schema import FactKind, Level

if TYPE_CHECKING:
    from reliability.rules.policy import Policy


@dataclass(frozen=True)
class Domain:
    """A field's values: of a kind; of a text only `values` where there are any; of a number [low, high]."""

    kind: Literal["boolean", "number", "text"] = "text"
    values: tuple[Any, ...] = ()
    low: float = float("-inf")
    high: float = float("inf")

    def admits(self, value: Any) -> bool:
        """Whether the field can hold a value."""
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high
        return isinstance(value, str) and (not self.values or value in self.values)

    def described(self) -> str:
        """The values in words."""
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "number":
            return "a number" if self.low == float("-inf") else f"a number from {self.low:g} to {self.high:g}"
        return " or ".join(map(repr, self.values)) if self.values else "a text"


ANY_TEXT, YES_OR_NO = Domain(), Domain("boolean")
COUNT, SHARE = Domain("number", low=0.0), Domain("number", low=0.0, high=1.0)
LEVELS = Domain(values=get_args(Level))

LINK: Mapping[str, Domain] = {
    "source_type": ANY_TEXT, "source": ANY_TEXT, "bloc": ANY_TEXT, "country": ANY_TEXT,
    "via": Domain(values=get_args(Via)), "hedge": ANY_TEXT, "hedged": YES_OR_NO,
    "stance": Domain(values=("asserts", "denies", "silent")), "has_quantity": YES_OR_NO, "unit": ANY_TEXT,
    "party": Domain(values=("own", "enemy", "third")), "claim_class": ANY_TEXT,
    "n_links": Domain("number", low=1.0, high=32.0),
}  # fmt: skip
"""The fields of a link that are no facts."""

GATE: Mapping[str, Domain] = {
    "support": COUNT, "origins": COUNT, "outlets": COUNT, "independent": COUNT, "blocs": COUNT, "reports": COUNT,
    "support_level": LEVELS, "robustness_level": LEVELS, "basis_level": LEVELS, "elicited_share": SHARE,
    "anonymous_only": YES_OR_NO, "hearsay_only": YES_OR_NO, "contested": YES_OR_NO, "p": SHARE,
}  # fmt: skip
"""The fields of a rating that gates test."""

TYPING: Mapping[str, Domain] = {
    "head": ANY_TEXT, "words": ANY_TEXT, "title": ANY_TEXT, "appositive": ANY_TEXT, "entity": ANY_TEXT,
    "named": YES_OR_NO, "plural": YES_OR_NO, "nationality": ANY_TEXT,
}  # fmt: skip
"""The fields of a mention that typing rules test."""


def link_domains(policy: Policy) -> dict[str, Domain]:
    """The fields of a link under a policy: its source types, its blocs and its facts are what it says they are."""
    of_policy = {"source_type": Domain(values=tuple(policy.types)), "bloc": Domain(values=tuple(policy.blocs))}
    return {**LINK, **of_policy, **{fact.id: _of_fact(fact) for fact in policy.facts.values()}}


def _of_fact(fact: FactKind) -> Domain:
    return Domain(fact.kind, fact.values if fact.kind == "text" else ())
