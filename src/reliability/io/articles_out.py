"""Articles as they were read, a JSON file each: the text that spans point into, whatever file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from reliability.io.folder_out import write_folder
from reliability.io.visible import json_text
from reliability.model.article import Article

MADE_BY = "reliability claims --texts-out"
_ODD = re.compile(r"[^a-z0-9._-]+")


def write_articles(folder: Path, articles: Iterable[Article]) -> None:
    """Writes each article as `<id>.json` into a folder; reading that folder gives the same articles and reports.

    A name has only small letters, digits, dots and dashes; a number tells alike ones apart. Raises InputError for a
    folder that holds other things.
    """
    files: dict[str, str] = {}
    for article in articles:
        plain = _ODD.sub("-", article.id.casefold()).strip(".-_")[:100] or "article"
        name, number = f"{plain}.json", 2
        while name in files:
            name, number = f"{plain}-{number}.json", number + 1
        fields = article.model_dump(mode="json", exclude_none=True)
        files[name] = json_text(fields, indent=2) + "\n"
    write_folder(folder, files, MADE_BY)
