"""Attributions by verbs: "X said that …", "…, X said", "X urged Y to …", "X announced the …"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.text.attribution import Attribution, Range, covers, less
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.syntax import (
    child,
    clause_start,
    cue_tokens,
    is_negated,
    is_supposed,
    is_verb,
    phrase,
    ranges,
    subject,
    together,
)

Token = Any
_FINITE_MARKS = ("that", "")
_MAX_SENTENCE = 600


def verb_attributions(passage: Passage, lex: Lexicon) -> Iterator[Attribution]:
    """What the verbs of a passage attribute, in text order. Negated, asked and supposed cues are left out."""
    for sentence in passage.doc.sents:
        if len(sentence) > _MAX_SENTENCE:
            continue
        for token in sentence:
            if not is_verb(token) or token.dep_ in ("aux", "auxpass"):
                continue
            for classes, extra in _entries(token, lex):
                found = _attribution(passage, token, classes, extra)
                if found is not None:
                    yield found
                    break


def _entries(verb: Token, lex: Lexicon) -> list[tuple[tuple[CueClass, ...], list[Token]]]:
    """The classes of a verb, longer phrases ("call for", "point out") first, with the phrase's other words."""
    found: list[tuple[tuple[CueClass, ...], list[Token]]] = []
    lemma = verb.lemma_.lower()
    if lemma in lex.phrase_heads:
        for c in verb.children:
            if c.dep_ in ("prt", "prep", "advmod", "agent") and c.i > verb.i:
                two = f"{lemma} {c.lower_}"
                if two in lex.verbs:
                    found.append((lex.verbs[two], [c]))
                for d in c.children:
                    if d.dep_ == "prep" and f"{two} {d.lower_}" in lex.verbs:
                        found.insert(0, (lex.verbs[f"{two} {d.lower_}"], [c, d]))
                for d in verb.children:
                    if d.dep_ == "prep" and d.i > c.i and f"{two} {d.lower_}" in lex.verbs:
                        found.insert(0, (lex.verbs[f"{two} {d.lower_}"], [c, d]))
            if (
                c.dep_ in ("dobj", "acomp", "oprd", "advmod", "ccomp")
                and c.i > verb.i
                and f"{lemma} {c.lower_}" in lex.verbs
            ):
                found.append((lex.verbs[f"{lemma} {c.lower_}"], [c]))
            if c.dep_ == "dobj" and f"{lemma} the {c.lower_}" in lex.verbs:
                found.append((lex.verbs[f"{lemma} the {c.lower_}"], [c]))
    if lemma in lex.verbs and not any(c.dep_ == "prt" for c in verb.children):
        found.append((lex.verbs[lemma], []))
    return found


def _attribution(
    passage: Passage, verb: Token, classes: tuple[CueClass, ...], extra: list[Token]
) -> Attribution | None:
    prep = next((t for t in reversed(extra) if t.dep_ == "prep"), None)
    for frame, root, tokens in _constructions(verb, prep):
        entry = next((c for c in classes if _takes(c, frame)), None)
        if entry is None:
            continue
        if is_supposed(verb) or (is_negated(verb) and entry.asserts):
            return None
        cue = cue_tokens(verb) + extra
        head = subject(verb)
        if head is not None and (head.lower_ in ("it", "there", "you") and frame in ("object", "infinitive")):
            return None
        source = [t for one in ([head] if head is not None else []) for t in phrase(one)]
        inside = {t.i for t in tokens}
        taken = [t for t in (*cue, *(t for t in source if verb.dep_ not in ("acl", "relcl") and t.i not in inside))]
        content = less(ranges(tokens, passage.start), ranges(taken, passage.start))
        content = trimmed(passage, content)
        if not content:
            continue
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
            stance=_stance(verb, entry),
        )
    return None


def _stance(verb: Token, entry: CueClass) -> Any:
    if is_negated(verb):
        return "denies" if entry.stance == "asserts" else "asserts"
    return entry.stance


def _takes(entry: CueClass, frame: str) -> bool:
    if frame == "parenthetical":
        return "clause" in entry.takes or "quote" in entry.takes
    if frame == "raised":
        return bool(entry.takes & {"clause", "raising"})
    if frame == "prep":
        return True
    return frame in entry.takes


def _constructions(verb: Token, prep: Token | None) -> Iterator[tuple[str, Token, list[Token]]]:
    """What may be a verb's content, best first: (construction, head of the content, its tokens)."""
    if prep is not None:
        inner = child(prep, "pobj", "pcomp")
        rest = [c for c in verb.children if c.i > prep.i and c.dep_ in ("xcomp", "ccomp")]
        if inner is not None:
            found = list(inner.subtree)
            clause = next((c for c in rest if c.i > inner.i), None)
            yield ("prep", clause or inner, found + [t for c in rest for t in c.subtree])
            return
    clause = _clause(verb)
    infinitive = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and _is_infinitive(c)), None)
    goal = child(verb, "dobj")
    if clause is not None:
        yield ("clause", clause, _with_fellows(verb, clause))
    if child(verb, "nsubjpass") is not None and infinitive is not None:
        raised = child(verb, "nsubjpass")
        yield ("raised", infinitive, [*raised.subtree, *infinitive.subtree])
        return
    if infinitive is not None and verb.lemma_ in ("seem", "appear"):
        own = child(verb, "nsubj")
        if own is not None:
            yield ("raised", infinitive, [*own.subtree, *infinitive.subtree])
        return
    if infinitive is not None:
        own = child(infinitive, "nsubj")
        if own is not None or (goal is not None and goal.i < infinitive.i):
            lead = list(goal.subtree) if goal is not None else []
            yield ("person-infinitive", infinitive, lead + list(infinitive.subtree))
        yield ("infinitive", infinitive, list(infinitive.subtree))
    parenthetical = _parenthetical(verb)
    if parenthetical is not None:
        yield ("parenthetical", *parenthetical)
    if goal is not None or (child(verb, "nsubjpass") is not None and child(verb, "agent") is not None):
        thing = goal if goal is not None else child(verb, "nsubjpass")
        yield from _with_object(verb, thing)


def _with_object(verb: Token, goal: Token) -> Iterator[tuple[str, Token, list[Token]]]:
    for c in verb.children:
        inner = child(c, "pobj", "pcomp", "amod", "acomp") if c.dep_ == "prep" and c.i > goal.i else None
        if c.dep_ == "prep" and c.lower_ in ("as", "to") and inner is not None:
            yield (c.lower_, goal, [*goal.subtree, *c.subtree])
        if c.dep_ in ("oprd",) or (c.dep_ in ("ccomp", "xcomp") and not is_verb(c)):
            yield ("as", goal, [*goal.subtree, *c.subtree])
    tail = [
        t
        for c in verb.children
        if c.dep_ == "prep" and c.i > goal.i and c.lower_ in ("for", "of", "over", "with", "as")
        for t in c.subtree
    ]
    yield ("object", goal, [*goal.subtree, *tail])


def _clause(verb: Token) -> Token | None:
    """The finite clause that a verb governs, before or after it."""
    for c in verb.children:
        if c.dep_ == "ccomp" and not _is_infinitive(c):
            if c.tag_ in ("VBG",) and child(c, "nsubj", "nsubjpass", "aux") is None:
                continue
            if is_verb(c) or child(c, "nsubj", "cop", "mark") is not None or c.i < verb.i:
                return c
    return None


def _is_infinitive(token: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)


def _with_fellows(verb: Token, clause: Token) -> list[Token]:
    """A clause with what a parenthesis cut off from it: "X happened, he said, and Y followed"."""
    tokens = list(clause.subtree)
    if clause.i < verb.i:
        for c in verb.children:
            own = child(c, "nsubj", "nsubjpass")
            if (
                c.dep_ == "conj"
                and c.i > verb.i
                and own is not None
                and own.i > verb.i
                and own.lower_ not in ("he", "she")
            ):
                tokens += [t for d in verb.children if d.dep_ == "cc" and verb.i < d.i < c.i for t in d.subtree]
                tokens += list(c.subtree)
    return tokens


def _parenthetical(verb: Token) -> tuple[Token, list[Token]] | None:
    """The clause around "…, he said, …" or beside "as he said, …"."""
    if verb.dep_ not in ("parataxis", "advcl", "ccomp", "conj", "dep") or not is_verb(verb.head):
        return None
    own = child(verb, "nsubj")
    marks = [c for c in verb.children if c.dep_ in ("mark", "advmod") and c.lower_ == "as" and c.i < verb.i]
    if own is None or (verb.dep_ == "advcl" and not marks) or child(verb, "dobj") is not None:
        return None
    first, last = clause_start(verb), verb.right_edge
    doc = verb.doc
    before = doc[first.i - 1].text if first.i > verb.sent.start else ""
    if not marks and before not in (",", "—", "–", "-", "(", "”", '"'):
        return None
    if verb.dep_ in ("conj",) and any(c.dep_ == "cc" for c in verb.head.children if c.i < verb.i):
        return None
    mine = {t.i for t in verb.subtree}
    tokens = [t for t in verb.head.subtree if t.i not in mine]
    if last.i < verb.i or not tokens:
        return None
    return verb.head, tokens


_EDGES = " \t\n\r,;:.—–-"


def trimmed(passage: Passage, content: list[Range]) -> list[Range]:
    """Content without the commas, dashes and spaces at the edges of its ranges; a lone mark is left out."""
    text, offset = passage.doc.text, passage.start
    out: list[Range] = []
    for start, end in content:
        a, b = start - offset, end - offset
        while a < b and text[a] in _EDGES:
            a += 1
        while b > a and text[b - 1] in _EDGES and not _abbreviated(text, a, b):
            b -= 1
        if b - a > 4 and text[a:b].endswith((" and", " or", " but")):
            b = text.rindex(" ", a, b)
        if any(ch.isalnum() for ch in text[a:b]):
            out.append((a + offset, b + offset))
    return out


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether a full stop ends an abbreviation such as "U.S."."""
    return text[end - 1] == "." and end - start > 3 and text[end - 3] == "." and text[end - 2].isupper()


def inside(attribution: Attribution, outer: Attribution) -> bool:
    """Whether an attribution's cue lies in another's content."""
    return attribution is not outer and bool(attribution.cue) and covers(outer.content, attribution.cue[0][0])
