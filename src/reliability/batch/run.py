"""A whole run: read, check, rate, merge, publish; each stage leaves a mark from which a run that broke off goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.ahead import ahead
from reliability.batch.as_read import as_read
from reliability.batch.asked import Asked, Teller
from reliability.batch.buckets import (
    FRESH_DIR,
    GROUPED_DIR,
    KNOWN_DIR,
    RATED_DIR,
    REJECTS_DIR,
    REPORTS_DIR,
    Job,
    check_bucket,
    each_bucket,
    let_go,
    move_families,
    rate_bucket,
    spelled_out,
    with_chains,
)
from reliability.batch.desk import LOOSE, desks, rows_of_desks
from reliability.batch.grouping import grouped_rows, refuse_too_many
from reliability.batch.kept_articles import ARTICLES
from reliability.batch.kernel import Options
from reliability.batch.memory import keep_little
from reliability.batch.outputs import counted, manifest
from reliability.batch.prepare import FILE_BITS
from reliability.batch.reading import DOCUMENT_REJECTS, READ_REJECTS, Reading
from reliability.batch.reject_files import in_place_order, write_placed
from reliability.batch.schema import CHECKED, LINKS, MOVED, RATINGS, ROWS, WATERFALL
from reliability.batch.since import FRESH, moved
from reliability.batch.spill import Spill, to_disk
from reliability.batch.workers import Workers
from reliability.batch.workplace import Workplace, written
from reliability.batch.writing import of_buckets, ratings, write_merged, write_reports
from reliability.errors import InputError
from reliability.io.visible import json_text
from reliability.model.dates import date_span
from reliability.model.number import n_of

GROUPED_MARK, GROUPED_REJECTS, MOVED_MARK, KNOWN_MARK = "grouped.json", "grouped.rejects", "moved.json", "known.json"
REJECTS = "rejects.jsonl"
LONG_TABLES = (("waterfall", WATERFALL), ("links", LINKS))


@dataclass(frozen=True)
class Done:
    """What a run gave: its counts, as in the manifest, the remarks on what was set aside, and which rules acted.

    `rules` is None where nobody noted them: on Spark, or in a run that an earlier version began.
    """

    counts: dict[str, Any]
    read: dict[str, Any]
    rules: tuple[str, ...] | None = None


def run(asked: Asked, out: Path, tell: Teller, workers: Workers | None = None) -> Done:
    """Rate what is asked for into a folder; `workers` may have been begun already.

    Raises UsageError for a folder that can't be used, InputError where nothing can be read or anything is rejected
    under `strict`, or where the disk is full.
    """
    keep_little()
    place = Workplace(out)
    record = asked.record()
    with (
        written(out, resume=asked.resume),
        place.opened(record, resume=asked.resume),
        workers or Workers(asked.jobs) as several,
    ):
        return Run(asked, place, tell, record, several).done()


class Run:
    """A run in its folder, stage by stage."""

    def __init__(
        self, asked: Asked, place: Workplace, tell: Teller, record: dict[str, Any], workers: Workers
    ) -> None:  # fmt: skip
        self.asked, self.place, self.tell, self.record, self.workers = asked, place, tell, record, workers
        self.refused: list[Path] = []
        """The files of what was refused after it had been read."""

    def done(self) -> Done:
        """Read, check, rate and write."""
        asked, place = self.asked, self.place
        read = Reading(asked, place, self.tell, self.workers).run()
        self._strictly(read["rejected"])
        grouped = self._grouped(read)
        job = Job(
            work=place.work, policy=asked.policy, files=asked.names, bits=asked.bits,
            options=Options(intervals=asked.intervals, texts=grouped.get("texts", {})), as_of=asked.as_of,
            lost={int(bucket): rows for bucket, rows in read["lost"].items()}, checked=bool(grouped),
            families=read["families"], waterfall=asked.waterfall, links=asked.links, known=asked.before is not None,
            first_new=asked.n_before << FILE_BITS, form=asked.form,
        )  # fmt: skip
        for name in (REPORTS_DIR, REJECTS_DIR, RATED_DIR, *self._long):
            (place.work / name).mkdir(exist_ok=True)
        return self._rated(job, read, grouped)

    def _rated(self, job: Job, read: dict[str, Any], grouped: dict[str, Any]) -> Done:
        place = self.place
        checks = self._stage("checking", check_bucket, "checks", job)
        counts = self._counts(read, grouped, checks)
        self.refused += [place.work / REJECTS_DIR / f"{bucket:04d}.rejects" for bucket in range(1 << job.bits)]
        self._strictly(counts["rejected"])
        if job.families and place.load(MOVED_MARK) is None:
            move_families(job)
            place.save(MOVED_MARK, True)
        self._know()
        reports = self.workers.begun(write_reports, None, job)
        rates = self._stage("rating", rate_bucket, "rates", job)
        counts["claims"] = sum(one["claims"] for one in rates.values())
        if not counts["read"] or counts["read"] == counts["rejected"]:
            self._nothing(counts)
        self._publish(counts, self._write(self._newest(checks), job, reports))
        noted = [one.get("rules") for one in rates.values()]
        rules = None if None in noted else tuple(sorted({name for one in noted for name in one or ()}))
        return Done(counts, read, rules)

    @property
    def _long(self) -> list[str]:
        return [name for name, wanted in (("waterfall", self.asked.waterfall), ("links", self.asked.links)) if wanted]

    def _stage(self, name: str, what: Any, stage: str, job: Job) -> dict[int, dict[str, Any]]:
        self.tell.stage(name, 1 << job.bits)
        found = {}
        for bucket, one in each_bucket(what, stage, self.workers, job, self.place):
            found[bucket] = one
            if stage == "checks":
                let_go(bucket, job)
            self.tell.advance(1)
        return dict(sorted(found.items()))

    def _grouped(self, read: dict[str, Any]) -> dict[str, Any]:
        """Group texts over the whole set where any has no claim; the mark of it, empty where none had to be."""
        asked, place = self.asked, self.place
        if not read["loose"] and asked.grouping is None:
            return {}
        known: dict[str, Any] | None = place.load(GROUPED_MARK)
        path = place.work / GROUPED_REJECTS
        self.refused.append(path)
        if known is not None:
            return known
        refuse_too_many(read["read"] - read["rejected"], asked.memory)
        self.tell.stage("grouping", None)
        folders = desks(place.work)
        parts = [rows_of_desks(folders, bucket) for bucket in range(1 << asked.bits)]
        parts.append(rows_of_desks(folders, 0, LOOSE))
        rows = pa.concat_tables([spelled_out(with_chains(part, place.work)).select(ROWS.names) for part in parts])
        rows = rows.take(pc.sort_indices(rows["place"]))
        found, rejects, mark = grouped_rows(rows, asked, asked.names)
        path.write_bytes(b"")
        write_placed(path, rejects)
        spill = Spill(place.fresh(GROUPED_DIR), asked.bits, CHECKED)
        spill.put_by(found, pc.fill_null(found["unit"], found["key"]))
        spill.close()
        to_disk(path)
        mark["rejected"] = len(rejects)
        place.save(GROUPED_MARK, mark)
        return mark

    def _counts(self, read: dict[str, Any], grouped: dict[str, Any], checks: dict[int, Any]) -> dict[str, Any]:
        standing: Counter[str] = Counter()
        for one in checks.values():
            standing.update(one["standing"])
        others, later = counted(standing)
        repeats = read["repeats"] + grouped.get("repeats", 0) + sum(one["repeats"] for one in checks.values())
        return {
            "read": read["read"], "rated": standing.get("rated", 0),
            "rejected": read["rejected"] + grouped.get("rejected", 0) + sum(o["rejected"] for o in checks.values()),
            "set_apart": repeats + others + later, "repeats": repeats, "no_statements": others,
            "published_later": later,
        }  # fmt: skip

    def _newest(self, checks: dict[int, Any]) -> int | None:
        if self.asked.as_of is not None:
            return date_span(self.asked.as_of.isoformat())[1]
        return max((one["newest"] for one in checks.values() if one["newest"] is not None), default=None)

    def _know(self) -> None:
        """Have the ratings of the set before at hand, bucket by bucket."""
        if self.asked.before is None:
            return
        (self.place.work / FRESH_DIR).mkdir(exist_ok=True)
        if self.place.load(KNOWN_MARK) is None:
            self.asked.before.known(self.place.fresh(KNOWN_DIR), self.asked.bits)
            self.place.save(KNOWN_MARK, True)

    def _strictly(self, rejected: int) -> None:
        if not (rejected and self.asked.strict):
            return
        self._write_rejects(self.place.out / REJECTS)
        problem = f"{n_of(rejected, 'reject', 'rejects')}, and --strict stops at any"
        raise InputError(self.place.out / REJECTS, problem=problem,
                         remedy="mend the rows, or go on without --strict, with --resume")  # fmt: skip

    def _nothing(self, counts: dict[str, Any]) -> None:
        self._write_rejects(self.place.out / REJECTS)
        told = next(self._rejects(), None)
        if told is None:
            raise InputError(self.place.out, problem="nothing could be read", remedy="name files that hold reports")
        others = counts["rejected"] - 1
        more = f" (and {n_of(others, 'more reject', 'more rejects')})" if others > 0 else ""
        raise InputError(told["file"], line=told["line"], problem=f"nothing readable: {told['reason']}{more}",
                         remedy=f"{self.place.out / REJECTS} has each with its reason")  # fmt: skip

    def _rejects(self) -> Iterator[dict[str, Any]]:
        """All rejects, in the order of their places."""
        early = [self.place.work / READ_REJECTS, self.place.work / DOCUMENT_REJECTS]
        return as_read(in_place_order(early, self.refused), self.asked)

    def _write_rejects(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(json_text(one) + "\n" for one in self._rejects())
        to_disk(path)

    def _write(self, newest: int | None, job: Job, reports: Callable[[], str]) -> list[str]:
        """Write all tables; the files' names. `newest` is the last microsecond of the newest report of all."""
        self.tell.stage("writing", None)
        tables = ratings(newest, job)
        written = [write_merged("ratings", tables if self.asked.jobs <= 1 else ahead(tables), RATINGS, job), reports()]
        for name, schema in LONG_TABLES:
            if name in self._long:
                written.append(write_merged(name, of_buckets(name, schema, job), schema, job))
        if self.asked.before is not None:
            rows = moved(self.asked.before.ratings(), ratings(newest, job), of_buckets(FRESH_DIR, FRESH, job))
            written.append(write_merged("moved", rows, MOVED, job))
        return written

    def _publish(self, counts: dict[str, Any], written: list[str]) -> None:
        place, asked = self.place, self.asked
        if (place.work / ARTICLES).is_file():
            written.append(ARTICLES)
        self._write_rejects(place.work / REJECTS)
        written.append(REJECTS)
        text = manifest(self.record, asked.files, counts, [place.work / name for name in sorted(written)])
        place.publish(sorted(written), text)
