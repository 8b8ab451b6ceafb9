"""Whether a text takes its claim's side or the other: by cues of denial and negation."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from reliability.text.lexicon import lexicon
from reliability.text.signature import signature

_MADE_UP = re.compile(r"\b(?:mak(?:e|es|ing)|made) (?:it |this |that |them )?(?:all )?up\b")
_REACH = 2


@lru_cache(maxsize=20_000)
def is_denial(text: str) -> bool:
    """Whether a text denies what others of its claim assert ("… is a hoax", "NASA denies …", "… did not …").

    Cues are the lists of the lexicon's same_claim.toml. A negation right before a denial ("is no hoax") and one who
    denies that it is made up assert; so do phrases like "no idea".
    """
    found = _MADE_UP.sub("made-it-up", " ".join(signature(text)))
    words = _not_negating().sub(" ", found).split()
    deniers, made_up, doubters = (_places(name, words) for name in ("deniers", "made_up", "doubters"))
    if _places("said_things", words):
        made_up += doubters
    negations = [at for at, word in enumerate(words) if word in lexicon().claim_words("negations")]
    if deniers and made_up:
        return False
    if cues := [*deniers, *made_up]:
        return not any(0 < min(cues) - at <= _REACH for at in negations)
    return bool(negations)


def _places(name: str, words: list[str]) -> list[int]:
    return [at for at, word in enumerate(words) if _cues(name).fullmatch(word)]


@cache
def _cues(name: str) -> re.Pattern[str]:
    cues = sorted(lexicon().claim_words(name))
    return re.compile("|".join(re.escape(cue).replace(r"\*", ".*") for cue in cues))


@cache
def _not_negating() -> re.Pattern[str]:
    phrases = sorted(lexicon().claim_words("not_negating"))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, phrases))})(?!\S)")
