"""A rating: what comes out for one claim, with all that is needed to compute it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reliability.model.base import Record

BarKind = Literal[
    "prior", "common-error", "bloc", "crowd", "origin", "hedge", "relay", "outlet", "silence", "recalibration"
]
Level = Literal["low", "moderate", "high"]
Guess = tuple[float, ...]
Leaf = float | tuple[float, ...] | None


class RatedClaim(Record):
    """The proposition that was rated; `question` is the one that it answers, if any."""

    id: str
    text: str
    kind: str = "statement"
    question: str | None = None


class Confidence(Record):
    """Analytic confidence: three readings, of which the worst wins, and then gates."""

    level: Level
    support: Level
    robustness: Level
    basis: Level
    reasons: tuple[str, ...]


class Verdict(Record):
    """The numbers and words of a rating. p and the interval are probabilities; weight_db is in decibans.

    `scales` has the words of the scales that a policy adds to the published ones, by id; its records have the key only
    where there are any.
    """

    p: float
    low: float | None
    high: float | None
    weight_db: float
    assessed: bool
    icd203: str | None
    phia: str | None
    analytic_confidence: Confidence
    elicited_share: float
    scales: dict[str, str | None] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _without_scales_where_there_are_none(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        record: dict[str, Any] = dump(self)
        if not self.scales:
            del record["scales"]
        return record


class Said(Record):
    """Did the origin say so? The probability that it asserted (or denied) what is reported of it."""

    origin: str
    stance: Literal["asserts", "denies"]
    p: float


class Counts(Record):
    """How many reports, outlets, origins, independent origins and blocs stand behind the rating."""

    reports: int
    outlets: int
    origins: int
    independent: int
    blocs: int


class Bar(Record):
    """One bar of the waterfall, in decibans, and the probability once it is added."""

    label: str
    kind: BarKind
    db: float
    p_after: float | tuple[float, ...]


class Shift(Record):
    """What one rule adds to a link, in decibans."""

    rule: str
    db: float


class Undecided(Record):
    """A rule that could have mattered, and the field that nobody knew."""

    rule: str
    missing: str


class LinkAccount(Record):
    """A link's numbers: base + shifts + clamp = weight, in decibans; `set_by` names rules that set base or guess.

    `guess` is how often it says so when it does not know; None for figures, which are guessed from what was expected.
    """

    label: str
    kind: BarKind = "origin"
    type: str | None = None
    base_db: float
    shifts: tuple[Shift, ...] = ()
    clamp_db: float = 0.0
    clamp: str | None = None
    weight_db: float
    guess: float | None
    set_by: tuple[str, ...] = ()
    undecided: tuple[Undecided, ...] = ()


class Node(Record):
    """A node of the tree: its channel to the parent, what was read there, its posterior; `blur` for figures."""

    node: int
    parent: int | None
    kind: BarKind
    label: str
    fidelity: float
    guess: Guess
    evidence_db: Leaf
    p: float | tuple[float, ...] | None
    blur: dict[str, float] | None = None


class Admiralty(Record):
    """A report's Admiralty code: letter for the source, digit for the information."""

    report: str
    source: str
    information: str


class Crossing(Record):
    """The r (as in a TippingPoint) at which a rating reaches the edge of its word, p, and the ICD 203 word beyond."""

    p: float
    r: float
    icd203: str


class TippingPoint(Record):
    """The accuracy at even odds at which a source alone would bring the rating to 50 %, and to each verbal boundary.

    For a claim with a figure, how often the source knows it (φ_q) in place of the accuracy. `words` has the boundaries
    that are reached, lowest first.
    """

    source: str
    r_now: float
    r_at_50: float | None
    words: tuple[Crossing, ...] = ()


class Spread(Record):
    """Of the rating's variance, the share that is what is not known of one source's reliability, by itself."""

    source: str
    share: float


class Interval(Record):
    """How low and high were computed: over how many points, to which standard errors, and whose spread they are."""

    points: int
    low_error: float
    high_error: float
    shares: tuple[Spread, ...]


class Without(Record):
    """The rating when one part is left out."""

    label: str
    kind: BarKind
    p: float
    weight_db: float
    icd203: str | None


class RatingMap(Record):
    """The map from what the tree comes to, to p: `beta` has a, b and c, `isotonic` its points; from so many claims."""

    rule: str
    method: Literal["beta", "isotonic"]
    n_claims: int
    a: float | None = None
    b: float | None = None
    c: float | None = None
    points: tuple[tuple[float, float], ...] = ()


class RelatedClaim(Record):
    """A claim that may be about the same, and how similar its text is."""

    claim: str
    similarity: float


class Digest(Record):
    """Fingerprints of what went in."""

    inputs: str
    rules: str
    engine: str
    libraries: dict[str, str]
    models: dict[str, str]


class Chain(Record):
    """A report's chain as it was read and as it counts, for people: names behind a cut are shown, not credited.

    `copied` is the evidence that the report's article is a copy: how much of it stands where; None where it is none.
    """

    report: str
    links: tuple[str, ...]
    counted_from: int
    standing: Literal["counts", "repeat", "superseded", "retracted", "retraction", "silent"]
    copied: str | None = None


class Rating(Record):
    """One claim's rating with its rationale, as INTERFACE's rating record has it.

    `recalibration` is the map that p went through after the tree; records have the key only where there is one.
    """

    claim: RatedClaim
    rating: Verdict
    quantity: dict[str, Any] | None = None
    said_so: tuple[Said, ...]
    counts: Counts
    flags: tuple[str, ...]
    waterfall: tuple[Bar, ...]
    links: tuple[LinkAccount, ...]
    tree: tuple[Node, ...]
    alternatives: tuple[str, ...] | None = None
    prior: tuple[float, ...] | None = None
    recalibration: RatingMap | None = None
    admiralty: tuple[Admiralty, ...]
    interval: Interval | None = None
    tipping_points: tuple[TippingPoint, ...]
    without: tuple[Without, ...]
    next_checks: tuple[dict[str, Any], ...]
    chains: tuple[Chain, ...]
    reports: tuple[str, ...]
    related: tuple[RelatedClaim, ...] = ()
    digest: Digest

    @property
    def p(self) -> float:
        """The probability that the claim is true."""
        return self.rating.p

    @property
    def low(self) -> float | None:
        """The 5 % point of the rating over the uncertain reliabilities; None where it is unreliable."""
        return self.rating.low

    @property
    def high(self) -> float | None:
        """The 95 % point of the rating over the uncertain reliabilities; None where it is unreliable."""
        return self.rating.high

    @property
    def icd203(self) -> str | None:
        """ICD 203's words; None when the claim is not assessed."""
        return self.rating.icd203

    @model_serializer(mode="wrap")
    def _without_a_map_where_there_is_none(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        record: dict[str, Any] = dump(self)
        if self.recalibration is None:
            record.pop("recalibration", None)
        return record

    notebook: ClassVar[Callable[[Rating], str] | None] = None
    """How notebooks show a rating; set where ratings are made for people, as this layer knows no markup."""

    def _repr_html_(self) -> str | None:
        shown = type(self).notebook
        return None if shown is None else shown(self)

    def record(self, *, brief: bool = False) -> dict[str, Any]:
        """The record as JSON types; `brief` leaves `tree` and `links` out."""
        return self.model_dump(mode="json", exclude={"tree", "links"} if brief else None)
