"""What a dry run of a batch says: what would be read, how much, in how many buckets, and what would be written."""

from __future__ import annotations

from pathlib import Path

from reliability.batch.asked import Asked
from reliability.io.kinds import TABLES, InputFile, PluggedFile
from reliability.io.visible import visible


def plan(asked: Asked, out: Path) -> str:
    """A line a file that would be read, with its kind and size, and a line for what would be written."""
    lines = [f"would read {visible(file.name)} ({file.kind}{_size(file)})" for file in asked.files]
    lines += [f"would set aside {visible(one.file)}: {visible(one.reason)}" for one in asked.refused]
    total = sum(file.path.stat().st_size for file in asked.files if file.path is not None)
    lines.append(f"would read {len(asked.files):,} files, {total:,} bytes, in {1 << asked.bits} buckets")
    names = [f"ratings.{asked.form}", "reports.parquet", "rejects.jsonl", "manifest.json"]
    names += [f"{name}.{asked.form}" for name, wanted in (("waterfall", asked.waterfall), ("links", asked.links))
              if wanted]  # fmt: skip
    names += ["articles.parquet where there are articles"] if any(f.kind not in TABLES for f in asked.files) else []
    lines.append(f"would write {', '.join(names)} to {visible(str(out))}")
    return "\n".join(lines) + "\n"


def _size(file: InputFile | PluggedFile) -> str:
    return "" if file.path is None else f", {file.path.stat().st_size:,} bytes"
