"""Why a rating moved from one entry to another: tags, reports, rules, engine, each with its share of the decibans.

The claim is rated again in steps, from what the first entry has to what the second has; each step's share is what it
moves, so that the shares add up to the whole move. Numbers as they were recorded stand at both ends: what today's
engine makes otherwise of the same reports and rules is the engine's share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from reliability import api
from reliability.errors import RuleError, UsageError
from reliability.lab.compare import changes
from reliability.ledger.again import Again, again
from reliability.ledger.chain import Placed
from reliability.ledger.entry import Run
from reliability.ledger.kept import Told, lines_of
from reliability.ledger.store import Ledger
from reliability.model.base import canonical_json
from reliability.model.report import Report
from reliability.rules.policy import Policy, near
from reliability.text.grouping import group

Cause = Literal["engine", "corrected tags", "reports", "rules"]
_TAGS = ("type", "via", "hedge", "facts")


@dataclass(frozen=True)
class Share:
    """What one cause moves, in decibans, and what it consists of: ids of reports or rules, versions."""

    cause: Cause
    db: float
    what: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A claim's way from one entry to the other. The shares' decibans add up to `after_db` less `before_db`.

    A step that can't be rated moves nothing, and `remarks` say so.
    """

    claim: str
    text: str
    before_p: float
    after_p: float
    before_db: float
    after_db: float
    shares: tuple[Share, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Moves:
    """All claims that moved, largest move first (of them the first few with their shares), and those of one entry."""

    moved: tuple[Moved, ...]
    n_moved: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def moves(first: Placed, second: Placed, ledger: Ledger, *, claim: str | None = None, most: int = 20) -> Moves:
    """Which claims moved from one entry to another, and why; with `claim` that one, whether it moved or not.

    Raises UsageError for entries without ratings, or a claim that is not in both; LedgerError for what was removed.
    """
    before, after = (_recorded(one, ledger) for one in (first, second))
    both = sorted(before.keys() & after.keys())
    if claim is not None and claim not in both:
        raise UsageError(claim, problem="is not rated in both entries", remedy=near(claim, both or [*before, *after]))
    changed = [one for one in both if (before[one].p, before[one].weight_db) != (after[one].p, after[one].weight_db)]
    changed.sort(key=lambda one: (-abs(_centi(after[one]) - _centi(before[one])), one))
    wanted = changed[:most] if claim is None else [claim]
    with again(first, ledger, read=False) as old, again(second, ledger, read=False) as new:
        side = _Side.of(old)
        both_runs = _Runs(side, _Side.of(new).aligned(side), first.entry.run, second.entry.run)
        moved = tuple(both_runs.moved(before[one], after[one]) for one in wanted)
    return Moves(moved, len(changed), tuple(sorted(before.keys() - after.keys())),
                 tuple(sorted(after.keys() - before.keys())))  # fmt: skip


def _recorded(placed: Placed, ledger: Ledger) -> dict[str, Told]:
    told = map(Told.of, map(json.loads, lines_of(placed, ledger.blobs, "ratings")))
    return {one.claim: one for one in told}


def _centi(told: Told) -> int:
    """A recorded weight in hundredths of a deciban, which is as fine as records are: sums of these are exact."""
    return round(told.weight_db * 100)


@dataclass(frozen=True)
class _Side:
    """One entry's reports as they were grouped, by what they say, and its policy."""

    policy: Policy
    reports: dict[str, Report]
    at_least: Sequence[float]

    @classmethod
    def of(cls, made: Again) -> _Side:
        in_time, _ = api.split_by_day(made.reports, made.as_of)
        grouped, _ = group(in_time, made.grouping)
        kept: dict[str, Report] = {}
        for read, report in zip(in_time, grouped, strict=True):
            if report.kind == "statement":
                saying = _saying(read)
                kept[f"{saying} {report.key}" if saying in kept else saying] = report
        return cls(made.policy, kept, made.details.options.at_least)

    def aligned(self, earlier: _Side) -> _Side:
        """The same, where a report in which a name was corrected is known by what it was in an earlier side.

        It has the id and the text of one there that is no longer here.
        """
        by_id = {one.key: key for key, one in earlier.reports.items() if key not in self.reports}
        found: dict[str, Report] = {}
        for key, one in self.reports.items():
            other = None if key in earlier.reports else by_id.get(one.key)
            same = other is not None and earlier.reports[other].text == one.text
            found[other if same and other is not None else key] = one
        return replace(self, reports=found)

    def about(self, claim: str, question: str | None) -> dict[str, Report]:
        """The reports that a claim's rating rests on: its own, and those of its question."""
        return {key: one for key, one in self.reports.items()
                if one.claim == claim or (question is not None and one.question == question)}  # fmt: skip


def _saying(report: Report) -> str:
    """What stays of a report when its tags are corrected: who is said to have said what, where and when."""
    record = report.model_dump(mode="json", exclude={"id", "kind", "stance", "claim", "question", "alternative"})
    record["provenance"] = [{key: value for key, value in link.items() if key not in _TAGS}
                            for link in record["provenance"]]  # fmt: skip
    return canonical_json(record)


@dataclass(frozen=True)
class _Runs:
    """Two entries' runs, to be compared claim by claim."""

    old: _Side
    new: _Side
    old_run: Run | None
    new_run: Run | None

    def moved(self, before: Told, after: Told) -> Moved:
        claim, question = after.claim, after.question or before.question
        old, new = self.old.about(claim, question), self.new.about(claim, question)
        known = {key: one for key, one in new.items() if key in self.old.reports}
        gone = {key: one for key, one in old.items() if key not in self.new.reports}
        steps: list[tuple[Iterable[Report], Policy]] = [
            (old.values(), self.old.policy), ({**known, **gone}.values(), self.old.policy),
            (new.values(), self.old.policy), (new.values(), self.new.policy),
        ]  # fmt: skip
        remarks: list[str] = []
        levels = [_centi(before)]
        for reports, policy in steps:
            found = self._weight(claim, list(reports), policy, remarks)
            levels.append(levels[-1] if found is None else found)
        engine, tags, reports_db, rules, rest = (
            right - left for left, right in zip(levels, [*levels[1:], _centi(after)], strict=True)
        )
        shares = (
            Share("reports", reports_db / 100, tuple(_said(new, old, self.old))),
            Share("rules", rules / 100, tuple(_rules(self.old.policy, self.new.policy))),
            Share("corrected tags", tags / 100, tuple(sorted(_corrected(old, new, self)))),
            Share("engine", (engine + rest) / 100, tuple(_engines(self.old_run, self.new_run))),
        )  # fmt: skip
        return Moved(claim, after.text, before.p, after.p, _centi(before) / 100,
                     _centi(after) / 100, shares, tuple(remarks))  # fmt: skip

    def _weight(self, claim: str, reports: list[Report], policy: Policy, remarks: list[str]) -> int | None:
        """The claim's weight in hundredths of a deciban; None, with a remark, where it can't be rated so."""
        usable, refused = api.check_reports(reports, policy)
        remarks += [f"left out of a step: the report {one.key}: {reason}" for one, reason in refused]
        try:
            outcome = api.rate_reports(usable, policy, at_least=self.new.at_least)
        except RuleError as error:
            remarks.append(f"a step could not be rated: {error}")
            return None
        found = next((one for one in outcome.ratings if one.claim.id == claim), None)
        if found is None:
            remarks.append("a step has no report on the claim: its share is with the next one")
            return None
        return round(found.rating.weight_db * 100)


def _said(new: dict[str, Report], old: dict[str, Report], earlier: _Side) -> Iterator[str]:
    yield from (f"new {one.key}" for key, one in sorted(new.items()) if key not in earlier.reports)
    yield from (f"no longer {one.key}" for key, one in sorted(old.items()) if key not in new)


def _corrected(old: dict[str, Report], new: dict[str, Report], runs: _Runs) -> set[str]:
    """Ids of reports that both entries have, and that are told, or put together, otherwise."""
    both = (old.keys() | new.keys()) & runs.old.reports.keys() & runs.new.reports.keys()
    return {runs.new.reports[key].key for key in both
            if _without_id(runs.old.reports[key]) != _without_id(runs.new.reports[key])}  # fmt: skip


def _without_id(report: Report) -> dict[str, Any]:
    return report.model_dump(mode="json", exclude={"id"})


def _rules(old: Policy, new: Policy) -> Iterator[str]:
    if old.digest != new.digest or old.as_of != new.as_of:
        yield from (f"{one.kind}/{one.id} {one.what}" for one in changes(old, new))


def _engines(old: Run | None, new: Run | None) -> Iterator[str]:
    if old is not None and new is not None:
        pairs = {"engine": (old.engine, new.engine), "code": (old.code, new.code)}
        pairs |= {name: (old.libraries.get(name, "none"), new.libraries.get(name, "none"))
                  for name in sorted({*old.libraries, *new.libraries})}  # fmt: skip
        yield from (f"{name} {then} → {now}" for name, (then, now) in pairs.items() if then != now)
