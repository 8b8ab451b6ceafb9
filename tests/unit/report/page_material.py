"""Pages to test, and what is read off them by html.parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from reliability import Policy, api
from reliability.api import read_reports
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.report.material import Material
from reliability.report.page import pages_of

ROOT = Path(__file__).parents[3]
POLICY = Policy.load()
VOID = {"meta", "br", "link", "input", "img", "hr"}


@dataclass
class Element:
    """An element with its attributes, its children and the text in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, blanks folded."""
        return " ".join("".join(self.texts).split())

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """Descendants by tag and attributes (class: one of the classes), in document order."""
        found = []
        for child in self.children:
            if (tag is None or child.tag == tag) and all(_has(child, k.rstrip("_"), v) for k, v in attributes.items()):
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        """The only such descendant."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, (tag, attributes, len(found))
        return found[0]


def _has(element: Element, name: str, value: str) -> bool:
    held = element.attributes.get(name)
    return held is not None and (value in held.split() if name == "class" else held == value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#root", {})
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>: {names}"
        element = Element(tag, {k: v or "" for k, v in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {k: v or "" for k, v in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.own.append(data)
        at: Element | None = self.at
        while at is not None:
            at.texts.append(data)
            at = at.parent


def parsed(html: str) -> Element:
    """A page as a tree; asserts that every element is closed where it should be and no attribute stands twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root


def material(reports: Sequence[Report], articles: Sequence[Article] = (), policy: Policy = POLICY) -> Material:
    """Reports and articles, rated."""
    usable, refused = api.check_reports(list(reports), policy)
    assert not refused, refused
    outcome = api.rate_reports(usable, policy)
    return Material(ratings=outcome.ratings, reports=outcome.reports, articles=articles, policy=policy,
                    unrated=outcome.unrated)  # fmt: skip


def page(made: Material, name: str = "page.html") -> str:
    """The one page of a small set."""
    pages = pages_of(made, name)
    assert [one.name for one in pages] == [name]
    return pages[0].text


def fixture(name: str) -> list[Report]:
    """The reports of a shipped set."""
    return read_reports(next(iter(sorted((ROOT / "fixtures" / name).glob("reports.*")))))


def told(text: str, *, report: str = "r1", claim: str | None = None, source: str = "Velmark Intelligence Service",
         type: str = "intelligence-agency", outlet: str = "Daily Lantern", **more: object) -> Report:  # fmt: skip
    """A report with an origin and an outlet."""
    return Report.model_validate(
        {"id": report, "claim": claim, "text": text, **more,
         "provenance": [{"source": source, "type": type}, {"source": outlet, "type": "media"}]}
    )  # fmt: skip
