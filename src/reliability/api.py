"""The whole way from inputs to ratings, for the command line and for Python alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reliability.errors import InputError
from reliability.model.article import Article
from reliability.model.base import folded
from reliability.model.dates import date_span
from reliability.model.rating import Rating
from reliability.model.report import Link, Report
from reliability.rules.policy import Policy

if TYPE_CHECKING:
    from reliability.io.rows import Located, Reject
    from reliability.text.editing import Grouping
    from reliability.text.many import Reading
    from reliability.text.syndication import Passed, Syndicated


def _notebook(rating: Rating) -> str:
    from reliability.io.notebook import rating_html

    return rating_html(rating)


Rating.notebook = staticmethod(_notebook)
ENGINE = metadata.version("source-reliability")


@dataclass(frozen=True)
class Outcome:
    """Ratings in claim-id order, and what was not rated: other kinds, reports later than `as_of`."""

    ratings: tuple[Rating, ...]
    reports: tuple[Report, ...] = ()
    unrated: tuple[Report, ...] = ()
    set_apart: tuple[Report, ...] = ()


def read_article(path: str | Path, **given: Any) -> Article:
    """An article from a file. `publisher`, `publisher_type`, `published`, `url` fill what the file lacks.

    Raises InputError for what is no article: empty, binary, not UTF-8, too long.
    """
    from reliability.io.articles import read_article_file

    return read_article_file(Path(path), **given)


def read_reports(path: str | Path) -> list[Report]:
    """The reports of a .jsonl, .json or .csv file; InputError at the first row that is none."""
    from reliability.io.kinds import kind_of
    from reliability.io.reports import read_reports_file

    kind, _ = kind_of(str(path))
    if kind not in ("jsonl", "json", "csv"):
        raise InputError(path, problem="is an article, not a report file", remedy="use read_article")
    found, rejects, _ = read_reports_file(Path(path), kind=kind)
    if rejects:
        raise InputError(path, line=rejects[0].line, problem=rejects[0].reason, remedy="mend the row or take it out")
    return [one.report for one in found]


def rate(
    evidence: Article | Iterable[Article | Report | Mapping[str, Any]] | Any,
    policy: Policy | None = None,
    *,
    as_of: date | None = None,
    grouping: Grouping | None = None,
    at_least: Sequence[float] = (),
) -> list[Rating]:
    """Rate what articles, reports, records or a table (pandas, Polars, Arrow, DuckDB) say; claims in id order.

    Only statements are rated. `as_of` sets later reports apart. For each of `at_least`, claims with a figure have the
    chance that the true number is that or more. Raises InputError for what is no report, RuleError
    for a policy that leaves a number unset.
    """
    policy = policy or Policy.load(as_of=as_of)
    reports: list[Report] = []
    rows = [evidence] if isinstance(evidence, Article) else list(_rows(evidence))
    articles = [one for one in rows if isinstance(one, Article)]
    shared = copies_among(articles, policy)
    for one in rows:
        if isinstance(one, Article):
            reports.extend(reports_of(one, policy, passed=shared.relays.get(one.id, ())))
        else:
            reports.append(one if isinstance(one, Report) else _report(one))
    usable, refused = check_reports(reports, policy)
    if refused:
        raise InputError(refused[0][0].key, problem=refused[0][1], remedy="mend the report or leave it out")
    outcome = rate_reports(usable, policy, as_of=as_of, grouping=grouping, at_least=at_least, copied=shared.evidence)
    return list(outcome.ratings)


def _rows(evidence: Any) -> Iterable[Any]:
    """Rows of a table, or the things themselves."""
    if hasattr(evidence, "to_pylist"):
        return list(evidence.to_pylist())
    if hasattr(evidence, "to_dicts"):
        return list(evidence.to_dicts())
    if hasattr(evidence, "to_dict") and hasattr(evidence, "columns"):
        return list(evidence.to_dict("records"))
    if hasattr(evidence, "__arrow_c_stream__"):
        import pyarrow as pa

        return list(pa.RecordBatchReader.from_stream(evidence).read_all().to_pylist())
    return list(evidence)


def _report(row: Mapping[str, Any]) -> Report:
    from reliability.io.reports import report_from

    return report_from(row)


def reports_of(
    article: Article, policy: Policy, *, every_kind: bool = False, remarks: list[str] | None = None,
    passed: Sequence[Passed] | None = None,
) -> list[Report]:  # fmt: skip
    """The reports that an article makes, in text order; what could not be read goes to `remarks`.

    `passed` are the article's relays of `copies_among` several articles. Raises MissingExtra without the `text` extra.
    """
    from reliability.text.reading import read_reports_of

    return read_reports_of(article, policy, every_kind=every_kind, remarks=remarks, passed=passed)


def copies_among(articles: Sequence[Article], policy: Policy) -> Syndicated:
    """Which of several articles are copies, and through whom each text came to its outlet."""
    from reliability.text.syndication import Syndicated, syndicated

    return Syndicated() if not articles else syndicated(articles, policy)


def reports_of_each(
    articles: Iterable[Article], policy: Policy, *, every_kind: bool = False, jobs: int = 1,
    shared: Syndicated | None = None,
) -> Iterator[Reading]:  # fmt: skip
    """Each article's reports, remarks or problem, in their order; `jobs` processes read, to the same result.

    `shared` says through whom the text of each came, as `copies_among` finds it among all of them.

    Raises MissingExtra without the `text` extra.
    """
    from reliability.text.many import read_each

    return read_each(
        articles, policy, every_kind=every_kind, jobs=jobs, relays=None if shared is None else shared.relays
    )


def check_reports(reports: Sequence[Report], policy: Policy) -> tuple[list[Report], list[tuple[Report, str]]]:
    """Reports that can be rated under a policy, and the others with the reason.

    Refused are types that the policy does not define, facts with values of another kind, chains in which a source
    relays itself under an alias, ids that are a claim in one report and a question in another, a claim's figure in
    another unit than an earlier report's, and an id that stands for two contents.
    """
    questions = {r.question for r in reports if r.question is not None and r.alternative is not None}
    by_key: dict[str, Report] = {}
    units: dict[str, str] = {}
    usable: list[Report] = []
    refused: list[tuple[Report, str]] = []
    for report in reports:
        first = by_key.setdefault(report.key, report)
        if first is not report:
            if first.content != report.content:
                refused.append(
                    (
                        report,
                        f"the id {report.key!r} stands for another report already, which says something "
                        "else (an article beside what `claims` made of it? rate one of the two)",
                    )
                )
            continue
        problem = report_problem(report, policy)
        plain = report.question is None or report.alternative is None
        if problem is not None:
            refused.append((report, problem))
        elif plain and report.claim in questions:
            refused.append((report, f"{report.claim!r} is a question in another report; give the claim another id"))
        elif (other := other_unit(report, units, policy)) is not None:
            refused.append((report, units_apart(report, other)))
        else:
            usable.append(report)
    return usable, refused


def report_problem(report: Report, policy: Policy) -> str | None:
    """Why a report can't be rated under a policy, whatever other reports say; None where it can."""
    wrong = next(filter(None, (link_problem(link, policy) for link in report.provenance)), None)
    if wrong is not None:
        return wrong
    names = [policy.sources.canonical(link.source) for link in report.provenance]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        return f"a cycle: {twice!r} relays itself; each source stands once in a chain"
    if report.question is not None and report.alternative is not None and report.quantity is not None:
        return "is an answer to a question and a figure at once; leave out one of the two"
    return None


def link_problem(link: Link, policy: Policy) -> str | None:
    """Why a chain with a link can't be rated under a policy; None where it can."""
    from reliability.rules.policy import near

    if link.type is not None and link.type not in policy.types:
        return f"no source type {link.type!r}; {near(link.type, policy.types)}"
    return _fact_problem(link.facts, policy) if link.facts else None


def other_unit(report: Report, units: dict[str, str], policy: Policy) -> str | None:
    """The unit that a claim's figure has in an earlier report, where it is another one; `units` takes note."""
    if report.claim is None or report.quantity is None:
        return None
    known = policy.unit_of(report.quantity.unit)
    unit = folded(report.quantity.unit) if known is None else known.id
    if known is None:  # nothing says how such figures go together: each is a claim of its own
        quantity = report.quantity
        unit = f"{unit} ({quantity.op} {quantity.value:g}{'' if quantity.high is None else f' to {quantity.high:g}'})"
    first = units.setdefault(report.claim, unit)
    return None if first == unit else first


def units_apart(report: Report, other: str) -> str:
    """Why a claim's figure in another unit is refused."""
    return (
        f"{report.claim!r} is a figure of {other!r} in another report; units are kept apart, and so are figures in a "
        "unit that no rule knows: give the claim another id"
    )


def keep_units_apart(reports: Iterable[Report], policy: Policy, grouping: Grouping) -> None:
    """Raise InputError where a grouping merges figures of two units."""
    units: dict[str, str] = {}
    for report in reports:
        other = other_unit(report, units, policy)
        if other is not None and report.quantity is not None:
            raise InputError(grouping.where, key=report.claim,
                             problem=f"merges figures of {other!r} and {report.quantity.unit!r}",
                             remedy="units are kept apart: make two claims of it")  # fmt: skip


def _fact_problem(facts: Mapping[str, Any], policy: Policy) -> str | None:
    """What is wrong with a link's facts: a value that its kind of fact can't have. Unknown facts are let be."""
    from reliability.rules.policy import near

    for name, value in facts.items():
        kind = policy.facts.get(name)
        if kind is None or value is None:
            continue
        if kind.kind == "boolean" and not isinstance(value, bool):
            return f"the fact {name!r} is true, false or null, not {value!r}"
        if kind.kind == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"the fact {name!r} is a number or null, not {value!r}"
        if kind.values and value not in kind.values:
            return f"the fact {name!r} has no value {value!r}; {near(str(value), kind.values)}"
    return None


def unknown_units(reports: Iterable[Report], policy: Policy) -> dict[str, int]:
    """Units of figures that no rule of the policy knows, and in how many reports they stand."""
    units = [report.quantity.unit for report in reports if report.quantity is not None]
    return dict(Counter(unit for unit in units if policy.unit_of(unit) is None))


def unknown_facts(reports: Iterable[Report], policy: Policy) -> dict[str, int]:
    """Facts that no rule of the policy knows, and in how many reports they are given."""
    found: Counter[str] = Counter()
    for report in reports:
        found.update({name for link in report.provenance for name in link.facts if name not in policy.facts})
    return dict(found)


def as_rejects(located: Sequence[Located], refused: Sequence[tuple[Report, str]]) -> list[Reject]:
    """Refused reports as rejects, with the file and line that each came from."""
    from reliability.io.rows import Reject

    place = {id(one.report): one for one in located}
    found = []
    for report, reason in refused:
        at = place.get(id(report))
        found.append(Reject(at.file if at else report.article or "-", at.line if at else None, reason,
                            at.raw if at else ""))  # fmt: skip
    return found


def split_by_day(reports: Sequence[Report], as_of: date | None) -> tuple[list[Report], list[Report]]:
    """Reports published by the end of a day (undated ones too), and those published later."""
    if as_of is None:
        return list(reports), []
    _, end = date_span(as_of.isoformat())
    later = [report.published is not None and date_span(report.published)[0] > end for report in reports]
    kept = [report for report, late in zip(reports, later, strict=True) if not late]
    return kept, [report for report, late in zip(reports, later, strict=True) if late]


def rate_reports(
    reports: Sequence[Report], policy: Policy, *, as_of: date | None = None, grouping: Grouping | None = None,
    at_least: Sequence[float] = (), answers: Mapping[str, Sequence[str]] | None = None,
    copied: Mapping[str, str] | None = None,
) -> Outcome:  # fmt: skip
    """Group and rate reports that `check_reports` let through.

    `answers` are alternatives of questions that stand although no report names them; `copied` is the evidence that an
    article is a copy, by its id.
    """
    from reliability.reasoning.rationale import Context, ratings_of
    from reliability.text.grouping import claim_texts, group
    from reliability.text.similarity import related

    in_time, later = split_by_day(reports, as_of)
    grouped, _ = group(in_time, grouping)
    if grouping is not None:
        keep_units_apart(grouped, policy, grouping)
    rated = [report for report in grouped if report.kind == "statement"]
    texts = claim_texts(rated, grouping)
    near: dict[str, list[tuple[str, float]]] = {}
    for pair in related(texts):
        near.setdefault(pair.claim_a, []).append((pair.claim_b, pair.similarity))
        near.setdefault(pair.claim_b, []).append((pair.claim_a, pair.similarity))
    context = Context(
        policy=policy, engine=ENGINE, libraries=libraries(), models={}, texts=texts,
        related={claim: sorted(found, key=lambda other: (-other[1], other[0])) for claim, found in near.items()},
        newest=_newest(in_time, as_of), at_least=tuple(at_least), answers=answers or {}, copied=copied or {},
    )  # fmt: skip
    return Outcome(
        ratings=tuple(ratings_of(rated, context)) if rated else (), reports=tuple(grouped),
        unrated=tuple(report for report in grouped if report.kind != "statement"), set_apart=tuple(later),
    )  # fmt: skip


def _newest(reports: Sequence[Report], as_of: date | None) -> int | None:
    if as_of is not None:
        return date_span(as_of.isoformat())[1]
    return max((date_span(report.published)[1] for report in reports if report.published is not None), default=None)


def libraries() -> dict[str, str]:
    """Versions of the libraries that compute."""
    return {name: _version_of(name) for name in ("numpy", "pydantic", "scipy")}


@cache
def _version_of(package: str) -> str:
    """An installed package's version: its files are read once, not once a rating."""
    return metadata.version(package)


def untyped_outlets(articles: Iterable[Article], policy: Policy) -> list[str]:
    """Publishers whose source type nobody gives, by name; an article without a publisher counts as one."""
    from reliability.text.chains import outlet_of

    names = {
        article.publisher or ""
        for article in articles
        if article.publisher is None
        or (article.publisher_type is None and outlet_of(article, policy).type == "unknown")
    }
    return sorted(names, key=folded)
