"""Words of speech that nobody speaks: wished for, asked, planned, supposed, left unsaid, or spoken in a story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.text.lexicon import Lexicon
from reliability.text.syntax import child, is_infinitive, is_negated, is_verb

Token = Any
_CLIMB = 12
_DOUBTS = frozenset({"if", "unless", "whether", "lest"})
_MODALS = frozenset({"must", "should", "could", "might", "may", "ought"})
_AWAITED = frozenset({"until", "till", "before", "once"})
_ASIDE = frozenset({"no", "neither", "nor", "nobody", "none", "no-one"})


def is_unreal(verb: Token, lex: Lexicon) -> bool:
    """Whether a verb of speech (or a noun such as "reports") tells of no act of speech that took place.

    Looked for is what stands above it: "wants X to say", "without saying", "has yet to confirm", "suppose X says",
    "had X said", "neither X nor Y said", "in the novel X says", and questions.
    """
    if _is_doubted(verb) or _is_asked(verb) or _in_story(verb, lex) or _is_neither(verb) or _is_to_come(verb):
        return True
    for token, above in _up(verb):
        if token.dep_ == "pcomp" and above.lower_ in lex.words("unsaid_after"):
            return True
        if token.dep_ in ("xcomp", "ccomp", "pcomp", "acl", "advcl") and _withholds(token, above, lex):
            return True
        if token.dep_ in ("ccomp", "advcl") and above.lemma_.lower() in lex.words("supposing"):
            return True
    first = next((t for t in verb.sent if t.is_alpha), verb)
    return first.lemma_.lower() in lex.words("supposing") and first.i < verb.i


def _up(verb: Token) -> Iterator[tuple[Token, Token]]:
    """A token and the one above it, upwards while what hangs from it is part of what it says."""
    token = verb
    for _ in range(_CLIMB):
        if token.head.i == token.i:
            return
        yield token, token.head
        if token.dep_ not in ("xcomp", "pcomp", "prep", "acl", "conj"):
            return
        token = token.head


def _withholds(token: Token, above: Token, lex: Lexicon) -> bool:
    """Whether what governs it says that it did not (yet) happen: "declined to", "plans to", "has yet to"."""
    lemma = above.lemma_.lower()
    is_having = any(c.dep_ == "aux" and c.lower_ == "having" for c in token.children)
    to_come = is_infinitive(token) or token.tag_ == "VBG" or token.dep_ == "pcomp" or is_having
    if to_come and lemma in lex.words("withholding"):
        return True
    if to_come and above.lower_ == "used" and token.dep_ == "xcomp" and child(above, "dobj") is None:
        return True
    if to_come and any(c.lower_ == "yet" for c in above.children) and lemma in ("have", "be", "remain"):
        return True
    return bool(to_come and token.dep_ == "xcomp" and is_verb(above) and is_negated(above))


def _is_doubted(verb: Token) -> bool:
    """Whether it hangs on an "if", a "should" or "must", or on nobody: "neither X nor Y said"."""
    marks = [c.lower_ for c in verb.children if c.dep_ in ("mark", "aux", "advmod") and c.i < verb.i]
    if any(word in _DOUBTS for word in marks if verb.dep_ in ("advcl", "ccomp", "ROOT", "conj")):
        return True
    if any(c.dep_ == "aux" and c.lower_ in _MODALS for c in verb.children):
        return True
    own = child(verb, "nsubj")
    if own is None:
        return False
    return own.lower_ in _ASIDE or any(c.lower_ in _ASIDE for c in own.children if c.i < own.i)


def _is_neither(verb: Token) -> bool:
    """Whether it was "neither confirmed nor denied": of both, each hangs from the other."""
    first = verb.head if verb.dep_ == "conj" else verb
    joined = any(c.dep_ == "conj" and c.i >= verb.i for c in first.children)
    return joined and any(c.dep_ in ("preconj", "cc", "advmod") and c.lower_ == "neither" for c in first.children)


def _is_to_come(verb: Token) -> bool:
    """Whether it is waited for: "until the ministry admits", "before the army says"; in the past tense it was said."""
    waited = any(c.dep_ in ("mark", "prep", "advmod") and c.lower_ in _AWAITED for c in verb.children)
    return waited and verb.dep_ == "advcl" and verb.tag_ in ("VBZ", "VBP")


def _is_asked(verb: Token) -> bool:
    """Whether the auxiliary stands before its subject: "did X say", "had X said", "will X admit"."""
    own = child(verb, "nsubj", "nsubjpass")
    aux = next((c for c in verb.children if c.dep_ in ("aux", "auxpass")), None)
    asks = own is not None and (own.tag_ in ("WP", "WDT") or own.text in ("who", "Who")) and verb.dep_ == "ROOT"
    return asks or (own is not None and aux is not None and aux.i < own.i < verb.i)


def _in_story(verb: Token, lex: Lexicon) -> bool:
    """Whether it happens "in the novel", or who says it does: "the film imagines a chief who …"."""
    telling = verb.head.head if verb.dep_ == "relcl" and verb.head.dep_ == "dobj" else verb
    teller = child(telling, "nsubj") if telling is not verb else None
    if teller is not None and (
        teller.lemma_.lower() in lex.words("fictions") or telling.lemma_.lower() in lex.words("supposing")
    ):
        return True
    above = [verb, *(above for _, above in _up(verb))]
    places = [c for token in above for c in token.children if c.dep_ == "prep" and c.lower_ in ("in", "throughout")]
    inner = [child(c, "pobj") for c in places]
    return any(noun is not None and noun.lemma_.lower() in lex.words("fictions") for noun in inner)
