"""Text that no reader would write: nothing crashes, and spans are always places in the text as read."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.attributions import attributions
from reliability.text.lexicon import lexicon
from reliability.text.phrases import phrases
from reliability.text.pipeline import MAX_PASSAGE, Passage, Passages, paragraphs
from reliability.text.quotes import quotes
from reliability.text.reading import read_reports_of

POLICY = Policy.load()
ODD = [
    " \n\t ",
    "\x00\x01\x02",
    '"',
    "“““",
    "He said “this is so and nobody knows why. He said “that is so too.",
    'She said "it is over. He said "it is not.',
    'قال الرئيس إن "القوات" وصلت. אמר הנשיא: “הגענו”.',
    "😀 said “😀😀😀 wow, that is a lot!” 👨‍👩‍👧‍👦.",
    "THE PRESIDENT SAID THAT THE ARMY HAD LEFT. “WE ARE GONE,” HE SAID.",
    "He said\x00 that \x1b[31m it was so.\x07",
    "The minister said it was so.\r\nShe said it was not.\r\u2028He said: “No.”\u2029",
    "(" * 3_000,
    '"a" ' * 500,
    "John and " * 300 + "Mary said that it was over.",
    "a\n" * 500,
    "he said he said he said he said",
    "The U.S. said the U.K. said the U.S. said so.",
    "<div><p>He said</p> <b>that &quot;it is so&quot;<br></div> <a href='x'>She said: \"No.\"",
    "Q: Did you say that?\nA: I said that it was over.\nMR. LEE: Who said so?\nTHE COURT: Nobody said so.\n",
    "\u202eThe mayor said \u2066“it is over”\u2069 and left.\u202c",
    "The opera-\ntion was over, the min-\nister said. \u00adHe said: “It\u00ad is.”",
    "“The mayor said that it was over. " + "It was over and nobody said so. " * 200,
]


def spans_are_places(reports: list[Report], text: str) -> None:
    for report in reports:
        assert report.spans is not None
        assert report.spans.content
        for part in (report.spans.source, report.spans.cue, report.spans.content):
            for start, end in part:
                assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("every_kind", [False, True])
def test_nothing_crashes_and_spans_are_places_in_the_text(text: str, every_kind: bool) -> None:
    spans_are_places(read_reports_of(Article(id="x", text=text), POLICY, every_kind=every_kind), text)


PIECES = [
    "He",
    " said ",
    "that ",
    "“",
    "”",
    '"',
    "'",
    "it is so",
    ". ",
    ", ",
    ": ",
    "\n",
    "\n\n",
    "Ann Lee",
    "\x00",
    "é",
    "😀",
]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_any_mixture_of_cues_and_marks_is_read(text: str) -> None:
    spans_are_places(read_reports_of(Article(id="x", text=text), POLICY, every_kind=True), text)


@given(st.text(alphabet="ab \n\r.\"“”'‘’«»", max_size=400))
def test_paragraphs_and_quotations_are_in_order_and_apart(text: str) -> None:
    places = list(paragraphs(text))
    assert all(a < b for a, b in places)
    assert all(b <= c for (_, b), (c, _) in pairwise(places))
    found = quotes(text, places)
    assert all(q.start <= q.inner <= q.outer <= q.end for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_no_passage_is_too_long_for_the_parser() -> None:
    text = "word " * 20_000 + "x" * 50_000
    assert max(b - a for a, b in paragraphs(text)) <= MAX_PASSAGE


def test_quotation_marks_take_linear_time() -> None:
    def seconds(n: int) -> float:
        text = '"a “b' * n
        began = time.perf_counter()
        quotes(text, list(paragraphs(text)))
        return time.perf_counter() - began

    seconds(10_000)
    small, large = min(seconds(20_000) for _ in range(3)), min(seconds(200_000) for _ in range(3))
    assert large < 40 * small


def test_a_line_of_ten_megabytes_is_cut_into_passages() -> None:
    text = "word " * 2_000_000
    places = list(paragraphs(text))
    assert (places[0][0], places[-1][1]) == (0, len(text))
    assert all(a[1] == b[0] for a, b in pairwise(places))


@pytest.mark.parametrize(
    "piece", ["« a, selon ", "la police a déclaré que ", "x, ", "Selon le maire, oui. ", "l’ ", "« a » "]
)
def test_phrases_take_linear_time(piece: str) -> None:
    def seconds(n: int) -> float:
        text = piece * n
        places = list(paragraphs(text))
        began = time.process_time()
        for start, end in places:
            assert sum(1 for _ in phrases("fr").utterances(text, start, end, [])) <= 1
        return time.process_time() - began

    seconds(1_000)
    small, large = min(seconds(4_000) for _ in range(3)), min(seconds(40_000) for _ in range(3))
    assert large < 40 * small + 0.05


def test_finding_speakers_of_twenty_thousand_marks_in_a_line_takes_linear_time() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")

    def seconds(n_marks: int) -> float:
        text = '"No," he said. ' * (n_marks // 2)
        passages = Passages([Passage(a, nlp(text[a:b]), text[a:b], b) for a, b in paragraphs(text)])
        began = time.process_time()
        found, _ = attributions(text, passages, lexicon())
        took = time.process_time() - began
        assert all(0 <= start < end <= len(text) for one in found for start, end in one.content)
        return took

    seconds(2_000)
    small, large = min(seconds(5_000) for _ in range(2)), seconds(20_000)
    assert large < 12 * small


def test_a_sentence_longer_than_a_reports_text_is_cut_and_no_fault(policy: Policy) -> None:
    found = read_reports_of(Article(id="a", text="said Bob " + "“a” " * 3_000), policy, every_kind=True)
    assert all(len(one.text or "") <= 10_000 for one in found)


def test_a_megabyte_without_a_full_stop_is_said_to_be_unread_and_takes_no_time() -> None:
    text = "The mill is open.\n\n" + "the mill said that the weir had burst and the mayor denied that it had " * 15_000
    remarks: list[str] = []
    start = time.process_time()
    found = read_reports_of(
        Article(id="a", text=f"{text}.\n\nThe mayor said the weir was dry."), POLICY, remarks=remarks
    )
    assert time.process_time() - start < 5
    assert [report.text for report in found] == ["The mill is open", "the weir was dry"]
    assert len(remarks) == 1
    assert "hold no full stop" in remarks[0]
