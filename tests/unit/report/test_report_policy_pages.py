"""The policy's pages: what they say is what the rules say, and no rule's text becomes markup, in HTML or Markdown."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from page_material import Element, parsed
from payloads import ADDRESSES, PAYLOADS

from reliability import Policy, api
from reliability.io.visible import visible
from reliability.lab.judgement import by_dependence, judgement_numbers
from reliability.lab.rerating import Rerating
from reliability.model.report import Report
from reliability.report.page import Page
from reliability.report.policy_pages import pages_of_policy
from reliability.report.policy_views import families_of

SHIPPED = Policy.load()
READER = MarkdownIt("commonmark", {"html": True}).enable("table")
HARMLESS = "harmless"
OWN = """
[[rule]]
id = "hostile.{id}"
question = {text}
rationale = {text}
overrides = []

[[rule.references]]
title = {text}
url = {url}

[rule.when]
source = {{ in = [{text}] }}

[[rule.effect]]
shift_db = 1.0
basis = "elicited"

[[rule.effect]]
shift_db = -2.0
basis = "elicited"
since = 2026-05-01

[[rule.test]]
name = {text}
given = {{ source = {text} }}
expect = "fires"
"""


def made(policy: Policy) -> dict[str, Page]:
    return {page.name: page for page in pages_of_policy(policy, judgement_numbers(policy), "0")}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Page]:
    return made(SHIPPED)


def own(folder: Path, *told: tuple[str, str]) -> dict[str, Page]:
    """The pages of a family with a rule for each (text, address): its every text is that text, its reference's that."""
    place = folder / "own" / "modifiers"
    place.mkdir(parents=True, exist_ok=True)
    (folder / "own" / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    rules = (OWN.format(id=at, text=quoted(text), url=quoted(url)) for at, (text, url) in enumerate(told, start=100))
    (place / "own.toml").write_text("".join(rules), encoding="utf-8")
    policy = Policy.load(folder / "own")
    return {page.name: page for page in pages_of_policy(policy, (), "0") if page.name.startswith("modifiers-hostile")}


def quoted(text: str) -> str:
    """A text as TOML has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def skeleton(root: Element) -> list[str]:
    """Every element in document order, with its attributes' names."""
    return [f"{element.tag}[{','.join(sorted(element.attributes))}]" for element in root.all()]


def flat(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *flat(token.children or []))]


def shape(markdown: str) -> list[str]:
    """Markdown's tokens by type, texts that stand side by side as one; no HTML."""
    found = flat(READER.parse(markdown))
    assert not [token.content for token in found if token.type.startswith("html")]
    kinds = ["text" if token.type == "text_special" else token.type for token in found]
    return [kind for at, kind in enumerate(kinds) if kind != "text" or at == 0 or kinds[at - 1] != "text"]


def links(markdown: str) -> set[str]:
    return {str(token.attrs["href"]) for token in flat(READER.parse(markdown)) if token.type == "link_open"}


WEB = "https://example.org/x"
USABLE = [text for text in PAYLOADS if text.strip() and "\ud800" not in text]


def test_hostile_rules_make_the_same_page_as_harmless_ones(tmp_path: Path) -> None:
    hostile = own(tmp_path, *((text, WEB) for text in USABLE))
    harmless = own(tmp_path, *((HARMLESS, WEB) for _ in USABLE))
    html = hostile["modifiers-hostile.html"].text
    root = parsed(html)
    assert skeleton(root) == skeleton(parsed(harmless["modifiers-hostile.html"].text))
    assert not root.all("script")
    assert visible(html.replace("\n", "")) == html.replace("\n", "")
    for element in root.all():
        assert not [name for name in element.attributes if name.startswith("on") or name in ("style", "src")]
    for text, section in zip(USABLE, root.all("section"), strict=True):
        assert section.text.count(" ".join(visible(text).split())) >= 6
    markdown = hostile["modifiers-hostile.md"].text
    assert shape(markdown) == shape(harmless["modifiers-hostile.md"].text)
    assert links(markdown) == links(harmless["modifiers-hostile.md"].text)
    assert len(USABLE) > 60


BARE = ("https://evil.example", "www.evil.example", "a@evil.example", "$\\href{x}{y}$")


def test_in_markdown_nothing_links_by_itself(tmp_path: Path) -> None:
    """GitHub's Markdown makes links of bare addresses, and formulas of what stands between dollars."""
    markdown = own(tmp_path, *((text, WEB) for text in BARE))["modifiers-hostile.md"].text
    reasons = [token for token in READER.parse(markdown) if token.content.startswith("**Why")]
    for text, why in zip(BARE, reasons, strict=True):
        assert text not in markdown
        assert "".join(child.content for child in why.children or []) == f"Why: {text}"


def test_only_web_addresses_are_links(tmp_path: Path) -> None:
    refused = [url for url in ADDRESSES if re.match(r"https?:\S+$", url)]
    odd = "https://example.org/<b>?a=1&b=2"
    addresses = [*refused, "doi:10.1093/lpr/mgm025", "urn:isbn:1", odd]
    pages = own(tmp_path, *((HARMLESS, url) for url in addresses))
    root = parsed(pages["modifiers-hostile.html"].text)
    outside = [a.attributes["href"] for a in root.all("a") if "rel" in a.attributes]
    told = {link for link in links(pages["modifiers-hostile.md"].text) if not link.endswith(".md")}
    assert outside == ["https://doi.org/10.1093/lpr/mgm025", odd]
    assert told == {"https://doi.org/10.1093/lpr/mgm025", "https://example.org/%3Cb%3E?a=1&b=2"}
    assert len(refused) >= 4


def test_every_rule_has_its_place_with_all_that_it_says(shipped: dict[str, Page]) -> None:
    n = 0
    for family in families_of(SHIPPED):
        root, markdown = parsed(shipped[f"{family.stem}.html"].text), shipped[f"{family.stem}.md"].text
        for view in family.rules:
            section = next(one for one in root.all("section") if one.attributes["aria-labelledby"] == view.anchor)
            n += 1
            for told in (view.rule.question, view.rule.rationale, *(ref.title for ref in view.rule.references)):
                assert " ".join(visible(told or "").split()) in section.text
            assert len([b for b in section.all("b") if b.text in ("fires", "does not fire", "unknown")]) == len(
                view.rule.test)  # fmt: skip
        assert markdown.count("\nFile: ") == len(family.rules)
    assert n == len(SHIPPED.rules())


def test_a_family_is_what_stands_before_the_first_dot_else_its_file_else_its_kind(shipped: dict[str, Page]) -> None:
    assert {"modifiers-access.html", "hedges-kent.md", "checks-cost.html", "source-types.html", "facts.md",
            "quantities-persons.md", "index.html", "judgement-numbers.md"} <= shipped.keys()  # fmt: skip
    assert [page for page in shipped if page.endswith(".html")][-1] == "index.html"


def test_all_links_between_pages_lead_somewhere(shipped: dict[str, Page]) -> None:
    anchors = {name: {one.attributes["id"] for one in parsed(page.text).all() if "id" in one.attributes}
               for name, page in shipped.items() if name.endswith(".html")}  # fmt: skip
    for name in anchors:
        for one in parsed(shipped[name].text).all("a"):
            file, _, place = one.attributes["href"].partition("#")
            if not file.startswith("http"):
                assert not place or place in anchors[file or name]
                assert (file or name) in anchors
    for name, page in shipped.items():
        if name.endswith(".md"):
            assert {link for link in links(page.text) if not link.startswith("http")} <= shipped.keys()


def test_pages_have_landmarks_one_heading_of_the_first_rank_and_no_id_twice(shipped: dict[str, Page]) -> None:
    for name in ("index.html", "modifiers-access.html", "judgement-numbers.html"):
        root = parsed(shipped[name].text)
        for tag in ("h1", "main", "header", "footer", "title"):
            assert len(root.all(tag)) == 1
        ranks = [int(one.tag[1]) for one in root.all() if one.tag in ("h1", "h2", "h3")]
        assert all(after <= before + 1 for before, after in pairwise(ranks))
        ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        assert all(one.attributes.get("aria-label") for one in root.all(role="img"))
        rule = next(one.attributes["content"] for one in root.all("meta") if "http-equiv" in one.attributes)
        style = shipped[name].text.split("<style>")[1].split("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert rule == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_same_policy_gives_the_same_bytes(shipped: dict[str, Page]) -> None:
    assert made(Policy.load()) == shipped


def test_history_has_every_dated_number_and_what_ended_says_so(tmp_path: Path) -> None:
    pages = own(tmp_path, (HARMLESS, WEB))
    assert "shift_db 1 (elicited, grade D)" in parsed(pages["modifiers-hostile.html"].text).text
    assert "- since 2026-05-01: shift\\_db -2 (elicited, grade D)" in pages["modifiers-hostile.md"].text
    assert "**Effect:** turns 70% into 60%" in pages["modifiers-hostile.md"].text
    path = tmp_path / "own" / "modifiers" / "own.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("overrides", "until = 2026-06-01\noverrides"), "utf-8")
    ended = {page.name: page.text for page in pages_of_policy(Policy.load(tmp_path / "own"), (), "0")}
    assert "Does not hold any more, since 2026-06-01." in parsed(ended["modifiers-hostile.html"]).text


def test_judgement_numbers_have_their_columns_only_where_they_were_measured(shipped: dict[str, Page]) -> None:
    plain = parsed(shipped["judgement-numbers.html"].text)
    assert [one.text for one in plain.all("th", scope="col")] == ["rule", "number", "value", "basis"]
    assert len(plain.all("th", scope="row")) == len(judgement_numbers(SHIPPED))
    chain = [{"source": "A ministry", "type": "government"}, {"source": "Quay", "type": "media"}]
    outcome = api.rate_reports([Report.model_validate({"id": "1", "claim": "<b>", "provenance": chain})], SHIPPED)
    numbers = by_dependence(SHIPPED, Rerating.of(outcome))
    told = {page.name: page for page in pages_of_policy(SHIPPED, numbers, "0")}
    row = parsed(told["judgement-numbers.html"].text).all("tr")[1]
    assert row.text.startswith("source-types/governmentp0.75elicited, grade D1/1")
    assert row.text.endswith("<b>")
    assert "| [source-types/government](source-types.md) | p | 0.75 |" in told["judgement-numbers.md"].text
