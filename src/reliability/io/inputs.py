"""Everything that a command's PATHs hold: articles and reports, rejects, and what was noticed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from reliability.errors import InputError
from reliability.io.articles import MAX_CHARS, article_from, read_content
from reliability.io.documents import Content
from reliability.io.jsondoc import read_document
from reliability.io.kinds import InputFile, PluggedFile, find_inputs, in_utf8, stem
from reliability.io.parquet import parquet_rows
from reliability.io.plugged import read_plugged
from reliability.io.reports import ReportReader
from reliability.io.rows import Located, Notes, Reject
from reliability.io.streams import opened, unpacked
from reliability.io.strict_json import BadJson, parse_json_at, skip_space
from reliability.io.visible import visible
from reliability.model.article import Article
from reliability.model.report import MAX_NAME


@dataclass(slots=True)
class Inputs:
    """What was read: articles with the file each came from, reports, rejects, notes, and the files."""

    articles: list[tuple[str, Article]] = field(default_factory=list)
    reports: list[Located] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    files: list[InputFile | PluggedFile] = field(default_factory=list)
    n_article_repeats: int = 0
    _first: dict[str, tuple[str, Article]] = field(default_factory=dict, repr=False)

    def add(self, file: str, article: Article) -> None:
        """Takes an article; one with an earlier one's id is a repeat when it is the same, else a reject.

        One whose id is only its file's name, as that of a page saved as index.html, is told apart by its folders: its
        id is then `folder/name`, with as many folders as that takes.
        """
        own = article
        folders = list(Path(file).parent.parts) if article.id == stem(file) else []
        while True:
            first, same = self._first.setdefault(own.id, (file, own))
            if same is own:
                self.articles.append((file, own))
                return
            if same in (own, article):
                self.notes.n_repeats += 1
                self.n_article_repeats += 1
                return
            if not folders or len(folders[-1]) + len(own.id) >= MAX_NAME:
                break
            own = own.model_copy(update={"id": f"{folders.pop()}/{own.id}"})
        reason = (
            f"its article id `{visible(article.id)}` is that of {first} too; rename it, or give it an id of its own"
        )
        self.rejects.append(Reject(file, None, reason, ""))

    @property
    def n_row_repeats(self) -> int:
        """Rows of reports that repeat an earlier one; `notes` counts articles' repeats with them."""
        return self.notes.n_repeats - self.n_article_repeats

    def require_something(self) -> None:
        """Raises InputError when neither an article nor a report could be read, with the first reject's reason."""
        if self.articles or self.reports:
            return
        if not self.rejects:
            raise InputError(problem="nothing to read", remedy="name an article, a report file or a folder")
        first, more = self.rejects[0], len(self.rejects) - 1
        more_text = f" (and {more:,} more rejects)" if more else ""
        problem = f"nothing readable: {first.reason}{more_text}"
        raise InputError(
            first.file, line=first.line, problem=problem, remedy="--rejects FILE lists each with its reason"
        )


def read_inputs(
    paths: Iterable[str | Path],
    *,
    input_format: str | None = None,
    stdin: BinaryIO | None = None,
    publisher: str | None = None,
    publisher_type: str | None = None,
    published: str | None = None,
    url: str | None = None,
    max_chars: int = MAX_CHARS,
    known: Mapping[str, tuple[str, Article]] | None = None,
) -> Inputs:
    """Reads all that paths stand for (`find_inputs` says which files), in order; ids are compared across files.

    The publication's arguments fill what an article's file and sidecar lack. A file that can't be read at all is
    raised as InputError when it is the only one, else it becomes a reject without a line; so does a later article
    with the id, but not the content, of an earlier one. `stdin` replaces standard input. `known` are articles that
    were read before, by id, with their files: they count as earlier ones.
    """
    files, rejects = find_inputs(paths, input_format)
    given = {"publisher": publisher, "publisher_type": publisher_type, "published": published, "url": url}
    reader = ReportReader()
    inputs = Inputs(rejects=rejects, notes=reader.notes, files=files, _first=dict(known or {}))
    for file in files:
        try:
            with _stream(file, stdin) as stream:
                _read(file, stream, reader, inputs, given, max_chars)
        except InputError as error:
            if len(files) + len(rejects) == 1:
                raise
            reason = f"{error.problem}; {error.remedy}" if error.remedy else error.problem
            inputs.rejects.append(Reject(in_utf8(error.where or file.name), error.line, reason, ""))
    return inputs


def is_article(text: str) -> bool:
    """Whether a JSON text is an article: an object with `text` and without `provenance`."""
    start = skip_space(text, 0)
    if not text.startswith("{", start):
        return False
    try:
        value, _ = parse_json_at(text, start)
    except BadJson:
        return False
    return isinstance(value, dict) and "text" in value and "provenance" not in value


@contextmanager
def _stream(file: InputFile | PluggedFile, stdin: BinaryIO | None) -> Iterator[BinaryIO]:
    if file.path is not None:
        with opened(file.path, packed=file.packed) as stream:
            yield stream
    else:
        stream = stdin or sys.stdin.buffer
        yield unpacked(stream, file.packed) if file.packed else stream


def _read(
    file: InputFile | PluggedFile,
    stream: BinaryIO,
    reader: ReportReader,
    inputs: Inputs,
    given: dict[str, str | None],
    max_chars: int,
) -> None:
    if isinstance(file, PluggedFile):
        found = read_plugged(file.reader, stream, file.path, reader, given, max_chars)
        if isinstance(found, Article):
            inputs.add(file.name, found)
        else:
            _take(found, inputs)
        return
    if file.kind == "parquet":
        rows, flat = parquet_rows(stream, file.name)
        _take(reader.judge(rows, file.name, flat=flat), inputs)
        return
    if file.kind == "jsonl" or file.kind == "csv":
        _take(reader.read(stream, kind=file.kind, name=file.name), inputs)
        return
    if file.kind == "stix" or file.kind == "misp":
        text = read_document(stream, file.name)
        _take(reader.read_json_text(text, name=file.name, expected=file.kind), inputs)
        return
    if file.kind == "json":
        text = read_document(stream, file.name)
        if not is_article(text):
            _take(reader.read_json_text(text, name=file.name), inputs)
            return
        content = Content(text)
    else:
        content = read_content(stream, file.name, kind=file.kind, max_chars=max_chars)
    article = article_from(content, file.path, kind=file.kind, given=given, max_chars=max_chars, notes=inputs.notes)
    inputs.add(file.name, article)


def _take(found: Iterator[Located | Reject], inputs: Inputs) -> None:
    for one in found:
        if isinstance(one, Located):
            inputs.reports.append(one)
        else:
            inputs.rejects.append(one)
