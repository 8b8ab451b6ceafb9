"""Who speaks by a verb of speech: its subject, also where the parse took another noun for it."""

from __future__ import annotations

from typing import Any

from reliability.text.attribution import dateline
from reliability.text.constructions import has_own_clause
from reliability.text.lexicon import Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import RELATIVES, child, is_verb, subject

Token = Any


def speaker(passage: Passage, verb: Token, lex: Lexicon) -> Token | None:
    """A verb's subject: not the dateline before it, and whoever issued it for "issued a statement saying".

    None when nobody is named.
    """
    head = _mended(verb, subject(verb), lex)
    if head is None:
        before = child(verb, "ccomp") if has_own_clause(verb) else None
        return child(before, "nsubj") if before is not None and before.i < verb.i else None
    if verb.dep_ == "acl" and head.dep_ == "dobj" and head.lemma_.lower() in lex.records and is_verb(head.head):
        return subject(head.head) or head
    end = dateline(passage)
    if head.idx < end:
        named = next(
            (t for t in passage.doc[head.i + 1 : verb.i] if t.idx >= end and t.pos_ in ("PROPN", "NOUN")), None
        )
        while named is not None and named.dep_ in ("compound", "poss", "nmod") and named.i < named.head.i < verb.i:
            named = named.head
        return named or head
    return head


def _mended(verb: Token, head: Token | None, lex: Lexicon) -> Token | None:
    """The subject that a sentence means where its parse has another, by signs that the words give."""
    if head is None:
        return _after_preposition(verb)
    if head.dep_ == "appos" and verb.dep_ == "relcl" and head.left_edge.nbor(-1).lower_ == "not":
        return head.head  # "it was the mayor, not the engineer, who said"
    above = verb.head
    if verb.dep_ == "conj" and above.dep_ == "ccomp" and child(above, "nsubjpass") is not None:
        outer = above.head
        if goes_with_cue(verb, outer) and outer.lemma_.lower() in lex.verbs:
            return subject(outer)  # "said ten were hurt but later said": not the ten
    return _before_relative(verb, head, lex) or _nearest(verb, head)


def _after_preposition(verb: Token) -> Token | None:
    """ "In an interview with the Post, Rehn said": Rehn is no name of the Post's."""
    before = verb.nbor(-1) if verb.i > verb.sent.start else verb
    if before.dep_ != "appos" or before.pos_ != "PROPN" or before.head.dep_ != "pobj" or child(verb, "ccomp") is None:
        return None
    first = before.left_edge
    return before if first.i > verb.sent.start and first.nbor(-1).text == "," else None


def _before_relative(verb: Token, head: Token, lex: Lexicon) -> Token | None:
    """ "A group that opposes the council said": the group, when that is all that its sentence has for a main verb."""
    relative = verb.head
    noun = relative.head
    if verb.dep_ != "ccomp" or relative.dep_ != "relcl" or noun.dep_ != "ROOT" or is_verb(noun):
        return None
    takes_clause = any("clause" in c.takes for c in lex.verbs.get(relative.lemma_.lower(), ()))
    own = child(relative, "nsubj")
    opens = own is not None and own.tag_ in RELATIVES and relative.i < head.i
    return noun if opens and not takes_clause and child(relative, "dobj") is None else None


def _nearest(verb: Token, head: Token) -> Token:
    """Of several subjects the one right before the verb, after a comma: "killed 45 civilians, the council said"."""
    subjects = [c for c in verb.lefts if c.dep_ == "nsubj"]
    if len(subjects) < 2 or subjects[0].i != head.i:
        return head
    last = subjects[-1]
    return last if last.left_edge.nbor(-1).text == "," and last.right_edge.i == verb.i - 1 else head


def goes_with_cue(token: Token, verb: Token) -> bool:
    """Whether "said X and called for Y" has its second verb hung from the wrong one."""
    if token.dep_ != "conj" or token.i < verb.i or token.tag_ != verb.tag_ or token.tag_ not in ("VBD", "VBZ"):
        return False
    apart = token.head.tag_ not in (token.tag_, "VBP") and token.head.head.head.i == verb.i
    return child(token, "nsubj", "nsubjpass") is None and (token.head.head.i == verb.i or apart)
