"""A mention of a source, as it is written: its head, name, title, description, and what typing rules ask of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from reliability.text.lexicon import Lexicon
from reliability.text.syntax import child, phrase

Token = Any
_ARTICLES = frozenset(
    {
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "another",
        "one",
        "some",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
    }
)
_READING = frozenset({"see", "obtain", "review", "read", "view", "hear", "examine", "cite", "quote", "share", "verify"})
"""Who did this to a report did not make it: "a memo seen by the paper"."""
_SHORT_RANKS = frozenset({"gen", "rep", "col", "maj", "adm", "sen", "brig", "rev"})
_FOCUS = frozenset({"not", "only", "even", "also", "both", "either", "but"})
_PEOPLE_LABELS = ("PERSON",)
_ORGANISATION_LABELS = ("ORG",)
_PLACE_LABELS = ("GPE", "LOC", "FAC")


@dataclass
class Mention:
    """One mention. `name` is empty for a mere description; `description` is its text without the article.

    `country` is a country named in it ("Ukrainian President"); `heads` are the lower-case nouns that it is called by;
    `keys` its other content words, for matching "South Korean intelligence" with the service named elsewhere; `houses`
    those of them that say whose somebody is, not what: the "bank" of "the bank's director".
    """

    head: Token
    tokens: list[Token]
    name: str
    description: str
    entity: str
    title: str = ""
    appositive: str = ""
    country: str | None = None
    plural: bool = False
    definite: bool = False
    heads: list[str] = field(default_factory=list)
    keys: frozenset[str] = frozenset()
    houses: frozenset[str] = frozenset()
    abbreviation: str = ""
    gender: str = ""
    words: str = ""


def mention_of(head: Token, lex: Lexicon) -> Mention:
    """What a mention says of itself, read from the noun at its head."""
    tokens = [t for t in phrase(head) if not t.is_space] or [head]
    named, appositives = _named(head, lex)
    name_tokens = _name_tokens(named, lex) if named is not None else []
    name = _spelled(name_tokens)
    first = name_tokens[0].i if name_tokens else None
    before = [t for t in tokens if first is not None and t.i < first and t.text not in (",",)]
    title = " ".join(t.lower_ for t in before if t.lower_ not in _ARTICLES and t.dep_ != "case" and t.text != "'s")
    words = " ".join(t.lower_ for t in tokens)
    relative = next((c for a in (head, *appositives) for c in a.children if c.dep_ in ("relcl", "acl")), None)
    if relative is not None:
        words += " " + " ".join(t.lower_ for t in relative.subtree)
    surname = len(name_tokens) > 1 and named == head and _is_surname(head, lex)
    heads = [name.casefold() if surname else head.lemma_.lower(), *(a.lemma_.lower() for a in appositives)]
    callings = lex.words("organisations") | lex.words("outlets")
    heads += [
        t.lemma_.lower()
        for t in before
        if t.dep_ in ("compound", "nmod") and (t.lower_ in lex.words("people") or (t.text in callings and t.is_lower))
    ]
    entity = _entity(head, named, heads, lex)
    country = _country(tokens, name_tokens if entity == "place" else [], lex)
    return Mention(
        head=head,
        tokens=tokens,
        name=name,
        description=_description(tokens),
        entity=entity,
        title=title,
        appositive=" ".join(" ".join(t.lower_ for t in a.subtree) for a in appositives),
        country=country,
        plural=head.tag_ in ("NNS", "NNPS") and not name_tokens,
        definite=any(c.lower_ in ("the", "that", "this") for c in head.children if c.dep_ == "det"),
        heads=heads,
        keys=_keys(tokens, lex),
        houses=_houses(tokens, lex),
        abbreviation=_abbreviation(head, tokens),
        gender=_gender([*heads, *title.split()], lex),
        words=words,
    )


def _is_surname(head: Token, lex: Lexicon) -> bool:
    """Whether a name's last word is a person's, also where it is an office's word: "Ana Judge"."""
    office = head.lower_ in lex.words("titles") and not any(c.dep_ == "det" for c in head.children)
    return head.ent_type_ in _PEOPLE_LABELS or office or _follows_given_name(head)


def _named(head: Token, lex: Lexicon) -> tuple[Token | None, list[Token]]:
    """The proper noun of a mention, its head or its appositive, and the common nouns that describe it."""
    appositives = [c for c in head.children if c.dep_ == "appos" and not _is_short_form(c)]
    appositives += _beside(head)
    deeper = [d for c in appositives for d in c.children if d.dep_ == "appos"]
    is_name = not _is_common(head, lex) and (head.lower_ not in lex.words("people") or _follows_given_name(head))
    if (head.pos_ == "PROPN" and is_name) or _ends_hyphenated(head):
        return head, [a for a in (*appositives, *deeper) if a.pos_ == "NOUN"]
    proper = next((a for a in (*appositives, *deeper) if a.pos_ == "PROPN"), None)
    if head.tag_ in ("NNS",) and proper is not None and proper.ent_type_ in _PEOPLE_LABELS:
        proper = None
    return proper, [a for a in appositives if a is not proper]


def _is_short_form(part: Token) -> bool:
    """Whether it only shortens the name before it: "(NIS)", but not the "RUSI" of "the think tank RUSI"."""
    short = part.tag_ == "NNP" and part.text.isupper() and len(part.text) < 8
    return bool(short and part.i and part.nbor(-1).text in ("(", "[", ","))


def _is_common(head: Token, lex: Lexicon) -> bool:
    """Whether it is a common noun, however it is tagged: the "ministry" of "Norway's foreign ministry"."""
    if not head.is_lower or head.lower_ not in lex.words("organisations"):
        return False
    before = head
    while before.ent_iob_ == "I" and before.i:
        before = before.nbor(-1)
        if not before.is_lower:
            return False
    return True


def _follows_given_name(head: Token) -> bool:
    """Whether an office's word ends a person's name: "Amy Judge"."""
    before = head.nbor(-1) if head.i else None
    return before is not None and before.head.i == head.i and before.ent_type_ in _PEOPLE_LABELS


def _beside(head: Token) -> list[Token]:
    """Nouns that a parse makes subjects of their own: "news agency N. said", "N., a spokesman of the house, said"."""
    if head.dep_ != "nsubj" or head.pos_ not in ("PROPN", "NOUN"):
        return []
    fellows = [c for c in head.head.children if c.dep_ == "nsubj" and c.i != head.i and c.pos_ == "NOUN"]
    before = [c for c in fellows if c.i == head.left_edge.i - 1]
    after = [
        c for c in fellows if c.left_edge.i == head.right_edge.i + 2 and head.doc[head.right_edge.i + 1].text == ","
    ]
    return before + after


def _name_tokens(head: Token, lex: Lexicon) -> list[Token]:
    """The run of proper nouns that ends at a name's head, without titles and countries before it."""
    doc = head.doc
    start = end = head.i
    label = head.ent_type_
    while start > head.sent.start and (_joins(doc[start - 1], label) and doc[start - 1].head.i <= head.i):
        is_first = label in _PEOPLE_LABELS or doc[start].ent_iob_ == "B" or doc[start - 1].text == "State"
        if is_first and _ends_office(doc[start - 1]):
            break
        start -= 1
    while end + 1 < head.sent.end and label and doc[end + 1].ent_type_ == label and doc[end + 1].ent_iob_ == "I":
        end += 1
    if end + 1 < head.sent.end and doc[end + 1].lower_ == "of" and doc[end + 1].head.i == head.i:
        inner = child(doc[end + 1], "pobj")
        if inner is not None and inner.pos_ == "PROPN" and label not in ("PERSON", "GPE"):
            end = max(end, inner.i)
    tokens = list(doc[start : end + 1])
    while len(tokens) > 1 and (tokens[-1].tag_ == "POS" or tokens[-1].is_punct):
        tokens.pop()
    if label in _PEOPLE_LABELS:
        tokens = _after_titles(tokens, lex)
    while len(tokens) > 1 and _before_name(tokens, label, lex) and not _is_given_name(tokens, lex):
        tokens.pop(0)
    return tokens


def _ends_office(token: Token) -> bool:
    """Whether a word ends an office's name before a person's: the "State" of "Secretary of State Ana Rehn"."""
    return bool(token.dep_ == "pobj" and token.head.i == token.i - 1 and token.head.lower_ in ("of", "for", "to"))


def _after_titles(tokens: list[Token], lex: Lexicon) -> list[Token]:
    """A person's name without the offices that run into it: "Cabinet Secretary Kenji Morota"."""
    offices = lex.words("titles") | lex.words("people")
    last = max(
        (n for n, t in enumerate(tokens[:-1]) if t.ent_type_ not in _PEOPLE_LABELS and t.lower_.rstrip(".") in offices),
        default=-1,
    )
    return tokens[last + 1 :]


def _ends_hyphenated(token: Token) -> bool:
    """Whether a word ends a hyphenated name: the "hoon" of "Yoon Sang-hoon", however it is tagged."""
    if token.i < 2:
        return False
    hyphen, first = token.doc[token.i - 1], token.doc[token.i - 2]
    return hyphen.text == "-" and not hyphen.whitespace_ and not first.whitespace_ and first.tag_ == "NNP"


def _joins(token: Token, label: str) -> bool:
    if token.text == "-" and not token.whitespace_ and token.i > 0 and token.doc[token.i - 1].tag_ == "NNP":
        return not token.doc[token.i - 1].whitespace_
    if token.tag_ in ("NNP", "NNPS") or (token.text in ("-", "&", "of", "for") and token.ent_type_ == label != ""):
        return True
    return bool(label and token.ent_type_ == label and not token.is_space and token.tag_ not in ("DT", "POS", ",", ":"))


def _is_given_name(tokens: list[Token], lex: Lexicon) -> bool:
    """Whether "Gen" or "Rep", without a full stop, is a first name: the person has another office beside it."""
    first, last = tokens[0], tokens[-1]
    if len(tokens) != 2 or first.lower_ not in _SHORT_RANKS or not first.text.istitle():
        return False
    offices = lex.words("titles") | lex.words("people")
    before = first.nbor(-1) if first.i > first.sent.start else None
    described = child(last, "appos")
    return (before is not None and before.lower_ in offices) or (described is not None and described.lower_ in offices)


def _before_name(tokens: list[Token], label: str, lex: Lexicon) -> bool:
    """Whether the first token belongs before the name: "President", "U.S.", "the"."""
    first = tokens[0]
    if first.is_punct or first.tag_ in ("DT", "POS"):
        return True
    if label in _PEOPLE_LABELS or not label:
        before_person = len(tokens) > 2 and first.ent_type_ in ("NORP", "GPE")
        return before_person or first.lower_.rstrip(".") in lex.words("titles")
    return False


def _spelled(tokens: list[Token]) -> str:
    out = "".join(t.text_with_ws for t in tokens).strip()
    out = re.sub(r"['’]s$", "", re.sub(r"\s+", " ", out)).strip(' ,;:()"“”')
    return out if re.search(r"\.\w+\.$", out) or re.search(r"\b(?:Jr|Sr|Inc|Corp|Co|Ltd)\.$", out) else out.rstrip(".")


def _description(tokens: list[Token]) -> str:
    kept = list(tokens)
    while len(kept) > 1 and (kept[0].lower_ in _ARTICLES or kept[0].lower_ in _FOCUS or kept[0].is_punct):
        kept.pop(0)
    while len(kept) > 1 and (kept[-1].is_punct or kept[-1].tag_ == "POS") and kept[-1].text not in (")", "]"):
        kept.pop()
    return re.sub(r"\s+", " ", "".join(t.text_with_ws for t in kept)).strip(' ,;:"“”')


def _entity(head: Token, named: Token | None, heads: list[str], lex: Lexicon) -> str:
    label = named.ent_type_ if named is not None else ""
    if any(h in lex.words("people") for h in heads) or label in _PEOPLE_LABELS:
        return "person"
    if label in _ORGANISATION_LABELS or any(h in lex.words("organisations") for h in heads):
        return "organisation"
    if label in _PLACE_LABELS or (named is not None and named.lower_ in lex.country_by_word):
        return "place"
    return "none"


def _country(tokens: list[Token], name: list[Token], lex: Lexicon) -> str | None:
    lowered = [t.lower_ for t in (name or tokens)]
    for n in range(len(lowered)):
        for size in (3, 2, 1):
            found = lex.country_by_word.get(" ".join(lowered[n : n + size])) if n + size <= len(lowered) else None
            if found is not None:
                return found
    return None


def _keys(tokens: list[Token], lex: Lexicon) -> frozenset[str]:
    known = lex.country_by_word
    out = set()
    for n, token in enumerate(tokens):
        pair = {
            " ".join(t.lower_ for t in tokens[max(0, n - 1) : n + 1]),
            " ".join(t.lower_ for t in tokens[n : n + 2]),
        }
        if (
            token.is_alpha
            and token.pos_ in ("NOUN", "PROPN", "ADJ")
            and token.lower_ not in known
            and not pair & known.keys()
        ):
            out.add(token.lemma_.lower())
    return frozenset(out)


def _houses(tokens: list[Token], lex: Lexicon) -> frozenset[str]:
    """Nouns by which a person belongs somewhere: "the bank's director", "a spokesman for the bank", "police chief"."""
    callings = lex.words("people") | lex.words("offices") | lex.words("outsiders")
    of_others = (t for t in tokens if t.dep_ in ("poss", "pobj") or (t.dep_ == "compound" and t.head.pos_ == "NOUN"))
    named = {t.lemma_.lower() for t in of_others}
    before = {t.lemma_.lower() for t in tokens if t.dep_ in ("compound", "nmod")} & lex.words("organisations")
    return frozenset(named | before) - callings


def _abbreviation(head: Token, tokens: list[Token]) -> str:
    """ "NIS" of "National Intelligence Service (NIS)"."""
    doc = head.doc
    for token in tokens:
        if token.text == "(" and token.i + 2 < len(doc) and doc[token.i + 2].text == ")":
            short = doc[token.i + 1].text
            if 2 <= len(short) <= 10 and sum(ch.isupper() for ch in short) >= 2:
                return str(short)
    return ""


def _gender(words: list[str], lex: Lexicon) -> str:
    return next((lex.genders[w.rstrip(".")] for w in words if w.rstrip(".") in lex.genders), "")


def maker(head: Token) -> Token | None:
    """Who is behind it: "U.S. estimates", "a report by the NIS", "Ryu's words", "a spokesman for the ministry"."""
    for c in head.children:
        if (c.dep_ == "prep" and c.lower_ in ("by", "from", "of", "for")) or c.dep_ == "agent":
            inner = child(c, "pobj")
            if inner is not None and (
                inner.ent_type_ in ("ORG", "PERSON", "GPE", "NORP") or c.lower_ in ("by", "from")
            ):
                return inner
        if c.dep_ == "acl" and c.i > head.i and c.lemma_.lower() not in _READING:
            agent = child(c, "agent")
            inner = child(agent, "pobj") if agent is not None else None
            if inner is not None:
                return inner
    owner = child(head, "poss")
    if owner is not None:
        return owner
    named = [
        c
        for c in head.children
        if c.dep_ in ("compound", "nmod", "amod") and c.ent_type_ in ("ORG", "GPE", "PERSON", "NORP")
    ]
    return named[-1] if named else None
