"""A source's track record: what it said of claims whose truth was settled later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from reliability.model.base import Record
from reliability.model.dates import DateText, date_span
from reliability.model.report import Name

Count = Annotated[float, Field(ge=0, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]
BaseRate = Annotated[float, Field(ge=1e-6, le=1 - 1e-6)]
Worth = Annotated[float, Field(ge=1e-6, le=1e9)]
MOST_SETTLED = 100_000
MOST_CLASSES = 100
LEARNED = ("fidelity", "worth", "base_rate", "p_true", "p_true_low", "p_true_high", "class_worth", "class_base_rates",
           "by_class")  # fmt: skip
"""What of a record was learned from all sources' settled claims together."""


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


Day = Annotated[DateText | None, BeforeValidator(_as_text)]


class Settled(Record):
    """One claim that was settled: what the source said of it, how true it proved (0 to 1), and when that was known.

    `claim_class` is the class of the claim, as the fact of that name has it. An answer to a `question` with several
    alternatives has a `guess`: the chance to name this one for who does not know.
    """

    claim: Name
    said: Literal["asserts", "denies"] = "asserts"
    truth: Share
    date: Day = None
    claim_class: Name | None = None
    question: Name | None = None
    guess: BaseRate | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Settled:
        if (self.question is None) != (self.guess is None):
            raise ValueError("`question` and `guess` go together: what was asked, and the chance to guess the answer")
        return self


class OfClass(Record):
    """What was learned of a source's claims of one class: how many were settled, and what the next is true with."""

    claim_class: Name
    n_settled: Count
    p_true: Share
    p_true_low: Share
    p_true_high: Share


class TrackRecord(Record):
    """What a source said and what proved true: counts, or claim by claim (`settled`), or both for different claims.

    Counts may be broken where a truth lies between 0 and 1. `counted_on`: the day on which the counts were known.
    `base_rate`: the share of settled claims that were true, against which being right is measured. `fidelity` and
    `worth`: what was to be expected of the source before its record, as learned of its kind: a mean φ and the number
    of reports that this is worth; without them its source type's. `p_true`, with its 5 and 95 % points: the chance
    that what it asserts next is true, where claims are true as often as in the record; it says what was learned and
    moves no rating.

    Where what sources know differs by class of claim, `class_worth` is what a source's mean φ is worth to its φ on the
    claims of one class, in reports, and `class_base_rates` the share of each class's settled claims that were true; a
    class without one has `base_rate`. `by_class` is to be read, and moves no rating. `learned_on`: the last day on
    which something was settled that this was learned from; ratings of an earlier day do without.
    """

    asserted_true: Count = 0.0
    asserted_false: Count = 0.0
    denied_true: Count = 0.0
    denied_false: Count = 0.0
    counted_on: Day = None
    settled: Annotated[tuple[Settled, ...], BeforeValidator(_as_tuple), Field(max_length=MOST_SETTLED)] = ()
    base_rate: BaseRate = 0.5
    fidelity: Share | None = None
    worth: Worth | None = None
    grade: Literal["A", "B", "C"] = "B"
    p_true: Share | None = None
    p_true_low: Share | None = None
    p_true_high: Share | None = None
    class_worth: Worth | None = None
    class_base_rates: Annotated[dict[Name, BaseRate], Field(max_length=MOST_CLASSES)] = Field(default_factory=dict)
    learned_on: Day = None
    by_class: Annotated[tuple[OfClass, ...], BeforeValidator(_as_tuple), Field(max_length=MOST_CLASSES)] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> TrackRecord:
        if (self.fidelity is None) != (self.worth is None):
            raise ValueError("`fidelity` and `worth` go together: what was expected, and what that is worth")
        if self.class_base_rates and self.class_worth is None:
            raise ValueError("`class_base_rates` need a `class_worth`: without one, classes of claims are all alike")
        if len({one.question or one.claim for one in self.settled}) < len(self.settled):
            raise ValueError(
                "a claim stands twice in `settled`, or a question: a source's last word on it counts, once"
            )
        return self

    def until(self, day: date | None) -> TrackRecord:
        """What was known of it by the end of a day: no look-ahead. Undated entries count; without a day, all do."""
        if day is None:
            return self
        _, end = date_span(day.isoformat())
        known = tuple(one for one in self.settled if one.date is None or date_span(one.date)[1] <= end)
        counts: dict[str, Any] = {}
        if self.counted_on is not None and date_span(self.counted_on)[1] > end:
            counts = dict.fromkeys(("asserted_true", "asserted_false", "denied_true", "denied_false"), 0.0)
        if self.learned_on is not None and date_span(self.learned_on)[1] > end:
            counts |= {name: type(self).model_fields[name].get_default(call_default_factory=True) for name in LEARNED}
        return self.model_copy(update={**counts, "settled": known})

    def counts(self) -> tuple[float, float, float, float]:
        """Asserted true, asserted false, denied true, denied false: the counts and what is settled one by one."""
        counted = (self.asserted_true, self.asserted_false, self.denied_true, self.denied_false)
        return tally(((one.said, one.truth) for one in self.settled), counted)

    def by_guess(self) -> dict[float | None, tuple[float, float, float, float]]:
        """The same counts, those of answers to questions apart, by the chance to guess them; None: plain claims."""
        answers = [one for one in self.settled if one.guess is not None]
        plain = self.model_copy(update={"settled": tuple(one for one in self.settled if one.guess is None)})
        found: dict[float | None, tuple[float, float, float, float]] = {None: plain.counts()}
        for guess in sorted({one.guess for one in answers if one.guess is not None}):
            found[guess] = tally((one.said, one.truth) for one in answers if one.guess == guess)
        return found


def tally(
    words: Iterable[tuple[str, float]], start: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
) -> tuple[float, float, float, float]:  # fmt: skip
    """Asserted true, asserted false, denied true, denied false, of stances and truths (0 to 1), added to `start`."""
    found = list(start)
    for said, truth in words:
        at = 0 if said == "asserts" else 2
        found[at] += truth
        found[at + 1] += 1.0 - truth
    return found[0], found[1], found[2], found[3]


class Pool(Record):
    """What was learned of sources alike: all, those of a type, or those of a group within a type.

    `p_true` with its 5 and 95 % points is what to expect of a source that was never seen; `fidelity` its φ, and
    `worth` the number of reports that this is worth. Of a type, `source_worth` with its 5 and 95 % points is what its
    mean share is worth to a source of it. It stands in a sources file to be read, and moves no rating.
    """

    level: Literal["all", "type", "group"]
    type: str | None = None
    group: str | None = None
    n_sources: Annotated[int, Field(ge=0)]
    n_settled: Count
    p_true: Share
    p_true_low: Share
    p_true_high: Share
    fidelity: Share
    worth: Annotated[float, Field(gt=0)]
    source_worth: Worth | None = None
    source_worth_low: Worth | None = None
    source_worth_high: Worth | None = None
