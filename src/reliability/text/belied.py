"""Who is said to be wrong by whoever tells of it: "falsely claimed that X", "contrary to his claim that X"."""

from __future__ import annotations

from typing import Any

from reliability.text.attribution import Attribution
from reliability.text.lexicon import Lexicon
from reliability.text.syntax import child, is_infinitive, is_negated

Token = Any
_WRONG = frozenset({"wrong", "mistaken", "incorrect"})


def is_belied(one: Attribution, lex: Lexicon) -> bool:
    """Whether the words around a cue say that what is said is not so: whoever tells it so denies what is said.

    That is another report beside that of the one who said it.
    """
    if one.stance != "asserts" or not one.entry.asserts:
        return False
    if one.verb is not None:
        return _is_said_falsely(one.verb, lex) or _was_wrong(one.verb)
    return one.frame == "noun" and one.root is not None and _is_false_claim(one.root.head, lex)


def _is_said_falsely(verb: Token, lex: Lexicon) -> bool:
    """ "Falsely claimed", "claimed, wrongly, that"."""
    wrongly = lex.words("untruthfully")
    return any(c.dep_ == "advmod" and c.lower_ in wrongly and abs(c.i - verb.i) < 4 for c in verb.children)


def _was_wrong(verb: Token) -> bool:
    """ "Was wrong to say that", "lied when he said that", "was mistaken when she said that"."""
    above = verb.head
    if verb.dep_ == "xcomp" and is_infinitive(verb):
        return above.dep_ == "acomp" and above.lower_ in _WRONG and not is_negated(above.head)
    when = verb.dep_ == "advcl" and any(c.lower_ == "when" for c in verb.children)
    judged = child(above, "acomp") if above.lemma_ == "be" else None
    false = above.lemma_ == "lie" or (judged is not None and judged.lower_ in _WRONG)
    return when and false and not is_negated(above)


def _is_false_claim(noun: Token, lex: Lexicon) -> bool:
    """ "The baseless claim that", "contrary to the ministry's claim that"."""
    if noun.lemma_.lower() not in lex.words("claims"):
        return False
    judging = lex.words("untrue") | lex.words("discredited")
    above = noun.head.head if noun.dep_ == "pobj" else noun
    contrary = noun.dep_ == "pobj" and noun.head.lower_ == "to" and above.lower_ == "contrary"
    return contrary or any(c.dep_ == "amod" and c.lower_ in judging for c in noun.children)
