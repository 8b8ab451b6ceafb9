"""Direct speech: which quotation is whose, by the cue beside it, before it, after it, or in the sentence before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Any

from reliability.text.attribution import Attribution, Range, covers, joined, less
from reliability.text.introductions import by_colon, by_credit, by_noun, head_among
from reliability.text.labels import LABEL
from reliability.text.lexicon import Lexicon
from reliability.text.pipeline import Passage, Passages
from reliability.text.quotes import Quote, is_speech
from reliability.text.syntax import cue_tokens, is_verb, phrase, ranges, subject, together
from reliability.text.tags import Tags

Token = Any
_NEAR = 400
_MOST = 500
_CONNECTED = re.compile(r"[.?!”\"] (?:And|But|Or|So|Still|Also|Then|Yet),?$")
_SAYING = ("say", "tell", "ask")


class Speech:
    """Joins the quotations of an article to the attributions that its verbs gave, and adds those they missed."""

    def __init__(self, text: str, passages: Passages, marks: list[Quote], lex: Lexicon) -> None:
        self.text = text
        self.passages = passages
        self.marks = marks
        self.lex = lex
        self.tags = Tags(lex)
        self.starts = [quote.start for quote in marks]

    def quoted(self, at: int) -> bool:
        """Whether a place in the text is inside a quotation."""
        n = bisect_right(self.starts, at) - 1
        return n >= 0 and at < self.marks[n].end

    def join(self, by_verbs: list[list[Attribution]]) -> list[Attribution]:
        """All attributions, those of direct speech with their quotations whole. `by_verbs` has a list a passage."""
        last: Attribution | None = None
        last_number = -9
        waiting: list[Quote] = []
        for number, passage in enumerate(self.passages):
            here = by_verbs[number]
            first = bisect_left(self.starts, passage.start)
            after = bisect_left(self.starts, passage.end)
            for quote in self.marks[first:after]:
                spoken = is_speech(self.text, quote)
                owner = self._beside(passage, quote, here) if spoken else self._led(passage, quote, here)
                spoken = spoken or owner is not None
                owner = owner or self._owner(quote, here)
                if owner is None and spoken:
                    owner = self._introduced(number, quote, by_verbs)
                    if owner is None and last is not None and number - last_number <= 1:
                        owner = last if self._goes_on(last, passage, quote, number - last_number) else None
                    if owner is None and not self._fills(passage, quote):
                        owner = self._acting(number, quote, by_verbs)
                if owner is not None and spoken:
                    for earlier in waiting if quote.start - passage.start < 3 else ():
                        self._give(owner, earlier)
                    waiting = []
                    self._give(owner, quote)
                    self._part(owner, quote, here)
                    last, last_number = owner, number
                elif spoken and (self._fills(passage, quote) or not quote.closed):
                    waiting.append(quote)
            if waiting and waiting[-1].start < passage.start:
                self._give_up(waiting, by_verbs)
                waiting = []
            speakers = [a for a in here if a.entry.asserts and a.cue and not self.quoted(a.cue[0][0])]
            if speakers and (last is None or last_number < number):
                last, last_number = speakers[-1], number
        self._give_up(waiting, by_verbs)
        return [one for here in by_verbs for one in here]

    def _give_up(self, waiting: list[Quote], by_verbs: list[list[Attribution]]) -> None:
        """Quotations that no later paragraph claimed are those of whoever the paragraph before them is about."""
        owner = self._acting(self.passages.number(waiting[0].start), waiting[0], by_verbs) if waiting else None
        if owner is not None:
            for quote in waiting:
                self._give(owner, quote)

    def _fills(self, passage: Passage, quote: Quote) -> bool:
        """Whether a quotation is all that a paragraph holds, so that the next one may say whose it is."""
        rest = self.text[passage.start : max(passage.start, quote.start)] + self.text[quote.end : passage.end]
        return len(rest) < _NEAR and not rest.strip()

    def _is_whole(self, quote: Quote) -> bool:
        """Whether a quotation is a sentence of its own: it opens with a capital after a comma, colon or full stop."""
        before = self.text[max(0, quote.start - 3) : quote.start].rstrip()
        opens = self.text[quote.inner : quote.inner + 1]
        led = not before or before[-1] in ',:.?!—–-”"\n' or self.text[quote.start - 1] in "\n\r"
        return led and not opens.islower()

    def _owner(self, quote: Quote, here: list[Attribution]) -> Attribution | None:
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
        multi = any(ch in self.text[quote.inner : quote.outer - 1] for ch in ".?!")
        return best[1] if multi or best[0] * 2 > quote.outer - quote.inner else None

    def _give(self, owner: Attribution, quote: Quote) -> None:
        """A quotation becomes its owner's content; what is quoted in part stays the owner's paraphrase."""
        owner.quoted.append((quote.start, quote.end))
        plain = less(owner.content, owner.quoted)
        at = owner.cue[0][0] if owner.cue else quote.start
        led = [r for r in plain if at < r[0] < quote.start] if at < quote.start else []
        if self._is_whole(quote) and (
            self._words(led) < 3 or self.text[max(0, quote.start - 9) : quote.start].rstrip()[-1:] == ":"
        ):
            owner.content, owner.via = list(owner.quoted), "direct-quote"
        elif owner.via != "direct-quote":
            few = self._words(plain) <= max(1, self._words([(quote.inner, quote.outer)]) // 8)
            owner.via = "direct-quote" if few else "paraphrase"
            owner.content = less(owner.content, plain) if few else owner.content
        taken = owner.cue + [r for s in owner.sources for r in ranges(phrase(s), owner.passage.start)]
        outside = less(taken, owner.quoted)
        owner.content = less(joined([*owner.content, (quote.start, quote.end)]), outside)

    def _part(self, owner: Attribution, quote: Quote, here: list[Attribution]) -> None:
        """ "…, adding, "…"": a participle with its own quotation is no part of what was said before."""
        if owner.verb is None or owner.verb.tag_ != "VBG" or owner.cue[0][0] > quote.start:
            return
        for other in here:
            if other is not owner and other.entry.asserts and covers(other.content, owner.cue[0][0]):
                other.content = less(other.content, [(owner.cue[0][0], quote.end)])

    def _words(self, places: list[Range]) -> int:
        return sum(len(self.text[a:b].split()) for a, b in places if any(ch.isalnum() for ch in self.text[a:b]))

    def _tokens(self, passage: Passage, start: int, end: int) -> list[Token]:
        span = passage.doc.char_span(
            max(0, start - passage.start), min(len(passage.text), end - passage.start), alignment_mode="contract"
        )
        return [t for t in span if not t.is_space] if span is not None else []

    def _beside(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """The cue right after a quotation that a comma ends, else the one right before it."""
        after, before = self._around(passage, quote)
        end = self.text[quote.inner : quote.outer].rstrip()[-1:]
        comma = end in (",", "—", "–", "-") or (bool(after) and after[0].text in (",", "—", "–", "-", "--"))
        while after and after[0].text in (",", "-", "—", "–", "--", "'", "’", "''"):
            after = after[1:]
        whole = self._is_whole(quote)
        led = self.tags.before(before)
        verb = led if led is not None and before[-1].i - led.i < 2 and whole else None
        if verb is None and comma:
            verb = self.tags.after(after, any_verb=end == "," and whole)
        if verb is None or verb is led:
            verb, after = led, [] if led is not None else after
            after = _inverted(led, before) or after
        if verb is None and not comma and end != "." and whole:
            verb = self.tags.after(after, any_verb=False)
        if verb is None and end == "." and whole:
            verb = self.tags.alone(after)
        if verb is not None:
            return self._attribution(passage, verb, here, after, quote)
        return self._kept(by_noun(passage, before, self.lex), here)

    def _led(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """The verb of saying right before a quotation of few words: a man yelled "Stay there"."""
        before = self._around(passage, quote)[1]
        verb = self.tags.before(before)
        entry = self.tags.entry(verb) if verb is not None else None
        if verb is not None and entry is not None and entry.id in _SAYING and before[-1].i - verb.i < 2:
            return self._attribution(passage, verb, here, [])
        return self._kept(by_noun(passage, before, self.lex), here)

    def _around(self, passage: Passage, quote: Quote) -> tuple[list[Token], list[Token]]:
        """The words after a quotation up to the next one, and those before it in its sentence."""
        n = bisect_left(self.starts, quote.start)
        until = min(passage.end, self.marks[n + 1].start if n + 1 < len(self.marks) else passage.end)
        since = max(passage.start, self.marks[n - 1].end if n else passage.start, quote.start - 600)
        before = self._tokens(passage, since, quote.start)
        cut = next((i for i in range(len(before) - 1, 0, -1) if _is_end(before, i)), 0)
        return self._tokens(passage, quote.end, min(until, quote.end + 400)), before[cut:]

    def _kept(self, made: Attribution | None, here: list[Attribution]) -> Attribution | None:
        if made is not None:
            here.append(made)
        return made

    def _attribution(
        self, passage: Passage, verb: Token, here: list[Attribution], after: list[Token], quote: Quote | None = None
    ) -> Attribution:
        """The attribution of a verb, made when the grammar gave none; nobody inside the quotation is its speaker."""
        known = next((one for one in here if one.verb is not None and one.verb.i == verb.i), None)
        if known is None:
            entry = self.tags.entry(verb) or LABEL
            head = subject(verb)
            known = Attribution(
                passage,
                ranges(cue_tokens(verb), passage.start),
                [],
                entry,
                "quote",
                sources=[] if head is None else together(head),
                verb=verb,
                kind=entry.kind,
                stance=entry.stance,
            )
            here.append(known)
        if quote is not None:
            known.sources = [s for s in known.sources if not quote.start <= passage.start + s.idx < quote.end]
        if not known.sources and after:
            beside = [t for t in after if t.i != verb.i and t.pos_ in ("PROPN", "PRON", "NOUN")]
            if beside:
                known.sources = [head_among(beside[0], after)]
        elif not known.sources and verb.i and verb.nbor(-1).pos_ in ("PROPN", "NOUN", "PRON"):
            known.sources = [verb.nbor(-1)]
        return known

    def _introduced(self, number: int, quote: Quote, by_verbs: list[list[Attribution]]) -> Attribution | None:
        """Whoever a colon names before a quotation, or at the end of the paragraph before; or a credit after it."""
        passage, here = self.passages[number], by_verbs[number]
        found = by_colon(passage, self._around(passage, quote)[1]) or by_credit(passage, quote.end)
        if found is not None:
            return self._kept(found, here)
        if number == 0 or self.text[passage.start : quote.start].strip():
            return None
        above = self.passages[number - 1]
        if not above.text.rstrip().endswith(":"):
            return None
        tokens = self._tokens(above, max(above.start, above.end - 600), above.end)
        cut = next((i for i in range(len(tokens) - 1, 0, -1) if _is_end(tokens, i)), 0)
        verb = self.tags.before(tokens[cut:])
        if verb is not None:
            return self._attribution(above, verb, by_verbs[number - 1], [])
        return self._kept(by_colon(above, tokens[cut:]), by_verbs[number - 1])

    def _acting(self, number: int, quote: Quote, by_verbs: list[list[Attribution]]) -> Attribution | None:
        """Whoever the sentence before a quotation is about: The judge turned to me. "Mr. Smith?" """
        passage = self.passages[number]
        lead = self.text[max(passage.start, quote.start - _NEAR) : quote.start].rstrip()
        if not lead and number and self._fills(passage, quote):
            number -= 1
            passage = self.passages[number]
        elif lead[-1:] not in (".", "!", "?") or self.quoted(passage.start + len(lead) - 1):
            return None
        words = self._tokens(
            passage, max(passage.start, quote.start - _NEAR) if lead else passage.start, min(quote.start, passage.end)
        )
        root = words[-1].sent.root if words else None
        own = subject(root) if root is not None and is_verb(root) else None
        if own is None or not (own.ent_type_ in ("PERSON", "ORG") or own.lower_ in ("he", "she")):
            return None
        if self.quoted(passage.start + own.idx):
            return None
        made = Attribution(passage, ranges([root], passage.start), [], LABEL, "label", sources=together(own), verb=root)
        return self._kept(made, by_verbs[number])

    def _goes_on(self, owner: Attribution, passage: Passage, quote: Quote, paragraphs: int) -> bool:
        """Whether a quotation without a cue goes on with what its owner was quoted with before."""
        if len(owner.quoted) > _MOST:
            return False
        if quote.continues:
            return True
        before = self.text[max(passage.start, quote.start - _NEAR) : quote.start].rstrip()
        if paragraphs == 0:
            return before[-1:] in (*".?!”\"':", "") or bool(_CONNECTED.search(before))
        after = self.text[quote.end : min(passage.end, quote.end + _NEAR)].strip(" .,;")
        return not before and not after


def _inverted(verb: Token | None, before: list[Token]) -> list[Token]:
    """The words between a verb that begins a clause and the quotation: "Continued Lind:" names Lind."""
    return before[1:-1] if verb is not None and before[0].i == verb.i else []


def _is_end(words: list[Token], n: int) -> bool:
    """Whether a sentence ends before the word at `n`."""
    return words[n - 1].text in (".", "?", "!", "]") and not words[n].is_punct
