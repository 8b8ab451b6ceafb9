"""What is done to a claim that is only named: "rejected reports that X", "retracted its claim that X".

Who turns down others' claims denies them; who takes back their own retracts it. Read from the words between the verb
and the noun, since parses often go wrong there ("rejected as "fiction" reports that …").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reliability.text.attribution import Attribution, trimmed
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import child, cue_tokens, is_negated, is_verb, marked_clause, ranges, subject, together
from reliability.text.unreal import is_unreal

Token = Any
_HELD = CueClass("claim", "statement", "asserts", asserts=True)
_TURNED_DOWN = CueClass("rebuttal", "statement", "denies", asserts=True, takes=frozenset({"clause"}))
_TAKEN_BACK = CueClass("retraction", "statement", "retracts", asserts=True, takes=frozenset({"clause"}))
_REACH = 9
"""Words between the verb and the claim's noun, at most."""
_OWN = frozenset({"its", "his", "her", "their", "my", "our", "a", "an", "the", "this", "that", "earlier", "previous"})


def rebut(here: list[Attribution], passage: Passage, lex: Lexicon) -> None:
    """Adds a passage's rebuttals and retractions, in place of what was read from the same verb or the same claim.

    Somebody whose claim it is by name ("the rebels' claim that …") keeps it, as an attribution of their own. Who did
    not reject a claim neither denies nor puts it forward.
    """
    for one, noun in _rebuttals(passage, lex):
        verb = int(one.verb.i)
        for other in list(here):
            same_verb = other.verb is not None and int(other.verb.i) in (verb, int(noun.i))
            same_claim = other.frame == "noun" and other.cue[0][0] == passage.start + noun.idx
            if same_verb or same_claim:
                here.remove(other)
        holder = child(noun, "poss")
        if holder is not None and holder.lower_ not in _OWN and one.stance == "denies":
            cue = ranges([noun], passage.start)
            here.append(replace(one, cue=cue, entry=_HELD, frame="held", sources=[holder], verb=None, stance="asserts"))
        if not is_negated(one.verb) and not is_unreal(one.verb, lex):
            here.append(one)


def _rebuttals(passage: Passage, lex: Lexicon) -> Iterator[tuple[Attribution, Token]]:
    for that in passage.doc:
        clause = marked_clause(that) if that.i and that.lower_ == "that" and that.dep_ == "mark" else None
        if clause is None:
            continue
        noun = that.nbor(-1)
        if noun.lemma_.lower().rstrip("s") not in lex.words("claims"):
            continue
        found = _done_to(noun, lex) or _done_after(noun, clause, lex)
        if found is None:
            continue
        verb, speakers, entry, words, until = found
        if not speakers:
            continue
        tokens = [t for t in clause.subtree if t.i > that.i and (until is None or t.i < until)]
        content = trimmed(passage, ranges(tokens, passage.start))
        if content:
            cue = ranges([*cue_tokens(verb), *words, noun], passage.start)
            yield Attribution(
                passage, cue, content, entry, "clause", sources=speakers, verb=verb, root=clause, stance=entry.stance
            ), noun  # fmt: skip


_Found = tuple[Token, list[Token], CueClass, list[Token], int | None]


def _done_to(noun: Token, lex: Lexicon) -> _Found | None:
    """By the verb before the noun: "brushed off claims that", "called the report that X a lie"."""
    doc, first = noun.doc, max(noun.sent.start, noun.i - _REACH)
    for at in range(noun.i - 1, first - 1, -1):
        verb = doc[at]
        if verb.text in (",", ";", ":", "(", "—"):
            return None
        if not is_verb(verb) or verb.dep_ in ("aux", "auxpass", "amod"):
            continue
        own = subject(verb)
        speakers = together(own) if own is not None else []
        entry = _entry(verb, [t for t in doc[at + 1 : noun.i] if not t.is_quote], noun, lex)
        if entry is not None:
            return verb, speakers, entry, [t for t in doc[at + 1 : noun.i] if t.dep_ == "prt"], None
        judged = _judged(noun, lex) if verb.lemma_.lower() in lex.words("calling") else None
        return (verb, speakers, _TURNED_DOWN, [], judged) if judged is not None else None
    return None


def _entry(verb: Token, between: list[Token], noun: Token | None, lex: Lexicon) -> CueClass | None:
    """The class of a verb with the words that stand between it and its claim; None for any other verb.

    Only an "as …" and words about the claim's noun may come between: who "withdrew to the port after reports that …"
    takes nothing back.
    """
    between = [t for t in between if not t.lower_.endswith(("self", "selves"))]
    spoken = " ".join([verb.lemma_.lower(), *(t.lower_ for t in between)]) + " "
    for entry, name in ((_TAKEN_BACK, "taking_back"), (_TURNED_DOWN, "turning_down")):
        known = next((p for p in sorted(lex.words(name), key=len, reverse=True) if spoken.startswith(f"{p} ")), None)
        if known is not None:
            return entry if _is_near(between[len(known.split()) - 1 :], noun) else None
    return None


def _is_near(rest: list[Token], noun: Token | None) -> bool:
    if rest and rest[0].lower_ == "as":
        return True
    own = [t for t in rest if noun is None or t.head.i != noun.i]
    return all(t.pos_ not in ("ADP", "SCONJ", "VERB", "CCONJ") for t in own)


def _judged(noun: Token, lex: Lexicon) -> int | None:
    """Where the judgement begins that ends the sentence: "… nonsense", "… as "a lie""; None without one."""
    doc, end = noun.doc, int(noun.sent.end)
    while end > noun.i and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    at = end - 1
    last = doc[at]
    if lex.words("untrue").isdisjoint((last.lemma_.lower(), last.lower_, f"{last.nbor(-1).lower_} {last.lower_}")):
        return None
    while at - 1 > noun.i and (doc[at - 1].is_quote or doc[at - 1].lower_ in _BEFORE_JUDGEMENT):
        at -= 1
    return at


_BEFORE_JUDGEMENT = frozenset(
    {"as", "a", "an", "pure", "complete", "utter", "total", "absolute", "outright", "sheer", "totally", "completely"}
    | {"entirely", "absolutely", "utterly", "and", "simply", "just", "plain", "blatant", "pack", "of", "fake"}
)


def _done_after(noun: Token, clause: Token, lex: Lexicon) -> _Found | None:
    """By the passive after it: "reports that X were dismissed by the ministry"."""
    verb = noun.head
    if noun.dep_ != "nsubjpass" or not is_verb(verb) or verb.i < clause.i:
        return None
    agent = child(verb, "agent")
    who = child(agent, "pobj") if agent is not None else None
    after = list(verb.doc[verb.i + 1 : agent.i]) if agent is not None else []
    entry = _entry(verb, after, None, lex)
    return (verb, together(who), entry, [], None) if who is not None and entry is not None else None
