"""Propositions that say of another that it is not so: "it is false that X", "claims that X are a lie"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reliability.text.attribution import less, trimmed
from reliability.text.lexicon import Lexicon
from reliability.text.proposition import Proposition, worded
from reliability.text.quantities import quantity_of
from reliability.text.syntax import child, is_negated, is_verb, marked_clause, ranges

Token = Any
_TRUE = frozenset({"true", "case", "so", "correct", "fact"})


def unfolded(one: Proposition, text: str, lex: Lexicon) -> Proposition:
    """The proposition itself, or, for "it is false that X", X with `denied`: who says so denies X."""
    clause = _untrue(one.root, lex) if is_verb(one.root) else None
    if clause is None:
        return one
    that = next(t.i for t in clause.subtree if t.lower_ == "that" and t.dep_ == "mark")
    outside = {t.i for t in one.root.sent} - {t.i for t in clause.subtree if t.i > that}
    rest = ranges([t for t in one.root.sent if t.i in outside], one.passage.start)
    content = trimmed(one.passage, less(one.content, rest))
    wording = worded(content, text)
    if not content or not wording:
        return one
    return replace(one, content=content, text=wording, root=clause, quantity=quantity_of(clause), denied=not one.denied)


def _untrue(root: Token, lex: Lexicon) -> Token | None:
    """The clause of which a sentence says that it is not so; None when it says anything else."""
    misread = _claims_misread(root, lex)
    if misread is not None:
        return misread
    judged, about = _judged(root, lex), child(root, "nsubj", "nsubjpass", "expl")
    if judged is None or about is None:
        return None
    is_untrue = judged.lemma_.lower() in lex.words("untrue") or judged.lower_ in lex.words("untrue")
    negated = is_negated(root)
    if not ((is_untrue and not negated) or (judged.lower_ in _TRUE and negated)):
        return None
    if about.lower_ in ("it", "that"):
        return _that_clause(root) or _that_clause(judged)
    if about.lemma_.lower() in lex.words("claims"):
        return _that_clause(about)
    return None


def _judged(root: Token, lex: Lexicon) -> Token | None:
    """What something is called: "is false", "proved false", "turned out to be a lie", "was found to be wrong"."""
    if root.lemma_ == "be":
        return child(root, "acomp", "attr")
    if root.lemma_.lower() not in lex.words("turning_out"):
        return None
    inner = child(root, "xcomp")
    return child(inner, "acomp", "attr") if inner is not None and inner.lemma_ == "be" else child(root, "acomp", "oprd")


def _claims_misread(root: Token, lex: Lexicon) -> Token | None:
    """The clause of "Army claims that X are untrue", whose noun was parsed as a verb."""
    if root.tag_ != "VBZ" or root.lemma_.lower() not in lex.words("claims"):
        return None
    clause = _that_clause(root)
    be = next((c for c in root.children if c.lemma_ == "be" and clause is not None and c.i > clause.i), None)
    judged = child(be, "acomp", "attr") if be is not None else None
    found = judged is not None and judged.lower_ in lex.words("untrue") and not is_negated(be)
    return clause if found else None


def _that_clause(above: Token) -> Token | None:
    """The that-clause right under a word; its "that" stands nearest before it."""
    for t in above.subtree:
        clause = marked_clause(t) if t.lower_ == "that" and t.dep_ == "mark" and t.i > above.left_edge.i else None
        if clause is not None and clause.head.i == above.i:
            return clause
    return None
