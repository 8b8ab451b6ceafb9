"""Who is cited by whoever speaks: "X reported …, citing Y", "X quoted Y as saying …"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reliability.text.attribution import Attribution, joined, less, trimmed
from reliability.text.lexicon import Lexicon
from reliability.text.syntax import child, cue_tokens, is_verb, ranges, together

Token = Any
_REFERENCES = frozenset({"reference", "authority", "attribution", "strength"})


def cite(here: list[Attribution], lex: Lexicon) -> None:
    """Gives a passage's attributions those whom their speakers cite: these stand before the speaker in the chain.

    For "X reported …, citing Y briefed by Z" it is Y, then Z. An act of citing is no attribution of its own.
    """
    words = lex.words("citing")
    by_verb = {int(one.verb.i): one for one in here if one.verb is not None}
    for one in list(by_verb.values()):
        if not one.entry.asserts:
            continue
        for participle, goal in (*_participles(one, words, by_verb), *_references(one.verb)):
            one.cited = [goal, *_behind(goal)]
            said = (
                {t.i for t in one.root.subtree} if one.root is not None and one.root.head.i == participle.i else set()
            )
            aside = [t for t in participle.subtree if t.i not in said]
            one.content = trimmed(one.passage, less(one.content, ranges(aside, one.passage.start)))
            _is_cited(by_verb.get(int(participle.i)))
        by = _cited_by(one, words)
        if by is not None:
            one.sources, one.cited = [by], [*one.sources]
        quoting = _quoted_as(one.verb, words)
        if quoting is not None:
            _pass_on(one, quoting)
            _is_cited(by_verb.get(int(quoting.i)))


def _is_cited(one: Attribution | None) -> None:
    if one is not None:
        one.frame = "cited"


def _participles(
    one: Attribution, words: frozenset[str], by_verb: Mapping[int, Attribution]
) -> Iterator[tuple[Token, Token]]:
    """The "citing …" beside an attribution's verb, its clause or its speaker, with whom it cites.

    Beside a clause before it that is a cue of its own, "Y reported, citing Z, that X told …", it is that cue's.
    """
    clause = child(one.verb, "ccomp")
    if clause is not None and clause.i < one.verb.i and int(clause.i) in by_verb:
        clause = None
    beside = [*one.verb.children, *(clause.children if clause is not None else ())]
    near = [c for c in beside if c.dep_ == "advcl"] + [t for head in one.sources for t in head.subtree]
    for c in near:
        goal = child(c, "dobj") if c.tag_ == "VBG" and c.lemma_.lower() in words else None
        if goal is not None:
            yield c, goal


def _cited_by(one: Attribution, words: frozenset[str]) -> Token | None:
    """Who passes on the one speaker of "X, cited by Y, said"."""
    if len(one.sources) != 1:
        return None
    participles = (c for c in one.sources[0].children if c.dep_ == "acl" and c.tag_ == "VBN")
    agents = (child(c, "agent") for c in participles if c.lemma_.lower() in words)
    return next((child(agent, "pobj") for agent in agents if agent is not None), None)


def _references(verb: Token) -> Iterator[tuple[Token, Token]]:
    """The "with reference to …" beside a verb, with whom it names."""
    for c in verb.children:
        noun = child(c, "pobj") if c.dep_ == "prep" and c.lower_ in ("with", "in", "by", "on") else None
        to = child(noun, "prep") if noun is not None and noun.lemma_.lower() in _REFERENCES else None
        goal = child(to, "pobj") if to is not None else None
        if goal is not None:
            yield c, goal


def _quoted_as(verb: Token, words: frozenset[str]) -> Token | None:
    """The verb of citing above "… as saying"."""
    above = verb.head
    if verb.dep_ == "pcomp" and above.lower_ == "as" and above.head.lemma_.lower() in words:
        return above.head
    return None


def _pass_on(one: Attribution, quoting: Token) -> None:
    """What is quoted "as saying": the one quoted says it, whoever quotes passes it on, if that one is named."""
    quoted = child(quoting, "dobj", "nsubjpass")
    agent = child(quoting, "agent")
    by = child(agent, "pobj") if agent is not None else child(quoting, "nsubj")
    if quoted is None:
        return
    if by is None:
        one.sources = together(quoted)
    else:
        one.sources, one.cited = [by], [quoted]
    words = [*cue_tokens(quoting), one.verb.head, one.verb]
    one.cue = joined([*one.cue, *ranges(words, one.passage.start)])


def _behind(noun: Token) -> list[Token]:
    """Who told the one that is cited: "a lawmaker briefed by the NIS"."""
    for c in noun.children:
        if c.dep_ == "acl" and is_verb(c) and c.lemma_.lower() in ("brief", "inform", "tell", "notify"):
            agent = child(c, "agent")
            inner = child(agent, "pobj") if agent is not None else None
            if inner is not None:
                return together(inner)[:1]
    return []
