"""What must be the same for two texts to be nearly the same: their words in order, numbers and negations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from reliability.text.number_words import ONES, SCALES, TENS


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


def ranked(text: str) -> dict[str, int]:
    """The words of a list with their places, from 0; a dash keeps a place free."""
    return {word: place for place, word in enumerate(text.split()) if word != "-"}


_US = re.compile(r"\bU\.\s?S\.(?:\s?A\.)?|\bUSA?\b")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_A_FEW = re.compile(r"\ba (few|little)\b")
_LEADING = re.compile(
    r"((?:in|on|at|during|since|after|before|by|near|inside|from|last|this|yesterday|today)\b[^,;:.!?]{0,60}),\s+(.+)",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"\d+(?:,\d{3})*(?:\.\d+)?(?:(?:st|nd|rd|th)\b)?|[^\W\d_]+(?:'[^\W\d_]+)*|[%$€£<>≤≥]|(?<!\S)[-−](?=\d)"
)
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "­": None})

_ORDINALS = ranked("- first second third fourth fifth sixth seventh eighth ninth tenth")
_SYMBOLS = {"-": "minus", "−": "minus", "%": "percent", "$": "dollars", "€": "euros", "£": "pounds"}
_CONTRACTIONS = {"can't": "can not", "won't": "will not", "shan't": "shall not", "cannot": "can not"}
_ENDINGS = {"n't": " not", "'re": " are", "'m": " am", "'ll": " will", "'ve": " have", "'s": ""}
_WORDS = {"is": "is", "are": "is", "am": "is", "was": "was", "were": "was"}
_PERFECT = {"have", "has", "had"}
_PARTICIPLES = words_of(
    "sent killed taken seen said made given gone lost won found held shot told begun become done fallen fled grown hit"
    " known led left met paid put read risen run sold set shown spent struck thrown withdrawn written"
)
_MAX_DIGITS = 15
_DROPPED = {"a", "an", "the", "that", "of"}
_ABOUT = {"about", "around", "approximately", "roughly", "some", "circa"}
_BOUNDS = {
    ("more", "than"): "over", ("greater", "than"): "over", ("fewer", "than"): "under", ("less", "than"): "under",
    ("at", "least"): "at-least", ("at", "most"): "at-most", ("up", "to"): "at-most",
}  # fmt: skip


@lru_cache(maxsize=150_000)
def signature(text: str) -> tuple[str, ...]:
    """A text's words in order, as far as they matter; texts with one signature say nearly the same.

    Case, punctuation, articles, contractions, how numbers are written (`2,700`, `twelve`), perfect tenses
    (`had been killed`, `were killed`), words for "about", some British spellings and a leading time or place
    (`In January, …`) don't matter. Word order, number of nouns, tense, prepositions, negations and numbers do.
    Numbers are tokens that start with #.
    """
    return tuple(_bounded(_numbered(_tensed(list(_words(text))))))


def _words(text: str) -> Iterator[str]:
    text = unicodedata.normalize("NFKC", _US.sub(" unitedstates ", text)).casefold().translate(_MARKS)
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text).strip()
    if moved := _LEADING.fullmatch(text):
        text = f"{moved[2].rstrip('.!')} {moved[1]}"
    text = text.replace("united states", "unitedstates").replace("per cent", "percent").replace("&", " and ")
    text = _A_FEW.sub(r"some \1", text)  # a few is not few
    for word in _TOKEN.findall(text):
        for part in _expanded(word).split():
            if part not in _DROPPED:
                yield _SYMBOLS.get(part, part)


def _expanded(word: str) -> str:
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word]
    for ending, full in _ENDINGS.items():
        if word.endswith(ending):
            return word[: -len(ending)] + full
    if len(word) > 6:
        word = re.sub(r"is(e|ed|es|ing|ation|ations)$", r"iz\1", word)
    return re.sub(r"(?<=[a-z]{2})our(|s|ed|ing|ers?)$", r"or\1", word) if len(word) > 5 else word


def _tensed(words: list[str]) -> Iterator[str]:
    """Perfect tenses as simple ones: `have been` is was, `had attacked` attacked."""
    at = 0
    while at < len(words):
        word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
        if word in _PERFECT and after == "been":
            yield "was"
            at += 1
        elif not (word in _PERFECT and (after.endswith("ed") or after in _PARTICIPLES)):
            yield _WORDS.get(word, word)
        at += 1


def _numbered(words: Iterator[str]) -> list[str]:
    """Digits and number words as #value; `two hundred thousand` and `1.5 million` are one number."""
    found: list[str] = []
    total, part, spelled = 0.0, None, False
    for word in [*words, ""]:
        if part is not None and word in SCALES:
            part *= SCALES[word]
            if SCALES[word] >= 1_000 and spelled:
                total, part = total + part, 0.0
            continue
        small = ONES.get(word, TENS.get(word))
        if part is not None and spelled and small is not None and (part % 100 == 0 or (part % 10 == 0 and small < 10)):
            part += small
            continue
        if part is not None and spelled and word == "and" and (part or total) >= 100:
            continue
        if part is not None:
            found.append(f"#{total + part:.15g}")
            total, part, spelled = 0.0, None, False
        if small is not None or word in SCALES:
            part, spelled = float(SCALES[word] if small is None else small), True
        elif word[:1].isdecimal() and len(word) > _MAX_DIGITS:
            found.append(f"#{word}")
        elif word[:1].isdecimal() and word[-1:].isdecimal():
            part = float(word.replace(",", ""))
        elif word:
            found.append(_ordinal(word))
    return found


def _ordinal(word: str) -> str:
    """#3. for `third` and `3rd`; other words as they are."""
    if word in _ORDINALS:
        return f"#{_ORDINALS[word]}."
    return f"#{word[:-2]}." if word[0].isdecimal() else word


def _bounded(tokens: list[str]) -> Iterator[str]:
    """Words for about, more and less right before a number, in one spelling."""
    at = 0
    while at < len(tokens):
        pair = (tokens[at], tokens[at + 1]) if at + 1 < len(tokens) else ("", "")
        if pair in _BOUNDS and tokens[at + 2 : at + 3] and tokens[at + 2].startswith("#"):
            yield _BOUNDS[pair]
            at += 2
            continue
        yield "about" if tokens[at] in _ABOUT and pair[1].startswith("#") else tokens[at]
        at += 1
