"""The memo and the source list, read by a Markdown parser: nothing from outside is markup, all of it is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from exchange_dossier import HOSTILE, Dossier, every, fixture, hostile, seed
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reliability.exchange import markdown
from reliability.exchange.icd206 import source_list
from reliability.exchange.memo import memo
from reliability.io.visible import visible
from reliability.reasoning.sentences import firmness, likelihood

OURS = {"heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
        "list_item_open", "list_item_close", "inline", "text", "text_special", "softbreak"}  # fmt: skip
PARSER = MarkdownIt("gfm-like", {"linkify": False})


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def shown(text: str) -> list[str]:
    """What a reader sees, a line a block."""
    blocks = (token.children or () for token in tokens(text) if token.type == "inline")
    return ["".join(child.content for child in children) for children in blocks]


def one_line(text: str) -> str:
    return visible(" ".join(text.split()))


@pytest.mark.parametrize("dossier", every())
@pytest.mark.parametrize("write", [memo, source_list])
def test_only_our_own_headings_lists_and_paragraphs_are_markup(dossier: Dossier, write: object) -> None:
    assert callable(write)
    assert {token.type for token in tokens(write(dossier))} <= OURS


@given(text=st.text(min_size=1, max_size=40) | st.lists(st.sampled_from(HOSTILE), min_size=1).map(" ".join))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    for block in (markdown.text(text), f"- {markdown.text(text)}", f"# {markdown.text(text)}"):
        seen = shown(block)
        assert " ".join("".join(seen).split()) == one_line(text)
        assert {token.type for token in tokens(block)} <= OURS


def test_the_memo_tells_each_claim_with_likelihood_and_confidence_apart() -> None:
    lines = shown(memo(seed()))
    for at, rating in enumerate(seed().ratings, start=1):
        assert f"{at}. {one_line(rating.claim.text)}" in lines
        assert one_line(likelihood(rating)) in lines
        assert one_line(firmness(rating)) in lines
        assert "onfidence" not in likelihood(rating)


def test_the_memo_shows_hostile_texts_whole() -> None:
    lines = "\n".join(shown(memo(hostile())))
    for text in HOSTILE:
        assert one_line(text) in lines


def test_each_source_has_one_descriptor_with_base_shifts_and_reasons() -> None:
    dossier = fixture("seed-figures")
    lines = shown(source_list(dossier))
    names = [source.name for source in dossier.sources]
    assert [f"S{at}. {name}" for at, name in enumerate(names, start=1)] == [
        line for line in lines if line.partition(". ")[2] in names
    ]
    told = "\n".join(lines)
    for rating in dossier.ratings:
        for link in rating.links:
            assert f"Weighs {link.weight_db:+.2f} dB" in told
            for shift in link.shifts:
                rule = next(rule for rule in dossier.policy.modifiers if rule.id == shift.rule)
                assert f"{shift.db:+.2f} dB, {shift.rule}: {one_line(rule.rationale)}" in told


def test_the_summary_counts_what_is_there() -> None:
    dossier = fixture("circular-reporting")
    names = {dossier.policy.sources.canonical(link.source) for one in dossier.evidence for link in one.provenance}
    summary = shown(source_list(dossier))[2]
    assert f"{len(dossier.ratings)} claims rest on {len(names)} sources" in summary
    assert f"read in {len(dossier.evidence)} reports" in summary
