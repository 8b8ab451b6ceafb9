"""Who is who in one article: names, short names, abbreviations, descriptions and pronouns joined by exact rules."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any

from reliability.model.base import folded
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.text.abbreviations import abbreviations
from reliability.text.full_names import FullNames
from reliability.text.houses import entry_of, house_of
from reliability.text.lexicon import Lexicon
from reliability.text.members import NOBODY, Member, rows
from reliability.text.membership import is_outsider
from reliability.text.mentions import Mention, mention_of
from reliability.text.pipeline import Passage, Passages
from reliability.text.salience import Salience
from reliability.text.syntax import child
from reliability.text.typing import UNKNOWN, Typed, from_entry, from_words

Token = Any
_GENERIC = frozenset(
    {
        "agency",
        "service",
        "ministry",
        "department",
        "office",
        "bureau",
        "organization",
        "organisation",
        "the",
        "national",
        "of",
    }
)
_HOUSES = frozenset({"agency", "service", "bureau", "organisation", "organization", "body"})
_OFFICES = frozenset({"intelligence-agency", "law-enforcement", "international-organisation", "government"})
_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "sir", "dame", "lord", "lady"})
_RECENT = 200


def of_a_country(description: str, lex: Lexicon) -> str:
    """One name for "Norway's foreign ministry" and "the Norwegian foreign ministry": the second."""
    owner, _, rest = description.replace("’", "'").partition("'s ")
    adjective = lex.adjective_of.get(owner.casefold())
    return f"{adjective} {rest}" if adjective is not None and rest and rest[0].islower() else description


class Cast:
    """The sources of one article. Members are made in text order, so that a later mention finds the earlier ones."""

    def __init__(self, passages: Passages, policy: Policy, lex: Lexicon) -> None:
        self.policy = policy
        self.lex = lex
        self.members: list[Member] = []
        self._by_name: dict[str, Member] = {}
        self._by_token: dict[tuple[int, int], Member] = {}
        self._typed: dict[int, Typed] = {}
        self._of_country: dict[str, list[Member]] = {}
        self.salience = Salience()
        self._full = FullNames(passages, lex)
        self._short = abbreviations(passage.text for passage in passages)
        words = {ent.text.casefold() for p in passages for ent in p.doc.ents if ent.label_ in ("GPE", "NORP")}
        self._countries = sorted({lex.country_by_word[word] for word in words if word in lex.country_by_word})
        for passage in passages:
            for ent in passage.doc.ents:
                if ent.label_ in ("PERSON", "ORG"):
                    self.member(ent.root, passage)

    def member(self, head: Token, passage: Passage) -> Member:
        """The source that a noun or pronoun stands for; a new one when it is not an earlier one."""
        key = (passage.start, int(head.i))
        known = self._by_token.get(key)
        if known is None:
            at = passage.start + int(head.idx)
            known = self._resolve(head, at)
            insort(known.places, at)
            self._by_token[key] = known
        return known

    def _resolve(self, head: Token, at: int) -> Member:
        if head.tag_ in ("PRP", "PRP$"):
            return self.salience.pronoun(head.lower_, at) or Member(NOBODY, "none", named=False)
        mention = mention_of(head, self.lex)
        if (mention.name and mention.entity != "none") or (mention.name and head.pos_ == "PROPN"):
            member = self._named(mention, at)
            member.house = member.house or self._spoken_for(mention, at)
            return member
        return self._described(mention, at)

    def _spoken_for(self, mention: Mention, at: int) -> Member | None:
        """Whose "its spokeswoman", "the ministry's director" a named person is, when that is an organisation."""
        owner = child(mention.head, "poss")
        if owner is None or mention.entity != "person" or not self.lex.words("leaders") & set(mention.heads):
            return None
        house = self._resolve(owner, at)
        return house if house.entity in ("organisation", "place") else None

    def speak_for(self, passages: Passages) -> None:
        """A spokesperson with a name and nothing else speaks for the institution named last in the paragraph."""
        houses = sorted(
            ((at, n) for n, one in enumerate(self.members) if one.entity == "organisation" for at in one.places)
        )
        for member in self.members:
            bare = any(m.title in self.lex.words("spokespeople") and not m.appositive for m in member.mentions)
            if not bare or not member.named or member.house is not None or not member.places:
                continue
            at = member.places[0]
            n = bisect_left(houses, (at, 0))
            if n and houses[n - 1][0] >= passages[passages.number(at)].start:
                member.house = self.members[houses[n - 1][1]]
                self._typed.pop(id(member), None)

    def _named(self, mention: Mention, at: int) -> Member:
        name = mention.name
        if name in self._short:
            name = self._short[name]
            mention.name, mention.abbreviation, mention.entity = name, mention.name, "organisation"
        if len(name.split()) == 1 and name in self._full and mention.entity != "place":
            mention.entity = "person"
        if mention.entity in ("person", "none"):
            name = self._full.of(name, at, self._by_name)
        entry = self.find(mention)
        if entry is not None:
            name = entry.name
            self._call_person(mention, entry)
        name = self._apart(name, mention)
        member = self._by_name.get(folded(name))
        if member is None:
            short = self._by_name.get(folded(mention.name))
            member = short if short is not None and mention.entity != "person" else None
        if member is None:
            member = Member(name, mention.entity, named=True)
            self.members.append(member)
        for spelling in (name, *([mention.name] if mention.entity != "person" else []), mention.abbreviation):
            if spelling:
                self._by_name.setdefault(folded(spelling), member)
        self._learn(member, mention)
        return member

    def _apart(self, name: str, mention: Mention) -> str:
        """A name with its title where an earlier one is another's: Mrs Jones beside Mr Jones."""
        other = self._by_name.get(folded(name))
        honorific = next((word for word in mention.title.split() if word.rstrip(".") in _HONORIFICS), None)
        if other is None or honorific is None:
            return name
        differs = any(one.gender not in ("", mention.gender) and one.title for one in other.mentions)
        return f"{honorific.capitalize()} {name}" if differs else name

    def _described(self, mention: Mention, at: int) -> Member:
        """A description: the earlier source that it fits when it is definite, else a source of its own."""
        entry = self.find(mention)
        if entry is not None:
            self._call_person(mention, entry)
            return self._named_as(entry.name, mention)
        found = self._by_country(mention) or (self._definite(mention, at) if mention.definite else None)
        if found is not None:
            return found
        name = of_a_country(mention.description or mention.head.text, self.lex)
        if mention.country is not None and mention.entity == "place":
            name = mention.country
        member = self._by_name.get(folded(name))
        if member is None:
            member = Member(name, mention.entity, named=mention.entity == "place", plural=mention.plural)
            self.members.append(member)
            self._by_name[folded(name)] = member
        self._learn(member, mention)
        return member

    def _named_as(self, name: str, mention: Mention) -> Member:
        member = self._by_name.get(folded(name))
        if member is None:
            member = Member(name, mention.entity if mention.entity != "none" else "organisation", named=True)
            self.members.append(member)
            self._by_name[folded(name)] = member
        self._learn(member, mention)
        return member

    def _call_person(self, mention: Mention, entry: SourceEntry) -> None:
        """Who has a title among an entry's names ("President N. N.") is a person, whatever the parse takes N. for."""
        name = f" {folded(entry.name)}"
        full = [folded(alias).removesuffix(name) for alias in entry.aliases if folded(alias).endswith(name)]
        if any(self.lex.words("titles") & set(words.split()) for words in full):
            mention.entity = "person"

    def _by_country(self, mention: Mention) -> Member | None:
        """ "South Korean intelligence": the one named organisation of that country with that word in its name."""
        keys = mention.keys - _GENERIC
        if mention.country is None or not keys or mention.entity == "person":
            return None
        fitting = [
            m for m in self._of_country.get(mention.country, ())
            if m.named and m.entity == "organisation" and keys <= m.keys
        ]  # fmt: skip
        if len(fitting) != 1:
            return None
        self._learn(fitting[0], mention)
        return fitting[0]

    def _definite(self, mention: Mention, at: int) -> Member | None:
        """ "The agency", "the defector": the latest source that was called by this noun and nothing that differs."""
        noun = mention.heads[0]
        extra = mention.keys - {noun}
        pool = list(self.salience.recent()) + list(reversed(self.members[-_RECENT:]))
        for member in pool:
            same_country = mention.country is None or member.country in (None, mention.country)
            called = member.heads | member.keys
            met = member.last >= 0 or (member.named and bool(member.places) and member.places[0] < at)
            if member.entity in ("person", "none") and noun in member.houses:  # "the bank" is not its director
                continue
            if met and same_country and noun in called and extra <= called and member.plural == mention.plural:
                return member
        return self._house(mention, at) if noun in _HOUSES and not extra else None

    def _house(self, mention: Mention, at: int) -> Member | None:
        """ "The agency" where none was called so: the latest named office before it, the NIS or the FBI."""
        best: tuple[int, Member] | None = None
        for member in self.members[-_RECENT:]:
            n = bisect_left(member.places, at)
            is_house = member.named and member.entity == "organisation" and not member.plural
            if not is_house or not n or (best is not None and best[0] >= member.places[n - 1]):
                continue
            if mention.country in (None, member.country) and _OFFICES & set(self._kin(member)):
                best = member.places[n - 1], member
        return best[1] if best is not None else None

    def _kin(self, member: Member) -> tuple[str, ...]:
        return self.policy.kin("source_type", self.typed(member).type)

    def find(self, mention: Mention) -> SourceEntry | None:
        """The sources file's entry for a mention: its name, abbreviation, description, with or without country."""
        return entry_of(mention, self.policy, self.lex, self._countries)

    def _learn(self, member: Member, mention: Mention) -> None:
        member.mentions.append(mention)
        member.heads.update(mention.heads)
        member.keys.update(mention.keys)
        member.houses.update(mention.houses)
        member.names.append(mention.name)
        member.gender = member.gender or mention.gender
        if mention.entity == "organisation" or member.country is None:
            member.country = member.country or mention.country
        if member.entity == "none":
            member.entity = mention.entity
        if member.country is not None and member not in (of := self._of_country.setdefault(member.country, [])):
            of.append(member)
        self._typed.pop(id(member), None)

    def typed(self, member: Member) -> Typed:
        """A member's source type: by the sources file, else by the typing rules over all its mentions."""
        known = self._typed.get(id(member))
        if known is None:
            known = self._type(member)
            self._typed[id(member)] = known
        return known

    def _type(self, member: Member) -> Typed:
        for name in (member.name, *member.names):
            entry = self.policy.sources.find(name) if name else None
            found = from_entry(entry) if entry is not None else None
            if found is not None:
                return found
        if member.name == NOBODY:
            return Typed(UNKNOWN, "nothing")
        typed = from_words(rows(member, self.lex), self.policy)
        if typed.by == "nothing":
            inside = [mention for mention in member.mentions if not is_outsider(mention, self.lex)]
            typed = house_of(inside, self.policy, self.lex) or typed
        return self.typed(member.house) if typed.by == "nothing" and member.house is not None else typed
