"""Attributions by verbs: "X said that …", "…, X said", "X urged Y to …", "X announced the …"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.model.report import Stance
from reliability.text.attribution import Attribution, less, trimmed
from reliability.text.constructions import constructions
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.speakers import goes_with_cue, speaker
from reliability.text.syntax import (
    RELATIVES,
    child,
    cue_tokens,
    is_infinitive,
    is_negated,
    is_supposed,
    is_verb,
    phrase,
    ranges,
    together,
)

Token = Any
MAX_SENTENCE = 1_500
"""Words and signs; in longer ones, which are no prose, nobody is looked for who says something."""
_AGAINST = frozenset({"though", "although", "while", "whereas"})
_PHRASAL = ("prt", "prep", "advmod", "agent")
_COMPLEMENTS = ("dobj", "acomp", "oprd", "advmod", "ccomp")


def verb_attributions(passage: Passage, lex: Lexicon) -> Iterator[Attribution]:
    """What the verbs of a passage attribute, in text order. Negated, asked and supposed cues are left out."""
    for sentence in passage.doc.sents:
        if len(sentence) > MAX_SENTENCE:
            continue
        for token in sentence:
            if not (is_verb(token) or _is_misread(token)) or token.dep_ in ("aux", "auxpass"):
                continue
            for classes, extra in _entries(token, lex):
                found = _attribution(passage, token, classes, extra, lex)
                if found is not None:
                    yield found
                    break


def _is_misread(token: Token) -> bool:
    """Whether a "noun" has a subject and a clause, and so is a verb: "…, the ministry estimates."."""
    return bool(token.tag_ == "NNS") and child(token, "nsubj") is not None and child(token, "ccomp") is not None


def _entries(verb: Token, lex: Lexicon) -> list[tuple[tuple[CueClass, ...], list[Token]]]:
    """The classes of a verb, longer phrases ("call for", "point out") first, with the phrase's other words."""
    lemma = verb.lemma_.lower()
    found: list[tuple[tuple[CueClass, ...], list[Token]]] = []
    if lemma in lex.phrase_heads:
        found = [(lex.verbs[words], extra) for words, extra in _phrases(verb, lemma) if words in lex.verbs]
        found.sort(key=lambda pair: -len(pair[1]))
    if lemma in lex.verbs and not any(c.dep_ == "prt" for c in verb.children):
        found.append((lex.verbs[lemma], []))
    return found


def _phrases(verb: Token, lemma: str) -> Iterator[tuple[str, list[Token]]]:
    """The phrases of several words that a verb may be part of."""
    after = [c for c in verb.children if c.i > verb.i]
    for c in after:
        if c.dep_ in _PHRASAL:
            two = f"{lemma} {c.lower_}"
            yield two, [c]
            for d in (*c.children, *after):
                if d.dep_ == "prep" and d.i > c.i:
                    yield f"{two} {d.lower_}", [c, d]
        if c.dep_ in _COMPLEMENTS:
            yield f"{lemma} {c.lower_}", [c]
        if c.dep_ == "dobj":
            yield f"{lemma} the {c.lower_}", [c]
        marked = any(d.dep_ == "mark" and d.lower_ == "for" for d in c.children)
        if marked and c.dep_ in ("ccomp", "advcl", "xcomp") and is_infinitive(c):
            yield f"{lemma} for", []


def _attribution(
    passage: Passage, verb: Token, classes: tuple[CueClass, ...], extra: list[Token], lex: Lexicon
) -> Attribution | None:
    prep = next((t for t in reversed(extra) if t.dep_ == "prep"), None)
    for frame, root, tokens in constructions(verb, prep):
        entry = next((c for c in classes if _takes(c, frame)), None)
        if entry is None:
            continue
        if is_supposed(verb) or (is_negated(verb) and entry.asserts):
            return None
        head = speaker(passage, verb, lex)
        if head is None and frame == "parenthetical" and verb.i and verb.nbor(-1).pos_ in ("NOUN", "PROPN"):
            head = verb.nbor(-1)
        if entry.id == "learn" and not _finds_out(head, verb):
            continue
        if head is not None and (head.lower_ in ("it", "there", "you") and frame in ("object", "infinitive")):
            return None
        cue = cue_tokens(verb) + extra
        source = phrase(head) if head is not None and verb.dep_ not in ("acl", "relcl") else []
        inside = {t.i for t in tokens}
        taken = [*cue, *(t for t in source if t.i not in inside)]
        in_clause = frame in ("clause", "parenthetical") or (frame == "object" and root.tag_ == "VBG")
        kept = _without_others(verb, tokens, lex) if in_clause else tokens
        content = trimmed(passage, less(ranges(kept, passage.start), ranges(taken, passage.start)))
        if content:
            return Attribution(
                passage=passage,
                cue=ranges(cue, passage.start),
                content=content,
                entry=entry,
                frame=frame,
                sources=[] if head is None else together(head),
                verb=verb,
                root=root,
                kind=entry.kind,
                stance=_stance(verb, entry, lex),
                pronoun=next((c for c in verb.children if c.dep_ == "nsubj" and c.tag_ in RELATIVES), None),
            )
    return None


def _finds_out(who: Token | None, verb: Token) -> bool:
    """Whether an organisation tells what it "has learned", or now "understands"."""
    told = verb.tag_ == "VBZ" or any(c.dep_ == "aux" and c.lower_ in ("has", "have") for c in verb.children)
    return who is not None and who.ent_type_ == "ORG" and told


def _without_others(verb: Token, tokens: list[Token], lex: Lexicon) -> list[Token]:
    """A clause without "according to …" in it, and without a later verb of speech that goes with the cue."""
    cut: set[int] = set()
    for token in tokens:
        attributed = token.lower_ == "according" and token.i > verb.i
        speaks = any(c.asserts for c in lex.verbs.get(token.lemma_.lower(), ()))
        if attributed or (speaks and (goes_with_cue(token, verb) or _is_set_against(token, verb))):
            cut |= {t.i for t in token.subtree}
    return [t for t in tokens if t.i not in cut] if cut else tokens


def _is_set_against(token: Token, verb: Token) -> bool:
    """Whether somebody else's words are set against a clause: "…, though Iran insists that …"."""
    marked = any(c.dep_ == "mark" and c.lower_ in _AGAINST for c in token.children)
    who = child(token, "nsubj")
    return bool(token.dep_ == "advcl" and token.i > verb.i and marked and who is not None and who.pos_ != "PRON")


def _stance(verb: Token, entry: CueClass, lex: Lexicon) -> Stance:
    """What a verb does to its content: who "no longer says" it or "apologised for saying" it takes it back."""
    if entry.asserts and entry.stance == "asserts" and (_is_given_up(verb) or _is_regretted(verb, lex)):
        return "retracts"
    if is_negated(verb):
        return "denies" if entry.stance == "asserts" else "asserts"
    return entry.stance


def _is_given_up(verb: Token) -> bool:
    """Whether it is "no longer" done."""
    return any(c.lower_ == "longer" and any(d.lower_ == "no" for d in c.children) for c in verb.children)


def _is_regretted(verb: Token, lex: Lexicon) -> bool:
    """Whether it was wrong to do it, as who did it says: "apologised for saying", "regretted having said"."""
    above = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "for" else verb.head
    gerund = verb.dep_ in ("pcomp", "xcomp") and not is_infinitive(verb)
    return gerund and above.lemma_.lower() in lex.words("regretting") and not is_negated(above)


def _takes(entry: CueClass, frame: str) -> bool:
    if frame == "parenthetical":
        return "clause" in entry.takes or "quote" in entry.takes
    if frame == "raised":
        return bool(entry.takes & {"clause", "raising"})
    return frame == "prep" or frame in entry.takes
