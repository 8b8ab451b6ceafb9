"""All attributions of a text, in text order: by verbs, prepositions, nouns and quotation marks."""

from __future__ import annotations

from typing import Any

from reliability.text.attribution import Attribution, covers
from reliability.text.citing import cite
from reliability.text.constructions import is_over
from reliability.text.interviews import answered
from reliability.text.labels import labelled
from reliability.text.lexicon import Lexicon
from reliability.text.nouns import according_to, noun_attributions
from reliability.text.pipeline import Passages
from reliability.text.quotes import quotes
from reliability.text.rebuttals import rebut
from reliability.text.replies import reply
from reliability.text.speech import Speech
from reliability.text.verbs import verb_attributions

Token = Any


def attributions(text: str, passages: Passages, lex: Lexicon) -> tuple[list[Attribution], Speech]:
    """Who says, thinks or wants what, as far as the words show it; and the quotations that were found."""
    speech = Speech(text, passages, quotes(text, [(p.start, p.end) for p in passages]), lex)
    by_passage: list[list[Attribution]] = []
    for passage in passages:
        here = [*verb_attributions(passage, lex), *according_to(passage), *noun_attributions(passage, lex)]
        cite(here, lex)
        rebut(here, passage, lex)
        by_passage.append(here)
    interview = list(answered(passages))
    asked = {number for number, _ in interview}
    turns = (pair for pair in labelled(passages, lex) if pair[0] not in asked)
    for number, one in (*interview, *turns):
        by_passage[number].append(one)
    found = [one for one in speech.join(by_passage) if one.content]
    found = [one for one in found if one.frame != "cited"]
    reply(found, passages, lex)
    around = Enclosing(found, passages)
    found = [one for one in found if _is_told(one, around.of(one), speech)]
    found.sort(key=lambda one: (one.content[0][0], one.content[-1][1], one.cue[0][0] if one.cue else 0))
    return found, speech


def _is_told(one: Attribution, outer: Attribution | None, speech: Speech) -> bool:
    """Whether an attribution is the article's own, or what a speaker mainly says of another who says so.

    Thoughts, wishes and remarks somewhere inside another's words stay that other's words.
    """
    quoted = bool(one.cue) and speech.quoted(one.cue[0][0])
    if outer is None and not quoted:
        return True
    if not one.entry.asserts or not one.sources or (outer is not None and not is_main(one, outer)):
        return False
    if quoted:
        return one.frame == "clause" and all(head.pos_ in ("PROPN", "NOUN") for head in one.sources)
    return one.frame != "object"


def is_main(one: Attribution, outer: Attribution) -> bool:
    """Whether a cue is the main verb of what another says, not a remark somewhere inside it."""
    verb = one.verb
    if verb is None:
        return one.frame == "according"
    while verb.dep_ == "conj" and verb.head.i != verb.i:
        verb = verb.head
    return bool(verb.dep_ == "ROOT") or bool(
        outer.verb is not None and verb.head.i == outer.verb.i and verb.dep_ in ("ccomp", "xcomp", "parataxis")
    )


class Enclosing:
    """Finds the nearest attribution in whose content another's cue stands: who passed it on."""

    def __init__(self, found: list[Attribution], passages: Passages) -> None:
        self._passages = passages
        self._in: dict[int, list[Attribution]] = {}
        self._by_verb = {(o.passage.start, int(o.verb.i)): o for o in found if o.verb is not None and o.entry.asserts}
        for one in found:
            numbers = {p.start for start, end in one.content for p in passages.between(start, end)}
            for start in sorted(numbers) if one.entry.asserts else ():
                self._in.setdefault(start, []).append(one)

    def of(self, one: Attribution) -> Attribution | None:
        """The attribution around this one, None when it is the article's own."""
        if not one.cue:
            return None
        root = one.root if one.frame == "according" else None
        if root is not None and root.dep_ == "ccomp" and not is_over(root.head, root):
            above = self._by_verb.get((one.passage.start, int(one.root.head.i)))
            if above is not None:
                return above
        at = one.cue[0][0]
        best: Attribution | None = None
        for other in self._in.get(self._passages[self._passages.number(at)].start, ()):
            if other is one or not covers(other.content, at) or (other.cue and covers(one.content, other.cue[0][0])):
                continue
            if best is None or _size(other) < _size(best):
                best = other
        return best


def _size(one: Attribution) -> int:
    return sum(b - a for a, b in one.content)
