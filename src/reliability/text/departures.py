"""Who left a country, and when: it dates what somebody can have seen."""

from __future__ import annotations

from reliability.text.cast import Cast
from reliability.text.members import NOBODY
from reliability.text.pipeline import Passages
from reliability.text.syntax import child, is_verb


def departures(passages: Passages, cast: Cast) -> None:
    """Who left a country in a year that is written: the fact `departed` of that source."""
    verbs = cast.lex.words("departures")
    for passage in passages:
        for token in passage.doc:
            if not is_verb(token) or token.lemma_.lower() not in verbs:
                continue
            head = child(token, "nsubj")
            if head is None or head.pos_ not in ("PROPN", "PRON", "NOUN"):
                continue
            abroad = any(t.ent_type_ in ("GPE", "NORP", "LOC") for t in token.subtree if t.i > token.i)
            year = next(
                (t.text for t in token.subtree if t.ent_type_ == "DATE" and t.text.isdigit() and len(t.text) == 4), None
            )
            if year is not None and (abroad or token.lemma_ in ("defect", "flee")):
                member = cast.member(head, passage)
                if member.name != NOBODY:
                    member.facts.setdefault("departed", year)
