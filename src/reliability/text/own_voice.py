"""What the outlet says in its own voice: the sentences, or parts of them, that nobody else is behind."""

from __future__ import annotations

from typing import Any

from reliability.text.attribution import Attribution, Range, covers, joined, less, trimmed
from reliability.text.kinds import kind_of
from reliability.text.pipeline import Passage
from reliability.text.propositions import Proposition, worded
from reliability.text.quantities import quantity_of
from reliability.text.speech import Speech
from reliability.text.syntax import SUBJECTS, child, is_verb, ranges

Token = Any
_SHARED = 0.8


def own_voice(text: str, passages: list[Passage], found: list[Attribution], speech: Speech) -> list[Proposition]:
    """The outlet's own propositions, in text order. Headings, captions without a verb and questions are none."""
    said = joined([r for one in found if one.entry.asserts for r in one.content])
    cues = joined([r for one in found if one.entry.asserts for r in one.cue])
    out: list[Proposition] = []
    place = 0
    for passage in passages:
        while place < len(said) and said[place][1] < passage.start:
            place += 1
        here = [r for r in said[place : place + 400] if r[0] < passage.end]
        marks = [r for r in cues if passage.start <= r[0] < passage.end]
        for sentence in passage.doc.sents:
            made = _of_sentence(text, passage, sentence, here, marks, speech)
            if made is not None:
                out.append(made)
    return out


def _of_sentence(
    text: str, passage: Passage, sentence: Any, said: list[Range], cues: list[Range], speech: Speech
) -> Proposition | None:
    root = sentence.root
    at = passage.start + int(root.idx)
    start, end = passage.start + sentence.start_char, passage.start + sentence.end_char
    wording = text[start:end].strip()
    finite = child(root, *SUBJECTS, "expl") is not None or root.tag_ in ("VBD", "VBZ", "VBP")
    if not is_verb(root) or not finite or wording[-1:] not in (".", "!", "”", '"', "'"):
        return None
    if covers(said, at) or covers(cues, at) or speech.quoted(at) or speech.quoted(start):
        return None
    apart = [
        r
        for c in root.children
        if c.dep_ in ("advcl", "prep", "parataxis") and any(covers(cues, passage.start + t.idx) for t in c.subtree)
        for r in ranges(c.subtree, passage.start)
    ]
    content = trimmed(passage, less([(start, end)], apart))
    if not content:
        return None
    wording = worded(content, text)
    kind = kind_of(root, wording, "statement")
    return None if kind == "question" else Proposition(content, wording, root, passage, kind, quantity_of(root))


def restates(one: Proposition, others: list[set[str]]) -> bool:
    """Whether an own-voice proposition says nearly the same as an attributed one, given as sets of words."""
    mine = words_of(one.text)
    return len(mine) > 3 and any(len(mine & other) >= _SHARED * len(mine | other) for other in others)


def words_of(wording: str) -> set[str]:
    """A wording's longer words and numbers, for comparing."""
    return {w.strip(".,;:'\"()").casefold() for w in wording.split() if len(w) > 3 or any(ch.isdigit() for ch in w)}
