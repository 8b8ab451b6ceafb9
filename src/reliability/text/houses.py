"""Which entry of the sources file a mention stands for, and for which house a person speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.text.lexicon import Lexicon
from reliability.text.mentions import Mention
from reliability.text.syntax import child
from reliability.text.typing import Typed, from_entry

_LONGEST = 8
_CALLING = frozenset({
    "news", "press", "wire", "state", "television", "tv", "radio", "media", "security", "intelligence", "spy", "secret",
})  # fmt: skip
"""Common nouns that stand between an outlet's name and the noun that says what it is."""
_WHOLE = frozenset({"service", "group", "company", "movement", "militia", "charity", "network"})
"""What an organisation is as a whole: "the SBU security service", where "a UN agency" is a part of it."""
_LEFT = frozenset({"former", "ex", "ex-", "retired", "ousted", "exiled", "late"})


def entry_of(mention: Mention, policy: Policy, lex: Lexicon, countries: Sequence[str]) -> SourceEntry | None:
    """The entry for a mention: by its name, abbreviation or description, with or without its country.

    `countries` are those that the article names: "the Foreign Ministry" is that of the only one that has one.
    """
    country = mention.country
    for words in filter(None, (mention.name, mention.abbreviation, mention.description)):
        tries = [words, _bare(words), words.split(",")[0], words.replace("'s ", " ").replace("’s ", " ")]
        if country is not None and words == mention.name:
            tries.insert(0, f"{country}'s {words}")
        if country is None or words != mention.description:
            tries.append(f"the {words}")
        for spelling in tries:
            entry = policy.sources.find(spelling)
            if entry is not None and len(spelling) > 1:
                return entry
    return _called(mention, policy, lex) or _of_the_country(mention, policy, countries)


def _bare(words: str) -> str:
    return words.removeprefix("the ").removeprefix("The ")


def _called(mention: Mention, policy: Policy, lex: Lexicon) -> SourceEntry | None:
    """ "North Korea's KCNA news agency": an outlet named before the common noun that says what it is."""
    whole = lex.words("outlets") | _WHOLE
    if mention.head.pos_ != "NOUN" or mention.heads[0] not in whole:
        return None
    before = [t for t in mention.tokens if t.i < mention.head.i and t.dep_ == "compound"]
    while before and before[-1].pos_ != "PROPN":
        if before.pop().lower_ not in _CALLING:
            return None  # "the UN refugee agency" is not the UN
    run = [t.text for t in before if t.pos_ == "PROPN"]
    return next((e for _, words in _windows(run) if (e := policy.sources.find(words)) is not None), None)


def _of_the_country(mention: Mention, policy: Policy, countries: Sequence[str]) -> SourceEntry | None:
    """ "The Foreign Ministry" where the article has one country whose foreign ministry the sources file knows."""
    if mention.country is not None or mention.entity == "person" or mention.plural or not mention.definite:
        return None
    name = _bare(mention.name or mention.description)
    entries = (policy.sources.find(f"{country}'s {name}") for country in countries)
    found = {entry.name: entry for entry in entries if entry is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def house_of(mentions: Iterable[Mention], policy: Policy, lex: Lexicon) -> Typed | None:
    """The type of the house that a person leads or speaks for, where the sources file knows it; None for who left it.

    "NIS director Cho", "the Pentagon's Dana Ruhl", "Ana Ruiz of the World Bank", "N., head of the World Bank".
    """
    leaders = lex.words("leaders")
    for mention in mentions:
        title = mention.title.split()
        if _LEFT & set(title):
            continue
        tries: list[tuple[list[str], bool]] = []
        if title and mention.entity == "person":
            tries.append((title, not leaders & set(title)))
        if not mention.name and mention.heads[0] in leaders:
            tries.append((mention.words.split(), False))
        tries.append((_affiliation(mention), True))
        described = [words.split() for words in mention.appositive.split(",")]
        tries += [(words, False) for words in described if leaders & set(words) and not _LEFT & set(words)]
        for words, whole in tries:
            found = _entry_in(words, policy, whole=whole)
            if found is not None:
                return Typed(found.type, "sources", {})
    return None


def _affiliation(mention: Mention) -> list[str]:
    """The house after a person's name: "Ana Ruiz of the World Health Organization"."""
    if mention.entity != "person" or not mention.name:
        return []
    for c in mention.head.children:
        house = child(c, "pobj") if c.dep_ == "prep" and c.lower_ in ("of", "from", "with", "at") else None
        if house is not None and house.ent_type_ == "ORG":
            return [t.lower_ for t in house.subtree if not t.is_punct]
    return []


def _entry_in(words: list[str], policy: Policy, *, whole: bool) -> Typed | None:
    """The longest run of words that the sources file knows, the first of several; all of them if `whole`."""
    kept = [word for word in words if word not in ("a", "an", "the", "'s", "’s")]
    for size, name in _windows(kept):
        entry = policy.sources.find(name) if len(name) > 2 and (size == len(kept) or not whole) else None
        found = from_entry(entry) if entry is not None else None
        if found is not None:
            return found
    return None


def _windows(words: list[str]) -> Iterable[tuple[int, str]]:
    """Every run of at most eight words with its length, the longest first."""
    for size in range(min(len(words), _LONGEST), 0, -1):
        for start in range(len(words) - size + 1):
            yield size, " ".join(words[start : start + size])
