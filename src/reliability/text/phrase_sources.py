"""Who a speaker is, by the words of the mention alone: name, noun, and the source type these speak for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from reliability.model.base import folded
from reliability.model.report import MAX_NAME, Fact, Link, Via
from reliability.rules.policy import Policy
from reliability.text.lexicon import lexicon
from reliability.text.members import NOBODY
from reliability.text.phrases import Phrases
from reliability.text.typing import UNKNOWN, Typed, from_entry, from_words

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*['’]?")


@dataclass(eq=False)
class Speaker:
    """One source of an article: its name, and a row for typing rules a mention."""

    name: str
    person: bool
    named: bool
    rows: list[dict[str, Any]] = field(default_factory=list)


class Speakers:
    """The sources of one article, met in text order: pronouns and short names are earlier ones'."""

    def __init__(self, policy: Policy, known: Phrases) -> None:
        self._policy = policy
        self._known = known
        self._people = lexicon("en").words("people")
        self._all: list[Speaker] = []

    def speaker(self, mention: str) -> Speaker:
        """The source that a mention's words stand for."""
        data = self._known.data
        words = _WORD.findall(mention)
        if not words or (len(words) == 1 and folded(words[0]) in data["pronouns"]):
            return next((one for one in reversed(self._all) if one.person), Speaker(NOBODY, False, False))
        plural = folded(words[0]) in data["plurals"]
        mention, _, aside = mention.strip().partition(",")
        bare = _without_determiners(mention.strip(), data["determiners"])
        head = self._head(bare)
        name = self._name(bare, head)
        house = self._house(bare)
        if house and not name:
            return self.speaker(house)
        noun = self._known.heads[head] if head is not None else ""
        person = noun in self._people or (head is None and len(name.split()) > 1)
        row = {
            "head": noun or folded(bare), "words": self._in_english(mention, bare, head),
            "title": noun if name else None, "appositive": None, "entity": "person" if person else "organisation",
            "named": bool(name), "plural": plural, "nationality": None,
        }  # fmt: skip
        known = data["known_as"].get(folded(bare)) or data["known_as"].get(folded(mention))
        person = person and known is None
        called = known or (name if person else "") or bare
        found = next((one for one in self._all if _is_same(one, called, person)), None)
        if found is None:
            found = Speaker(called, person, bool(name))
        else:
            self._all.remove(found)
        self._all.append(found)
        found.rows.append(row)
        described = _without_determiners(aside.strip(), data["determiners"])
        for words_ in (described, self._house(described) or self._house(bare)):
            own = self._head(words_) if words_ else None
            if own is not None:
                found.rows.append({**row, "head": self._known.heads[own], "words": folded(words_), "title": None})
        return found

    def _in_english(self, mention: str, bare: str, head: str | None) -> str:
        """A description as typing rules know it, as far as words are known: "the mayor of velmar"."""
        if head is None or not folded(bare).startswith(head):
            return folded(bare)
        first = folded(_WORD.findall(mention)[0]).replace("’", "'")
        article = "the " if first in self._known.data["definite"] else ""
        return f"{article}{self._known.heads[head]}{self._after_of(bare[len(head) :])}"

    def _after_of(self, rest: str) -> str:
        words = folded(rest).replace("’", "'")
        for of in sorted(self._known.data["of"], key=len, reverse=True):
            if words.startswith(of):
                return f" of {words[len(of) :].strip()}"
        return f" {words}" if words else ""

    def _house(self, bare: str) -> str:
        """The house that a spokesperson speaks for, nothing for anybody else."""
        head = self._head(bare)
        if head is None or self._known.heads[head] != "spokesman" or not folded(bare).startswith(head):
            return ""
        house = self._after_of(bare[len(head) :])
        return bare[len(bare) - len(house) + len(" of ") :] if house.startswith(" of ") else ""

    def link(self, speaker: Speaker, via: Via) -> Link:
        """The link of a source in a chain, typed by the sources file, else by the typing rules, else unknown."""
        typed = self._typed(speaker)
        facts: dict[str, Fact] = dict(typed.facts)
        kind = self._policy.types.get(typed.type)
        if not speaker.named and (speaker.person or (kind is not None and kind.descriptor)):
            facts.setdefault("anonymous", True)
        return Link(source=speaker.name[:MAX_NAME], type=typed.type, via=via, facts=facts)

    def _typed(self, speaker: Speaker) -> Typed:
        entry = self._policy.sources.find(speaker.name)
        found = from_entry(entry) if entry is not None else None
        if found is not None or not speaker.rows:
            return found or Typed(UNKNOWN, "nothing")
        return from_words(speaker.rows, self._policy)

    def _head(self, bare: str) -> str | None:
        """The noun that the mention begins with, among those that are known; else the first in it."""
        words = folded(bare)
        first = [head for head in self._known.heads if re.match(rf"{re.escape(head)}(?!\w)", words)]
        if first:
            return max(first, key=len)
        inside = [(match.start(), head) for head in self._known.heads
                  if (match := re.search(rf"(?<![\w-]){re.escape(head)}(?![\w-])", words))]  # fmt: skip
        return min(inside)[1] if inside else None

    def _name(self, bare: str, head: str | None) -> str:
        """The run of words with capitals that names somebody: "la ministre Anne Leroy" is Anne Leroy."""
        rest = bare[len(head) :].lstrip(" ,") if head is not None and folded(bare).startswith(head) else bare
        kept: list[str] = []
        for word in rest.split():
            if not word[:1].isupper() and not (kept and folded(word) in self._known.data["names_within"]):
                break
            kept.append(word.rstrip(",;"))
            if word.endswith(","):
                break
        while kept and not kept[-1][:1].isupper():
            kept.pop()
        return " ".join(kept)


def _without_determiners(mention: str, determiners: list[str]) -> str:
    while True:
        match = re.match(r"[^\W_]+(?:['’]|(?=\s))\s*", mention)
        if match is None or folded(match.group()).replace("’", "'").strip() not in determiners:
            return mention
        mention = mention[match.end() :]


def _is_same(one: Speaker, called: str, person: bool) -> bool:
    """Whether a mention is an earlier source: by the same words, or a person's surname."""
    mine, other = folded(called), folded(one.name)
    return mine == other or (
        person == one.person and one.named and len(mine.split()) == 1 and other.endswith(" " + mine)
    )
