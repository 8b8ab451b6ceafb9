"""The policy's pages in a browser: nothing is asked for or said, and axe finds nothing, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reliability import Policy
from reliability.lab.judgement import judgement_numbers
from reliability.report.policy_pages import pages_of_policy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("policy")
    policy = Policy.load()
    for page in pages_of_policy(policy, judgement_numbers(policy), "0"):
        (place / page.name).write_text(page.text, encoding="utf-8")
    return place


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "modifiers-access", "hedges-kent", "judgement-numbers"])
def test_axe_finds_nothing_and_nothing_is_fetched(browser: Any, axe: str, folder: Path, name: str, scheme: str) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 900})
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((folder / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]] == []
    assert (len(asked), said) == (1, [])
    context.close()


def test_the_style_is_let_through_by_the_content_policy(browser: Any, folder: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((folder / "modifiers-access.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    context.close()
