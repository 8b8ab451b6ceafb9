"""A report: an outlet that we read carries, through a provenance chain, a stance on a claim."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from reliability.model.base import Record, canonical_json, folded, sha256
from reliability.model.dates import DateText

MAX_LINKS = 32
MAX_TEXT = 10_000
MAX_NAME = 500

Kind = Literal["statement", "belief", "prediction", "intention", "wish", "question", "instruction"]
Stance = Literal["asserts", "denies", "silent", "retracts"]
Via = Literal["direct-quote", "paraphrase", "translation", "document", "saw-it-ourselves"]
QuantityWord = Literal["exact", "about", "at_least", "more_than", "at_most", "less_than", "between"]
Fact = bool | float | str | None

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class Link(Record):
    """One link of a chain: who speaks, of which source type, and how the next link passed it on.

    `type` is a source-type id or None (looked up in the sources file, else unknown); `via` None reads as
    paraphrase; `hedge` holds the link's own hedging words as found; `facts` what rules may test, None for unknown.
    """

    source: Name
    type: str | None = None
    via: Via | None = None
    hedge: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    facts: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")], Fact] = Field(
        default_factory=dict, max_length=64
    )


class Quantity(Record):
    """A stated figure: `op` says how it was worded, `high` is the upper end of a `between`."""

    value: Annotated[float, Field(ge=0)]
    op: QuantityWord = "exact"
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    high: Annotated[float, Field(ge=0)] | None = None
    party: Literal["own", "enemy", "third"] | None = None

    @model_validator(mode="after")
    def _range_in_order(self) -> Quantity:
        if (self.op == "between") != (self.high is not None):
            raise ValueError("`high` goes with op = between, and between needs it")
        if self.value == 0 and self.op == "less_than":
            raise ValueError("nothing is less than 0 here: a count or an amount is meant")
        if self.value == 0 and self.op == "at_least":
            raise ValueError("at least 0 is always so: say at least 1, or more than 0")
        if self.high is not None and self.high < self.value:
            raise ValueError(f"high ({self.high:g}) is below value ({self.value:g})")
        return self


class Spans(Record):
    """Character ranges in the article's text as read; source and cue may be empty."""

    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Spans:
        for name in ("source", "cue", "content"):
            for start, end in getattr(self, name):
                if end < start:
                    raise ValueError(f"a span of {name} ends ({end}) before it starts ({start})")
        return self


class Report(Record):
    """One item of evidence, as INTERFACE's report record has it.

    Required: `claim` or `text` (or `question` with `alternative`), and a provenance of 1 to 32 links, origin first
    and outlet last. Without `id` it gets r- and 12 hex digits of the SHA-256 of its canonical JSON.
    """

    id: Name | None = None
    claim: Name | None = None
    text: Text | None = None
    kind: Kind = "statement"
    stance: Stance = "asserts"
    provenance: Annotated[tuple[Link, ...], Field(min_length=1)]
    quantity: Quantity | None = None
    question: Name | None = None
    alternative: Name | None = None
    article: Name | None = None
    published: DateText | None = None
    event: DateText | None = None
    spans: Spans | None = None

    @field_validator("provenance")
    @classmethod
    def _no_longer_than_a_chain_may_be(cls, links: tuple[Link, ...]) -> tuple[Link, ...]:
        if len(links) > MAX_LINKS:
            raise ValueError(f"a chain of {len(links)} links; at most {MAX_LINKS} are read")
        seen: set[str] = set()
        for link in links:
            name = folded(link.source)
            if name in seen:
                raise ValueError(f"a cycle: {link.source!r} relays itself; each source stands once in a chain")
            seen.add(name)
        return links

    @model_validator(mode="after")
    def _about_something(self) -> Report:
        if self.claim is None and self.text is None and (self.question is None or self.alternative is None):
            raise ValueError("needs `claim` or `text` (or `question` with `alternative`)")
        if self.alternative is not None and self.question is None:
            raise ValueError("`alternative` needs the `question` that it answers")
        return self

    @cached_property
    def content(self) -> dict[str, Any]:
        """The record without its id and without what was left at None, as JSON types."""
        return self.model_dump(mode="json", exclude={"id"}, exclude_none=True)

    @cached_property
    def key(self) -> str:
        """The id: the given one, else r- and 12 hex digits of the SHA-256 of the canonical JSON."""
        return self.id if self.id is not None else "r-" + sha256(canonical_json(self.content))[:12]
