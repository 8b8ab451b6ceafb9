"""Two policies compared by what they mean: rules added, removed and changed, and the ratings that move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import Field

from reliability.api import Outcome
from reliability.model.base import Record
from reliability.model.rating import Rating
from reliability.model.rounding import rounded
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule

NOT_ASSESSED = "not assessed"


class Change(Record):
    """One rule that two policies differ in: `fields` has what it was and is, by key; empty for a whole rule."""

    kind: str
    id: str
    what: str
    fields: dict[str, tuple[Any, Any]] = Field(default_factory=dict)


class Move(Record):
    """A claim whose rating moves: p and word before and after; None where a policy does not rate it."""

    claim: str
    text: str
    before: float | None
    after: float | None
    word_before: str | None
    word_after: str | None

    @property
    def by(self) -> float:
        """How far p moves; 1 for a claim that only one policy rates."""
        return 1.0 if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """The ratings of one set under two policies: all moves, largest first, and how many words became which."""

    moves: tuple[Move, ...]
    words: dict[tuple[str, str], int]
    n_claims: int

    def histogram(
        self, edges: Sequence[float] = (-0.2, -0.1, -0.05, -0.01, 0.01, 0.05, 0.1, 0.2)
    ) -> list[tuple[str, int]]:
        """How many claims move by how much, still ones in the middle: (range, count)."""
        still = self.n_claims - len(self.moves)
        shifts = [one.by for one in self.moves] + [0.0] * still
        bounds = [float("-inf"), *edges, float("inf")]
        rows = []
        for low, high in pairwise(bounds):
            n = sum(low <= shift < high for shift in shifts)
            name = f"below {edges[0]:+.2f}" if low == float("-inf") else f"from {low:+.2f}"
            rows.append((name, n))
        return rows


def changes(old: Policy, new: Policy) -> list[Change]:
    """What differs, in order of kind and id; sources by name. Texts of rules count too, tests don't.

    Without a day, older values and rules that are not in force are compared too.
    """
    before, after = (
        {(rule.folder, rule.id): _flat(rule) for rule in policy.rules()} | _past(policy) for policy in (old, new)
    )
    found = [
        Change(kind=kind, id=name, what="removed" if (kind, name) in before else "added")
        for kind, name in before.keys() ^ after.keys()
    ]
    for kind, name in before.keys() & after.keys():
        fields = _differing(before[kind, name], after[kind, name])
        if fields:
            found.append(Change(kind=kind, id=name, what="changed", fields=fields))
    mine, theirs = ({one.name: one for one in policy.sources.entries.values()} for policy in (old, new))
    found += [Change(kind="sources", id=name, what="removed" if name in mine else "added")
              for name in mine.keys() ^ theirs.keys()]  # fmt: skip
    for name in mine.keys() & theirs.keys():
        fields = _differing(mine[name].model_dump(mode="json"), theirs[name].model_dump(mode="json"))
        if fields:
            found.append(Change(kind="sources", id=name, what="changed", fields=fields))
    return sorted(found, key=lambda one: (one.kind, one.id))


def _past(policy: Policy) -> dict[tuple[str, str], dict[str, Any]]:
    """Fields of the rules that have older values, or are not in force; none for a policy of a day."""
    if policy.as_of is not None:
        return {}
    now = {(rule.folder, rule.id): rule for rule in policy.rules()}
    found = {}
    for rule in policy.written:
        key, dated = (rule.folder, rule.id), rule.since is not None or rule.until is not None
        if key in now and len(getattr(rule, "effect", ())) > 1:
            found[key] = {**_flat(rule), **_flat(now[key])}
        elif key not in now and dated:
            found[key] = _flat(rule)
    return found


def _flat(rule: Rule) -> dict[str, Any]:
    """A rule's fields, those of its newest value among them as `effect.…`, of an older one by its day."""
    fields = rule.model_dump(mode="json", exclude={"test"})
    *older, newest = sorted(fields.pop("effect", None) or [{}], key=lambda effect: effect.get("since") or "")
    for effect in older:
        fields |= {f"effect since {effect.get('since') or 'ever'}: {key}": value for key, value in effect.items()
                   if key != "since"}  # fmt: skip
    return {**fields, **{f"effect.{key}": value for key, value in newest.items()}}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (before.get(key), after.get(key)) for key in sorted({*before, *after})
            if before.get(key) != after.get(key)}  # fmt: skip


def compare(before: Outcome, after: Outcome) -> Comparison:
    """The ratings of the same reports under two policies."""
    mine, theirs = ({one.claim.id: one for one in outcome.ratings} for outcome in (before, after))
    moves, words = [], Counter[tuple[str, str]]()
    for claim in sorted({*mine, *theirs}):
        old, new = mine.get(claim), theirs.get(claim)
        words[_word(old), _word(new)] += 1
        if old is None or new is None or old.p != new.p or _word(old) != _word(new):
            text = next(one.claim.text for one in (new, old) if one is not None)
            moves.append(Move(
                claim=claim, text=text, before=old.p if old else None, after=new.p if new else None,
                word_before=old.icd203 if old else None, word_after=new.icd203 if new else None,
            ))  # fmt: skip
    moves.sort(key=lambda one: (-abs(rounded(one.by, 4)), one.claim))
    return Comparison(tuple(moves), dict(sorted(words.items())), len({*mine, *theirs}))


def _word(rating: Rating | None) -> str:
    return "not rated" if rating is None else rating.icd203 or NOT_ASSESSED
