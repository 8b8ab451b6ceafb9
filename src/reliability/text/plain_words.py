"""Words by what they mean in headlines: synonyms under one name, and stems."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from reliability.text.lexicon import lexicon

_PLURALS = (("sses", "ss"), ("ss", "ss"), ("us", "us"), ("s", ""))
_VOWEL = re.compile(r"[aeiou]|(?<=[^aeiou])y")
_PAST = re.compile(r"(ed|ing)$")
_SHORT = re.compile(r"[^aeiou]*[aeiouy][^aeiouwxy]")


@lru_cache(maxsize=200_000)
def plain(word: str) -> str:
    """The name of the list of synonyms.toml that holds a word in any form; other words as they are."""
    return _names().get(stem(word), word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A word without the endings of its regular forms ("arrested" is "arrest"); numbers (`#12`) as they are.

    Source: the first step of Porter (1980), "An algorithm for suffix stripping": what makes plurals, -ed and -ing;
    "dies" and "died" are "die", as in his later stemmer. The later steps, which cut what makes a word of another
    word, are left out: synonyms are listed.
    """
    if word.startswith("#") or len(word) <= 3:
        return word
    if word.endswith(("ied", "ies")):
        return word[:-2] + "e" if len(word) == 4 else word[:-2]
    for ending, left in _PLURALS:
        if word.endswith(ending):
            word = word.removesuffix(ending) + left
            break
    if word.endswith("eed"):
        word = word[:-1] if _VOWEL.search(word[:-3]) else word
    elif (cut := _PAST.search(word)) and _VOWEL.search(word[: cut.start()]):
        word = _mended(word[: cut.start()])
    return word[:-1] + "i" if word.endswith("y") and _VOWEL.search(word[:-1]) else word


def _mended(bare: str) -> str:
    """What is left without -ed or -ing, as the word is written alone: "hop" of hopping, "hope" of hoping."""
    if bare.endswith(("at", "bl", "iz")):
        return bare + "e"
    if len(bare) > 2 and bare[-1] == bare[-2] and bare[-1] not in "aeioulsz":
        return bare[:-1]
    return bare + "e" if _SHORT.fullmatch(bare) else bare


@cache
def _names() -> dict[str, str]:
    """From the stem of each word of a list to the list's first word; a word of two lists counts in the first."""
    names: dict[str, str] = {}
    for words in lexicon().synonyms:
        for word in words:
            names.setdefault(stem(word), words[0])
    return names
