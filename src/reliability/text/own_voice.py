"""What the outlet says in its own voice: the sentences, or parts of them, that nobody else is behind."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from reliability.text.attribution import Attribution, Range, covers, joined, less, trimmed
from reliability.text.kinds import kind_of
from reliability.text.lexicon import Lexicon
from reliability.text.pipeline import Passage, Passages
from reliability.text.proposition import Proposition, worded
from reliability.text.quantities import quantity_of
from reliability.text.speech import Speech
from reliability.text.syntax import SUBJECTS, child, is_negated, is_verb, ranges
from reliability.text.unreal import is_unreal
from reliability.text.untruths import unfolded

Token = Any
_SHARED = 0.8
_MOST = 200
_DOING = frozenset({"find", "record", "register", "order", "establish", "read", "offer", "allow", "propose"})
_FINITE = ("VBD", "VBZ", "VBP", "MD")


def own_voice(
    text: str, passages: Passages, found: list[Attribution], speech: Speech, lex: Lexicon
) -> list[Proposition]:
    """The outlet's own propositions, in text order. Headings, captions without a verb and questions are none.

    Nor are sentences that only tell what somebody thinks, did not say, or was asked.
    """
    said = joined([r for one in found if one.entry.asserts for r in one.content])
    cues = joined([r for one in found if one.entry.asserts for r in one.cue])
    out: list[Proposition] = []
    place = 0
    for passage in passages:
        while place < len(said) and said[place][1] < passage.start:
            place += 1
        here = [r for r in said[place : place + 400] if r[0] < passage.end]
        first = bisect_left(cues, (passage.start, 0))
        marks = cues[first : bisect_left(cues, (passage.end, 0))]
        for sentence in passage.doc.sents:
            said_of = is_saying(sentence.root, lex)
            made = None if said_of else _of_sentence(text, passage, sentence, here, marks, speech)
            made = unfolded(made, text, lex) if made is not None else None
            if made is not None:
                out.append(made)
    return out


def is_saying(root: Token, lex: Lexicon) -> bool:
    """Whether a main verb of speech or thought governs a clause: without a speaker, negated, or a mere thought."""
    if _is_unsaid(root, lex):
        return True
    inner = child(root, "xcomp")
    if inner is not None and (is_negated(inner) or is_unreal(inner, lex)):
        return is_saying(inner, lex)
    classes = lex.verbs.get(root.lemma_.lower(), ())
    thing = child(root, "dobj")
    if classes and thing is not None and is_negated(root) and thing.lemma_.lower() in lex.nouns:
        return True
    clause = child(root, "ccomp")
    return clause is not None and is_verb(clause) and any("clause" in c.takes for c in classes)


def _is_unsaid(root: Token, lex: Lexicon) -> bool:
    """Whether a sentence only tells that somebody did not say, answer or check: "did not respond to requests".

    So do a pointer back to what was said ("the mill denied that"), and "there was no comment from the mill".
    """
    thing = child(root, "dobj", "attr")
    word = thing.lemma_.lower() if thing is not None else ""
    if root.lemma_ == "be" and child(root, "expl") is not None:
        none = thing is not None and any(c.lower_ == "no" for c in thing.children)
        return none and word in lex.words("unsaid_things")
    lemma = root.lemma_.lower()
    if lemma in ("decline", "refuse"):
        inner = child(root, "xcomp")
        return (inner is None and thing is None) or (inner is not None and inner.lemma_ in lex.words("tellings"))
    pointer = thing is not None and thing.lower_ in ("it", "that", "this", "them", "so")
    if pointer and lemma not in _DOING:
        return any(c.asserts for c in lex.verbs.get(lemma, ()))
    if not is_negated(root) and not any(c.lower_ == "nor" for c in root.children):
        return False
    return lemma in lex.words("tellings") or (lemma in lex.words("givings") and word in lex.words("unsaid_things"))


def _of_sentence(
    text: str, passage: Passage, sentence: Any, said: list[Range], cues: list[Range], speech: Speech
) -> Proposition | None:
    root = sentence.root
    at = passage.start + int(root.idx)
    start, end = passage.start + sentence.start_char, passage.start + sentence.end_char
    wording = text[start:end].strip()
    helpers = [t for t in root.children if t.dep_ in ("aux", "auxpass")]
    finite = child(root, *SUBJECTS, "expl") is not None or any(t.tag_ in _FINITE for t in (root, *helpers))
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


class Said:
    """What was attributed in an article, to tell whether a sentence of the outlet's own says nearly the same."""

    def __init__(self) -> None:
        self._all: list[frozenset[str]] = []
        self._with: dict[str, list[int]] = {}

    def add(self, wording: str) -> None:
        """One more attributed proposition."""
        words = words_of(wording)
        for word in sorted(words):
            self._with.setdefault(word, []).append(len(self._all))
        self._all.append(words)

    def restates(self, wording: str) -> bool:
        """Whether four fifths of the words of this and of an attributed proposition are the same.

        Then one of any fifth of its words is shared: looking at the rarest ones finds it.
        """
        mine = words_of(wording)
        if len(mine) < 4:
            return False
        rare = sorted(mine, key=lambda word: (len(self._with.get(word, ())), word))[: len(mine) // 5 + 1]
        near = sorted({n for word in rare for n in self._with.get(word, ())[-_MOST:]})
        return any(len(mine & self._all[n]) >= _SHARED * len(mine | self._all[n]) for n in near)


def words_of(wording: str) -> frozenset[str]:
    """A wording's longer words and numbers, for comparing."""
    found = (w.strip(".,;:'\"()").casefold() for w in wording.split())
    return frozenset(w for w in found if len(w) > 3 or any(ch.isdigit() for ch in w))
