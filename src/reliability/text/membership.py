"""Whether a mention's words show somebody beside an institution, not of it: its informant, supplier, critic, widow."""

from __future__ import annotations

from collections.abc import Iterator

from reliability.text.lexicon import Lexicon
from reliability.text.mentions import Mention

_PREPOSITIONS = frozenset({"of", "for", "to", "at", "in", "from", "with", "on", "under", "by", "against"})


def is_outsider(mention: Mention, lex: Lexicon) -> bool:
    """Whether a person is called by nouns of which none is an office: such words lend no office's type.

    "Police informant N." is an informant, "N., a neighbour of the mayor," a neighbour, "the General Store" a store.
    False for institutions, and for who is called by nothing but a name.
    """
    last = [*mention.name.split()[-1:], *mention.words.split()[-1:]]
    if any(word.casefold() in lex.words("businesses") for word in (*last, *mention.heads)):
        return True
    callings = list(_callings(mention, lex))
    return bool(callings) and not any(word in lex.words("offices") for word in callings)


def _callings(mention: Mention, lex: Lexicon) -> Iterator[str]:
    """The nouns that say what somebody is: the title's last word or, with "of …" in it, the one before that."""
    words = [word for word in mention.title.split() if word[0].isalnum()]
    people = lex.words("people") | lex.words("outsiders") | lex.words("offices")
    if words:
        last = words[-1].rstrip(".")
        at = next((n for n, word in enumerate(words) if word in _PREPOSITIONS and n), None)
        if last in people or at is None:
            if last in people or (mention.entity == "person" and f"{last} 's" not in mention.words):
                yield last
        else:
            yield words[at - 1].rstrip(".")
    own = mention.head.lemma_.lower()
    if not mention.name and own in people:
        yield own
    yield from (head for head in mention.heads[1:] if head in people and head not in words)
