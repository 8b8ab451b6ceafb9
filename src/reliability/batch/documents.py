"""Articles and other documents of a run: read as `rate` reads them, and what articles say kept as it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from reliability import api
from reliability.batch.asked import MEGABYTE, Asked, Teller
from reliability.batch.kept_articles import KeptArticle, passed_text, write_articles
from reliability.batch.prepare import FILE_BITS
from reliability.batch.workplace import Workplace
from reliability.errors import InputError
from reliability.io.inputs import Inputs, read_inputs
from reliability.io.kinds import TABLES, InputFile, PluggedFile
from reliability.io.reports import report_from
from reliability.io.rows import Located, Reject
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.text.many import Reading as ArticleReading
from reliability.text.syndication import Syndicated

Readers = Callable[[Iterable[Article], Syndicated, Asked], Iterator[ArticleReading]]
"""Who reads articles, in their order: this machine's processes, or a cluster's."""
A_CHUNK = 32
"""Articles whose reports are kept together: so many are read again at most when a run breaks off."""
_BYTES_A_BYTE = 12
"""How much memory a byte of articles takes, when all of them are compared for copies."""


class Documents:
    """What the files hold that are no tables. `rejects` have places, and are complete once all was asked for.

    Where a set is added to, its articles are compared with the new ones for copies; `changed` are those whose texts are
    now known to have come another way: they are read anew.
    """

    def __init__(self, asked: Asked, place: Workplace, tell: Teller, readers: Readers | None = None) -> None:
        self._asked, self._place, self._tell = asked, place, tell
        self._readers = readers or _by_processes
        self._files = [(at, file) for at, file in enumerate(asked.files) if file.kind not in TABLES]
        self._number = {file.name: asked.n_before + at for at, file in self._files}
        self._known = [] if asked.before is None else asked.before.articles
        self._inputs = self._read()
        new = [article for _, article in self._inputs.articles]
        self._shared = api.copies_among([*(one.article for one in self._known), *new], asked.policy)
        self.changed = [one for one in self._known if one.passed != self._passed(one.article)]
        self._articles = [(self._number[file], file, article) for file, article in self._inputs.articles]
        if asked.before is not None:
            number = {file: at for at, file in enumerate(asked.before.files)}
            self._articles += [(number[one.file], one.file, one.article) for one in self.changed]
        self.rejects = [(self._at(one), one) for one in (*asked.refused, *self._inputs.rejects)]
        self.n_reports = 0
        for line in self._shared.told():
            tell.remark(line)

    def keep(self, path: Path) -> None:
        """Keep all articles, those of the set before too, for whoever adds to this one; none, no file."""
        new = [KeptArticle(article, file, self._passed(article)) for file, article in self._inputs.articles]
        every = [*(replace(one, passed=self._passed(one.article)) for one in self._known), *new]
        if every:
            write_articles(path, every)

    def _passed(self, article: Article) -> str:
        return passed_text(self._shared.relays.get(article.id, ()))

    @property
    def n_rows(self) -> int:
        """Rows of report documents, and files that could not be read."""
        files = sum(reject.line is None for _, reject in self.rejects)
        return self._inputs.notes.n_rows + files

    @property
    def n_repeats(self) -> int:
        """Rows of report documents that repeat an earlier one."""
        return self._inputs.n_row_repeats

    @property
    def untyped(self) -> list[str]:
        """Publishers whose source type nobody gives."""
        return api.untyped_outlets((article for _, _, article in self._articles), self._asked.policy)

    @property
    def unknown_columns(self) -> dict[str, int]:
        """Columns of report documents that no report has."""
        return dict(self._inputs.notes.unknown_columns)

    def located(self) -> Iterator[tuple[int, InputFile | PluggedFile, list[Located]]]:
        """The reports of documents, file by file, with the file's number."""
        for name, some in groupby(self._inputs.reports, key=lambda one: one.file):
            number = self._number[name]
            yield number, self._asked.files[number - self._asked.n_before], list(some)

    def reports(self) -> Iterator[tuple[int, str, Sequence[Report]]]:
        """Each article's reports, with its file's number and name; a chunk read before is not read again."""
        chunks = [self._articles[at : at + A_CHUNK] for at in range(0, len(self._articles), A_CHUNK)]
        known = [self._place.load(_chunk(number)) for number in range(len(chunks))]
        begun = next((number for number, one in enumerate(known) if one is None), len(chunks))
        rest = (article for chunk in chunks[begun:] for _, _, article in chunk)
        readings = self._readers(rest, self._shared, self._asked)
        for number, chunk in enumerate(chunks):
            found = known[number]
            if number >= begun:
                found = [[[_kept(one) for one in reading.reports], list(reading.remarks),
                          None if reading.error is None else str(reading.error)]
                         for reading in islice(readings, len(chunk))]  # fmt: skip
                self._place.save(_chunk(number), found)
            for (number, file, _), (reports, remarks, problem) in zip(chunk, found, strict=True):
                for remark in remarks:
                    self._tell.remark(f"{file}: {remark}")
                if problem is not None:
                    self.rejects.append((number << FILE_BITS, Reject(file, None, problem, "")))
                self.n_reports += len(reports)
                yield number, file, [report_from(one) for one in reports]

    def _read(self) -> Inputs:
        if not self._files:
            return Inputs()
        asked = self._asked
        size = sum(file.path.stat().st_size for _, file in self._files if file.path is not None)
        size += sum(len(one.article.text.encode("utf-8", "surrogatepass")) for one in self._known)
        if size * _BYTES_A_BYTE > asked.memory:
            needed = size * _BYTES_A_BYTE // MEGABYTE
            raise InputError(problem=f"articles of {size:,} bytes are compared for copies, which takes {needed:,} MB",
                             remedy=f"say --memory {needed}MB or more, or rate them in parts")  # fmt: skip
        paths = ["-" if file.path is None else str(file.path) for _, file in self._files]
        standard = next((file for _, file in self._files if file.path is None), None)
        form = None if standard is None else str(standard.kind) + (f".{standard.packed}" if standard.packed else "")
        try:
            return read_inputs(
                paths, input_format=form, publisher=asked.publisher, publisher_type=asked.publisher_type,
                published=asked.published, url=asked.url, max_chars=asked.max_chars,
                known={one.article.id: (one.file, one.article) for one in self._known},
            )  # fmt: skip
        except InputError as error:
            problem = f"{error.problem}; {error.remedy}" if error.remedy else error.problem
            return Inputs(rejects=[Reject(error.where or paths[0], error.line, problem, "")])

    def _at(self, reject: Reject) -> int:
        return (self._number.get(reject.file, self._asked.n_before) << FILE_BITS) + (reject.line or 0)


def _by_processes(articles: Iterable[Article], shared: Syndicated, asked: Asked) -> Iterator[ArticleReading]:
    return api.reports_of_each(articles, asked.policy, jobs=asked.jobs, shared=shared)


def _chunk(number: int) -> str:
    return f"articles/{number:06d}.json"


def _kept(report: Report) -> dict[str, object]:
    return {"id": report.key, **report.model_dump(mode="json", exclude={"id"}, exclude_none=True)}
