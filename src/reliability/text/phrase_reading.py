"""From an article to its reports in a language that is read by its phrases."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from reliability.model.article import Article
from reliability.model.report import MAX_NAME, Kind, Link, Report, Spans, Stance
from reliability.rules.policy import Policy
from reliability.text.attribution import Range
from reliability.text.chains import UNNAMED, outlet_of, unrepeated
from reliability.text.own_voice import Said
from reliability.text.phrase_cues import stripped
from reliability.text.phrase_sources import Speakers
from reliability.text.phrases import Phrases, Utterance, phrases
from reliability.text.pipeline import Passages
from reliability.text.proposition import worded
from reliability.text.quotes import Quote, quotes

_LEAST = 4
"""A sentence of the outlet's own with fewer words is taken for a heading."""


def reports_by_phrases(
    article: Article, policy: Policy, passages: Passages, language: str, *, every_kind: bool
) -> list[Report]:
    """The reports of an article, in text order, as `read_reports_of` numbers them: what its phrases alone show.

    A sentence holds at most one attribution; figures, hedges and dates inside it are not read. Questions only with
    `every_kind`.
    """
    known = phrases(language)
    speakers = Speakers(policy, known)
    outlet = outlet_of(article, policy)
    said = Said()
    made: list[tuple[Range, Report]] = []
    own: list[tuple[Range, str]] = []
    last: Utterance | None = None
    for start, end, inside in _sentences(article.text, passages):
        found = list(known.utterances(article.text, start, end, inside))
        if not found and last is not None and _goes_on(article.text, last, start, end, inside):
            found = [replace(last, content=((inside[0].inner, inside[0].outer),), wording="")]
        last = found[-1] if found else None
        for one in found:
            chain = unrepeated([_origin(one, article.text, speakers, known), outlet])
            for place in one.content:
                words = one.wording or worded([place], article.text)
                if words:
                    said.add(words)
                    made.append((place, _report(article, words, chain, one.stance, place, one)))
        plain = article.text[start:end].strip()
        unsaid = known.is_unsaid(article.text, start, end, inside)
        if not found and not unsaid and not inside and len(plain.split()) >= _LEAST and plain[-1:] in ".!?":
            own.append((stripped(article.text, start, end), plain))
    for place, plain in own:
        words = worded([place], article.text)
        if words and not said.restates(words):
            kind: Kind = "question" if plain.endswith("?") else "statement"
            chain = (Link(source=outlet.source, type=outlet.type, facts=outlet.facts),)
            if every_kind or kind == "statement":
                made.append((place, _report(article, words, chain, "asserts", place, None, kind)))
    made.sort(key=lambda row: row[0])
    width = max(2, len(str(len(made))))
    stem = article.id[: MAX_NAME - width - 1]
    return [one.model_copy(update={"id": f"{stem}-{n:0{width}d}"}) for n, (_, one) in enumerate(made, start=1)]


def _origin(one: Utterance, text: str, speakers: Speakers, known: Phrases) -> Link:
    mention = text[one.source[0] : one.source[1]]
    unnamed = Link(source=UNNAMED, type="anonymous", via=one.via, facts={"anonymous": True})
    if not mention.strip() or mention.strip().casefold() in known.data["relatives"]:
        return unnamed
    speaker = speakers.speaker(mention)
    return speakers.link(speaker, one.via) if speaker.name else unnamed


def _report(
    article: Article, words: str, chain: tuple[Link, ...], stance: Stance, content: Range,
    one: Utterance | None, kind: Kind = "statement",
) -> Report:  # fmt: skip
    source = (one.source,) if one is not None and one.source[0] < one.source[1] else ()
    spans = Spans(source=source, cue=(one.cue,) if one is not None else (), content=(content,))
    return Report(text=words, kind=kind, stance=stance, provenance=chain, article=article.id,
                  published=article.published, spans=spans)  # fmt: skip


def _sentences(text: str, passages: Passages) -> Iterator[tuple[int, int, list[Quote]]]:
    """Sentences with the quotations in them: none ends inside a quotation, or where the next begins with a comma."""
    found = quotes(text, [(passage.start, passage.end) for passage in passages])
    at = 0
    for passage in passages:
        begin, inside = passage.start, list[Quote]()
        starts = [*passages.sentences(passage)[1:], passage.end]
        for cut in starts:
            stop = _before_quotation(text, cut, found)
            while at < len(found) and found[at].start < stop:
                inside.append(found[at])
                at += 1
            goes_on = text[stop : stop + 1] in (",", "»", "”") or text[stop : stop + 1].islower()
            if stop < passage.end and (goes_on or (inside and inside[-1].end > stop)):
                continue
            yield begin, stop, inside
            begin, inside = stop, []


def _goes_on(text: str, last: Utterance, start: int, end: int, inside: list[Quote]) -> bool:
    """Whether a sentence is nothing but a quotation, right after one whose speaker was quoted."""
    alone = bool(inside) and not (text[start : inside[0].start] + text[inside[0].end : end]).strip(" .\n\xa0\u202f")
    return alone and last.via == "direct-quote" and "\n" not in text[max(last.cue[1], last.source[1]) : inside[0].start]


def _before_quotation(text: str, at: int, found: list[Quote]) -> int:
    """A sentence's beginning, moved before the mark of a quotation that opens it."""
    n = bisect_left(found, at, key=lambda quote: quote.start) - 1
    opens = n >= 0 and not text[found[n].inner : at].strip() and text[: found[n].start].rstrip()[-1:] in ".!?…"
    return found[n].start if opens else at
