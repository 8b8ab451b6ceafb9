"""Attributions by prepositions and nouns: "according to …", "the claim that …", "his plan to …"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.text.attribution import Attribution, less, trimmed
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import child, is_verb, phrase, ranges, together

Token = Any
ACCORDING = CueClass("according", "statement", "asserts", asserts=True)


def according_to(passage: Passage) -> Iterator[Attribution]:
    """What stands in a passage "according to" somebody: the clause around the phrase."""
    doc = passage.doc
    for token in doc:
        if token.lower_ != "according" or token.i + 1 >= len(doc) or doc[token.i + 1].lower_ != "to":
            continue
        to = doc[token.i + 1]
        head = child(to, "pobj") or child(token, "pobj") or child(to, "pcomp")
        if head is None:
            continue
        verb = _inside(token) or _saying(_clause_of(token))
        own = {t.i for t in token.subtree} | {t.i for t in to.subtree} | _absolute(verb)
        if verb.i in own:
            continue
        tokens = [t for t in verb.subtree if t.i not in own]
        source = [t for one in together(head) for t in phrase(one)]
        cue = ranges([token, to], passage.start)
        content = trimmed(passage, less(ranges(tokens, passage.start), cue + ranges(source, passage.start)))
        if content:
            yield Attribution(
                passage, cue, content, ACCORDING, "according", sources=together(head), root=verb, verb=None
            )


def _absolute(verb: Token) -> set[int]:
    """What hangs beside a clause as "with reports indicating that …": it has a source of its own."""
    out: set[int] = set()
    for c in verb.children:
        noun = child(c, "pobj") if c.dep_ == "prep" and c.lower_ == "with" else None
        if noun is not None and any(d.dep_ == "acl" and child(d, "ccomp") is not None for d in noun.children):
            out |= {t.i for t in c.subtree}
    return out


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
        if is_verb(climbed) and apart:
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
        clause = next(
            (c for c in token.children if c.dep_ in ("acl", "ccomp", "relcl") and c.i > token.i and _is_content(c)),
            None,
        )
        if clause is None:
            continue
        holder = child(token, "poss")
        cue = [token, *(c for c in token.children if c.dep_ == "case")]
        content = trimmed(passage, ranges(clause.subtree, passage.start))
        if content:
            sources = [holder] if holder is not None else _maker(token)
            yield Attribution(
                passage,
                ranges(cue, passage.start),
                content,
                classes[0],
                "noun",
                sources=sources,
                root=clause,
                kind=classes[0].kind,
                stance=classes[0].stance,
            )


def _maker(noun: Token) -> list[Token]:
    """Whose it is, when written as "by X", "from X", or when somebody made it ("X made the claim that …")."""
    for c in noun.children:
        if (c.dep_ == "prep" and c.lower_ in ("by", "from", "of")) or c.dep_ == "agent":
            inner = child(c, "pobj")
            if inner is not None:
                return together(inner)
    if noun.dep_ == "dobj" and is_verb(noun.head):
        own = child(noun.head, "nsubj")
        return [own] if own is not None else []
    return []


def _is_content(clause: Token) -> bool:
    """A that-clause or an infinitive, not a relative clause."""
    if not is_verb(clause):
        return False
    if any(c.dep_ == "aux" and c.lower_ == "to" for c in clause.children):
        return clause.dep_ in ("acl", "relcl")
    that = next((c for c in clause.children if c.lower_ == "that"), None)
    return that is not None and that.dep_ == "mark"
