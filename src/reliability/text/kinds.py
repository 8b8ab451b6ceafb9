"""What kind of thing is said: a statement of what is so, or a prediction, wish, plan, question or instruction."""

from __future__ import annotations

from typing import Any

from reliability.model.report import Kind
from reliability.text.syntax import child, is_verb

Token = Any
_FUTURE = frozenset({"will", "shall", "wo", "'ll", "’ll"})
_POSSIBLE = frozenset({"could", "might", "would", "'d", "’d", "may"})
_WANT = frozenset({"want", "wish", "hope", "like", "love", "prefer", "long"})
_PLAN = frozenset({"plan", "intend", "aim", "vow", "promise", "pledge"})
_QUANTIFIERS = frozenset(
    {"most", "all", "many", "every", "each", "any", "some", "no", "few", "always", "often", "usually", "never"}
)
_HABITUAL = frozenset({"before", "whenever", "when", "until", "rather"})
_TIMES = frozenset({"before", "whenever", "when"})


def kind_of(root: Token, text: str, default: Kind) -> Kind:
    """The kind of a proposition with this head and wording, which its cue introduces as `default`.

    A cue that asks, urges or promises decides; under a cue that states, the proposition's own words do.
    """
    if text.rstrip(" \"'”’").endswith("?"):
        return "question"
    if default != "statement" or root is None:
        return default
    own = _of_clause(root)
    return own if own is not None else default


def _of_clause(root: Token) -> Kind | None:
    auxiliaries = [c for c in root.children if c.dep_ in ("aux", "auxpass")]
    words = {c.lower_ for c in auxiliaries}
    lemma = root.lemma_.lower()
    if _is_imperative(root, words):
        return "instruction"
    if (
        lemma in _WANT
        and child(root, "nsubj") is not None
        and (words & {"would", "'d", "’d"} or lemma in ("want", "wish", "hope"))
    ):
        return "wish"
    if lemma in _PLAN and child(root, "xcomp") is not None:
        return "intention"
    if words & _FUTURE:
        return "statement" if _is_habit(root) else "prediction"
    if lemma == "go" and root.tag_ == "VBG" and child(root, "xcomp") is not None and child(root, "aux") is not None:
        return "prediction"
    if lemma == "expect" and child(root, "auxpass") is not None and child(root, "xcomp") is not None:
        return "prediction"
    if words & _POSSIBLE:
        past = any(c.lower_ in ("have", "'ve", "’ve") for c in auxiliaries)
        return None if past and not (words & {"would", "'d", "’d"}) else _possible(root, words)
    return None


def _possible(root: Token, words: set[str]) -> Kind | None:
    """Could, might and would speak of what isn't so yet; "may" with a state is a hedge on what is."""
    if "may" in words and root.lemma_ == "be":
        return None
    return "prediction"


def _is_imperative(root: Token, auxiliaries: set[str]) -> bool:
    if root.tag_ != "VB" or auxiliaries - {"do"} or root.dep_ in ("xcomp", "acl", "advcl", "relcl"):
        return False
    first = next((t for t in root.sent if not t.is_punct and not t.is_space and t.i >= root.left_edge.i), root)
    return child(root, "nsubj", "nsubjpass", "csubj", "expl") is None and (
        first.i == root.i or first.lower_ in ("please", "do", "let")
    )


def _is_habit(root: Token) -> bool:
    """ "Most soldiers will kill themselves before …": what they do, not what is to come."""
    about = child(root, "nsubj", "nsubjpass")
    if about is None or about.tag_ not in ("NNS", "PRP"):
        return False
    words = {c.lower_ for c in about.children} | {c.lower_ for c in root.children if c.dep_ == "advmod"}
    if not words & _QUANTIFIERS:
        return False
    return any(c.dep_ == "advcl" and is_verb(c) and any(d.lower_ in _TIMES for d in c.children) for c in root.children)
