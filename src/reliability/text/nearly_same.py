"""Which reports say nearly the same: buckets of equal words, in reports of one kind, figure and event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from reliability.model.base import canonical_json, folded
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.text.contexts import by_context, contexts, names
from reliability.text.number_words import MONTHS, WEEKDAYS
from reliability.text.signature import signature, words_of

_NEGATIONS = words_of("not no never none nobody nothing neither nor without")
_SPEAKER = words_of("i we me us my our mine ours myself ourselves")
_POINTING = words_of(
    "he she they it him her them his their its hers theirs this these those here there himself herself themselves"
)
_SLIGHT = _NEGATIONS | words_of(
    "is was be been being will would to in on at for by from with and or have has had do does did"
)
_PLACING = words_of("in on at by during after before since until near inside under amid")
_TIMING = words_of("yesterday today tonight last")
_TIMES = _TIMING.union(MONTHS, WEEKDAYS, words_of("week month year weekend morning evening night noon midnight"))
_TELLING = 5
"""A text of so many telling words is taken for one matter wherever it stands."""
_MAX_PHRASE = 5
_MAX_ORDERS = 50


@dataclass(frozen=True, slots=True)
class Situation:
    """What must be equal besides the words: kind, figure, question, and whom or which article the text points to."""

    kind: str
    figure: str
    question: str
    points_to: str

    @property
    def text(self) -> str:
        """One spelling of it."""
        return canonical_json([self.kind, self.figure, self.question, self.points_to])


def situation(report: Report) -> Situation:
    """A report's situation. `I` and `we` point to its origin, a pronoun in a short text to something in its article."""
    words = signature(report.text or "")
    points_to = ""
    if not _SPEAKER.isdisjoint(words):
        points_to = f"origin {folded(report.provenance[0].source)}"
    elif not _POINTING.isdisjoint(words) and sum(word not in _SLIGHT | _POINTING for word in words) < 4:
        points_to = f"article {report.article or ''}"
    figure = "" if report.quantity is None else canonical_json(report.quantity.model_dump(mode="json"))
    return Situation(report.kind, figure, report.question or "", points_to)


def nearly_same(reports: Sequence[Report]) -> list[list[int]]:
    """The reports' indices in groups that say nearly the same; every report has a text.

    In a group the words (`signature`) are equal, but for how compounds are spelled and where one phrase of time or
    place stands; so are kind, figure, question and what pronouns point to, and events overlap. Short texts without a
    name are grouped across articles only where these share names (`by_context`).
    Takes time and memory in proportion to the reports.
    """
    buckets: dict[tuple[Situation, str], list[int]] = defaultdict(list)
    words: dict[tuple[Situation, str], tuple[str, ...]] = {}
    for at, report in enumerate(reports):
        tokens = signature(report.text or "") or (folded(report.text or ""),)
        key = situation(report), _spelled(tokens)
        buckets[key].append(at)
        words[key] = min(tokens, words.get(key, tokens))
    named = contexts(reports)
    groups = (part for group in _with_moved_phrases(buckets, words) for part in by_event(group, reports))
    found: list[list[int]] = []
    for group in groups:
        found += by_context(group, reports, named) if _is_poor(reports[group[0]].text or "") else [group]
    return found


def _is_poor(text: str) -> bool:
    """Whether a text alone does not tell which matter it is on: few words that say something, and no name."""
    telling = sum(word not in _SLIGHT and not word.startswith("#") for word in signature(text))
    return telling < _TELLING and not names(text)


def _spelled(tokens: tuple[str, ...]) -> str:
    """The words without the spaces between them (`re-entry` is `reentry`), save around negations and numbers."""
    return "".join(f" {word} " if word in _NEGATIONS or word.startswith("#") else word for word in tokens)


def _with_moved_phrases(
    buckets: dict[tuple[Situation, str], list[int]], words: dict[tuple[Situation, str], tuple[str, ...]]
) -> Iterator[list[int]]:
    """Buckets as groups, those that differ by one moved phrase as one."""
    bags: dict[tuple[Situation, tuple[str, ...]], list[tuple[Situation, str]]] = defaultdict(list)
    for key in buckets:
        bags[key[0], tuple(sorted(words[key]))].append(key)
    for keys in bags.values():
        keys.sort(key=lambda key: key[1])
        parent = {key: key for key in keys}
        if len(keys) <= _MAX_ORDERS:
            for a, b in combinations(keys, 2):
                if _one_phrase_moved(words[a], words[b]):
                    old, new = parent[b], parent[a]
                    parent = {key: new if root == old else root for key, root in parent.items()}
        joined: dict[tuple[Situation, str], list[int]] = defaultdict(list)
        for key in keys:
            joined[parent[key]].extend(buckets[key])
        yield from joined.values()


def _one_phrase_moved(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether b is a with one phrase moved: a phrase of time from anywhere, one of place from the start to the end."""
    differ = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if not differ:
        return True
    first, end = differ[0], differ[-1] + 1
    is_whole = first == 0 and end == len(a)
    a, b = a[first:end], b[first:end]
    for cut in range(1, len(a)):
        if a[cut:] + a[:cut] == b:
            return any(_is_time(part) or (is_whole and _is_place(part)) for part in (a[:cut], a[cut:]))
    return False


def _is_time(phrase: tuple[str, ...]) -> bool:
    if not 1 <= len(phrase) <= _MAX_PHRASE or not _NEGATIONS.isdisjoint(phrase):
        return False
    years = (word for word in phrase if len(word) == 5 and "#1900" <= word <= "#2100")
    return phrase[0] in _TIMING or (phrase[0] in _PLACING and (not _TIMES.isdisjoint(phrase) or any(years)))


def _is_place(phrase: tuple[str, ...]) -> bool:
    return phrase[0] in _PLACING and 1 < len(phrase) <= _MAX_PHRASE and _NEGATIONS.isdisjoint(phrase)


def by_event(group: list[int], reports: Sequence[Report]) -> Iterator[list[int]]:
    """A group's reports by events that overlap; those without stay with the rest when it is one event."""
    spans = {at: date_span(event) for at in group if (event := reports[at].event) is not None}
    parts: list[list[int]] = []
    last = -1
    for at, (first, end) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        if not parts or first > last:
            parts.append([])
        parts[-1].append(at)
        last = max(last, end)
    undated = [at for at in group if at not in spans]
    if len(parts) == 1:
        yield sorted(parts[0] + undated)
        return
    yield from map(sorted, parts)
    if undated:
        yield undated
