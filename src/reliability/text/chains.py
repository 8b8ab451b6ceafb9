"""The provenance of a report: origin first, those who passed it on, the outlet that we read last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from reliability.model.article import Article
from reliability.model.base import folded
from reliability.model.report import MAX_LINKS, MAX_NAME, Fact, Link, Via
from reliability.rules.policy import Policy
from reliability.text.attribution import Attribution
from reliability.text.attributions import Enclosing
from reliability.text.cast import Cast
from reliability.text.members import FIRST_PERSON, Member
from reliability.text.mentions import maker
from reliability.text.pipeline import Passages
from reliability.text.syntax import child

Token = Any
UNKNOWN_OUTLET = "unknown outlet"
UNNAMED = "unnamed sources"
_TELLING = frozenset({"tell", "inform"})
_PLACED = frozenset({"outside", "inside", "near", "around", "opposite", "behind"})
_SPEAKING = frozenset({"speak", "talk", "tell"})
_OCCASIONS = frozenset(
    {"interview", "comment", "remark", "statement", "message", "email", "e-mail", "programme", "program", "podcast"}
)
_DOCUMENTS = frozenset(
    {"indictment", "filing", "lawsuit", "affidavit", "ruling", "verdict", "transcript", "document", "memo"}
)


def outlet_of(article: Article, policy: Policy) -> Link:
    """The article's publisher as a link; a publisher that nobody types is `unknown`. A domain stands for its outlet."""
    if article.publisher is None:
        return Link(source=UNKNOWN_OUTLET, type="unknown")
    entry = policy.sources.find(article.publisher)
    if entry is None and (entry := policy.sources.of_domain(article.publisher)) is not None:
        kind = article.publisher_type or entry.type or "unknown"
        return Link(source=entry.name, type=kind, facts=dict(entry.facts))
    found = article.publisher_type or (entry.type if entry is not None else None) or "unknown"
    return Link(source=article.publisher, type=found, facts=dict(entry.facts) if entry is not None else {})


class Through(Protocol):
    """Who passed on what stands at some places of a text."""

    @property
    def link(self) -> Link:
        """The relay."""
        ...

    def holds(self, at: int) -> bool:
        """Whether what stands at a place of the text came this way."""
        ...


class Chains:
    """Makes provenance chains for the attributions of one article."""

    def __init__(
        self, article: Article, policy: Policy, cast: Cast, found: list[Attribution], passages: Passages,
        passed: Sequence[Through] = (),
    ) -> None:  # fmt: skip
        self.passed = passed
        self.outlet = outlet_of(article, policy)
        self.cast = cast
        self.found = found
        around = Enclosing(found, passages)
        self._outer = {id(one): around.of(one) for one in found}

    def outer(self, one: Attribution) -> Attribution | None:
        """The attribution in whose content this one stands."""
        return self._outer[id(one)]

    def speakers(self, one: Attribution) -> list[tuple[Member | None, Token | None]]:
        """An attribution's sources with their mentions, one each; [(None, None)] when nobody is named."""
        out: list[tuple[Member | None, Token | None]] = []
        for head in one.sources:
            member = self.speaker(head, one)
            if all(member is not other for other, _ in out):
                out.append((member, head))
        return out or [(None, None)]

    def speaker(self, head: Token, one: Attribution) -> Member:
        """The source that a mention stands for: for "U.S. estimates" the one who made them, for "I" who speaks."""
        outer = self._outer.get(id(one))
        if head.lower_ in FIRST_PERSON and outer is not None and outer.sources:
            return self.speaker(outer.sources[0], outer)
        return self.cast.member(behind(head, self.cast), one.passage)

    def is_own_word(self, one: Attribution) -> bool:
        """Whether a speaker only speaks of themselves: "I think that …" inside their own quotation."""
        outer = self._outer.get(id(one))
        return outer is not None and any(head.lower_ in FIRST_PERSON for head in one.sources)

    def chain(self, one: Attribution, member: Member | None, hedge: str | None) -> tuple[Link, ...]:
        """The links from origin to outlet of what one source says in an attribution."""
        links: list[Link] = []
        via: Via = one.via
        head = one.sources[0] if one.sources else None
        if head is not None and head.lemma_.lower() in _DOCUMENTS and via == "paraphrase":
            via = "document"
        for n, cited in enumerate(reversed(one.cited)):
            origin = self.cast.member(behind(cited, self.cast), one.passage)
            last = n + 1 == len(one.cited)
            links.append(self.link(origin, via if last else "paraphrase", hedge if n == 0 else None))
        links.append(self.link(member, "paraphrase" if links else via, None if links else hedge))
        heard = self._told(one)
        if heard is not None:
            links.append(heard)
        outer, depth = self._outer.get(id(one)), 0
        while outer is not None and depth < MAX_LINKS:
            told = [self.cast.member(behind(cited, self.cast), outer.passage) for cited in reversed(outer.cited)]
            links += [self.link(member, "paraphrase", None) for member in told]
            relay = self.speaker(outer.sources[0], outer) if outer.sources else None
            if relay is not None and not self.is_own_word(outer):
                links.append(self.link(relay, outer.via, None))
            outer, depth = self._outer.get(id(outer)), depth + 1
        return unrepeated([*links, *self.home(one.content[0][0] if one.content else one.start)])

    def home(self, at: int) -> list[Link]:
        """The last links of what stands at a place of the text: who passed the text on, and the outlet."""
        return [*(one.link for one in self.passed if one.holds(at)), self.outlet]

    def _told(self, one: Attribution) -> Link | None:
        """The news outlet to which it was told, as a relay; None for lawmakers, reporters and the outlet itself."""
        for goal in told_to(one.verb) if one.verb is not None else ():
            link = self.link(self.cast.member(goal, one.passage), one.via, None)
            if {"media", "state-media"} & set(self.cast.policy.kin("source_type", link.type)):
                return link
        return None

    def link(self, member: Member | None, via: Via, hedge: str | None) -> Link:
        """One link for a source of the article, with the facts that the text states of it."""
        if member is None:
            return Link(source=UNNAMED, type="anonymous", via=via, hedge=hedge, facts={"anonymous": True})
        typed = self.cast.typed(member)
        facts: dict[str, Fact] = {**typed.facts, **member.facts}
        kind = self.cast.policy.types.get(typed.type)
        if not member.named and (member.entity == "person" or (kind is not None and kind.descriptor)):
            facts.setdefault("anonymous", True)
        return Link(source=member.name[:MAX_NAME], type=typed.type, via=via, hedge=hedge, facts=_sorted(facts))


def told_to(verb: Token) -> Iterator[Token]:
    """To whom something is said: "told X", "said in an interview with X", "speaking to X"."""
    goal = child(verb, "dobj", "dative") if verb.lemma_.lower() in _TELLING else None
    if goal is not None:
        yield goal
    for c in verb.children:
        if c.dep_ == "advcl" and c.tag_ == "VBG" and c.lemma_.lower() in _SPEAKING:
            yield from _addressed(c)
        elif c.dep_ == "prep" and c.lower_ in ("in", "during", "to", "on"):
            inner = child(c, "pobj")
            if inner is not None and c.lower_ in ("to", "on") and inner.pos_ == "PROPN":
                yield inner
            elif inner is not None and inner.lemma_.lower() in _OCCASIONS:
                yield from _addressed(inner)


def _addressed(head: Token) -> Iterator[Token]:
    """Whom one speaks "to" or "with", and whose programme or interview it is."""
    for c in head.children:
        inner = child(c, "pobj") if c.dep_ == "prep" and c.lower_ in ("to", "with", "for", "on", "by") else None
        if inner is not None:
            yield inner
        elif c.dep_ in ("compound", "poss", "nmod") and c.pos_ == "PROPN":
            yield c


def behind(head: Token, cast: Cast) -> Token:
    """The noun that names who is behind a mention: a document's maker, an unnamed spokesman's house, else itself.

    Of "news agency N.", parsed as two subjects, it is the name; of "crowds outside parliament" the crowds.
    """
    following = head.doc[head.i + 1] if head.i + 1 < len(head.doc) else head
    if head.pos_ == "NOUN" and following.pos_ == "PROPN" and following.dep_ == head.dep_ == "nsubj":
        return following
    first = head.left_edge
    if first.tag_ == "NNS" and first.i < head.i and head.doc[first.i + 1].lower_ in _PLACED:
        return first
    lemma = head.lemma_.lower()
    speaks_for = lemma in cast.lex.words("spokespeople") and child(head, "appos") is None
    if head.pos_ in ("NOUN", "PROPN") and (speaks_for or lemma in cast.lex.records):
        made = maker(head) if lemma != "source" else None
        if any(c.lower_ in cast.lex.words("pretended") for c in head.children):
            return head
        is_bare = made is not None and made.dep_ in ("compound", "nmod") and made.lower_ in cast.lex.words("platforms")
        return head if made is None or is_bare else made
    return head


def unrepeated(links: list[Link]) -> tuple[Link, ...]:
    """A chain in which each source stands once: of repeats the first, but the outlet always last."""
    last = links[-1]
    seen = {folded(last.source)}
    out: list[Link] = []
    for link in links[:-1]:
        if folded(link.source) not in seen:
            seen.add(folded(link.source))
            out.append(link)
    return (*out[: MAX_LINKS - 1], last)


def _sorted(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {name: facts[name] for name in sorted(facts)}
