"""What exports are made of: ratings with the reports behind them, the sources in their chains, and one date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reliability.exchange.moments import EPOCH, moment, newest
from reliability.io.visible import visible
from reliability.model.article import Article
from reliability.model.rating import Admiralty, Rating
from reliability.model.report import Link, Report
from reliability.reasoning.sentences import FLAGS
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule

ENGINE = "source-reliability"
TITLE = "Claims, and how far to trust them"


@dataclass(frozen=True, order=True)
class Source:
    """Somebody in a chain: the folded main name that they are compared by, the name to show, and the type."""

    key: str
    name: str
    type: str


@dataclass(frozen=True)
class Dossier:
    """Ratings in the order in which they are told, with their reports and policy.

    `at` is the date for formats that insist on one (None: the newest report's, else 1970); `title` names the story;
    `reviewer` is who vouches for the ratings.
    """

    ratings: tuple[Rating, ...]
    reports: tuple[Report, ...]
    policy: Policy
    articles: tuple[Article, ...] = ()
    title: str = TITLE
    at: str | None = None
    reviewer: str | None = None

    @property
    def engine(self) -> str:
        """The program and its version."""
        return f"{ENGINE} {self.ratings[0].digest.engine}" if self.ratings else ENGINE

    @cached_property
    def date(self) -> str:
        """The export's date, as it was given."""
        return self.at or newest(self.evidence) or EPOCH

    @property
    def moment(self) -> str:
        """The first moment of the export's date, as RFC 3339."""
        return moment(self.date)

    def moment_of(self, report: Report) -> str:
        """When a report was published; the export's moment where nobody says."""
        return moment(report.published) if report.published else self.moment

    @cached_property
    def evidence(self) -> tuple[Report, ...]:
        """The reports behind the ratings, once each, in the ratings' order."""
        keys = dict.fromkeys(key for rating in self.ratings for key in rating.reports)
        return tuple(self._by_key[key] for key in keys if key in self._by_key)

    def behind(self, rating: Rating) -> tuple[Report, ...]:
        """The reports on this very claim; on a question's answer that nobody gave, all on the question."""
        found = [report for key in rating.reports if (report := self._by_key.get(key)) is not None]
        return tuple(report for report in found if about(report, rating)) or tuple(found)

    def report(self, key: str) -> Report | None:
        """A report by its id."""
        return self._by_key.get(key)

    def citing(self, source: Source) -> tuple[Report, ...]:
        """The evidence with a source in its chain, in order."""
        return tuple(self._citing.get(source.key, ()))

    @cached_property
    def _citing(self) -> dict[str, list[Report]]:
        found: dict[str, list[Report]] = {}
        for report in self.evidence:
            for key in dict.fromkeys(self.source(link).key for link in report.provenance):
                found.setdefault(key, []).append(report)
        return found

    def ratings_of(self, report: Report) -> tuple[Rating, ...]:
        """The ratings of claims that a report speaks of."""
        return tuple(rating for rating in self._told_by.get(report.key, ()) if about(report, rating))

    @cached_property
    def _told_by(self) -> dict[str, list[Rating]]:
        found: dict[str, list[Rating]] = {}
        for rating in self.ratings:
            for key in rating.reports:
                found.setdefault(key, []).append(rating)
        return found

    @cached_property
    def _by_key(self) -> dict[str, Report]:
        return {report.key: report for report in self.reports}

    def standing(self, report: Report) -> str:
        """Whether a report counts, or is a repeat, superseded, retracted, a retraction, or silent."""
        return self._standings.get(report.key, "counts")

    @cached_property
    def _standings(self) -> dict[str, str]:
        return {chain.report: chain.standing for rating in self.ratings for chain in rating.chains}

    @cached_property
    def admiralty(self) -> dict[str, Admiralty]:
        """The Admiralty code of each report that has one, by report id; of several claims', the first's."""
        found: dict[str, Admiralty] = {}
        for rating in self.ratings:
            for code in rating.admiralty:
                found.setdefault(code.report, code)
        return found

    def address(self, report: Report) -> str | None:
        """The web address of a report's article, where it is one to follow."""
        url = self._urls.get(report.article or "") or ""
        followed = url.lower().startswith(("https://", "http://")) and visible(url) == url
        return url if followed and not set(url) & set(' <>"\\^`{|}') else None

    @cached_property
    def _urls(self) -> dict[str, str | None]:
        return {article.id: article.url for article in self.articles}

    def source(self, link: Link) -> Source:
        """Whom a link means: one source has one name and one type in an export."""
        return self._sources[self.policy.sources.canonical(link.source)]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Everybody in the chains of the evidence, by name."""
        return tuple(sorted(self._sources.values()))

    @cached_property
    def _sources(self) -> dict[str, Source]:
        names: dict[str, set[str]] = {}
        types: dict[str, str] = {}
        for report in self.evidence:
            for link in report.provenance:
                entry = self.policy.sources.find(link.source)
                key = self.policy.sources.canonical(link.source)
                names.setdefault(key, set()).add(link.source if entry is None else entry.name)
                known = link.type or (None if entry is None else entry.type)
                if known is not None:
                    types.setdefault(key, known)
        return {key: Source(key, min(spelled), types.get(key, "unknown")) for key, spelled in names.items()}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The policy's rules by id; of several kinds' rules of one id, the first kind's."""
        found: dict[str, Rule] = {}
        for rule in self.policy.rules():
            found.setdefault(rule.id, rule)
        return found

    def flag(self, name: str) -> str:
        """What a flag means, in words."""
        gates = (gate.rationale for gate in self.policy.gates if gate.effect[0].flag == name)
        return FLAGS.get(name) or next(gates, name)


def about(report: Report, rating: Rating) -> bool:
    """Whether a report speaks of this very claim: of a question's answers, only of its own."""
    if rating.alternatives is None or report.alternative is None:
        return True
    return rating.claim.id in (report.claim, f"{rating.claim.question}={report.alternative}")


def claim_text(rating: Rating) -> str:
    """A claim's text; an answer that no report words is told with its question."""
    text = rating.claim.text
    return f"{rating.claim.question}: {text}" if text in (rating.alternatives or ()) else text


def percent_of(p: float) -> int:
    """A probability as the whole number from 0 to 100 that STIX, MISP and ClaimReview ask for (half to even)."""
    return round(p * 100)
