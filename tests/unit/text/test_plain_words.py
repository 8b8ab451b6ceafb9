"""Synonyms and stems: what is one word when headlines are compared."""

from __future__ import annotations

import pytest

from reliability.text.lexicon import lexicon
from reliability.text.plain_words import plain, stem


@pytest.mark.parametrize(
    ("a", "b"), [("slain", "murders"), ("detained", "arrest"), ("women", "ladies"), ("bought", "acquires")]
)
def test_synonyms_in_any_form_are_one_word(a: str, b: str) -> None:
    assert plain(a) == plain(b)


@pytest.mark.parametrize(("a", "b"), [("buys", "sells"), ("killed", "wounded"), ("wins", "loses"), ("rise", "fall")])
def test_opposites_are_two(a: str, b: str) -> None:
    assert plain(a) != plain(b)


def test_a_number_is_no_word_with_endings() -> None:
    assert stem("#12") == "#12"
    assert plain("#12") == "#12"


def test_every_list_of_synonyms_has_two_words_and_no_word_stands_in_two_lists() -> None:
    lists = lexicon().synonyms
    assert all(len(words) > 1 for words in lists)
    stems = [{stem(word) for word in words} for words in lists]
    twice = [word for at, one in enumerate(stems) for other in stems[at + 1 :] for word in one & other]
    assert twice == []


@pytest.mark.parametrize(
    ("word", "bare"),
    [("caresses", "caress"), ("ponies", "poni"), ("ties", "tie"), ("died", "die"), ("denied", "deni"),
     ("caress", "caress"), ("cats", "cat"),
     ("feed", "feed"), ("agreed", "agree"), ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"),
     ("sing", "sing"), ("conflated", "conflate"), ("troubled", "trouble"), ("sized", "size"), ("hopping", "hop"),
     ("tanned", "tan"), ("falling", "fall"), ("hissing", "hiss"), ("fizzed", "fizz"), ("failing", "fail"),
     ("filing", "file"), ("happy", "happi"), ("sky", "sky")],
)  # fmt: skip
def test_stems_are_those_of_porters_first_step(word: str, bare: str) -> None:
    assert stem(word) == bare
