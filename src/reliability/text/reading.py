"""From an article to its reports: who says what, through whom, in which words and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reliability.model.article import Article
from reliability.model.report import MAX_NAME, MAX_TEXT, Link, Report, Spans, Stance
from reliability.rules.policy import Policy
from reliability.text.attribution import Attribution, joined, less
from reliability.text.attributions import attributions, is_main
from reliability.text.belied import is_belied
from reliability.text.cast import Cast
from reliability.text.chains import Chains, behind, unrepeated
from reliability.text.collectives import Collectives
from reliability.text.credits import without_credits
from reliability.text.departures import departures
from reliability.text.hedging import Hedges
from reliability.text.languages import Language, language_of
from reliability.text.lexicon import Lexicon, lexicon
from reliability.text.members import NOBODY
from reliability.text.own_voice import Said, own_voice
from reliability.text.phrase_reading import reports_by_phrases
from reliability.text.pipeline import Passages, endless, parsed
from reliability.text.proposition import Proposition
from reliability.text.propositions import propositions
from reliability.text.speech import Speech
from reliability.text.syndication import Passed, syndicated
from reliability.text.syntax import child, is_negated, is_verb, phrase, ranges, together
from reliability.text.unreal import is_unreal
from reliability.text.verbs import MAX_SENTENCE
from reliability.text.when import event_of

Token = Any
_OPPOSITE: dict[Stance, Stance] = {"asserts": "denies", "denies": "asserts"}
_DISMISSED = frozenset({"deny", "dismiss", "reject", "refute", "dispute", "rebut"})


def read_reports_of(
    article: Article, policy: Policy, *, every_kind: bool = False, remarks: list[str] | None = None,
    passed: Sequence[Passed] | None = None,
) -> list[Report]:  # fmt: skip
    """The reports that an article's text holds, in text order, with ids `{article.id}-{nn}`.

    Attributed propositions have the speaker as origin; sentences that nobody else is behind are the outlet's own.
    Predictions, wishes, plans, questions and instructions come with their `kind`. Mere thoughts and mentions, which
    nobody asserts, are left out unless `every_kind`. `claim` is None: grouping sets it.
    Spans are character ranges of `article.text`. What could not be read is said in `remarks`.

    `passed` are those through whom the text came, as `syndicated` finds them among several articles; None asks the
    article's own credit line.

    Raises: MissingExtra without spaCy or its model, InputError for a language that can't be read.
    """
    spoken = language_of(article.language, article.text)
    passages = parsed(without_credits(article.text), spoken.code)
    return reports_in(article, passages, spoken, policy, every_kind=every_kind, remarks=remarks, passed=passed)


def reports_in(
    article: Article, passages: Passages, spoken: Language, policy: Policy, *, every_kind: bool = False,
    remarks: list[str] | None = None, passed: Sequence[Passed] | None = None,
) -> list[Report]:  # fmt: skip
    """The reports of an article that is parsed already, its credit lines left out: see `read_reports_of`."""
    language = spoken.code
    if spoken.model is None:
        return reports_by_phrases(article, policy, passages, language, every_kind=every_kind)
    lex = lexicon(language)
    if remarks is not None:
        remarks += _too_long(passages, article.text)
    found, speech = attributions(article.text, passages, lex)
    cast = _cast(passages, policy, lex, found, speech)
    if passed is None:
        passed = syndicated([article], policy).relays.get(article.id, ())
    chains = Chains(article, policy, cast, found, passages, passed)
    maker = _Maker(article, passages, chains, Hedges(policy, language), every_kind)
    for one in found:
        maker.attributed(one)
    maker.own(own_voice(article.text, passages, put_forward(chains), speech, lex))
    return maker.numbered()


def _too_long(passages: Passages, text: str) -> list[str]:
    unread = [
        f"{end - start:,} characters from character {start:,} on hold no full stop and no line's end: they are not "
        "read; split them into sentences"
        for start, end in endless(text)
    ]
    return unread + [
        f"the sentence of {len(sentence):,} words at character {passage.start + sentence.start_char:,} is too long to "
        f"be read for who says what (at most {MAX_SENTENCE:,}); split it"
        for passage in passages for sentence in passage.doc.sents if len(sentence) > MAX_SENTENCE
    ]  # fmt: skip


def _cast(passages: Passages, policy: Policy, lex: Lexicon, found: list[Attribution], speech: Speech) -> Cast:
    """The article's sources, met in text order: what each sentence is about, then who speaks in it."""
    cast = Cast(passages, policy, lex)
    heads: list[list[tuple[int, int, Token, bool]]] = [[] for _ in passages]
    for one in found:
        heads[passages.number(one.passage.start)].extend((int(h.i), 1, h, one.entry.asserts) for h in one.sources)
    for number, passage in enumerate(passages):
        for sentence in passage.doc.sents:
            own = child(sentence.root, "nsubj", "nsubjpass")
            if own is not None and not speech.quoted(passage.start + own.idx):
                heads[number].extend((int(h.i), 0, h, True) for h in together(own))
        for _, _, head, salient in sorted(heads[number], key=lambda row: row[:2]):
            member = cast.member(behind(head, cast), passage)
            if salient and member.name != NOBODY and not speech.quoted(passage.start + head.idx):
                cast.salience.mark(member, passage.start + int(head.idx))
    cast.speak_for(passages)
    departures(passages, cast)
    return cast


def put_forward(chains: Chains) -> list[Attribution]:
    """The attributions by which somebody puts something forward: no thoughts, mentions, or words about oneself."""
    return [one for one in chains.found if _counts(one, chains)]


def _counts(one: Attribution, chains: Chains) -> bool:
    if not one.entry.asserts or (one.frame == "object" and one.entry.object != "statement"):
        return False
    if one.frame == "object" and _is_bare(one.root, chains.cast.lex):
        return False
    unnamed = one.frame == "answer" or (one.entry.id in ("say", "report", "claim") and one.frame == "clause")
    if not one.sources and not unnamed:
        return False
    if chains.is_own_word(one) or _is_unsaid(one, chains.cast.lex):
        return False
    outer = chains.outer(one)
    return outer is None or not outer.entry.asserts or is_main(one, outer)


def _is_unsaid(one: Attribution, lex: Lexicon) -> bool:
    """Whether nobody really speaks: "declined to say", "could not confirm reports that …", "in the novel, X says"."""
    if one.verb is not None:
        return is_unreal(one.verb, lex)
    if one.frame != "noun" or one.root is None:
        return False
    above = one.root.head.head
    return is_verb(above) and (is_negated(above) or is_unreal(above, lex) or above.lemma_ in _DISMISSED)


def _is_bare(noun: Token, lex: Lexicon) -> bool:
    """Whether an object only points back: "it", "the accusations"."""
    if noun is None or noun.pos_ in ("PRON", "DET"):
        return True
    plain = all(c.dep_ in ("det", "poss", "amod", "punct") for c in noun.children)
    return plain and noun.lemma_.lower() in lex.nouns


def _is_within(one: Attribution, outer: Attribution | None) -> bool:
    """Whether the whole clause that another says has a source inside: "X said that, according to Y, …"."""
    if one.frame != "according" or outer is None or outer.verb is None or one.root is None:
        return False
    return one.passage is outer.passage and bool(one.root.head.i == outer.verb.i)


def _stance(stance: Stance, part: Proposition) -> Stance:
    """Who says that it is false that X denies X; who denies that, asserts it."""
    if not part.denied or stance not in _OPPOSITE:
        return stance
    return _OPPOSITE[stance]


class _Maker:
    """Collects the reports of one article and numbers them in text order."""

    def __init__(self, article: Article, passages: Passages, chains: Chains, hedges: Hedges, every_kind: bool) -> None:
        self.article = article
        self.passages = passages
        self.chains = chains
        self.hedges = hedges
        self.every_kind = every_kind
        self.made: list[tuple[tuple[int, int, int], bool, Report]] = []
        self.said = Said()
        self.collectives = Collectives()
        kept = put_forward(chains)
        self.put_forward = {id(one) for one in kept}
        self.cues = {(one.passage.start, int(one.verb.i)) for one in kept if one.verb is not None}
        self.cues |= {(one.passage.start, int(one.root.i)) for one in kept if _is_within(one, chains.outer(one))}

    def attributed(self, one: Attribution) -> None:
        """The reports of one attribution: one a source and proposition."""
        if one.frame == "answer" and one.kind == "question" and not self.every_kind:
            return
        parts: list[Proposition] = []
        if id(one) in self.put_forward:
            parts = propositions(one, self.article.text, self.passages, self.chains.cast.lex)
        counted = {(tuple(part.content), part.text) for part in parts}
        if self.every_kind:
            parts = propositions(one, self.article.text, self.passages, self.chains.cast.lex, fragments=True)
        for part in parts:
            passed_on = self._is_passed_on(one, part)
            if passed_on and not self.every_kind:
                continue
            is_extra = passed_on or (tuple(part.content), part.text) not in counted
            if not is_extra:
                self.said.add(part.text)
            hedge = self.hedges.of_clause(part.root)
            for member, head in self.chains.speakers(one):
                made = self._add(part, one, self.chains.chain(one, member, hedge), head, is_extra)
                self.collectives.add(member, made)
            if not is_extra and is_belied(one, self.chains.cast.lex):
                self._belied(one, replace(part, denied=not part.denied), hedge)

    def _belied(self, one: Attribution, denial: Proposition, hedge: str | None) -> None:
        """Whoever tells that another "falsely claimed" something denies it: the one around that, or the outlet."""
        outer = self.chains.outer(one)
        if outer is None or id(outer) not in self.put_forward:
            self._add(denial, None, unrepeated(self.chains.home(denial.content[0][0])), None)
            return
        for member, head in self.chains.speakers(outer):
            self._add(denial, outer, self.chains.chain(outer, member, hedge), head)

    def _is_passed_on(self, one: Attribution, part: Proposition) -> bool:
        """Whether a proposition only says that another said something, which has its own report."""
        root = part.root
        return (
            root is not None
            and not _is_within(one, self.chains.outer(one))
            and (part.passage.start, int(root.i)) in self.cues
            and id(one) in self.put_forward
            and (one.verb is None or root.i != one.verb.i or part.passage is not one.passage)
        )

    def own(self, parts: list[Proposition]) -> None:
        """The outlet's own propositions, those left out that the article also attributes to somebody."""
        for part in parts:
            if not self.said.restates(part.text):
                hedge = self.hedges.of_clause(part.root)
                first, *rest = unrepeated(self.chains.home(part.content[0][0]))
                link = Link(source=first.source, type=first.type, hedge=hedge, facts=first.facts)
                self._add(part, None, (link, *rest), None)

    def _add(
        self, part: Proposition, one: Attribution | None, chain: tuple[Link, ...], head: Token | None,
        is_extra: bool = False,
    ) -> Report:  # fmt: skip
        source = ranges(phrase(head), one.passage.start) if one is not None and head is not None else []
        source = less(source, one.content) or source if one is not None else source
        if one is not None and one.pronoun is not None:
            source = joined([*source, *ranges([one.pronoun], one.passage.start)])
        cue = joined(one.cue) if one is not None else []
        report = Report(
            text=part.text[:MAX_TEXT],
            kind=part.kind,
            stance=_stance(one.stance if one is not None else "asserts", part),
            provenance=chain,
            quantity=part.quantity,
            article=self.article.id,
            published=self.article.published,
            event=event_of(part.root, one.verb if one is not None else None, self.article.published),
            spans=Spans(source=tuple(source), cue=tuple(cue), content=tuple(part.content)),
        )
        self.made.append(((part.content[0][0], part.content[-1][1], len(self.made)), is_extra, report))
        return report

    def numbered(self) -> list[Report]:
        """The reports in text order, with their ids: what only `every_kind` adds has the numbers after the others'."""
        kept = [row for row in self.made if not self.collectives.repeats(row[2])]
        in_order = sorted(kept, key=lambda row: row[0])
        n_counted = sum(not is_extra for _, is_extra, _ in in_order)
        width = max(2, len(str(n_counted)))
        stem = self.article.id[: MAX_NAME - max(width, len(str(len(in_order)))) - 1]
        numbers = {False: iter(range(1, n_counted + 1)), True: iter(range(n_counted + 1, len(in_order) + 1))}
        return [report.model_copy(update={"id": f"{stem}-{next(numbers[is_extra]):0{width}d}"})
                for _, is_extra, report in in_order]  # fmt: skip
