"""Direct speech: which quotation is whose, by the cue beside it, before it, after it, or in the sentence before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from reliability.text.attribution import Attribution, Range, joined, less
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage
from reliability.text.quotes import Quote, is_speech
from reliability.text.syntax import clause_start, cue_tokens, is_verb, phrase, ranges, subject, together

Token = Any
LABEL = CueClass("label", "statement", "asserts", asserts=True)


class Speech:
    """Joins the quotations of an article to the attributions that its verbs gave, and adds those they missed."""

    def __init__(self, text: str, passages: list[Passage], marks: list[Quote], lex: Lexicon) -> None:
        self.text = text
        self.passages = passages
        self.marks = marks
        self.lex = lex
        self.starts = [quote.start for quote in marks]
        self.found: list[Attribution] = []

    def quoted(self, at: int) -> bool:
        """Whether a place in the text is inside a quotation."""
        n = bisect_right(self.starts, at) - 1
        return n >= 0 and at < self.marks[n].end

    def join(self, by_verbs: list[list[Attribution]]) -> list[Attribution]:
        """All attributions, those of direct speech with their quotations whole. `by_verbs` has a list a passage."""
        last: Attribution | None = None
        last_number = -9
        for number, passage in enumerate(self.passages):
            here = list(by_verbs[number])
            self._number = number
            first = bisect_left(self.starts, passage.start)
            after = bisect_left(self.starts, passage.end)
            for quote in self.marks[first:after]:
                owner = self._owner(passage, quote, here)
                if owner is None and is_speech(self.text, quote):
                    owner = self._cue(passage, quote, here)
                    if owner is None and last is not None and number - last_number <= 1:
                        owner = last if self._goes_on(passage, quote, number - last_number) else None
                if owner is not None and is_speech(self.text, quote):
                    self._give(owner, quote)
                    last, last_number = owner, number
            speakers = [a for a in here if a.entry.asserts and not self.quoted(a.cue[0][0])]
            if speakers and (last is None or last_number < number):
                last, last_number = speakers[-1], number
            self.found.extend(here)
        return self.found

    def _owner(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """The attribution whose content already holds part of the quotation while its cue stands outside."""
        best: tuple[int, Attribution] | None = None
        for one in here:
            if any(quote.start < start < quote.end for start, _ in one.cue) or not one.entry.asserts:
                continue
            shared = sum(max(0, min(b, quote.outer) - max(a, quote.inner)) for a, b in one.content)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, one)
        if best is None:
            return None
        whole = quote.outer - quote.inner
        multi = any(ch in self.text[quote.inner : quote.outer - 1] for ch in ".?!")
        return best[1] if multi or best[0] * 2 > whole else None

    def _give(self, owner: Attribution, quote: Quote) -> None:
        """A quotation becomes its owner's content; what is quoted in part stays the owner's paraphrase."""
        plain = less(owner.content, [(quote.start, quote.end)])
        words = sum(self.text[a:b].count(" ") + 1 for a, b in plain if any(ch.isalnum() for ch in self.text[a:b]))
        quoted = self.text[quote.inner : quote.outer].count(" ") + 1
        if owner.via != "direct-quote":
            owner.via = "direct-quote" if words <= max(2, quoted // 8) or owner.frame == "label" else "paraphrase"
            if owner.via == "direct-quote" and plain:
                owner.content = less(owner.content, plain)
        taken = owner.cue + [r for s in owner.sources for r in ranges(phrase(s), owner.passage.start)]
        owner.content = less(
            joined([*owner.content, (quote.start, quote.end)]), [r for r in taken if not quote.start < r[0] < quote.end]
        )

    def _tokens(self, passage: Passage, start: int, end: int) -> list[Token]:
        span = passage.doc.char_span(
            max(0, start - passage.start), min(len(passage.doc.text), end - passage.start), alignment_mode="contract"
        )
        return [t for t in span if not t.is_space] if span is not None else []

    def _cue(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """The cue right after a quotation, else the one before it in its sentence, else a speaker's label."""
        n = bisect_left(self.starts, quote.start)
        until = min(passage.end, self.marks[n + 1].start if n + 1 < len(self.marks) else passage.end)
        after = self._tokens(passage, quote.end, until)
        while after and after[0].text in (",", "-", "—", "–", "--"):
            after = after[1:]
        verb = self._following(after)
        if verb is None:
            since = max(passage.start, self.marks[n - 1].end if n else passage.start)
            verb = self._preceding(self._tokens(passage, since, quote.start))
        if verb is not None:
            return self._attribution(passage, verb, here)
        return self._labelled(passage, quote, here)

    def _speaks(self, token: Token) -> bool:
        return is_verb(token) and any("quote" in c.takes for c in self.lex.verbs.get(token.lemma_.lower(), ()))

    def _following(self, after: list[Token]) -> Token | None:
        """The verb of "… said X" or "X said …" when the cue begins right after the quotation."""
        if not after:
            return None
        for token in after[:14]:
            if token.text in (".", "?", "!", ":", ";"):
                return None
            if self._speaks(token) and token.dep_ not in ("amod", "acl", "relcl"):
                first = clause_start(token)
                own = subject(token)
                begins = first.i <= after[0].i or token.i == after[0].i
                if begins or (own is not None and own.left_edge.i <= after[0].i):
                    return token
        return None

    def _preceding(self, before: list[Token]) -> Token | None:
        """The last verb of speech before a quotation that a colon, comma or word leads into."""
        if not before or before[-1].text in (".", "?", "!"):
            return None
        start = before[-1].sent.start
        for token in reversed(before):
            if token.i < start:
                return None
            if self._speaks(token) and subject(token) is not None:
                return token
        return None

    def _attribution(self, passage: Passage, verb: Token, here: list[Attribution]) -> Attribution:
        for one in here:
            if one.verb is not None and one.verb.i == verb.i:
                return one
        entry = next(c for c in self.lex.verbs[verb.lemma_.lower()] if "quote" in c.takes)
        head = subject(verb)
        made = Attribution(
            passage,
            ranges(cue_tokens(verb), passage.start),
            [],
            entry,
            "quote",
            sources=[] if head is None else together(head),
            verb=verb,
            via="direct-quote",
            kind=entry.kind,
            stance=entry.stance,
        )
        here.append(made)
        return made

    def _labelled(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """ "NAME: "…"": the words before a colon at the beginning of a paragraph."""
        before = self._tokens(passage, passage.start, quote.start)
        if len(before) < 2 or len(before) > 12 or before[-1].text != ":" or any(is_verb(t) for t in before):
            return None
        head = before[-2]
        while head.head != head and before[0].i <= head.head.i < before[-1].i:
            head = head.head
        cue: list[Range] = ranges([before[-1]], passage.start)
        made = Attribution(passage, cue, [], LABEL, "label", sources=[head], via="direct-quote")
        here.append(made)
        return made

    def _goes_on(self, passage: Passage, quote: Quote, paragraphs: int) -> bool:
        """Whether a quotation without a cue goes on with what was quoted before it."""
        if quote.continues:
            return True
        before = self.text[passage.start : quote.start].rstrip()
        if paragraphs == 0:
            return before[-1:] in ".?!”\"':"
        after = self.text[quote.end : passage.end].strip(" .,;")
        return not before and not after
