"""Which countries a text names, by name, adjective, people or capital."""

from __future__ import annotations

from functools import lru_cache

from reliability.text.lexicon import lexicon
from reliability.text.signature import signature

_LONGEST = 3


@lru_cache(maxsize=150_000)
def countries(text: str) -> frozenset[str]:
    """The countries' names: {"Peru"} for "Peruvian miners" and for "Quake in Lima"; of longer names the longest."""
    known = lexicon().country_by_word
    words = ["united states" if word == "unitedstates" else "" if word == "us" else word for word in signature(text)]
    found = set()
    at = 0
    while at < len(words):
        long = next((n for n in range(_LONGEST, 0, -1) if " ".join(words[at : at + n]) in known), 0)
        if long:
            found.add(known[" ".join(words[at : at + long])])
        at += max(1, long)
    return frozenset(found)
