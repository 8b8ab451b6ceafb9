"""Direct speech: which quotation is whose, by the cue beside it, before it, after it, or in the sentence before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

from reliability.text.attribution import Attribution, Range, covers, joined, less
from reliability.text.labels import LABEL
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage, Passages
from reliability.text.quotes import Quote, is_speech
from reliability.text.syntax import child, clause_start, cue_tokens, is_verb, phrase, ranges, subject, together

Token = Any
_NEAR = 400
_MOST = 500
_LABEL_PARTS = ("PROPN", "ADP", "PUNCT", "CCONJ")
_LABEL_ENDS = frozenset("-–—•*")


class Speech:
    """Joins the quotations of an article to the attributions that its verbs gave, and adds those they missed."""

    def __init__(self, text: str, passages: Passages, marks: list[Quote], lex: Lexicon) -> None:
        self.text = text
        self.passages = passages
        self.marks = marks
        self.lex = lex
        self.starts = [quote.start for quote in marks]

    def quoted(self, at: int) -> bool:
        """Whether a place in the text is inside a quotation."""
        n = bisect_right(self.starts, at) - 1
        return n >= 0 and at < self.marks[n].end

    def join(self, by_verbs: list[list[Attribution]]) -> list[Attribution]:
        """All attributions, those of direct speech with their quotations whole. `by_verbs` has a list a passage."""
        last: Attribution | None = None
        last_number = -9
        for number, passage in enumerate(self.passages):
            here = by_verbs[number]
            first = bisect_left(self.starts, passage.start)
            after = bisect_left(self.starts, passage.end)
            for quote in self.marks[first:after]:
                spoken = is_speech(self.text, quote)
                owner = self._beside(passage, quote, here) if spoken else None
                owner = owner or self._owner(quote, here)
                if owner is None and spoken:
                    owner = self._labelled(passage, quote, here) or self._announced(number, quote, by_verbs)
                    if owner is None and last is not None and number - last_number <= 1:
                        owner = last if self._goes_on(last, passage, quote, number - last_number) else None
                if owner is not None and spoken:
                    self._give(owner, quote)
                    self._part(owner, quote, here)
                    last, last_number = owner, number
            speakers = [a for a in here if a.entry.asserts and a.cue and not self.quoted(a.cue[0][0])]
            if speakers and (last is None or last_number < number):
                last, last_number = speakers[-1], number
        return [one for here in by_verbs for one in here]

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
            few = self._words(plain) <= max(2, self._words([(quote.inner, quote.outer)]) // 8)
            owner.via = "direct-quote" if few else "paraphrase"
            owner.content = less(owner.content, plain) if few else owner.content
        taken = owner.cue + [r for s in owner.sources for r in ranges(phrase(s), owner.passage.start)]
        outside = [r for r in taken if not covers(owner.quoted, r[0])]
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
        n = bisect_left(self.starts, quote.start)
        until = min(passage.end, self.marks[n + 1].start if n + 1 < len(self.marks) else passage.end)
        after = self._tokens(passage, quote.end, min(until, quote.end + 400))
        since = max(passage.start, self.marks[n - 1].end if n else passage.start, quote.start - 600)
        before = self._tokens(passage, since, quote.start)
        end = self.text[quote.inner : quote.outer].rstrip()[-1:]
        comma = end in (",", "—", "–", "-") or (bool(after) and after[0].text in (",", "—", "–", "-", "--"))
        while after and after[0].text in (",", "-", "—", "–", "--", "'", "’", "''"):
            after = after[1:]
        verb = None
        if comma:
            verb = self._following(after)
        if verb is None and self._leads(before):
            verb = self._preceding(before)
        if verb is None and not comma and end != "." and self._is_whole(quote):
            verb = self._following(after)
        if verb is None and end == "." and self._is_whole(quote):
            verb = _alone(after, self._speaks)
        return self._attribution(passage, verb, here, after) if verb is not None else None

    def _leads(self, before: list[Token]) -> bool:
        """Whether the words before a quotation lead into it."""
        return bool(before) and (before[-1].text in (":", ",") or self._speaks(before[-1]))

    def _speaks(self, token: Token) -> bool:
        return is_verb(token) and self._entry(token) is not None

    def _entry(self, verb: Token) -> CueClass | None:
        """A verb's class, or that of the two words that it begins ("put it"), if it takes quotations."""
        lemma = verb.lemma_.lower()
        following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
        classes = (*self.lex.verbs.get(lemma, ()), *self.lex.verbs.get(f"{lemma} {following}", ()))
        return next((c for c in classes if "quote" in c.takes), None)

    def _following(self, after: list[Token]) -> Token | None:
        """The verb of "… said X" or "X said …" when the cue begins right after the quotation."""
        if not after:
            return None
        for token in after[:24]:
            if token.text in (".", "?", "!", ":", ";"):
                return None
            if self._speaks(token) and token.dep_ not in ("amod", "acl", "relcl"):
                own = subject(token)
                if (own is not None and own.left_edge.i <= after[0].i) or clause_start(token).i <= after[0].i:
                    return token
                if own is None and after[0].pos_ in ("PROPN", "PRON", "NOUN", "DET") and token.tag_ in ("VBD", "VBZ"):
                    return token
        return None

    def _preceding(self, before: list[Token]) -> Token | None:
        """The last verb of speech before a quotation in its sentence."""
        start = before[-1].sent.start
        for token in reversed(before):
            if token.i < start:
                return None
            if self._speaks(token) and (subject(token) is not None or token.tag_ in ("VBG", "VB")):
                return token
        return None

    def _attribution(self, passage: Passage, verb: Token, here: list[Attribution], after: list[Token]) -> Attribution:
        """The attribution of a verb of speech, made when the parse gave none; an unparsed speaker stands beside it."""
        known = next((one for one in here if one.verb is not None and one.verb.i == verb.i), None)
        if known is None:
            entry = self._entry(verb) or LABEL
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
        if not known.sources and after:
            beside = [t for t in after if t.i != verb.i and t.pos_ in ("PROPN", "PRON", "NOUN")]
            if beside:
                known.sources = [_head_among(beside[0], after)]
        return known

    def _labelled(self, passage: Passage, quote: Quote, here: list[Attribution]) -> Attribution | None:
        """ "NAME: "…"": the name before a colon, at the beginning of a paragraph or after a dash."""
        before = self._tokens(passage, max(passage.start, quote.start - 300), quote.start)
        if len(before) < 2 or before[-1].text != ":":
            return None
        n = len(before) - 2
        while n > 0 and before[n - 1].pos_ in _LABEL_PARTS and before[n - 1].text not in _LABEL_ENDS:
            n -= 1
        short = len(before) <= 12 and not any(is_verb(t) for t in before)
        named = before[-2].pos_ == "PROPN" and (n == 0 or before[n - 1].text in _LABEL_ENDS)
        cue, sources = before[-1:], []
        if short or named:
            sources = together(_head_among(before[-2], before[0 if short else n : -1]))
        elif is_verb(before[-1].sent.root):
            cue, own = [before[-1].sent.root], child(before[-1].sent.root, "nsubj")
            sources = together(own) if own is not None else []
        if not sources:
            return None
        made = Attribution(passage, ranges(cue, passage.start), [], LABEL, "label", sources=sources)
        here.append(made)
        return made

    def _announced(self, number: int, quote: Quote, by_verbs: list[list[Attribution]]) -> Attribution | None:
        """The cue at the end of the paragraph before, when that ends in a colon: "He said:"."""
        passage = self.passages[number]
        if number == 0 or quote.start - passage.start > _NEAR or self.text[passage.start : quote.start].strip():
            return None
        above = self.passages[number - 1]
        if not above.text.rstrip().endswith(":"):
            return None
        tokens = self._tokens(above, max(above.start, above.end - 600), above.end)
        verb = self._preceding(tokens) if tokens else None
        if verb is not None:
            return self._attribution(above, verb, by_verbs[number - 1], [])
        own = child(tokens[-1].sent.root, "nsubj") if tokens else None
        if own is None:
            return None
        made = Attribution(above, ranges(tokens[-1:], above.start), [], LABEL, "label", sources=together(own))
        by_verbs[number - 1].append(made)
        return made

    def _goes_on(self, owner: Attribution, passage: Passage, quote: Quote, paragraphs: int) -> bool:
        """Whether a quotation without a cue goes on with what its owner was quoted with before."""
        if len(owner.quoted) > _MOST:
            return False
        if quote.continues:
            return True
        before = self.text[max(passage.start, quote.start - _NEAR) : quote.start].rstrip()
        if paragraphs == 0:
            return before[-1:] in (*".?!”\"':", "")
        after = self.text[quote.end : min(passage.end, quote.end + _NEAR)].strip(" .,;")
        return not before and not after


def _alone(after: list[Token], speaks: Callable[[Token], bool]) -> Token | None:
    """The verb of a sentence that holds nothing but a cue: "… missing." X said."""
    until = next((n for n, token in enumerate(after[:8]) if token.text == "."), None)
    if not until:
        return None
    verb = next((t for t in after[:until] if speaks(t)), None)
    rest = [t for t in after[:until] if verb is not None and t.i != verb.i]
    return verb if all(t.pos_ in ("PROPN", "PRON", "NOUN", "DET") for t in rest) else None


def _head_among(token: Token, tokens: list[Token]) -> Token:
    """The head of a phrase as far as it lies among these tokens."""
    inside = {t.i for t in tokens}
    while token.head.i != token.i and token.head.i in inside and token.head.pos_ in ("PROPN", "NOUN"):
        token = token.head
    return token
