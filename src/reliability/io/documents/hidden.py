"""What a web page holds and does not show: elements that are hidden by their own mark-up."""

from __future__ import annotations

import re
from typing import Any

_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WHOLE = frozenset({"html", "body"})


def shown(page: str) -> Any:
    """A page as a tree of elements without the hidden ones; as it stands where no tree can be made of it.

    Hidden is what has the attribute `hidden`, `aria-hidden="true"`, or a style of its own with `display: none` or
    `visibility: hidden`. Style sheets are not read. A page whose whole body is hidden until a script runs is kept.
    """
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=False))
    except (etree.LxmlError, ValueError):
        return page
    for one in list(tree.iter(etree.Element)):
        if one.tag not in _WHOLE and _is_hidden(one) and one.getparent() is not None:
            one.drop_tree()
    return tree


def _is_hidden(one: Any) -> bool:
    attributes = one.attrib
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().casefold() == "true"
        or _STYLE.search(attributes.get("style", "")) is not None
    )
