"""Small readings of a dependency parse: subjects, clauses, and the ranges that tokens take in the article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reliability.text.attribution import Range, joined

Token = Any
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
RELATIVES = ("WP", "WDT")
_NOT_DONE = frozenset({"decline", "refuse", "fail", "avoid", "stop"})
_NO = frozenset({"no", "neither", "nor", "nobody", "none", "no-one", "hardly", "scarcely", "barely", "nothing"})
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")


def child(token: Token, *deps: str) -> Token | None:
    """The first child with one of these relations."""
    return next((c for c in token.children if c.dep_ in deps), None)


def is_verb(token: Token) -> bool:
    """Whether a token is tagged as a verb or auxiliary."""
    return bool(token.tag_.startswith("VB"))


def is_infinitive(token: Token) -> bool:
    """Whether a verb has "to" before it."""
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)


def subject(verb: Token, depth: int = 0) -> Token | None:
    """Who does what a verb says: its own subject, a passive's agent, or that of the verb or noun it hangs from.

    A relative pronoun stands for the noun before it. None when nobody is named.
    """
    passive = child(verb, "nsubjpass") is not None or child(verb, "auxpass") is not None
    if passive:
        agent = child(verb, "agent")
        return child(agent, "pobj") if agent is not None else None
    own = child(verb, "nsubj")
    if own is not None:
        if own.tag_ in RELATIVES and verb.dep_ == "relcl":
            return verb.head
        return own if own.tag_ not in RELATIVES else None
    if depth > 8:
        return None
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl", "amod"):
        agent = child(verb, "agent")
        return child(agent, "pobj") if agent is not None else None
    if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in _NOMINAL:
        return verb.head if verb.tag_ == "VBG" or verb.dep_ == "relcl" else None
    if verb.dep_ in ("conj", "xcomp", "advcl", "dep", "ccomp"):
        if is_verb(verb.head):
            return subject_of_governor(verb, depth)
        if verb.dep_ == "xcomp" and verb.head.dep_ == "acomp" and is_verb(verb.head.head):  # "was wrong to say"
            return subject(verb.head.head, depth + 1)
        return verb.head if verb.dep_ == "advcl" and verb.head.pos_ in _NOMINAL else None
    if verb.dep_ == "pcomp":
        above = verb.head.head
        return subject(above, depth + 1) if is_verb(above) else None
    return None


def subject_of_governor(verb: Token, depth: int) -> Token | None:
    """The subject of the verb that another hangs from; for "wants him to say" it is the object."""
    above = verb.head
    if verb.dep_ == "xcomp":
        told = child(above, "dobj")
        if told is not None and told.i < verb.i:
            return told
    found = subject(above, depth + 1)
    if found is None and verb.dep_ in ("conj", "xcomp"):
        return child(above, "nsubjpass")
    return found


def together(head: Token) -> list[Token]:
    """A noun and those joined to it by "and": several speakers."""
    found = [head]
    queue = [c for c in head.children if c.dep_ == "conj" and c.pos_ in _NOMINAL and child(c, "neg") is None]
    while queue and len(found) < 8:
        one = queue.pop(0)
        found.append(one)
        queue = [c for c in one.children if c.dep_ == "conj" and c.pos_ in _NOMINAL] + queue
    return found


def phrase(head: Token) -> list[Token]:
    """The tokens of a mention: the noun with modifiers and descriptions, without relative clauses or its fellows."""
    out: list[Token] = []
    stack = [head]
    while stack:
        token = stack.pop()
        out.append(token)
        for c in token.children:
            if c.dep_ in ("relcl", "ccomp", "advcl", "parataxis", "nsubj") or (
                token is head and c.dep_ in ("conj", "cc")
            ):
                continue
            if c.dep_ == "acl" and c.i > token.i and token is head:
                continue
            if token is head and (c.dep_ == "neg" or (c.dep_ == "appos" and _is_other(c))):
                continue
            stack.append(c)
    out.sort(key=lambda t: int(t.i))
    run = list(out)
    while run and (run[-1].is_punct or run[-1].is_space) and run[-1].text not in (")", "]"):
        run.pop()
    while run and (run[0].is_punct or run[0].is_space):
        run.pop(0)
    return run


def _is_other(part: Token) -> bool:
    """Whether a "not" stands before it ("the mayor, not the engineer"), or all that the mention says: in "the rebels
    said …, a claim denied by …" the rebels are parsed as a claim.
    """
    if part.head.i < part.head.head.i < part.i:
        return True
    first = part.left_edge
    return bool(first.i and first.nbor(-1).lower_ == "not")


def ranges(tokens: Iterable[Token], offset: int) -> list[Range]:
    """Where tokens stand in the article, neighbours joined over the space between them."""
    ordered = sorted(tokens, key=lambda t: int(t.i))
    out: list[Range] = []
    last = -2
    for token in ordered:
        start, end = token.idx, token.idx + len(token.text)
        if token.i == last + 1 and out:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
        last = token.i
    return joined([(offset + a, offset + b) for a, b in out])


def marked_clause(that: Token) -> Token | None:
    """The head of the clause that "that" opens: the verb, also where the word was parsed as its auxiliary's."""
    head = that.head
    while head.dep_ in ("aux", "auxpass") and head.head.i != head.i:
        head = head.head
    return head if head.i > that.i and (is_verb(head) or child(head, *SUBJECTS) is not None) else None


def clause_start(verb: Token) -> Token:
    """The first token of a verb with its subject and auxiliaries."""
    first = verb
    for c in verb.children:
        if c.dep_ in (*SUBJECTS, "aux", "auxpass", "advmod", "neg") and c.i < first.i:
            first = c.left_edge if c.left_edge.i < first.i else c
    return first


def cue_tokens(verb: Token) -> list[Token]:
    """A verb with its auxiliaries, particle and negation."""
    return [verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass", "prt", "neg") and abs(c.i - verb.i) < 6)]


def is_negated(verb: Token) -> bool:
    """Whether a verb is negated, or asked for after "whether"."""
    for c in verb.children:
        if c.dep_ == "neg" or (c.dep_ == "advmod" and (c.lower_ == "never" or c.lower_ in _NO)):
            return True
        if c.dep_ in ("nsubj", "nsubjpass", "det") and c.lower_ in ("nobody", "none", "neither"):
            return True
    if _is_nobody(child(verb, "nsubj")):
        return True
    governor = verb.head
    if verb.dep_ != "xcomp" or not is_verb(governor):
        return False
    return bool(any(c.dep_ == "neg" for c in governor.children) or governor.lemma_ in _NOT_DONE)


def _is_nobody(about: Token | None) -> bool:
    """Whether a subject is nobody, or hardly anybody: "no official", "neither X nor Y", "few officials", "not one"."""
    if about is None:
        return False
    before = [t for t in about.subtree if t.i <= about.i]
    words = [t.lower_ for t in before]
    few = words[0] in ("few", "precious") and about.tag_ in ("NNS", "JJ")
    no = any(word in _NO for word in words[:2]) or (words[0] == "not" and words[1:2] != ["only"])
    return few or no


def is_supposed(verb: Token) -> bool:
    """Whether a verb is only supposed: after "if" or "whether", could, might, or in a question."""
    for c in verb.children:
        if c.dep_ == "mark" and c.lower_ in ("if", "whether", "unless", "when") and verb.dep_ in ("advcl", "ccomp"):
            return bool(c.lower_ != "when")
        if c.dep_ == "aux" and c.lower_ in ("could", "might", "may", "should", "must", "can", "would", "'d"):
            return bool(c.lower_ not in ("would", "'d", "can", "must"))
    aux = child(verb, "aux")
    own = child(verb, "nsubj")
    return bool(
        aux is not None
        and own is not None
        and aux.i < own.i < verb.i
        and aux.lower_ in ("did", "do", "does", "will", "would")
    )
