"""What may be the content of a verb of speech or thought, by the grammar around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reliability.text.syntax import RELATIVES, child, clause_start, is_infinitive, is_verb

Token = Any
Construction = tuple[str, Token, list[Token]]
_REASONS = frozenset({"because", "since", "although", "though", "if", "unless", "while", "so", "despite"})
_NEAR = 12
_CLAUSE = 3
"""Words of the shortest clause."""
_REASONS_WHY = frozenset({"because", "since", "although", "though", "if", "unless", "so"})
_OF_OBJECTS = frozenset(
    {"for", "of", "about", "over", "as", "against", "to", "from", "with", "into", "toward", "towards"}
)
_TELLING = frozenset({"tell", "inform", "assure", "warn", "remind", "notify"})
_CITING = frozenset({"cite", "quote"})
_SPEAKING = frozenset({"say", "tell", "call", "deny", "reject", "dismiss", "dispute", "insist", "claim"})
_FIGURES = frozenset(
    {
        "toll",
        "number",
        "figure",
        "count",
        "total",
        "tally",
        "loss",
        "losses",
        "casualty",
        "casualties",
        "cost",
        "price",
        "damage",
    }
    | {
        "damages",
        "size",
        "population",
        "speed",
        "distance",
        "age",
        "depth",
        "magnitude",
        "strength",
        "share",
        "rate",
        "turnout",
    }
)
_ASIDES = frozenset(
    {"according", "after", "before", "when", "as", "in", "on", "at", "during", "with", "who", "which", "where", "while"}
    | {"to", "referring", "adding"}
)


def constructions(verb: Token, prep: Token | None) -> Iterator[Construction]:
    """What may be a verb's content, best first: (construction, head of the content, its tokens).

    `prep` is the preposition of a phrase such as "call for". The constructions are those of verbs.toml, and
    "prep" (the object of that preposition), "parenthetical" ("…, he said, …") and "raised" ("is expected to …").
    """
    if prep is not None:
        found = _after_preposition(verb, prep)
        if found is not None:
            yield found
            return
    clause = _clause(verb)
    infinitive = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and is_infinitive(c)), None)
    goal = child(verb, "dobj")
    if clause is not None:
        yield ("clause", clause, _with_fellows(verb, clause))
    inverted = _inverted(verb) if clause is None else None
    if inverted is not None:
        aside = {t.i for t in verb.subtree}
        yield ("clause", inverted, [t for t in inverted.subtree if t.i not in aside and t.i > verb.i])
    before = _quoted_before(verb) if clause is None else None
    if before is not None:
        yield ("clause", before, list(before.subtree))
    raised = child(verb, "nsubjpass") or (child(verb, "nsubj") if verb.lemma_ in ("seem", "appear") else None)
    if infinitive is not None and raised is not None:
        yield ("raised", infinitive, [*raised.subtree, *infinitive.subtree])
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
    elif clause is None:
        yield from _after_misread(verb)
        yield from _before_misread(verb)
    gerund = next((c for c in verb.children if c.dep_ == "xcomp" and _is_gerund(c) and c.i > verb.i), None)
    if gerund is not None and goal is None:  # "denied shelling the village"
        yield ("object", gerund, list(gerund.subtree))
    agent = child(verb, "agent")
    thing = goal or (child(verb, "nsubjpass") if agent is not None else None)
    if thing is not None:
        yield from _with_object(verb, thing)


def _is_gerund(verb: Token) -> bool:
    """ "Shelling", "having shelled"."""
    return bool(verb.tag_ == "VBG") or any(c.dep_ == "aux" and c.lower_ == "having" for c in verb.children)


def _after_preposition(verb: Token, prep: Token) -> Construction | None:
    inner = child(prep, "pobj", "pcomp")
    if inner is None:
        return None
    rest = [
        c
        for c in verb.children
        if c.i > prep.i and (c.dep_ in ("xcomp", "ccomp") or (c.dep_ == "advcl" and is_infinitive(c)) or _belongs(c))
    ]
    clause = next((c for c in rest if c.i > inner.i and is_verb(c)), None)
    return "prep", clause or inner, [*inner.subtree, *(t for c in rest if c.i > prep.i for t in c.subtree)]


def is_deed(part: Token) -> bool:
    """Whether it tells what somebody is accused of doing: "of shelling the village"."""
    deed = child(part, "pcomp") if part.dep_ == "prep" and part.lower_ == "of" else None
    return deed is not None and _is_gerund(deed)


def _with_object(verb: Token, goal: Token) -> Iterator[Construction]:
    if any(map(is_deed, goal.children)):
        yield ("of", goal, list(goal.subtree))
    for c in verb.children:
        if c.i <= goal.i:
            continue
        inner = child(c, "pobj", "pcomp", "amod", "acomp") if c.dep_ == "prep" else None
        if c.dep_ == "prep" and c.lower_ in ("as", "to") and inner is not None:
            yield (c.lower_, goal, [*goal.subtree, *c.subtree])
        if c.dep_ == "prep" and c.lower_ == "at" and inner is not None and goal.lemma_.lower() in _FIGURES:
            yield ("at", goal, [*goal.subtree, *c.subtree])
        if c.dep_ == "prep" and c.lower_ == "for" and inner is not None and goal.pos_ in ("NOUN", "PROPN"):
            yield ("for", goal, [*goal.subtree, *c.subtree])
        if is_deed(c):
            yield ("of", goal, [*goal.subtree, *c.subtree])
        if c.dep_ == "oprd" or (c.dep_ in ("ccomp", "xcomp", "dobj", "attr") and not is_verb(c)):
            yield ("as", goal, [*goal.subtree, *c.subtree])
    aside = {t.i for c in goal.children if is_aside(c) for t in c.subtree}
    whole = [*goal.subtree, *(t for c in verb.children if c.i > goal.i and _belongs(c) for t in c.subtree)]
    yield "object", goal, [t for t in whole if t.i not in aside]


def _after_misread(verb: Token) -> Iterator[Construction]:
    """The rest of a sentence after "said that …", or "said" and a noun, whose clause was not parsed as one."""
    rest = verb.doc[verb.i + 1 : verb.sent.end]
    if len(rest) < _CLAUSE or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBG"):
        return
    open_ = verb.lemma_ == "say" and rest[0].pos_ in ("PROPN", "PRON", "DET", "NOUN") and child(verb, "dobj") is None
    if rest[0].lower_ == "that" or open_:
        head = next((t for t in rest if is_verb(t) and child(t, "nsubj", "nsubjpass", "expl") is not None), None)
        if head is not None:
            yield "clause", head, list(rest)


def _before_misread(verb: Token) -> Iterator[Construction]:
    """What a sentence says before its last words, "…, a new poll indicates.", which were parsed otherwise."""
    doc, sent = verb.doc, verb.sent
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or (verb.i + 1 < sent.end and doc[verb.i + 1].text != "."):
        return
    comma = next((i for i in range(verb.i - 1, max(sent.start, verb.i - _NEAR), -1) if doc[i].text == ","), None)
    if comma is None or comma + 1 >= verb.i or doc[verb.i - 1].pos_ not in ("NOUN", "PROPN"):
        return
    if doc[comma + 1].pos_ not in ("NOUN", "PROPN", "DET", "ADJ", "NUM") and doc[comma + 1].tag_ != "VBG":
        return
    rest = list(doc[sent.start : comma])
    head = next((t for t in rest if is_verb(t) and child(t, "nsubj", "nsubjpass", "expl") is not None), None)
    if head is not None:
        yield "parenthetical", head, rest


def is_aside(part: Token) -> bool:
    """Whether a relative clause only adds to what it hangs from, after a comma: "Bush, who left"."""
    first = part.left_edge
    return bool(part.dep_ == "relcl" and first.i and first.nbor(-1).text == ",")


def _belongs(part: Token) -> bool:
    """Whether a part after the object tells of it ("for skipping the debate"), not when or where it was told."""
    if part.dep_ in ("prep", "dative"):
        inner = child(part, "pobj", "pcomp")
        timed = inner is not None and inner.ent_type_ in ("DATE", "TIME")
        return part.lower_ in _OF_OBJECTS and not timed
    return bool(part.dep_ == "advcl" and any(d.dep_ == "mark" and d.lower_ in _REASONS_WHY for d in part.children))


def _clause(verb: Token) -> Token | None:
    """The finite clause that a verb governs, before or after it."""
    for c in verb.children:
        if c.dep_ == "ccomp" and not is_infinitive(c):
            if c.tag_ == "VBG" and child(c, "nsubj", "nsubjpass", "aux") is None:
                continue
            if c.i < verb.i and (is_over(verb, c) or has_own_clause(verb)):
                continue
            if is_verb(c) or child(c, "nsubj", "cop", "mark") is not None or c.i < verb.i:
                return c
    for c in verb.children:
        cited = child(c, "ccomp") if c.dep_ == "advcl" and c.tag_ == "VBG" and c.lemma_ in _CITING else None
        if cited is not None and any(d.dep_ == "mark" and d.lower_ == "that" for d in cited.children):
            return cited
    told = child(verb, "dobj") if verb.lemma_.lower() in _TELLING else None
    places = [child(c, "pobj") for c in verb.children if c.dep_ == "prep" and c.i > verb.i]
    beside = (c for noun in (told, *places) if noun is not None for c in noun.children if _is_that_clause(c))
    return next(beside, None)


def has_own_clause(verb: Token) -> bool:
    """Whether "that …" follows a verb, so that a clause before it is none of its content."""
    return any(
        c.dep_ == "ccomp" and c.i > verb.i and any(d.dep_ == "mark" and d.lower_ == "that" for d in c.children)
        for c in verb.children
    )


def is_over(verb: Token, clause: Token) -> bool:
    """Whether a semicolon ends the clause before a verb's subject: "X claimed A; another said B"."""
    own = child(verb, "nsubj")
    first = own.left_edge.i if own is not None else verb.i
    return clause.i < first and any(t.text == ";" for t in verb.doc[clause.i : first])


def _is_that_clause(part: Token) -> bool:
    """Whether what hangs from the one who is told is no relative clause: "told the panel that X had left"."""
    that = (c for c in part.children if c.lower_ == "that")
    return part.dep_ in ("relcl", "acl") and any(c.dep_ == "mark" or c.tag_ == "IN" for c in that)


def _with_fellows(verb: Token, clause: Token) -> list[Token]:
    """A clause with what belongs to it elsewhere: its reasons, and what a parenthesis cut off from it."""
    aside = {t.i for c in clause.children if _is_cue_of_its_own(c, clause) for t in c.subtree}
    tokens = [t for t in clause.subtree if t.i not in aside]
    if clause.i < verb.i:
        return tokens + _astray(verb, clause) + _after_parenthesis(verb)
    for c in verb.children:
        if (
            c.dep_ in ("conj", "ccomp")
            and c.i > clause.i
            and any(d.dep_ == "mark" and d.lower_ == "that" for d in c.children)
        ):
            tokens += list(c.subtree)
    for c in verb.children:
        if c.dep_ == "advcl" and c.i > clause.i and any(d.dep_ == "mark" and d.lower_ in _REASONS for d in c.children):
            tokens += list(c.subtree)
    return tokens


def _astray(verb: Token, clause: Token) -> list[Token]:
    """The object of the clause before a verb that was parsed as a first subject of the verb."""
    between = [c for c in verb.lefts if c.dep_ == "nsubj" and c.i > clause.i and c.pos_ in ("NOUN", "PROPN")]
    end = between[-1].left_edge.i - 1 if len(between) > 1 else 0
    return list(verb.doc[clause.right_edge.i + 1 : end]) if verb.doc[end].text == "," else []


def _inverted(verb: Token) -> Token | None:
    """The clause of "Y reported, citing Z, that X", of which the parse hangs "Y reported"."""
    above = verb.head
    if verb.dep_ != "ccomp" or above.i < verb.i or child(verb, "nsubj") is None or not is_verb(above):
        return None
    that = next((c for c in above.children if c.dep_ == "mark" and c.lower_ == "that"), None)
    return above if that is not None and that.i > verb.right_edge.i and that.nbor(-1).text == "," else None


def _quoted_before(verb: Token) -> Token | None:
    """What somebody is quoted "as saying" that stands before it."""
    quoting = verb.head.head
    is_quoted = verb.dep_ == "pcomp" and verb.head.lower_ == "as" and quoting.lemma_ in _CITING
    return next((c for c in quoting.children if c.dep_ == "ccomp" and c.i < quoting.i), None) if is_quoted else None


def _is_cue_of_its_own(part: Token, clause: Token) -> bool:
    """Whether a participle after a comma tells of more that was said: "…, claiming that …"."""
    return bool(
        part.dep_ == "advcl"
        and part.tag_ == "VBG"
        and part.i > clause.i
        and part.left_edge.nbor(-1).text in (",", "—", "–", "-")
        and child(part, "ccomp") is not None
        and child(part, "dobj", "dative") is None
    )


def _after_parenthesis(verb: Token) -> list[Token]:
    """What follows "X happened, he said, " when its sentence goes on: "and Y followed", "; rather, Z did"."""
    own = child(verb, "nsubj")
    if own is None:
        return []
    mine = {t.i for t in own.subtree}
    doc, end = verb.doc, verb.sent.end
    last = max(verb.i, own.right_edge.i if own.i > verb.i else verb.i)
    for i in range(last + 1, end - 1):
        if doc[i].text in (",", ";") and i not in mine:
            goes_on = not _speaks(doc[i + 1 : end]) if doc[i].text == ";" else _goes_on(verb, doc[i + 1])
            return [t for t in doc[i + 1 : end] if t.i not in mine] if goes_on else []
    return []


def _speaks(tokens: Any) -> bool:
    """Whether somebody else says something in them: "; the commission called this false"."""
    finite = (t for t in tokens if t.tag_ in ("VBD", "VBZ", "VBP") and t.lemma_ in _SPEAKING)
    return any(child(t, "nsubj") is not None for t in finite)


def _goes_on(verb: Token, first: Token) -> bool:
    """Whether the words from `first` on continue what is said, not what the speaker does."""
    if first.dep_ == "cc" or first.tag_ == "CC":
        fellow = next((c for c in verb.children if c.dep_ == "conj" and c.i > first.i), None)
        own = child(fellow, "nsubj", "nsubjpass", "expl") if fellow is not None else None
        return own is not None and own.lower_ not in ("he", "she")
    return not (first.tag_ == "VBG" or first.lower_ in _ASIDES or first.is_quote or first.tag_ in RELATIVES)


def _is_joined(verb: Token) -> bool:
    """Whether an "and" joins a verb to its head, and not an earlier fellow: "X killed and hurt people, Y said"."""
    fellows = [c.i for c in verb.head.children if c.dep_ == "conj" and c.i < verb.i]
    return any(c.dep_ == "cc" and not any(c.i < i for i in fellows) for c in verb.head.children if c.i < verb.i)


def _parenthetical(verb: Token) -> tuple[Token, list[Token]] | None:
    """The clause around "…, he said, …" or beside "as he said, …"."""
    if verb.dep_ not in ("parataxis", "advcl", "ccomp", "conj", "dep") or not is_verb(verb.head):
        return None
    own = child(verb, "nsubj")
    marks = [c for c in verb.children if c.dep_ in ("mark", "advmod") and c.lower_ == "as" and c.i < verb.i]
    if own is None or (verb.dep_ == "advcl" and not marks):
        return None
    if (child(verb, "dobj") is not None and verb.lemma_ != "tell") or child(verb, "xcomp") is not None:
        return None
    first = clause_start(verb)
    before = verb.doc[first.i - 1].text if first.i > verb.sent.start else ""
    if not marks and before not in (",", "—", "–", "-", "(", "”", '"'):
        return None
    if verb.dep_ == "conj" and _is_joined(verb):
        return None
    mine = {t.i for t in verb.subtree}
    tokens = [t for t in verb.head.subtree if t.i not in mine]
    return (verb.head, tokens) if tokens else None
