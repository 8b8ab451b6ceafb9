"""The verb beside a quotation that says whose it is: after it, before it, listed or known by its place alone."""

from __future__ import annotations

from typing import Any

from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.syntax import clause_start, is_verb, subject

Token = Any
_STOPS = frozenset(".?!:;")
_FINITE = ("VBD", "VBZ", "VBP")
_AUXILIARIES = frozenset({"be", "have", "do", "'s", "’s", "will", "can"})
_CIRCUMSTANCES = frozenset({"when", "after", "before", "because", "while", "if", "since", "until"})
_NOMINAL = ("PROPN", "PRON", "NOUN", "DET", "NUM", "ADJ")
_DASHES = frozenset("-–—•*")
_FAR = 40
_NEAR = 10
_PAST = ("VBD", "VBZ", "VBN")
_AFTER_VERBS = ("PUNCT", "ADP", "ADV", "PROPN", "DET", "PRON")


class Tags:
    """Finds verbs in tag position. A listed verb is one whose class takes quotations; others are known by place."""

    def __init__(self, lex: Lexicon) -> None:
        self.lex = lex

    def entry(self, verb: Token) -> CueClass | None:
        """A verb's class, or that of the two words that it begins ("put it"), if it takes quotations."""
        lemma = verb.lemma_.lower()
        following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
        classes = (*self.lex.verbs.get(lemma, ()), *self.lex.verbs.get(f"{lemma} {following}", ()))
        return next((c for c in classes if "quote" in c.takes), None)

    def speaks(self, token: Token) -> bool:
        """Whether a token is a listed verb."""
        return is_verb(token) and self.entry(token) is not None

    def after(self, words: list[Token], any_verb: bool) -> Token | None:
        """The verb of "…," said X or "…," X said, whose words follow the quotation; `any_verb` also one not listed."""
        if not words or words[0].lower_ in _CIRCUMSTANCES:
            return None
        for n, token in enumerate(words[:_FAR]):
            if token.text in _STOPS:
                break
            if self.speaks(token) and token.dep_ not in ("amod", "acl", "relcl") and self._begins(token, words, n):
                return token
        return self._placed_after(words, any_verb)

    def _begins(self, verb: Token, words: list[Token], n: int) -> bool:
        """Whether a verb's clause begins where the quotation ends."""
        first, own = words[0], subject(verb)
        if own is not None and own.i < first.i and first.tag_ in ("CC", "VBG", "IN", "TO"):
            return False
        if (own is not None and own.left_edge.i <= first.i) or clause_start(verb).i <= first.i:
            return True
        plain = n < _NEAR and not any(is_verb(t) or t.text in (",", "and") for t in words[:n])
        return first.pos_ in _NOMINAL and verb.tag_ in ("VBD", "VBZ") and (own is None or plain)

    def _placed_after(self, words: list[Token], any_verb: bool) -> Token | None:
        """A verb by its place alone, however it was parsed: "…," barked X; "…," X shot back; "…," X answers."""
        first = words[0]
        if first.tag_ in ("VBD", "VBZ", "VBN") and first.lemma_ not in _AUXILIARIES:
            led = len(words) > 1 and (words[1].pos_ == "PROPN" or words[1].tag_ in ("PRP", "DT"))
            return first if led and (any_verb or self.speaks(first)) else None
        if not (first.text[:1].isupper() or first.tag_ in ("PRP", "DT", "NN", "NNS")):
            return None
        for n, token in enumerate(words[1:_NEAR], 1):
            listed = self.entry(token) is not None
            if token.tag_ in _PAST and token.lemma_ not in _AUXILIARIES and (listed or any_verb):
                return token
            if listed and token.tag_ in ("NNS", "VBP") and n + 1 < len(words) and words[n + 1].pos_ in _AFTER_VERBS:
                return token
            if not (token.pos_ in _NOMINAL or token.tag_ in ("POS", "HYPH", "RB", "IN")):
                return None
        return None

    def alone(self, words: list[Token]) -> Token | None:
        """The verb of a sentence that holds nothing but a cue: "… missing." X said."""
        until = next((n for n, token in enumerate(words[:8]) if token.text == "."), None)
        if not until:
            return None
        verb = next((t for t in words[:until] if self.speaks(t)), None)
        rest = [t for t in words[:until] if verb is not None and t.i != verb.i]
        return verb if all(t.pos_ in ("PROPN", "PRON", "NOUN", "DET") for t in rest) else None

    def before(self, words: list[Token]) -> Token | None:
        """The verb that leads into a quotation: the last listed one, else the one whose object it is or its colon's."""
        if not words:
            return None
        mark = words[-1].text if words[-1].text in (":", ",") else ""
        if not (mark or _is_form(words[-1])):
            return None
        beside = words[-2] if mark and len(words) > 1 else words[-1]
        if self.entry(beside) is not None and _is_form(beside):
            return beside
        cut = next((n for n in range(len(words) - 1, 0, -1) if mark == ":" and words[n - 1].text in _DASHES), 0)
        clause = words[cut:] if mark == ":" else words[-_FAR:]
        for token in reversed(clause):
            if self.speaks(token) and (subject(token) is not None or token.tag_ in ("VBG", "VB", "VBN")):
                return token
        if mark == ":":
            return next((t for t in reversed(clause) if _tells(t)), None)
        placed = mark and beside.tag_ in ("VBD", "VBZ", "VBG") and beside.lemma_ not in _AUXILIARIES
        return beside if placed and subject(beside) is not None else None


def _tells(verb: Token) -> bool:
    """Whether a verb before a colon has somebody to say what follows."""
    own = subject(verb) if verb.tag_ in _FINITE and verb.dep_ not in ("relcl", "acl", "advcl") else None
    return own is not None and own.lower_ not in ("it", "this", "that", "there", "these", "here", "which", "what")


def _is_form(token: Token) -> bool:
    """Whether a word is a verb, or may be one that was tagged otherwise: "to state", "a hat reading"."""
    led = token.i > 0 and token.nbor(-1).lower_ == "to"
    return is_verb(token) or led or bool(token.lower_.endswith("ing"))
