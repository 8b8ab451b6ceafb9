"""English words, by the word list that comes with the language model which reads articles."""

from __future__ import annotations

from functools import cache

from reliability.errors import MissingExtra

_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("d", ""))


def is_word(word: str) -> bool:
    """Whether a word in small letters, or what is left of it without an ending, is in the list.

    Without the model there is no list, and nothing is a word.
    """
    known = _listed()
    stems = (word.removesuffix(end) + put for end, put in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2)
    return word in known or any(stem in known for stem in stems)


@cache
def _listed() -> frozenset[str]:
    from reliability.text.pipeline import load

    try:
        index = load("en").get_pipe("lemmatizer").lookups.get_table("lemma_index")
    except (MissingExtra, KeyError, AttributeError):
        return frozenset()
    return frozenset(word for words in index.values() for word in words)
