"""Hostile text can't become markup, wherever it comes in; addresses that are not http(s) are never links."""

from __future__ import annotations

from functools import cache

import pytest
from page_material import POLICY, Element, fixture, material, page, parsed, told
from payloads import ADDRESSES, PAYLOADS

from reliability.api import rate_reports
from reliability.errors import ReliabilityError
from reliability.io.notebook import rating_html
from reliability.io.visible import visible
from reliability.model.article import Article
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.report.addresses import reference_address, web_address
from reliability.report.canvas import Canvas
from reliability.report.material import Material
from reliability.report.page import pages_of
from reliability.report.templating import asset, content_policy, shown
from reliability.rules.schema import Reference
from reliability.text.editing import Grouping

HARMLESS = "harmless"


def skeleton(root: Element) -> list[str]:
    """Each element's way from the root by tags, with its attributes' names: what text would change if it became markup.

    Sorted, because hostile names may stand elsewhere in the alphabet than harmless ones.
    """

    def walk(element: Element, way: str) -> list[str]:
        here = f"{way}/{element.tag}[{','.join(sorted(element.attributes))}]"
        return [here, *(line for child in element.children for line in walk(child, here))]

    return sorted(walk(root, ""))


def is_safe(html: str) -> Element:
    """Asserts what holds of every page, and gives it parsed."""
    root = parsed(html)
    assert [script.text for script in root.all("script")] == [" ".join(asset("script.js").split())]
    assert len(root.all("style")) == 1
    policies = [m for m in root.all("meta") if "http-equiv" in m.attributes]
    assert [m.attributes["content"] for m in policies] == [content_policy()]
    for element in root.all():
        assert element.tag not in {"iframe", "object", "embed", "base", "form", "img", "link", "math", "video", "audio"}
        for name, value in element.attributes.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in {"style", "src", "srcdoc", "action", "formaction"}
            if name.endswith("href"):
                assert value.startswith(("#", "https://", "http://")), value
    assert "\0" not in html
    assert visible(html.replace("\n", "")) == html.replace("\n", ""), "an unseen character stands in the page"
    return root


def through_claim(text: str) -> Material:
    return material([told(text)])


def through_names(text: str) -> Material:
    return material([told("It rained", source=text), told("It rained", report="r2", outlet=f"{text} Times")])


def through_ids(text: str) -> Material:
    return material([told("It rained", claim=text, report=text)])


def through_hedge(text: str) -> Material:
    link = {"source": "Mayor", "type": "government", "hedge": text[:150]}
    return material([Report.model_validate({"text": "It rained", "provenance": [link, {"source": "Daily Lantern"}]})])


def through_question(text: str) -> Material:
    return material([told("It rained", question=text, alternative="rain"),
                     told("It snowed", report="r2", question=text, alternative=text)])  # fmt: skip


def through_unit(text: str) -> Material:
    quantity = {"value": 300, "op": "about", "unit": text[:90]}
    return material([told("300 of them", quantity=quantity)])


def through_unrated(text: str) -> Material:
    return material([told("It rained"), told(text, report="r2", kind="prediction", source=text)])


def through_article(text: str) -> Material:
    line = " ".join(text.split()) or "x"
    body = f"{line} said that it rained in town. {line}"
    start = body.index("it rained")
    spans = {"source": [[0, len(line)]], "cue": [[len(line) + 1, len(line) + 5]], "content": [[start, start + 9]]}
    article = Article(id="a1", text=body, publisher="Daily Lantern")
    return material([told("it rained", article="a1", spans=spans)], [article])


def through_publication(text: str) -> Material:
    article = Article(id=text, text="It rained.", publisher=text, language=text, retrieved="2026-01-01")
    return material([told("It rained", article=text, spans={"content": [[0, 9]]})], [article])


def through_grouping(text: str) -> Material:
    grouping = Grouping.model_validate({"claim": [{"id": text, "text": text, "members": ["r1"]}]})
    outcome = rate_reports([told("It rained")], POLICY, grouping=grouping)
    return Material(ratings=outcome.ratings, reports=outcome.reports, articles=(), policy=POLICY)


@cache
def rained() -> Material:
    """A rating whose record is to be forged."""
    return material([told("It rained", type="government")])


def through_record(text: str) -> Material:
    """What only a policy, a plug-in or a forged record could put there."""
    made = rained()
    rating = made.ratings[0]
    forged = rating.model_copy(update={
        "flags": (text,), "next_checks": ({"check": text, "bits": 0.1, "changes_word": True},),
        "digest": rating.digest.model_copy(update={"models": {text: text}, "engine": text, "inputs": text}),
        "related": (rating.related[:0] or ()), "said_so": (rating.said_so[0].model_copy(update={"origin": text}),),
        "links": tuple(link.model_copy(update={"label": text, "clamp": text, "type": text}) for link in rating.links),
        "tree": tuple(node.model_copy(update={"label": text}) for node in rating.tree),
        "waterfall": tuple(bar.model_copy(update={"label": text}) for bar in rating.waterfall),
        "rating": rating.rating.model_copy(update={"icd203": text, "phia": text}),
    })  # fmt: skip
    return Material(ratings=[forged], reports=made.reports, articles=(), policy=POLICY, title=text)


WAYS = {
    way.__name__: way
    for way in (through_claim, through_names, through_ids, through_hedge, through_question, through_unit,
                through_unrated, through_article, through_publication, through_grouping, through_record)
}  # fmt: skip
_HARMLESS: dict[str, list[str]] = {}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_is_text(payload: str, way: str) -> None:
    try:
        made = WAYS[way](payload)
    except (ValueError, ReliabilityError):
        pytest.skip("records refuse it")
    root = is_safe(page(made))
    if way not in _HARMLESS:
        _HARMLESS[way] = skeleton(parsed(page(WAYS[way](HARMLESS))))
    assert skeleton(root) == _HARMLESS[way]
    if way == "through_claim":
        assert " ".join(visible(payload.strip()).split()) in root.text


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_http_is_shown_as_text(address: str) -> None:
    assert web_address(address) is None
    made = material([told("It rained", article="a1")], [Article(id="a1", text="It rained.", url=address)])
    root = is_safe(page(made))
    assert not [a for a in root.all("a") if not a.attributes["href"].startswith("#") and "rel" not in a.attributes]
    assert " ".join(visible(address).split()) in root.text


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=1&c=<2>", "HTTP://example.org", "https://münchen.example/ä"]
)
def test_an_http_address_is_a_link_without_referrer(address: str) -> None:
    made = material([told("It rained", article="a1")], [Article(id="a1", text="It rained.", url=address)])
    html = page(made)
    links = [a for a in parsed(html).all("a") if a.attributes["href"] == address]
    assert len(links) == 1
    assert "noreferrer" in links[0].attributes["rel"].split()


def test_references_become_links_only_when_they_are_http_or_doi() -> None:
    assert reference_address("doi:10.1093/lpr/mgm025") == "https://doi.org/10.1093/lpr/mgm025"
    assert reference_address("urn:isbn:1") is None
    assert Reference(title="x", url="https://example.org").url == reference_address("https://example.org")


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_notebook_shows_hostile_text_as_text(payload: str) -> None:
    def forged(text: str) -> Rating:
        return through_record(text).ratings[0].model_copy(
            update={"claim": rained().ratings[0].claim.model_copy(update={"text": text})}
        )  # fmt: skip

    root = parsed(rating_html(forged(payload)))
    assert skeleton(root) == skeleton(parsed(rating_html(forged(HARMLESS))))
    assert not [e for e in root.all() if any(name.startswith("on") or name == "href" for name in e.attributes)]


def test_drawings_refuse_text_in_attributes() -> None:
    canvas = Canvas(10, 10, "x")
    with pytest.raises(ValueError, match="may not stand in an attribute"):
        canvas.dot(1, 1, 1, '" onload="alert(1)')
    with pytest.raises(ValueError, match="may not stand in an attribute"):
        canvas.path('M0 0"/><script>', "ln")


def test_a_template_never_prints_none() -> None:
    with pytest.raises(ValueError, match="prints None"):
        shown(None)


def test_a_file_name_can_not_inject_into_links_between_pages() -> None:
    made = material(fixture("witness-questions"))
    for one in pages_of(made, 'a"><script>alert(1)</script>.html', limit=30_000):
        root = parsed(one.text)
        assert len(root.all("script")) == 1
        for link in root.all("a"):
            assert '"' not in link.attributes["href"]
            assert "<" not in link.attributes["href"]
