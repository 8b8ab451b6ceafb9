"""Speakers of a quotation whom no verb names: before a colon, by a noun ("chants of"), in a credit after it."""

from __future__ import annotations

import re
from typing import Any

from reliability.text.attribution import Attribution
from reliability.text.labels import LABEL
from reliability.text.lexicon import Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import child, is_verb, ranges, together

Token = Any
_LABEL_PARTS = ("PROPN", "ADP", "PUNCT", "CCONJ")
_LABEL_ENDS = frozenset("-–—•*")
_SHORT = 12
_CREDIT = re.compile(r"\s*[\[(](?P<name>[A-Z][\w.&’' ]{1,40}?)\.?[\])]")


def by_colon(passage: Passage, before: list[Token]) -> Attribution | None:
    """ "NAME: "…"", "More from the report: "…"", "NAME on the vote: "…"": whoever a colon's words name."""
    if len(before) < 2 or before[-1].text != ":":
        return None
    cut = next((n for n in range(len(before) - 1, 0, -1) if before[n - 1].text in _LABEL_ENDS), 0)
    if cut and not any(is_verb(t) for t in before[cut:]):
        before = before[cut:]
    last, heads = before[-2], before[0].i == 0
    bare = len(before) <= _SHORT and not any(is_verb(t) for t in before)
    named = last.ent_type_ == "PERSON" or all(t.pos_ in _LABEL_PARTS for t in before[:-1])
    if bare or (named and last.pos_ == "PROPN"):
        found = head_among(last, before[:-1])
    else:
        found = _first_name(before) if heads and (len(before) <= _SHORT or before[0].pos_ == "PROPN") else None
    named = found is not None and (found.pos_ in ("PROPN", "NOUN", "PRON") or found.text[:1].isupper())
    sources = together(found) if named else []
    if not sources:
        return None
    return Attribution(passage, ranges(before[-1:], passage.start), [], LABEL, "label", sources=sources)


def by_noun(passage: Passage, before: list[Token], lex: Lexicon) -> Attribution | None:
    """ "their chants of "…"", "her slogan is "…"": the noun is the cue, whose it is the source."""
    if len(before) < 2:
        return None
    last, noun = before[-1], None
    if last.lower_ == "of" and before[-2].lemma_.lower() in lex.words("outcries"):
        noun = before[-2]
    elif last.lemma_ == "be":
        own = child(last, "nsubj")
        if own is not None and own.lemma_.lower() in lex.words("sayings"):
            noun = own
    if noun is None:
        return None
    holder = child(noun, "poss")
    if holder is None and noun.dep_ == "pobj" and is_verb(noun.head.head):
        holder = child(noun.head.head, "nsubj")
    sources = [holder] if holder is not None else []
    return Attribution(passage, ranges([noun, last], passage.start), [], LABEL, "label", sources=sources)


def by_credit(passage: Passage, end: int) -> Attribution | None:
    """ ""…" [NAME]": the credit right after a quotation that ends at `end` in the article."""
    match = _CREDIT.match(passage.text, end - passage.start)
    if match is None:
        return None
    name = passage.doc.char_span(*match.span("name"), alignment_mode="expand")
    if name is None or name.root.pos_ != "PROPN":
        return None
    return Attribution(passage, ranges(name, passage.start), [], LABEL, "label", sources=[name.root])


def _first_name(words: list[Token]) -> Token | None:
    """The head of the noun phrase, or else of the capitals, that words begin with."""
    end = next((n for n, t in enumerate(words) if t.pos_ not in ("PROPN", "NOUN", "ADJ", "DET")), len(words))
    end = end or next((n for n, t in enumerate(words) if not t.text[:1].isupper()), len(words))
    return words[end - 1] if end else None


def head_among(token: Token, tokens: list[Token]) -> Token:
    """The head of a phrase as far as it lies among these tokens."""
    inside = {t.i for t in tokens}
    while token.head.i != token.i and token.head.i in inside and token.head.pos_ in ("PROPN", "NOUN"):
        token = token.head
    return token
