"""Word lists that the reading of text looks things up in, a folder a language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from reliability.errors import InputError
from reliability.model.report import Kind, Stance


@dataclass(frozen=True)
class CueClass:
    """A class of words that say whose words, thoughts or wishes follow.

    `asserts` is false for mere thoughts and mentions; `takes` names the constructions that hold the content;
    `object` says whether an object alone is put forward ("statement") or only mentioned.
    """

    id: str
    kind: Kind
    stance: Stance
    asserts: bool
    takes: frozenset[str] = frozenset()
    object: str = "mention"


@dataclass(frozen=True)
class Country:
    """A country's name and the names of its people and seat of government."""

    name: str
    adjectives: tuple[str, ...]
    aliases: tuple[str, ...]
    others: tuple[str, ...]


class Lexicon:
    """The lists of one language: verbs, nouns, countries and other words, all by lower-case lemma."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.verbs: dict[str, tuple[CueClass, ...]] = {}
        self.nouns: dict[str, tuple[CueClass, ...]] = {}
        self._read_classes("verbs", self.verbs)
        nouns = self._read_classes("nouns", self.nouns)
        self.records = frozenset(nouns["records"]["nouns"])
        words = self._file("words")
        self.genders: dict[str, str] = words.pop("genders")
        self._words = {name: frozenset(values) for name, values in words.items()}
        self.countries = tuple(
            Country(
                row["name"],
                tuple(row.get("adjectives", ())),
                tuple(row.get("aliases", ())),
                (*row.get("capitals", ()), *row.get("people", ())),
            )
            for row in self._file("countries")["country"]
        )

    def words(self, name: str) -> frozenset[str]:
        """A named list of words.toml. Raises KeyError for a list that is not there."""
        return self._words[name]

    def claim_words(self, name: str) -> frozenset[str]:
        """A named list of same_claim.toml. Raises KeyError for a list that is not there."""
        return self._claim_words[name]

    @cached_property
    def _claim_words(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(values) for name, values in self._file("same_claim").items()}

    @cached_property
    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """Lists of words that headlines use for one another (synonyms.toml), each under its first word."""
        return tuple(map(tuple, self._file("synonyms")["same_thing"]))

    @cached_property
    def country_by_word(self) -> dict[str, str]:
        """From "ukrainian", "kyiv" or "ukraine" to "Ukraine"."""
        found: dict[str, str] = {}
        for country in self.countries:
            for word in (country.name, *country.adjectives, *country.aliases, *country.others):
                found.setdefault(word.casefold(), country.name)
        return found

    @cached_property
    def adjective_of(self) -> dict[str, str]:
        """From a country's names to its adjective: "norway" to "Norwegian"; none for a noun ("New Zealander")."""
        return {
            name.casefold(): country.adjectives[0]
            for country in self.countries
            if country.adjectives and not country.adjectives[0].endswith("er")
            for name in (country.name, *country.aliases)
        }

    @cached_property
    def phrase_heads(self) -> frozenset[str]:
        """First words of verbs of several words ("call for")."""
        return frozenset(verb.split()[0] for verb in self.verbs if " " in verb)

    def _file(self, name: str) -> dict[str, Any]:
        path = files("reliability.text.lexicon").joinpath(self.language, f"{name}.toml")
        if not path.is_file():
            raise InputError(
                self.language,
                problem="there are no word lists for this language",
                remedy="give the article in English, or its reports as records",
            )
        return tomllib.loads(path.read_text(encoding="utf-8"))

    def _read_classes(self, name: str, into: dict[str, tuple[CueClass, ...]]) -> dict[str, Any]:
        content = self._file(name)
        for row in content["class"]:
            found = CueClass(
                id=row["id"],
                kind=row["kind"],
                stance=row["stance"],
                asserts=row["asserts"],
                takes=frozenset(row.get("takes", ())),
                object=row.get("object", "mention"),
            )
            for word in row[name]:
                if found not in into.get(word, ()):
                    into[word] = (*into.get(word, ()), found)
        return content


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The word lists of a language, read once. Raises InputError for a language without any."""
    return Lexicon(language)
