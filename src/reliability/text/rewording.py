"""Propositions made whole: what a clause leaves out is taken from its neighbour."""

from __future__ import annotations

from typing import Any

from reliability.model.report import Quantity
from reliability.text.attribution import Attribution, Range, less, trimmed
from reliability.text.constructions import is_deed
from reliability.text.pipeline import Passage
from reliability.text.proposition import Proposition, tokens_in, worded
from reliability.text.quantities import figure_at, modifier_start
from reliability.text.syntax import RELATIVES, child, phrase, ranges

Token = Any
_DUE_TO = frozenset({"attribute", "ascribe"})
_OF_A_THING = ("as", "to", "at", "of", "for")
_AS_SUBJECT = {"him": "he", "her": "she", "them": "they"}
_HELPERS = {"be": ("is", "are"), "have": ("has", "have")}
_BETWEEN = ("NNS", "JJ", "NN", "RB")


def reworded(attribution: Attribution, part: list[Range], passage: Passage, text: str) -> str | None:
    """ "Identified the men as agents" says that the men are agents; "attributes losses to X", that they are due to X;
    "put the toll at nine", that the toll is nine; "accused the army of shelling", that it is; "blamed the army for
    it", that the army is to blame; "the rebels claim to hold it", that the rebels hold it.

    None for every other construction.
    """
    goal, verb = attribution.root, attribution.verb
    if attribution.frame in ("infinitive", "clause") and attribution.kind == "statement" and goal is not None:
        return _of_oneself(goal, part, passage, text)
    if attribution.frame not in _OF_A_THING or goal is None or verb is None or goal.doc is not passage.doc:
        return None
    deed = {t.i for c in goal.children if is_deed(c) for t in c.subtree} if attribution.frame == "of" else set()
    named = [t for t in goal.subtree if t.i not in deed]
    thing = worded(ranges(named, passage.start), text)
    taken = {t.i for t in named}
    rest = [t for t in tokens_in(passage, part) if t.i not in taken]
    if rest and rest[0].lower_ in _OF_A_THING:
        rest = rest[1:]
    if not rest or not thing:
        return None
    said = worded([(passage.start + rest[0].idx, passage.start + rest[-1].idx + len(rest[-1].text))], text)
    many = goal.tag_ in ("NNS", "NNPS") or child(goal, "conj") is not None or goal.lower_ == "them"
    be = "are" if many else "is"
    if attribution.frame == "of":
        thing = _AS_SUBJECT.get(thing.lower(), thing)
        helper, _, done = said.partition(" ")
        finite = {"being": be, "having": "have" if many else "has"}.get(helper.lower())
        return f"{thing} {finite} {done}" if finite and done else f"{thing} {be} {said}"
    if attribution.frame == "for":
        return f"{thing} {be} to blame for {said}"
    if attribution.frame in ("as", "at"):
        return f"{thing} {be} {said}"
    return f"{thing} {be} due to {said}" if verb.lemma_ in _DUE_TO else f"{thing} {be} linked to {said}"


def _of_oneself(goal: Token, part: list[Range], passage: Passage, text: str) -> str | None:
    """What one claims "to have done", said of whoever claims it (also where another denies it)."""
    who, said = child(goal.head, "nsubj") if goal.dep_ == "xcomp" else None, tokens_in(passage, part)
    if who is not None and who.tag_ in RELATIVES and goal.head.dep_ == "relcl":
        who = goal.head.head
    no = bool(said) and said[0].lower_ == "not"
    said = said[1:] if no else said
    if who is None or who.doc is not passage.doc or len(said) < 2 or said[0].lower_ != "to":
        return None
    many = child(who, "conj") is not None or who.tag_ in ("NNS", "NNPS") or who.lower_ in ("police", "people", "they")
    name = worded(ranges(phrase(who), passage.start), text)
    rest = worded([(passage.start + said[1].idx + len(said[1].text), part[-1][1])], text)
    return f"{name} {_finite(said[1].lower_, many, no)} {rest}".strip()


def _finite(verb: str, many: bool, no: bool) -> str:
    """The present of a verb, or that it is not so: they hold, it holds, they do not hold."""
    if verb in _HELPERS:
        return f"{_HELPERS[verb][many]}{' not' if no else ''}"
    if no:
        return f"{'do' if many else 'does'} not {verb}"
    if many:
        return verb
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"


def by_figure(one: Proposition, text: str) -> list[Proposition]:
    """ "Around 300 soldiers had been killed and over 2,700 wounded" is two propositions, the second made whole."""
    about = child(one.root, "nsubjpass", "nsubj")
    first = child(about, "nummod") if about is not None else None
    if first is None:
        return [one]
    inside = [t for t in tokens_in(one.passage, one.content) if t.i > one.root.i]
    for n, token in enumerate(inside):
        verb = next((t for t in inside[n + 1 : n + 4] if t.tag_ in ("VBN", "VBD")), None)
        if token.tag_ != "CD" or verb is None or not _stands_alone(one.root, token, verb):
            continue
        figure = figure_at(token, str(verb.lower_))
        made = _halves(one, first, token, verb, figure, text) if figure is not None else None
        if made is not None:
            return made
    return [one]


def _stands_alone(root: Token, number: Token, verb: Token) -> bool:
    """Whether "and over 2,700 wounded" follows: a joining word, a figure, at most a noun, and what was done."""
    doc, start = number.doc, modifier_start(number)
    if number.ent_type_ in ("DATE", "TIME") or start - 1 <= root.i:
        return False
    return doc[start - 1].lower_ in ("and", ",", "while", "with") and all(
        t.tag_ in _BETWEEN for t in doc[number.i + 1 : verb.i]
    )


def _halves(
    one: Proposition, first: Token, number: Token, verb: Token, figure: Quantity, text: str
) -> list[Proposition] | None:
    doc, offset = number.doc, one.passage.start
    start = modifier_start(number)
    begin = offset + int(doc[start].idx)
    head = trimmed(one.passage, less(one.content, [(offset + int(doc[start - 1].idx), one.content[-1][1])]))
    tail = trimmed(one.passage, less(one.content, [(0, begin)]))
    if not head or not tail:
        return None
    own = doc[number.i + 1 : verb.i]
    shared = [t for t in first.head.subtree if t.i > first.i and not t.is_punct]
    noun = own if any(t.tag_ in ("NNS", "NN") for t in own) else shared
    helpers = [c.text for c in one.root.children if c.dep_ in ("aux", "auxpass")]
    count = text[begin : offset + number.idx + len(number.text)]
    done = text[offset + verb.idx : tail[-1][1]].rstrip(" .,;")
    wording = " ".join(" ".join([count, *(t.text for t in noun), *helpers, done]).split())
    return [
        Proposition(head, worded(head, text), one.root, one.passage, one.kind, one.quantity),
        Proposition(tail, wording, one.root, one.passage, one.kind, figure),
    ]
