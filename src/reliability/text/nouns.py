"""Attributions by prepositions and nouns: "according to …", "the claim that …", "his plan to …"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.text.attribution import Attribution, less, trimmed
from reliability.text.constructions import is_aside, is_over
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import child, is_verb, phrase, ranges, subject, together

Token = Any
ACCORDING = CueClass("according", "statement", "asserts", asserts=True)


_VIEWS = frozenset({"view", "opinion", "word", "telling", "judgment", "judgement", "estimation"})


def according_to(passage: Passage) -> Iterator[Attribution]:
    """What stands in a passage "according to" somebody, or "in somebody's view": the clause around the phrase."""
    for token in passage.doc:
        found = _after_according(token) if token.lower_ == "according" else _in_view(token)
        if found is None:
            continue
        cue_words, head, own = found
        verb = _inside(token) or _saying(_clause_of(token))
        own |= _absolute(verb) | _how_obtained(verb, own)
        if verb.i in own:
            continue
        tokens = [t for t in verb.subtree if t.i not in own]
        source = [t for one in together(head) for t in phrase(one)]
        cue = ranges(cue_words, passage.start)
        content = trimmed(passage, less(ranges(tokens, passage.start), cue + ranges(source, passage.start)))
        if content:
            yield Attribution(
                passage, cue, content, ACCORDING, "according", sources=together(head), root=verb, verb=None
            )


def _after_according(token: Token) -> tuple[list[Token], Token, set[int]] | None:
    """The cue, who is named after it, and the places of the whole phrase: "according to the ministry"."""
    if token.i + 1 >= len(token.doc) or token.nbor().lower_ != "to":
        return None
    to = token.nbor()
    head = child(to, "pobj") or child(token, "pobj") or child(to, "pcomp")
    own = {t.i for t in token.subtree} | {t.i for t in to.subtree}
    return ([token, to], head, own) if head is not None else None


def _in_view(token: Token) -> tuple[list[Token], Token, set[int]] | None:
    """The same for "in the words of the ministry" and "in his view"."""
    noun = child(token, "pobj") if token.lower_ == "in" and token.dep_ == "prep" else None
    if noun is None or noun.lemma_.lower() not in _VIEWS:
        return None
    of = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    head = child(noun, "poss") or (child(of, "pobj") if of is not None else None)
    return ([token, noun, *([of] if of is not None else [])], head, {t.i for t in token.subtree}) if head else None


def _absolute(verb: Token) -> set[int]:
    """What hangs beside a clause as "with reports indicating that …": it has a source of its own."""
    out: set[int] = set()
    for c in verb.children:
        noun = child(c, "pobj") if c.dep_ == "prep" and c.lower_ == "with" else None
        if noun is not None and any(d.dep_ == "acl" and child(d, "ccomp") is not None for d in noun.children):
            out |= {t.i for t in c.subtree}
    return out


def _how_obtained(verb: Token, own: set[int]) -> set[int]:
    """What a participle right after "according to the memo," tells of the memo: "obtained by the paper"."""
    near = (c for c in verb.children if c.tag_ == "VBN" and c.i < verb.i and c.left_edge.i - 2 in own)
    return {t.i for c in near if c.left_edge.nbor(-1).text == "," for t in c.subtree}


def _inside(token: Token) -> Token | None:
    """In "X said that, according to Z, Y" the clause Y alone is Z's, and X passes it on."""
    clause = token.head
    is_within = clause.dep_ == "ccomp" and is_verb(clause) and clause.head.i < token.i < clause.i
    return clause if is_within and is_verb(clause.head) else None


def _clause_of(token: Token) -> Token:
    """The clause that an adverbial speaks for: its verb, or the whole sentence when it hangs from a noun."""
    climbed = token.head
    for _ in range(40):
        apart = climbed.dep_ in ("ROOT", "parataxis") or (
            climbed.dep_ == "conj" and child(climbed, "nsubj", "nsubjpass", "expl") is not None
        )
        over = climbed.dep_ == "ccomp" and climbed.i < climbed.head.i and is_over(climbed.head, climbed)
        if is_verb(climbed) and (apart or over):
            return climbed
        if climbed.head is climbed or climbed.head == climbed:
            return climbed
        climbed = climbed.head
    return climbed


def _saying(verb: Token) -> Token:
    """The verb that a clause is the content of, if any: "X said Y, according to Z" is all Z's."""
    climbed = verb
    for _ in range(40):
        if climbed.head.i == climbed.i:
            break
        if climbed.dep_ == "ccomp" and is_verb(climbed.head) and climbed.head.i < climbed.i:
            verb = climbed.head
        climbed = climbed.head
    return verb


def noun_attributions(passage: Passage, lex: Lexicon) -> Iterator[Attribution]:
    """What the nouns of a passage attribute: "X's claim that …", "a plan to …", "the fear that …"."""
    for token in passage.doc:
        if token.pos_ != "NOUN":
            continue
        classes = lex.nouns.get(token.lemma_.lower())
        if classes is None:
            continue
        found = _content_of(token, classes)
        if found is None:
            continue
        entry, root, extra = found
        holder = child(token, "poss")
        cue = [token, *(c for c in token.children if c.dep_ == "case"), *extra]
        aside = {t.i for c in root.children if extra and is_aside(c) for t in c.subtree}
        content = trimmed(passage, ranges([t for t in root.subtree if t.i not in aside], passage.start))
        if content:
            sources = [holder] if holder is not None else _maker(token, extra)
            if extra and not sources:
                continue
            yield Attribution(
                passage,
                ranges(cue, passage.start),
                content,
                entry,
                "object" if extra else "noun",
                sources=sources,
                root=root,
                kind=entry.kind,
                stance=entry.stance,
            )


def _content_of(noun: Token, classes: tuple[CueClass, ...]) -> tuple[CueClass, Token, list[Token]] | None:
    """The class of a noun, the head of its content, and the preposition before it: "that …", "to …", "of …"."""
    for c in noun.children:
        if c.dep_ in ("acl", "ccomp", "relcl") and c.i > noun.i and _is_content(c):
            entry = next((one for one in classes if not one.takes), None)
            if entry is not None:
                return entry, c, []
    for c in noun.children:
        entry = next((one for one in classes if c.dep_ == "prep" and c.i > noun.i and c.lower_ in one.takes), None)
        inner = child(c, "pobj", "pcomp") if entry is not None else None
        if entry is not None and inner is not None:
            return entry, inner, [c]
    return None


def _maker(noun: Token, extra: list[Token]) -> list[Token]:
    """Whose it is: "by X", "from X", or who made it ("X made the claim that …", "X came in support of …").

    `extra` is the preposition of its content, after which nobody is looked for.
    """
    for c in noun.children:
        if (c.dep_ == "prep" and c.lower_ in ("by", "from", "of") and c not in extra) or c.dep_ == "agent":
            inner = child(c, "pobj")
            if inner is not None:
                return together(inner)
    above = noun.head.head if extra and noun.dep_ == "pobj" else noun.head
    if noun.dep_ in ("dobj", "pobj") and is_verb(above):
        own = subject(above)
        return together(own) if own is not None else []
    return []


def _is_content(clause: Token) -> bool:
    """A that-clause or an infinitive, not a relative clause."""
    if not is_verb(clause):
        return False
    if any(c.dep_ == "aux" and c.lower_ == "to" for c in clause.children):
        return clause.dep_ in ("acl", "relcl")
    that = next((c for c in clause.children if c.lower_ == "that"), None)
    return that is not None and that.dep_ == "mark"
