"""The articles of a set, kept with it: whoever adds to the set compares new articles with them for copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reliability.batch.spill import to_disk
from reliability.errors import InputError
from reliability.model.article import Article
from reliability.model.base import canonical_json
from reliability.text.syndication import Passed

ARTICLES = "articles.parquet"
_FIELDS = tuple(Article.model_fields)
_SCHEMA = pa.schema([*((name, pa.string()) for name in (*_FIELDS, "file", "passed"))])
_AT_ONCE = 1 << 10


@dataclass(frozen=True)
class KeptArticle:
    """An article, the file it was read from, and through whom its text came when it was read, as canonical JSON."""

    article: Article
    file: str
    passed: str


def passed_text(passed: Sequence[Passed]) -> str:
    """Through whom a text came, in one spelling."""
    return canonical_json([
        {"link": one.link.model_dump(mode="json", exclude_none=True),
         "places": None if one.places is None else [list(place) for place in one.places]}
        for one in passed
    ])  # fmt: skip


def write_articles(path: Path, articles: Iterable[KeptArticle]) -> None:
    """Keep articles in a file, by id."""
    every = sorted(articles, key=lambda one: one.article.id)
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd", store_schema=False) as writer:
        for at in range(0, len(every), _AT_ONCE):
            rows = [{**one.article.model_dump(mode="json"), "file": one.file, "passed": one.passed}
                    for one in every[at : at + _AT_ONCE]]  # fmt: skip
            writer.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA))
    to_disk(path)


def read_articles(path: Path) -> list[KeptArticle]:
    """The articles kept in a file; none where there is none. Raises InputError for what is no such file of ours."""
    if not path.is_file():
        return []
    try:
        rows = pq.read_table(path, schema=_SCHEMA).to_pylist()
        return [KeptArticle(Article.model_validate({name: row[name] for name in _FIELDS}), row["file"], row["passed"])
                for row in rows]  # fmt: skip
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise InputError(path, problem=f"holds no articles of ours ({str(error).splitlines()[0]})",
                         remedy="rate the whole set") from None  # fmt: skip
