"""Denials of what was just said: ", a charge the mill denies", ", which the mill denied", "called it a lie"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reliability.text.attribution import Attribution, covers, less, trimmed
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passages
from reliability.text.syntax import child, cue_tokens, is_negated, is_supposed, is_verb, ranges, subject, together
from reliability.text.unreal import is_unreal

Token = Any
_DENIED = CueClass("reply", "statement", "denies", asserts=True, takes=frozenset({"clause"}))
_IT = frozenset({"it", "that", "this"})
_NAMED = frozenset({"claim", "allegation", "accusation", "assertion", "suggestion", "insinuation"})
_REJECTING = frozenset({"reject", "dismiss", "deny", "dispute", "refute", "rebut", "contest", "contradict"})
_OTHER_PRONOUNS = frozenset({"he", "she", "they", "i", "we", "who"})


def reply(found: list[Attribution], passages: Passages, lex: Lexicon) -> None:
    """Adds the denials of what an attribution right before them puts forward, as attributions of its content.

    Only where it is plain which that is: the one assertion of the same sentence, or of the sentence before it, by
    somebody else. Words that say so beside a claim ("a charge the company denies") are taken out of its content.
    """
    by_passage: dict[int, list[Attribution]] = {}
    for one in found:
        by_passage.setdefault(one.passage.start, []).append(one)
    for passage in passages:
        here = by_passage.get(passage.start, [])
        claims = [one for one in here if _is_assertion(one)]
        for verb in passage.doc if claims else ():
            about = _denied_by(verb, lex)
            if about is None or is_negated(verb) or is_supposed(verb) or is_unreal(verb, lex):
                continue
            answered = _answered(verb, about, claims)
            speakers = _speakers(verb)
            if answered is None or not speakers or _is_same(speakers, answered):
                continue
            aside = ranges(_aside(verb, about), passage.start)
            for one in here:
                if aside and one.stance != "denies" and covers(one.content, aside[0][0]):
                    one.content = trimmed(passage, less(one.content, aside))
            misread = {id(o) for o in here if o.verb is not None and o.verb.i == verb.i and o.frame != "object"}
            found[:] = [one for one in found if id(one) not in misread]
            cue = ranges(cue_tokens(verb), passage.start)
            found.append(replace(answered, cue=cue, entry=_DENIED, frame="clause", sources=speakers, verb=verb,
                                 stance="denies", cited=[], pronoun=None, content=list(answered.content)))  # fmt: skip


def _is_assertion(one: Attribution) -> bool:
    clause = one.root is not None and is_verb(one.root)
    return clause and one.entry.asserts and one.stance == "asserts" and one.kind == "statement" and bool(one.sources)


def _denied_by(verb: Token, lex: Lexicon) -> Token | None:
    """The word by which a verb of denial points back to a claim; None for other verbs and objects."""
    if not is_verb(verb):
        return None
    lemma = verb.lemma_.lower()
    denies = any(c.stance == "denies" and c.asserts for c in lex.verbs.get(lemma, ()))
    judges = lemma in lex.words("calling") and _is_untrue(verb, lex)
    noun = verb.head
    if verb.dep_ in ("relcl", "acl") and noun.lemma_.lower() in lex.words("claims") and noun.i < verb.i:
        opens = noun.left_edge.i > verb.sent.start and noun.left_edge.nbor(-1).text == ","
        indefinite = any(c.lower_ in ("a", "an") for c in noun.children)
        return noun if opens and indefinite and (denies or judges or lemma in _REJECTING) else None
    which = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.lower_ == "which"), None)
    if which is not None:
        return which if (denies or judges) and which.nbor(-1).text == "," else None
    thing = child(verb, "nsubjpass") if child(verb, "auxpass") is not None else child(verb, "dobj")
    if thing is None and judges:  # "called it a lie", "called that false", parsed as a clause or as one phrase
        inside = (d for c in verb.children if c.dep_ in ("ccomp", "oprd") for d in c.children)
        thing = next((d for d in inside if d.dep_ == "nsubj" or (d.dep_ == "advmod" and d.lower_ in _IT)), None)
    if thing is None:
        return None
    if thing.lower_ in _IT and thing.i > verb.i:
        return thing if (denies and lemma != "reject") or judges else None
    plain = all(c.lower_ in ("the", "that", "this") for c in thing.children)
    named = thing.lemma_.lower() in _NAMED and thing.tag_ == "NN"
    return thing if named and plain and (denies or judges or lemma in _REJECTING) else None


def _is_untrue(verb: Token, lex: Lexicon) -> bool:
    """Whether something is called false: "called it a lie"."""
    judgements = (c for c in verb.children if c.i > verb.i and c.dep_ in ("oprd", "ccomp", "acomp", "attr"))
    return any(t.lower_ in lex.words("untrue") for c in judgements for t in c.subtree)


def _answered(verb: Token, about: Token, here: list[Attribution]) -> Attribution | None:
    """The one assertion that the words point back to."""
    place = here[0].passage.start + min(int(about.idx), int(verb.idx))
    others = (one for one in here if one.verb is None or one.verb.i != verb.i)
    before = [one for one in others if one.cue and one.content[0][0] < place]
    same = [one for one in before if one.root.sent.start == verb.sent.start]
    last = [one for one in before if one.root.sent.end == verb.sent.start]
    near = same or ([] if about.lower_ == "which" or verb.dep_ in ("relcl", "acl") else last)
    inner = [one for one in near if not any(other is not one and _holds(one, other) for other in near)]
    return inner[0] if len(inner) == 1 else None


def _holds(outer: Attribution, inner: Attribution) -> bool:
    return bool(inner.cue) and covers(outer.content, inner.cue[0][0])


def _speakers(verb: Token) -> list[Token]:
    own = child(verb, "nsubj")
    if own is not None and own.tag_ in ("WP", "WDT"):
        return []
    if own is None and verb.dep_ in ("relcl", "acl"):
        own = next((c for c in verb.head.children if c.dep_ == "appos" and verb.head.i < c.i < verb.i), None)
    own = own or subject(verb)
    return together(own) if own is not None else []


def _is_same(speakers: list[Token], answered: Attribution) -> bool:
    """Whether the one who denies may be the one who said it: no denial then."""
    said_by = {t.lower_ for t in answered.sources}
    return any(t.lower_ in said_by or t.lower_ in _OTHER_PRONOUNS for t in speakers)


def _aside(verb: Token, about: Token) -> Iterator[Token]:
    """The words of "a charge the company denies" and ", which the company denied", as part of another's content."""
    if verb.dep_ in ("relcl", "acl") and verb.head.i == about.i:
        yield from about.subtree
    elif about.lower_ == "which":
        yield from verb.subtree
