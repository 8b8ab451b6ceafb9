"""Which language an article is in, and how that language is read."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reliability.errors import InputError

ENOUGH = 20
"""A text of fewer words is taken as English where no language was declared: it tells too little."""

_SAMPLE = 20_000
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Language:
    """A language: its tag, its name, the spaCy model that parses it or whether its phrases are known, common words."""

    code: str
    name: str
    common: frozenset[str]
    model: str | None = None
    phrases: bool = False

    @property
    def is_read(self) -> bool:
        """Whether articles in it can be read."""
        return self.model is not None or self.phrases


@cache
def languages() -> dict[str, Language]:
    """The languages that are read or told apart, by their two-letter tags."""
    rows = tomllib.loads(files("reliability.text.lexicon").joinpath("languages.toml").read_text(encoding="utf-8"))
    return {
        code: Language(code, row["name"], frozenset(row["common"]), row.get("model"), row.get("phrases", False))
        for code, row in rows.items()
    }


def language_of(declared: str | None, text: str) -> Language:
    """The language of an article: the declared tag (`en-GB` is English), else what its commonest words tell.

    Raises InputError, naming the language, where articles in it are not read.
    """
    told = declared.strip().casefold() if declared else ""
    code = re.split(r"[-_]", told)[0] if told else detected(text)
    found = languages().get(code)
    if found is not None and found.is_read:
        return found
    name = found.name if found is not None else repr(code) if told else code
    read = " and ".join(one.name for one in languages().values() if one.is_read)
    says = "is declared to be" if told else "seems to be"
    raise InputError(
        f"language {name}",
        problem=f"the article {says} in it, and articles are read in {read} only",
        remedy="give its reports as records (.jsonl, .csv)" + ("" if told else ", or say its language"),
    )


def detected(text: str) -> str:
    """The tag of the language whose common words a text has most of; English where that does not stand out.

    For a text in other letters than Latin's, the name of its script. A language but English must have twice as many
    of its own words as English has of its, and make up a tenth of the text.
    """
    words = [word.casefold() for word in _WORD.findall(text[:_SAMPLE])]
    if len(words) < ENOUGH:
        return "en"
    script = _script("".join(words)[:400])
    if script != "LATIN":
        return f"{script.capitalize()} letters"
    counts = {code: sum(word in one.common for word in words) for code, one in languages().items()}
    best = max(counts, key=lambda code: (counts[code], code == "en", code))
    return best if counts[best] >= max(2 * counts["en"], len(words) / 10) else "en"


def _script(letters: str) -> str:
    """The script of most letters, as Unicode names it."""
    counts: dict[str, int] = {}
    for letter in letters:
        script = unicodedata.name(letter, "LATIN").split()[0]
        counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: (counts[script], script))
