"""A source of an article, with all that its mentions say of it, as typing rules may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from reliability.model.report import Fact
from reliability.text.lexicon import Lexicon
from reliability.text.membership import is_outsider
from reliability.text.mentions import Mention
from reliability.text.typing import OUTSIDER

NOBODY = "unidentified speaker"
FIRST_PERSON = frozenset({"i", "we", "me", "us", "my", "our", "myself"})


@dataclass(eq=False)
class Member:
    """One source of an article. `last` is where it was last spoken of as a sentence's subject, -1 when it was not;
    `places` are where it is mentioned, in order; `houses` are nouns that say whose it is ("the bank's director").
    """  # fmt: skip

    name: str
    entity: str
    named: bool
    plural: bool = False
    gender: str = ""
    country: str | None = None
    heads: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    houses: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    house: Member | None = None
    last: int = -1
    places: list[int] = field(default_factory=list)


def rows(member: Member, lex: Lexicon) -> Iterable[dict[str, Any]]:
    """What typing rules may ask of each mention; a description beside a name is asked about as a head of its own."""
    for mention in member.mentions:
        outsider = is_outsider(mention, lex)
        for head in dict.fromkeys(mention.heads):
            yield {
                "head": head,
                "words": mention.words,
                "title": mention.title or None,
                "appositive": mention.appositive or None,
                "entity": mention.entity,
                "named": member.named,
                "plural": mention.plural,
                "nationality": mention.country,
                OUTSIDER: outsider,
            }
