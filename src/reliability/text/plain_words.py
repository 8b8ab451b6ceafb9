"""Words by what they mean in headlines: synonyms under one name, and stems."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from reliability.text.lexicon import lexicon


@lru_cache(maxsize=200_000)
def plain(word: str) -> str:
    """The name of the list of synonyms.toml that holds a word in any form; other words as they are."""
    return _names().get(stem(word), word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A word without its endings ("arrested" is "arrest"); numbers (`#12`) as they are.

    Source: Snowball's English stemmer (Porter 2001), of which snowballstemmer is the makers' own Python edition.
    """
    return word if word.startswith("#") else str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    from snowballstemmer import stemmer

    return stemmer("english")


@cache
def _names() -> dict[str, str]:
    """From the stem of each word of a list to the list's first word; a word of two lists counts in the first."""
    names: dict[str, str] = {}
    for words in lexicon().synonyms:
        for word in words:
            names.setdefault(stem(word), words[0])
    return names
