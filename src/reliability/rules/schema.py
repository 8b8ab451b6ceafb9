"""What a rule file may say. One folder a kind; a file holds one rule, or several as [[rule]]."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from reliability.model.base import Record
from reliability.model.report import Fact, Name
from reliability.rules.track_record import TrackRecord

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Probability = Annotated[float, Field(ge=0, le=1)]
Grade = Literal["A", "B", "C", "D"]
Basis = Literal["measured", "elicited"]
Condition = dict[str, Any]


def _as_list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _needs(how: Literal["anyOf", "oneOf"], *keys: str) -> ConfigDict:
    """What a validator asks for, said in the JSON Schema as well: some of these keys, or exactly one."""
    return ConfigDict(json_schema_extra={how: [{"required": [key]} for key in keys]})


class Reference(Record):
    """Where a reason or a number comes from."""

    title: Prose
    url: Annotated[str, StringConstraints(pattern=r"^(https?|doi|urn):\S+$")] | None = None


class RuleTest(Record):
    """An example that must come out as said: `given` fields, and whether the rule then fires."""

    name: Prose
    given: dict[str, Fact] = Field(default_factory=dict)
    expect: Literal["fires", "does not fire", "unknown"]


class Effect(Record):
    """A dated number: before the first `since` the first holds."""

    since: date | None = None
    basis: Basis = "elicited"
    grade: Grade = "D"


class Rule(Record):
    """What every rule has, whatever its kind. It holds from `since` on, up to the day before `until`."""

    folder: ClassVar[str]

    id: Id
    question: Prose | None = None
    rationale: Prose
    references: tuple[Reference, ...] = ()
    since: date | None = None
    until: date | None = None
    test: tuple[RuleTest, ...] = ()


class TypeEffect(Effect):
    """A source type's record: p right where the base rate was p0, worth n reports; cap in decibans."""

    p: Probability
    p0: Annotated[float, Field(gt=0, lt=1)] = 0.5
    n: Annotated[float, Field(gt=0)]
    cap_db: Annotated[float, Field(ge=0, le=60)]


class SourceType(Rule):
    """A kind of source. `carries`: may introduce origins; `crowd`: cheap to multiply; `descriptor`: names no one."""

    folder: ClassVar[str] = "source-types"

    label: Prose
    parent: Id | None = None
    crowd: bool = False
    descriptor: bool = False
    carries: bool = False
    news_outlet: bool = False
    effect: Annotated[tuple[TypeEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class ModifierEffect(Effect):
    """What a modifier does to an origin's link: shift it, or set its guess or its p."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["shift_db"]}, {"required": ["guess"]}, {"required": ["p"]}]}
    )

    shift_db: Annotated[float, Field(ge=-60, le=60)] | None = None
    guess: Probability | None = None
    p: Probability | None = None

    @model_validator(mode="after")
    def _does_something(self) -> ModifierEffect:
        if self.shift_db is None and self.guess is None and self.p is None:
            raise ValueError("an effect needs shift_db, guess or p")
        return self


class Modifier(Rule):
    """Shifts an origin's weight, or sets its guess (chance of saying so when it does not know) or its p."""

    folder: ClassVar[str] = "modifiers"

    when: Condition
    overrides: tuple[Id, ...] = ()
    beside: tuple[Id, ...] = ()
    """Rules that it is meant to count with, where `rules check` would ask: a case of theirs, or a pull against them."""
    effect: Annotated[tuple[ModifierEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class RelayEffect(Effect):
    """`fidelity` sets how well a relay passes on what was said; `factor` lowers what is set."""

    model_config = _needs("oneOf", "fidelity", "factor")

    fidelity: Probability | None = None
    factor: Probability | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> RelayEffect:
        if (self.fidelity is None) == (self.factor is None):
            raise ValueError("an effect needs either fidelity or factor")
        return self


class Relay(Rule):
    """How well a link passes on what the one before said."""

    folder: ClassVar[str] = "relays"

    when: Condition
    overrides: tuple[Id, ...] = ()
    effect: Annotated[tuple[RelayEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class BlocEffect(Effect):
    """`ceiling`: the fidelity, from the world, that all members together can't pass."""

    ceiling: Annotated[float, Field(gt=0, le=1)]


class Bloc(Rule):
    """Sources that don't speak independently. Members come from a sources file's `bloc`, or by `when`.

    `by` names a fact: each of its values is then a bloc of its own (one handler, one group).
    """

    folder: ClassVar[str] = "blocs"

    label: Prose
    inside: Id | None = None
    when: Condition | None = None
    by: str | None = None
    effect: Annotated[tuple[BlocEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class PriorEffect(Effect):
    """A prior for a class of claims; what leaves ½ must say what channels then guess.

    `of` says what it is the prior of: the claim, or of a question's "none of these", the rest being shared evenly by
    the alternatives that are named.
    """

    of: Literal["claim", "none-of-these"] = "claim"
    prior: Annotated[float, Field(gt=0, lt=1)]
    guess: Literal["prior", "even"] | Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _states_its_guess(self) -> PriorEffect:
        if self.prior != 0.5 and self.guess is None:
            raise ValueError('a prior that leaves ½ must state its guess ("prior", "even" or a number)')
        return self


class Prior(Rule):
    """The probability of a class of claims before any report."""

    folder: ClassVar[str] = "priors"

    when: Condition
    overrides: tuple[Id, ...] = ()
    effect: Annotated[tuple[PriorEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class HedgeEffect(Effect):
    """The published range of a term; what counts is its midpoint."""

    low: Probability
    high: Probability

    @model_validator(mode="after")
    def _in_order(self) -> HedgeEffect:
        if self.high < self.low:
            raise ValueError(f"`high` ({self.high:g}) is below low ({self.low:g})")
        return self


class Hedge(Rule):
    """Words of estimative probability, and how likely what they hedge is meant to be."""

    folder: ClassVar[str] = "hedges"

    terms: tuple[Name, ...] = Field(min_length=1)
    language: str = "en"
    effect: Annotated[tuple[HedgeEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


Level = Literal["low", "moderate", "high"]


class GateEffect(Effect):
    """Editorial policy: at most this analytic confidence, or a flag. Never a probability or its word."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["confidence_at_most"]}, {"required": ["flag"]}]}
    )

    confidence_at_most: Level | None = None
    flag: Id | None = None

    @model_validator(mode="after")
    def _does_something(self) -> GateEffect:
        if self.confidence_at_most is None and self.flag is None:
            raise ValueError("an effect needs confidence_at_most or flag")
        return self


class Gate(Rule):
    """An editorial requirement on how well a claim is supported."""

    folder: ClassVar[str] = "gates"

    when: Condition
    effect: Annotated[tuple[GateEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Band(Record):
    """A verbal band: words for probabilities in [low, high), or a grade from `low` on."""

    word: Prose
    low: Probability
    high: Probability | None = None
    synonyms: tuple[Prose, ...] = ()
    meaning: Prose | None = None


class Scale(Rule):
    """A published scale: ICD 203, PHIA, Admiralty."""

    folder: ClassVar[str] = "scales"

    band: tuple[Band, ...] = Field(min_length=2)


class ConstantEffect(Effect):
    """A number of the tree that no source has."""

    value: float


class Constant(Rule):
    """A number that belongs to the tree as a whole: the common error, the prior of having spoken, thresholds."""

    folder: ClassVar[str] = "constants"
    bounds: ClassVar[dict[str, tuple[float, float]]] = {
        "common-error": (0.0, 1.0), "said-so-prior": (1e-6, 0.499), "unknown-hedge": (0.0, 1.0),
        "basis-low": (0.0, 1.0), "basis-high": (0.0, 1.0), "assessed-db": (0.0, 60.0), "support-db": (0.0, 60.0),
        "stale-days": (1.0, 1e5), "figure-knows": (0.0, 1.0), "figure-about": (1e-3, 0.99),
        "figure-at-least-tail": (1e-3, 10.0), "figure-more-than-tail": (1e-3, 10.0), "figure-spread": (1e-3, 3.0),
        "figure-gross-factor": (1.01, 1e6), "figure-within": (1.001, 1e6),
    }  # fmt: skip

    effect: Annotated[tuple[ConstantEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]

    @model_validator(mode="after")
    def _within_bounds(self) -> Constant:
        low, high = self.bounds.get(self.id, (float("-inf"), float("inf")))
        for effect in self.effect:
            if not low <= effect.value <= high:
                outside = f"{effect.value:g} is outside {low:g} to {high:g}"
                raise PydanticCustomError(
                    "value_error", "{outside}", {"outside": outside, "at": ("effect", 0, "value")}
                )
        return self


class UnitEffect(Effect):
    """The greatest number that is thought possible."""

    range: Annotated[float, Field(ge=21, le=1e15)]


class QuantityUnit(Rule):
    """A unit of figures, by any of its names, and how far its grid reaches."""

    folder: ClassVar[str] = "quantities"

    names: tuple[Name, ...] = Field(min_length=1)
    effect: Annotated[tuple[UnitEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class BiasEffect(Effect):
    """What is reported over what is true, from the 5 to the 95 % point."""

    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> BiasEffect:
        if self.high < self.low:
            raise ValueError(f"`high` ({self.high:g}) is below low ({self.low:g})")
        return self


class Bias(Rule):
    """How far an origin's figures lean, by type, party and direction."""

    folder: ClassVar[str] = "biases"

    when: Condition
    overrides: tuple[Id, ...] = ()
    effect: Annotated[tuple[BiasEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class SilenceEffect(Effect):
    """`coverage`: the chance that the source would have said so, had it known that it is so."""

    coverage: Annotated[float, Field(ge=0, lt=1)]


class Silence(Rule):
    """Who would have said so and did not."""

    folder: ClassVar[str] = "silence"

    when: Condition
    overrides: tuple[Id, ...] = ()
    effect: Annotated[tuple[SilenceEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class CheckEffect(Effect):
    """What a check costs."""

    hours: Annotated[float, Field(gt=0)]
    euros: Annotated[float, Field(ge=0)] = 0.0


class Check(Rule):
    """What it costs to find an independent origin of a type, to confirm a relay, or to settle a question."""

    folder: ClassVar[str] = "checks"

    check: Literal["origin", "relay", "fact"]
    types: tuple[Id, ...] = ()
    effect: Annotated[tuple[CheckEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


Point = Annotated[tuple[Probability, Probability], BeforeValidator(_as_tuple)]


class RecalibrationEffect(Effect):
    """What a rating becomes. `beta`: log-odds = a·ln p − b·ln(1 − p) + c; `isotonic`: straight lines between `points`.

    Both rise with p. Points are (p, what it becomes) from p = 0 to p = 1, at least .01 apart: steeper maps would make
    much of the digits that numbers are rounded to.
    """

    method: Literal["beta", "isotonic"]
    a: Annotated[float, Field(ge=0, le=10)] = 1.0
    b: Annotated[float, Field(ge=0, le=10)] = 1.0
    c: Annotated[float, Field(ge=-20, le=20)] = 0.0
    points: Annotated[tuple[Point, ...], BeforeValidator(_as_tuple), Field(max_length=101)] = ()

    @model_validator(mode="after")
    def _rises_gently(self) -> RecalibrationEffect:
        if (self.method == "isotonic") != bool(self.points):
            raise ValueError("an isotonic map needs `points`, and a beta map has none")
        x, y = [p for p, _ in self.points], [q for _, q in self.points]
        if self.points and (x[0] != 0.0 or x[-1] != 1.0 or any(b - a < 0.01 - 1e-9 for a, b in pairwise(x))):
            raise ValueError("`points` go from p = 0 to p = 1, at least .01 apart")
        if any(b < a for a, b in pairwise(y)):
            raise ValueError("`points` fall: who was rated higher must not become less likely")
        return self


class Recalibration(Rule):
    """What ratings of plain claims become, learned from how right they were. A policy has one at most; shipped: none.

    `n_claims` were settled; `fitted_on` says which. `log_bits` and `brier` are mean scores of ratings as they were,
    and of mapped ones on claims that the map was not fitted to.
    """

    folder: ClassVar[str] = "recalibration"

    n_claims: Annotated[int, Field(ge=1)]
    fitted_on: Prose | None = None
    log_bits: Annotated[tuple[float, float], BeforeValidator(_as_tuple)] | None = None
    brier: Annotated[tuple[float, float], BeforeValidator(_as_tuple)] | None = None
    effect: Annotated[tuple[RecalibrationEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class FactKind(Rule):
    """A fact that rules may test, the question that settles it, and its values."""

    folder: ClassVar[str] = "facts"

    kind: Literal["boolean", "number", "text"] = "boolean"
    values: tuple[str, ...] = ()
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """How often the answer is yes, of a boolean; ½ when nobody says."""


class TypingEffect(Effect):
    """The source type that a mention's own words speak for, and facts that they state."""

    type: Id | None = None
    facts: dict[str, Fact] = Field(default_factory=dict)


class Typing(Rule):
    """From a mention's own words to a source type; of those that fire the greatest priority wins, ties by id."""

    folder: ClassVar[str] = "typing"

    when: Condition
    priority: int = 0
    effect: Annotated[tuple[TypingEffect, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Expectation(Record):
    """What one claim of a scenario must rate: p to within so much, and its ICD 203 word where that is said."""

    claim: Name
    p: Probability
    within: Annotated[float, Field(gt=0, le=1)] = 0.005
    icd203: str | None = None


class Scenario(Rule):
    """A few reports, and what they must come to: a test of the policy as a whole, by whoever argues about it."""

    folder: ClassVar[str] = "scenarios"

    report: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1)]


class SourceEntry(Record):
    """One source of a sources file: what it is called, what it is, with whom it speaks, and how right it has been."""

    name: Name
    type: Id | None = None
    aliases: tuple[Name, ...] = ()
    bloc: Id | None = None
    domain: str | None = None
    country: str | None = None
    carries: bool | None = None
    facts: dict[str, Fact] = Field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    reference: str | None = None
    record: TrackRecord | None = None


class Inheritance(Record):
    """What a folder's policy.toml says: the policy that it starts from, and rules of it that it does without."""

    inherits: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    without: tuple[str, ...] = ()


RULE_KINDS: tuple[type[Rule], ...] = (
    SourceType, Modifier, Relay, Bloc, Prior, Hedge, Gate, Scale, Constant, FactKind, Typing,
    QuantityUnit, Bias, Silence, Check, Recalibration, Scenario,
)  # fmt: skip
